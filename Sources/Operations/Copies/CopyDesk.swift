// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Foundation
package import Ledger

/// What backup, copies and restore work with, in one value.
package struct CopyDesk: Sendable {
    package let workspace: Workspace
    package let plan: Plan
    package let ledger: Ledger
    package let time: TimeSource
    package let connector: SiteConnector
    package let keys: KeyRing

    package init(
        workspace: Workspace, plan: Plan, ledger: Ledger, time: TimeSource = .system,
        connector: SiteConnector? = nil
    ) {
        self.workspace = workspace
        self.plan = plan
        self.ledger = ledger
        self.time = time
        self.connector = connector ?? SiteConnector(plan: plan, workspace: workspace)
        keys = KeyRing(workspace: workspace)
    }

    /// Everything the ledger says about Lifeboat's own copies, as of now; those of other programs it may not
    /// touch, and so does not see.
    func book() throws -> CopyBook {
        CopyBook(try ledger.events(of: CopyBook.ownKinds))
    }

    func dataset(_ name: String) throws -> Dataset {
        guard let dataset = plan.dataset(name) else {
            throw OperationError(
                .unknownName, "the plan has no dataset \(name)",
                hint: Spelling.suggestion(for: name, among: plan.datasets.map(\.id)))
        }
        try dataset.refuseIfKeptElsewhere()
        return dataset
    }

    /// The dataset that is named, or all that Lifeboat backs up.
    func datasets(_ name: String?) throws -> [Dataset] {
        try name.map { [try dataset($0)] } ?? plan.ownDatasets
    }

    var zone: TimeZone { TimeZone(identifier: plan.zone) ?? .gmt }

    /// Puts the ledger's new events into every store, so that they outlive this site.
    ///
    /// - Returns: why a store did not take them, by store; the next backup brings them.
    package func shareLedger() -> [String: String] {
        LedgerImages(desk: self).putEverywhere()
    }

    /// A name for a run: its time and four random digits.
    static func runName(_ work: String, at now: Moment) -> String {
        let random = String(UInt16.random(in: .min ... .max), radix: 16)
        return "\(work)-\(now.compact)-\(String(repeating: "0", count: 4 - random.count))\(random)"
    }
}

extension Plan {
    /// The datasets that Lifeboat backs up itself.
    package var ownDatasets: [Dataset] { datasets.filter { !$0.isKeptElsewhere } }
}

extension Dataset {
    /// Throws `OperationError` with `.refused` when another program makes its backups: Lifeboat counts those and
    /// touches none.
    package func refuseIfKeptElsewhere() throws {
        guard let tool = copies.by else { return }
        throw OperationError(
            .refused, "\(id) is backed up by \(tool.rawValue), and Lifeboat only counts what that keeps",
            hint: backupWords)
    }
}
