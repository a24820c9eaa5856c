// SPDX-License-Identifier: Apache-2.0
package import Archiving
package import Continuity
import Foundation
import Glibc

/// The keys of a workspace, in `.lifeboat/keys`.
///
/// `identity.age` (0600) reads what was encrypted, `signer` (0600) signs manifests, `signer.pub` and
/// `allowed_signers` are its public side, `recipients` lists to whom points are encrypted. To back up, only
/// `recipients` and `signer` are needed: the identity may be kept elsewhere and brought for a restore.
package struct KeyRing: Sendable {
    package let workspace: Workspace

    package init(workspace: Workspace) {
        self.workspace = workspace
    }

    package var identityPath: String { "\(workspace.keysFolder)/identity.age" }
    package var signerPath: String { "\(workspace.keysFolder)/signer" }
    package var signerPublicPath: String { "\(workspace.keysFolder)/signer.pub" }
    package var allowedSignersPath: String { "\(workspace.keysFolder)/allowed_signers" }
    package var recipientsPath: String { "\(workspace.keysFolder)/recipients" }

    /// Whether the workspace has a signer of its own.
    package var exists: Bool { Workspace.isFile(signerPath) }

    /// What `key new` has made; public halves only.
    package struct Summary: Hashable, Sendable, Codable {
        package var recipient: String
        package var signerFingerprint: String
        package var principal: String
    }

    /// Makes an identity and a signer for a workspace; nothing that exists is overwritten.
    ///
    /// - Throws: `OperationError` with `.refused` when one of the files exists.
    package func create(workspaceName: String, at now: Moment) throws -> Summary {
        try Workspace.makeFolder(workspace.privateFolder, mode: 0o700)
        try Workspace.makeFolder(workspace.keysFolder, mode: 0o700)
        for path in [identityPath, signerPath, signerPublicPath, allowedSignersPath, recipientsPath]
        where access(path, F_OK) == 0 {
            throw OperationError(
                .refused, "\(path) exists, and keys are never overwritten",
                hint: "'lifeboat key rotate' adds a new one for new points")
        }
        let identity = AgeIdentity.generate()
        let principal = Self.principal(of: workspaceName)
        let signer = SSHSigningKey.generate(comment: principal)
        try PrivateFile.create(identityPath, identity.fileText, mode: 0o600)
        try PrivateFile.create(signerPath, signer.openSSHPrivateKey, mode: 0o600)
        try PrivateFile.create(signerPublicPath, "\(signer.publicKey.text) \(principal)\n", mode: 0o644)
        try PrivateFile.create(
            allowedSignersPath, Self.allowedLine(principal, signer.publicKey, from: now), mode: 0o644)
        try PrivateFile.create(
            recipientsPath, "# the workspace's own identity\n\(identity.recipient.text)\n", mode: 0o644)
        return Summary(
            recipient: identity.recipient.text, signerFingerprint: signer.publicKey.fingerprint,
            principal: principal)
    }

    /// Who the signer is, as `allowed_signers` and the recovery card name it.
    package static func principal(of workspaceName: String) -> String {
        "lifeboat@\(workspaceName)"
    }

    private static func allowedLine(_ principal: String, _ key: SSHPublicKey, from now: Moment) -> String {
        // Valid from the second it was made; a minute back, since clocks are set.
        let since = (now - .minutes(1)).compact.filter { $0 != "T" }
        return "\(principal) namespaces=\"lifeboat-*\",valid-after=\"\(since)\" \(key.text)\n"
    }

    // MARK: - Reading

    /// The secret halves that are here.
    ///
    /// - Throws: `OperationError` with `.permissionDenied` when others may read the file.
    package func identities() throws -> [AgeIdentity] {
        try AgeIdentity.identities(inFile: PrivateFile.read(identityPath))
    }

    package func signer() throws -> SSHSigningKey {
        try SSHSigningKey(openSSHPrivateKey: PrivateFile.read(signerPath))
    }

    /// Who may sign; kept with the escrow and copied into every bundle.
    package func allowedSigners() throws -> AllowedSigners {
        try AllowedSigners(parsing: publicText(allowedSignersPath))
    }

    /// The recipients of new points of a dataset: those of the plan, else the workspace's own.
    package func recipients(of dataset: Dataset) throws -> [AgeRecipient] {
        let found =
            try dataset.recipients.isEmpty
            ? workspaceRecipients()
            : dataset.recipients.flatMap(recipients(named:))
        var seen: Set<AgeRecipient> = []
        return found.filter { seen.insert($0).inserted }.sorted { $0.text < $1.text }
    }

    /// The recipients of what belongs to no dataset, such as the ledger's images.
    package func workspaceRecipients() throws -> [AgeRecipient] {
        try AgeRecipient.recipients(inFile: publicText(recipientsPath))
    }

    private func recipients(named text: String) throws -> [AgeRecipient] {
        if text.hasPrefix("age1") { return [try AgeRecipient(parsing: text)] }
        guard !text.contains("/"), !text.hasPrefix(".") else {
            throw OperationError(
                .badInput, "'\(text)' is neither a recipient nor the name of a file in the keys folder")
        }
        return try AgeRecipient.recipients(inFile: publicText("\(workspace.keysFolder)/\(text)"))
    }

    private func publicText(_ path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw OperationError(
                .noSuchFile, "cannot read \(path): \(PrivateFile.reason())",
                hint: "'lifeboat key new' makes the workspace's keys")
        }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & 0o022 == 0 else {
            throw OperationError(
                .permissionDenied, "\(path) can be written to by others", hint: "chmod go-w \(path)")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
