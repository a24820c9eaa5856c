// SPDX-License-Identifier: Apache-2.0
package import Continuity

package import Ledger

/// Enters a plan into the ledger when it is seen for the first time or has changed.
package struct PlanAdopter: Sendable {
    let ledger: Ledger

    package init(ledger: Ledger) {
        self.ledger = ledger
    }

    /// - Returns: whether it was entered.
    @discardableResult
    package func adopt(_ loaded: LoadedPlan, at moment: Moment) throws -> Bool {
        let last = try ledger.events(of: [.planAdopted]).last
        if case .planAdopted(let known)? = last?.body, known.sha256 == loaded.sha256 { return false }
        let plan = loaded.plan
        let adoption = PlanAdoption(
            workspace: plan.workspace, sha256: loaded.sha256, datasets: plan.datasets.map(\.id),
            services: plan.services.map(\.id), stores: plan.stores.map(\.id))
        try ledger.append([.planAdopted(adoption)], at: moment)
        return true
    }
}
