// SPDX-License-Identifier: Apache-2.0
package import Continuity
package import Ledger

/// What a pass does for copies that exist: verifies those with the oldest proof, heals what needs it.
package struct CopyCare: Sendable {
    private let plan: Plan
    private let ledger: Ledger
    private let verifier: Verifier
    private let healer: Healer
    private let budget: VerificationBudget
    private let time: TimeSource

    package init(
        workspace: Workspace, plan: Plan, ledger: Ledger, time: TimeSource = .system,
        budget: VerificationBudget
    ) {
        self.plan = plan
        self.ledger = ledger
        self.time = time
        self.budget = budget
        verifier = Verifier(workspace: workspace, plan: plan, ledger: ledger, time: time)
        healer = Healer(workspace: workspace, plan: plan, ledger: ledger, time: time)
    }

    /// Verifies only what has used up half of its `verified_within`, so that a pass every minute does not
    /// read the same bytes again and again.
    ///
    /// - Returns: what was done, in words; empty when nothing needed care.
    package func perform(supervision: Supervision = Supervision()) throws -> [String] {
        var done: [String] = []
        let now = time.now()
        for dataset in plan.ownDatasets where !supervision.isCancelled() {
            let copies = try ledger.copyBook(of: [dataset.id]).judge(dataset, in: plan, at: now)
            if isAging(copies, of: dataset, at: now) {
                let results = try verifier.verify(
                    dataset: dataset.id, budget: budget, supervision: supervision)
                let failed = results.filter { $0.result != .passed }
                if !results.isEmpty {
                    done.append("\(dataset.id): \(results.count) copies verified, \(failed.count) not good")
                }
            }
            guard copies.violations.contains(where: { [.storeBehind, .corrupt, .lost].contains($0.kind) })
            else { continue }
            done += try healer.heal(dataset: dataset.id, supervision: supervision).map { result in
                let detail = result.detail.map { ", \($0)" } ?? ""
                return "\(dataset.id): \(result.point) in \(result.store) \(result.state.rawValue)\(detail)"
            }
        }
        return done
    }

    private func isAging(_ copies: DatasetCopies, of dataset: Dataset, at now: Moment) -> Bool {
        copies.points.flatMap(\.copies).contains { copy in
            guard copy.state != .corrupt, copy.state != .lost else { return false }
            guard let verified = copy.verifiedAt else { return true }
            return now - verified > dataset.copies.verifiedWithin / 2
        }
    }
}
