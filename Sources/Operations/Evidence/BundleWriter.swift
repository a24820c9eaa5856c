// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Crypto
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
    package struct File {
        package typealias Content = (_ put: (Data) throws -> Void) throws -> Void

        package var path: String
        /// What is in it; `nil` when it is not at hand as a whole.
        package var bytes: Data?
        let content: Content

        package init(path: String, bytes: Data) {
            self.path = path
            self.bytes = bytes
            content = { try $0(bytes) }
        }

        /// A file that is too large to be held: `content` gives its bytes one after the other.
        package init(path: String, content: @escaping Content) {
            self.path = path
            self.content = content
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
        guard let report = files.first(where: { $0.path == signed })?.bytes else {
            throw OperationError(.failed, "the bundle has no \(signed)")
        }
        guard !FileManager.default.fileExists(atPath: folder) else {
            throw OperationError(.refused, "\(folder) exists, and reports are never overwritten")
        }
        try Workspace.makeFolder(workspace.reportsFolder, mode: 0o755)
        do {
            let sums = try files.map { "\(try put($0, in: folder))  \($0.path)\n" }.joined()
            try put(Data(sums.utf8), "\(folder)/SHA256SUMS")
            let signature = signer.sign(
                [UInt8](report), namespace: SignaturePurpose.report.namespace)
            try put(Data(signature.utf8), "\(folder)/\(signed).sig")
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
        return Written(
            folder: folder, files: files.map(\.path) + ["SHA256SUMS", "\(signed).sig"],
            sha256: Hex.sha256(report), signer: signer.publicKey.fingerprint)
    }

    /// The public keys of those whose signatures count, as `ssh-keygen` reads them.
    package func allowedSigners() throws -> String {
        try KeyRing(workspace: workspace).allowedSigners().text
    }

    /// Writes one file and gives its hash.
    private func put(_ file: File, in folder: String) throws -> String {
        let path = "\(folder)/\(file.path)"
        var hasher = SHA256()
        try put(Data(), path)
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { try? handle.close() }
        try file.content { bytes in
            hasher.update(data: bytes)
            do {
                try handle.write(contentsOf: bytes)
            } catch {
                throw OperationError(.ioFailed, "cannot write \(path): \(OperationError.words(of: error))")
            }
        }
        return Hex.text(hasher.finalize())
    }

    private func put(_ bytes: Data, _ path: String) throws {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try bytes.write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
        } catch {
            throw OperationError(.ioFailed, "cannot write \(path): \(OperationError.words(of: error))")
        }
    }
}
