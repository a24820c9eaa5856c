// SPDX-License-Identifier: Apache-2.0
import Archiving
import Foundation
import TestSupport
import Testing

private let isInstalled = Command.isInstalled("ssh-keygen")

@Suite("Signatures, together with ssh-keygen", .enabled(if: isInstalled, "ssh-keygen is not installed"))
struct SignatureInteropTests {
    private static let sizes = [0, 1, 65_536, 3_000_000]
    private static let now = Date(timeIntervalSince1970: 1_790_000_000)

    @Test("that we make are accepted by it", arguments: sizes, SignaturePurpose.allCases)
    func ours(size: Int, purpose: SignaturePurpose) throws {
        let message = patternBytes(size)
        let key = SSHSigningKey.generate(comment: "anna@berlin")
        try Scratch.with { folder in
            let signature = try folder.write(key.sign(message, namespace: purpose.namespace), to: "sig")
            let signers = try folder.write("anna \(key.publicKey.text)\n", to: "allowed")
            func verify(_ namespace: String, _ bytes: [UInt8]) throws -> Command.Result {
                try Command.run(
                    "ssh-keygen", "-Y", "verify", "-f", signers, "-I", "anna", "-n", namespace, "-s",
                    signature,
                    input: bytes)
            }
            let result = try verify(purpose.namespace, message)
            #expect(result.status == 0, "\(result.error)")
            #expect(result.text.contains(key.publicKey.fingerprint))
            #expect(try verify("other", message).status != 0)
            #expect(try verify(purpose.namespace, message + [0]).status != 0)
        }
    }

    @Test("that it makes are accepted by us", arguments: sizes, ["sha512", "sha256"])
    func theirs(size: Int, hash: String) throws {
        let message = patternBytes(size)
        try Scratch.with { folder in
            let key = folder.path("id")
            try Command.output("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "bert's key", "-f", key)
            let armored = try Command.output(
                "ssh-keygen", "-Y", "sign", "-O", "hashalg=\(hash)", "-f", key, "-n", "lifeboat-manifest",
                input: message)
            let publicKey = try SSHPublicKey(parsing: folder.text("id.pub"))
            #expect(publicKey.comment == "bert's key")
            let signers = try AllowedSigners(parsing: "bert \(folder.text("id.pub"))")
            let signer = try signers.verify(
                signature: String(decoding: armored, as: UTF8.self), of: message,
                namespace: "lifeboat-manifest",
                at: Self.now)
            #expect(signer == AllowedSigners.Signer(principal: "bert", key: publicKey))
        }
    }

    @Test func `made by us and by it with one key are the same`() throws {
        let key = SSHSigningKey.generate(comment: "anna")
        try Scratch.with { folder in
            let file = try folder.write(key.openSSHPrivateKey, to: "id", mode: 0o600)
            let theirs = try Command.output("ssh-keygen", "-Y", "sign", "-f", file, "-n", "x", input: [1, 2])
            #expect(String(decoding: theirs, as: UTF8.self) == key.sign([1, 2], namespace: "x"))
        }
    }

    @Test("use keys that both read", arguments: ["", "a", "anna@berlin", "ünï", "a comment with blanks"])
    func keys(comment: String) throws {
        try Scratch.with { folder in
            let ours = SSHSigningKey.generate(comment: comment)
            let file = try folder.write(ours.openSSHPrivateKey, to: "ours", mode: 0o600)
            let line = String(decoding: try Command.output("ssh-keygen", "-y", "-f", file), as: UTF8.self)
            #expect(try SSHPublicKey(parsing: line) == ours.publicKey)
            #expect(try SSHPublicKey(parsing: line).comment == comment)
            let shown = String(decoding: try Command.output("ssh-keygen", "-l", "-f", file), as: UTF8.self)
            #expect(shown.contains(ours.publicKey.fingerprint))
            let path = folder.path("theirs")
            try Command.output("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", path)
            let theirs = try SSHSigningKey(openSSHPrivateKey: folder.text("theirs"))
            #expect(try theirs.publicKey == SSHPublicKey(parsing: folder.text("theirs.pub")))
            #expect(theirs.publicKey.comment == comment)
        }
    }

    @Test("are judged by the same allowed_signers file", arguments: AllowedSignersTable.cases)
    func judged(scene: AllowedSignersTable) throws {
        let key = try SSHSigningKey(openSSHPrivateKey: AllowedSignersTable.key)
        let armored = key.sign([7], namespace: "lifeboat-report")
        try Scratch.with { folder in
            let text = scene.text(for: key.publicKey)
            let allowed = try folder.write(text + "\n", to: "allowed")
            let signature = try folder.write(armored, to: "sig")
            let result = try Command.run(
                "ssh-keygen", "-Y", "verify", "-f", allowed, "-I", "anna@berlin", "-n", "lifeboat-report",
                "-s", signature, "-O", "verify-time=20260601120000Z", input: [7], environment: ["TZ": "UTC"])
            #expect((result.status == 0) == scene.isAllowed, "\(text): \(result.error)")
        }
    }
}
