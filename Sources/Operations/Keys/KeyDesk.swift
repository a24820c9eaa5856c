// SPDX-License-Identifier: Apache-2.0
import Archiving
package import Continuity
package import Ledger

/// The keys of a workspace as the command line handles them: public halves only ever leave it.
package struct KeyDesk: Sendable {
    let ring: KeyRing
    let plan: Plan
    let ledger: Ledger

    package init(workspace: Workspace, plan: Plan, ledger: Ledger) {
        ring = KeyRing(workspace: workspace)
        self.plan = plan
        self.ledger = ledger
    }

    /// A dataset's recipients: those its new points will have, and those that were recorded.
    package struct DatasetKeys: Hashable, Sendable, Codable {
        package var dataset: String
        package var recipients: [String]
        package var recorded: [String]
        /// A change that nobody has accepted refuses the dataset's runs.
        package var needsAcceptance: Bool
        package var acceptedBy: String?
        /// What each recipient is needed for: those of new points first, then those of older points alone.
        package var uses: [RecipientUse]
        /// Recipients of a change that a key drill has still to try before new copies count.
        package var untried: [String]
    }

    /// Which points an identity opens, and when it was last shown to.
    package struct RecipientUse: Hashable, Sendable, Codable {
        package var recipient: String
        /// Points that some store still holds and that were encrypted to it.
        package var points: Int
        package var oldest: Moment?
        package var newest: Moment?
        /// The last key drill that passed; `nil` = never tried.
        package var triedAt: Moment?
    }

    /// Makes the workspace's identity and signer.
    package func create(at now: Moment) throws -> KeyRing.Summary {
        try ring.create(workspaceName: plan.workspace, at: now)
    }

    /// Adds an identity for new points; the text of its public half.
    package func rotate() throws -> String {
        try ring.rotate().text
    }

    /// Makes an escrow identity at a path outside the workspace; the text of its public half.
    package func makeEscrow(secretAt path: String) throws -> String {
        try ring.makeEscrow(secretAt: path).text
    }

    /// Who restores a point needs: the public key of the signer, and how the trusted card is kept.
    package func allowedSigners() throws -> String {
        try ring.allowedSigners().text
    }

    /// A person takes responsibility for another set of recipients.
    package func accept(_ dataset: Dataset, person: String, reason: String, at now: Moment) throws {
        guard plan.person(person) != nil else {
            throw OperationError(
                .unknownName, "the plan has no person '\(person)'",
                hint: Spelling.suggestion(for: person, among: plan.people.map(\.id)))
        }
        try ring.accept(dataset, person: person, reason: reason, ledger: ledger, at: now)
    }

    /// Which datasets are encrypted to whom, and which points need which identity.
    package func list() throws -> [DatasetKeys] {
        let book = try ledger.copyBook()
        var tried: [String: [String: Moment]] = [:]
        for event in try ledger.events(of: [.keyDrill]) {
            guard case .keyDrill(let drill) = event.body, drill.passed else { continue }
            tried[drill.dataset, default: [:]][drill.recipient] = drill.triedAt
        }
        return try plan.ownDatasets.map { dataset in
            let recipients = try ring.recipients(of: dataset)
            let recorded = book.recipients[dataset.id]
            let check = KeyRing.check(recipients, recorded: recorded)
            let isChanged = if case .changed = check { true } else { false }
            return DatasetKeys(
                dataset: dataset.id, recipients: recipients.map(\.text),
                recorded: recorded?.recipients ?? [], needsAcceptance: isChanged,
                acceptedBy: recorded?.person,
                uses: Self.uses(
                    recipients.map(\.text), book.points(of: dataset.id), tried[dataset.id] ?? [:]),
                untried: book.untriedRecipients(of: dataset.id))
        }
    }

    private static func uses(
        _ current: [String], _ points: [CopyBook.Point], _ tried: [String: Moment]
    ) -> [RecipientUse] {
        let left = points.filter { !$0.isForeign && !$0.isGone && !$0.copies.isEmpty }
        let older = Set(left.flatMap(\.recipients)).subtracting(current).sorted()
        return (current + older).map { recipient in
            let mine = left.filter { $0.recipients.contains(recipient) }
            return RecipientUse(
                recipient: recipient, points: mine.count, oldest: mine.first?.consistencyAt,
                newest: mine.last?.consistencyAt, triedAt: tried[recipient])
        }
    }
}
