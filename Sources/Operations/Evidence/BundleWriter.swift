// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
package import Foundation

/// Lays a report with its evidence down as a folder that an auditor can check with stock programs.
///
/// `SHA256SUMS` names every file but the signature; the signature stands over the canonical report.
package struct BundleWriter: Sendable {
    private let workspace: Workspace

    package init(workspace: Workspace) {
        self.workspace = workspace
    }

    /// One file of a bundle, below its folder.
    package struct File: Hashable, Sendable {
        package var path: String
        package var bytes: Data

        package init(path: String, bytes: Data) {
            self.path = path
            self.bytes = bytes
        }
    }

    /// What was written.
    package struct Written: Hashable, Sendable, Codable {
        package var folder: String
        package var files: [String]
        /// SHA-256 of the signed file, in hex.
        package var sha256: String
        package var signer: String
    }

    /// Writes a new folder below `Reports`; one that exists is never written into.
    ///
    /// `signed`: the path of the file that is signed, in the namespace `lifeboat-report`.
    /// Throws `OperationError` with `.refused` when the folder exists, `.ioFailed` when the disk will not
    /// have it; what was written until then is removed.
    package func write(_ files: [File], named name: String, signed: String) throws -> Written {
        let folder = "\(workspace.reportsFolder)/\(name)"
        let ring = KeyRing(workspace: workspace)
        let signer = try ring.signer()
        guard let report = files.first(where: { $0.path == signed }) else {
            throw OperationError(.failed, "the bundle has no \(signed)")
        }
        guard !FileManager.default.fileExists(atPath: folder) else {
            throw OperationError(.refused, "\(folder) exists, and reports are never overwritten")
        }
        try Workspace.makeFolder(workspace.reportsFolder, mode: 0o755)
        do {
            for file in files { try put(file.bytes, "\(folder)/\(file.path)") }
            let sums = files.map { "\(Hex.sha256($0.bytes))  \($0.path)\n" }.joined()
            try put(Data(sums.utf8), "\(folder)/SHA256SUMS")
            let signature = signer.sign(
                [UInt8](report.bytes), namespace: SignaturePurpose.report.namespace)
            try put(Data(signature.utf8), "\(folder)/\(signed).sig")
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
        return Written(
            folder: folder, files: files.map(\.path) + ["SHA256SUMS", "\(signed).sig"],
            sha256: Hex.sha256(report.bytes), signer: signer.publicKey.fingerprint)
    }

    /// The public keys of those whose signatures count, as `ssh-keygen` reads them.
    package func allowedSigners() throws -> String {
        try KeyRing(workspace: workspace).allowedSigners().text
    }

    private func put(_ bytes: Data, _ path: String) throws {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try bytes.write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
        } catch {
            throw OperationError(.ioFailed, "cannot write \(path): \(error.localizedDescription)")
        }
    }
}
