// SPDX-License-Identifier: Apache-2.0
package import Archiving
package import Continuity
package import Ledger

/// Keys that are kept away, and keys that are replaced.
extension KeyRing {
    /// Adds a recipient for the workspace's new points, such as an escrow identity that is kept away.
    ///
    /// Datasets whose recipients change are refused until `key accept`.
    package func add(_ recipient: AgeRecipient, comment: String) throws {
        let known = (try? AgeRecipient.recipients(inFile: text(recipientsPath))) ?? []
        guard !known.contains(recipient) else {
            throw OperationError(.refused, "\(recipient.text) is a recipient already")
        }
        let words = comment.filter { !$0.isNewline }
        let old = (try? text(recipientsPath)) ?? ""
        try PrivateFile.replace(recipientsPath, old + "# \(words)\n\(recipient.text)\n", mode: 0o644)
    }

    /// Makes an escrow identity, writes its secret half to a new file outside the workspace, and adds the
    /// public half to the recipients.
    ///
    /// - Throws: `OperationError` with `.refused` for a place inside the workspace, or a file that exists.
    package func makeEscrow(secretAt path: String) throws -> AgeRecipient {
        guard !path.hasPrefix(workspace.root + "/") else {
            throw OperationError(
                .refused, "an escrow identity is kept away from the workspace, and \(path) lies in it")
        }
        let identity = AgeIdentity.generate()
        try PrivateFile.create(path, identity.fileText, mode: 0o600)
        try add(identity.recipient, comment: "escrow")
        return identity.recipient
    }

    /// Adds an identity of the workspace's own for new points; old ones still read old points.
    package func rotate() throws -> AgeRecipient {
        let identity = AgeIdentity.generate()
        let old = try PrivateFile.read(identityPath)
        try PrivateFile.replace(identityPath, identity.fileText + old, mode: 0o600)
        try add(identity.recipient, comment: "rotated in")
        return identity.recipient
    }

    private func text(_ path: String) throws -> String {
        let bytes = try FileBytes(path: path).allBytes()
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: - Recipients of a dataset

    /// Whether a dataset may be encrypted to the recipients it has now.
    package enum RecipientCheck: Hashable, Sendable {
        case firstUse
        case unchanged
        case changed(from: [String], to: [String])
    }

    package static func check(_ recipients: [AgeRecipient], recorded: RecipientSet?) -> RecipientCheck {
        let texts = recipients.map(\.text).sorted()
        guard let recorded else { return .firstUse }
        return recorded.recipients == texts ? .unchanged : .changed(from: recorded.recipients, to: texts)
    }

    /// A person takes responsibility for another set of recipients.
    @discardableResult
    package func accept(
        _ dataset: Dataset, person: String, reason: String, ledger: Ledger, at now: Moment
    ) throws -> RecipientSet {
        let recipients = try recipients(of: dataset)
        let set = RecipientSet(
            dataset: dataset.id, recipients: recipients.map(\.text), recordedAt: now, person: person,
            reason: reason)
        try ledger.append([.recipientSet(set)], at: now)
        return set
    }
}
