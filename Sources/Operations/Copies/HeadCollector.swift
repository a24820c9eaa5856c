// SPDX-License-Identifier: Apache-2.0
import Archiving
package import Continuity
import Foundation
package import Ledger

/// Gathers the heads of the ledger that were stated elsewhere: in the manifests at the stores, in reports.
///
/// A ledger that was rolled back or rewritten is whole by itself; only what others remember shows it.
package struct HeadCollector: Sendable {
    private let workspace: Workspace
    private let plan: Plan
    private let connector: SiteConnector

    package init(workspace: Workspace, plan: Plan, connector: SiteConnector) {
        self.workspace = workspace
        self.plan = plan
        self.connector = connector
    }

    /// What was found, and who could not be asked.
    package struct Heads: Hashable, Sendable {
        package var stated: [StatedHead]
        /// Why a store was not asked, in words.
        package var unasked: [String]

        package init(stated: [StatedHead], unasked: [String]) {
            self.stated = stated
            self.unasked = unasked
        }
    }

    /// Reads every manifest of every store that a known signer has signed.
    ///
    /// Costs three round trips a point; stores are asked at once. A store that does not answer is named.
    package func collect(supervision: Supervision = Supervision()) throws -> Heads {
        let signers = try KeyRing(workspace: workspace).allowedSigners()
        let stores = plan.stores.map(\.id)
        let results = inParallel(stores, "stated heads") { [self] store in
            try read(store, signers, supervision)
        }
        var heads = Heads(stated: [], unasked: [])
        for (store, result) in zip(stores, results) {
            switch result {
            case .success(let found): heads.stated += found
            case .failure(let error):
                heads.unasked.append("store \(store): \(OperationError(describing: error).detail)")
            }
        }
        return heads
    }

    private func read(_ store: String, _ signers: AllowedSigners, _ supervision: Supervision) throws
        -> [StatedHead]
    {
        let access = try connector.store(store)
        return try plan.ownDatasets.flatMap { dataset in
            try access.points(of: dataset.id).compactMap { point -> StatedHead? in
                guard !supervision.isCancelled() else { throw OperationError(.cancelled, "stopped") }
                guard PointName(point) != nil else { return nil }
                let stored: StoredPoint
                do {
                    stored = try StoredPoint.read(
                        point, of: dataset.id, from: access, signers: signers, expecting: nil)
                } catch let error as OperationError where error.code == .damaged {
                    // No signed manifest: what it says proves nothing, and 'verify' tells of it.
                    return nil
                }
                guard let head = stored.manifest.ledgerHead else { return nil }
                return StatedHead(
                    head: LedgerHead(sequence: head.seq, sha256: head.sha256.hex),
                    source: "the manifest of \(dataset.id)/\(point) in \(store)")
            }
        }
    }

    /// The part of a report that says which ledger it was made from.
    private struct ReportHead: Decodable {
        struct Ledger: Decodable {
            var headSequence: Int?
            var headSha256: String?
        }

        var ledger: Ledger?
    }

    /// The heads that the reports of a workspace state.
    package static func reports(in workspace: Workspace) -> [StatedHead] {
        let folder = workspace.reportsFolder
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().compactMap { name in
            // A folder that is no report, or a drill's, states no head.
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)/report.json"),
                let report = try? CanonicalJSON.decode(ReportHead.self, from: data),
                let sequence = report.ledger?.headSequence, let sha256 = report.ledger?.headSha256
            else { return nil }
            return StatedHead(
                head: LedgerHead(sequence: sequence, sha256: sha256), source: "the report \(name)")
        }
    }
}
