// SPDX-License-Identifier: Apache-2.0
import Archiving
package import Continuity
import Crypto
import Foundation

/// Checks a bundle as an auditor would: every sum, nothing added, nothing missing, and the signature.
package enum BundleVerifier {
    package struct Result: Hashable, Sendable, Codable {
        package var bundle: String
        package var files: Int
        package var faults: [String]
        /// Who signed, when the signature is good.
        package var signer: String?
        /// Whether the signer is one that this workspace knows; else only the bundle's own word.
        package var isSignerKnown: Bool

        package var isGood: Bool { faults.isEmpty && signer != nil }
    }

    /// Checks a bundle.
    ///
    /// `folder`: the bundle.
    /// `workspace`: whose `allowed_signers` decide, when it has any; `nil` for the bundle's own.
    /// `signed`: the file that is signed.
    /// Throws `OperationError` with `.noSuchFile` when it is no bundle at all.
    package static func verify(
        _ folder: String, workspace: Workspace?, signed: String = "report.json", at now: Moment
    ) throws -> Result {
        guard let sums = FileManager.default.contents(atPath: "\(folder)/SHA256SUMS") else {
            throw OperationError(.noSuchFile, "\(folder) is no bundle: it has no SHA256SUMS")
        }
        var faults: [String] = []
        var listed: Set<String> = ["SHA256SUMS", "\(signed).sig"]
        for line in String(decoding: sums, as: UTF8.self).split(separator: "\n") {
            let name = String(line.dropFirst(66))
            guard line.count > 66, !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
                faults.append("SHA256SUMS has a line that is none: \(line.prefix(80))")
                continue
            }
            listed.insert(name)
            guard let sum = Self.sha256(of: "\(folder)/\(name)") else {
                faults.append("\(name) is missing")
                continue
            }
            if sum != line.prefix(64) { faults.append("\(name) was changed") }
        }
        let present = try FileManager.default.subpathsOfDirectory(atPath: folder)
            .filter { Workspace.isFile("\(folder)/\($0)") }
        faults += present.filter { !listed.contains($0) }.sorted().map { "\($0) was added" }
        if !listed.contains(signed) { faults.append("SHA256SUMS does not name \(signed)") }
        let (signer, isKnown, fault) = checkSignature(folder, signed, workspace, now)
        if let fault { faults.append(fault) }
        return Result(
            bundle: folder, files: present.count, faults: faults, signer: signer, isSignerKnown: isKnown)
    }

    /// Read piece by piece, since a ledger may be larger than memory; `nil` when it cannot be read.
    private static func sha256(of path: String) -> String? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        var hasher = SHA256()
        do {
            while let bytes = try handle.read(upToCount: 1 << 20), !bytes.isEmpty {
                hasher.update(data: bytes)
            }
        } catch {
            // The fault is said by the caller: what cannot be read is as good as missing.
            return nil
        }
        return Hex.text(hasher.finalize())
    }

    private static func checkSignature(
        _ folder: String, _ signed: String, _ workspace: Workspace?, _ now: Moment
    ) -> (signer: String?, isKnown: Bool, fault: String?) {
        func text(_ path: String) -> String? {
            FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
        }
        let known = workspace.flatMap { text(KeyRing(workspace: $0).allowedSignersPath) }
        guard let signers = known ?? text("\(folder)/allowed_signers"),
            let armored = text("\(folder)/\(signed).sig"),
            let report = FileManager.default.contents(atPath: "\(folder)/\(signed)")
        else { return (nil, false, "the signature or its report is missing") }
        do {
            let signer = try AllowedSigners(parsing: signers).verify(
                signature: armored, of: [UInt8](report), namespace: SignaturePurpose.report.namespace,
                at: Date(timeIntervalSince1970: Double(now.seconds)))
            return (signer.principal, known != nil, nil)
        } catch {
            return (nil, known != nil, "the signature does not hold: \(error)")
        }
    }
}
