// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// What can be lost at one stroke and which stores outlive it, kept for datasets that are planned alike: of ten
/// thousand there are a handful of ways.
package final class LossTable: Sendable {
    package struct Row: Hashable, Sendable {
        package var loss: CopyLoss
        package var survivors: Set<String>
    }

    private struct Key: Hashable {
        var stores: [String]
        var home: String?
    }

    private let plan: Plan
    private let rows = Mutex<[Key: [Row]]>([:])

    package init(_ plan: Plan) {
        self.plan = plan
    }

    /// The losses that touch a dataset's own stores, those of other programs aside, in the plan's order.
    func rows(of dataset: Dataset, home: String?) -> [Row] {
        let key = Key(stores: dataset.copies.to, home: home)
        if let known = rows.withLock({ $0[key] }) { return known }
        let made = plan.losses(of: dataset).map {
            Row(loss: $0, survivors: plan.stores(of: dataset, surviving: $0))
        }
        rows.withLock { $0[key] = made }
        return made
    }
}
