// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation
import Operations

/// One reader with valid input to damage.
struct Target {
    let name: String
    /// Reads damaged input; may throw.
    let run: (inout Random) throws -> Void
    /// Whether an error is one that a user can be shown.
    var isClean: (any Error) -> Bool = { $0 is ArchiveError }

    static func all() throws -> [Target] {
        let identity = AgeIdentity.generate()
        let sample = try SamplePoint(identity)
        let plan = Array(try String(contentsOfFile: "Plans/example.yaml", encoding: .utf8).utf8)
        return [
            Target(name: "manifest") { random in
                _ = try Manifest.parse(random.damage(sample.manifest))
            },
            Target(name: "checksums") { random in
                _ = try Checksums(parsing: String(decoding: random.damage(sample.checksums), as: UTF8.self))
            },
            Target(name: "index") { random in try readIndex(random.damage(sample.index)) },
            Target(name: "index, inside its blocks") { random in
                try readIndex(sample.blocks.index(damagedBy: &random))
            },
            Target(name: "age file") { random in
                let bytes = random.damage(sample.sealed)
                let decryptor = AgeDecryptor(with: [identity]) { _ in }
                try bytes.withUnsafeBytes { try decryptor.write($0) }
                try decryptor.finish()
            },
            Target(name: "age header") { random in
                let head = random.damage(Array(sample.sealed.prefix(220)))
                _ = try AgeSeekableReader(
                    MemoryBytes(head + sample.sealed.dropFirst(220)), identities: [identity]
                )
                .allBytes()
            },
            Target(name: "members") { random in try sample.readMembers(damagedBy: &random) },
            Target(name: "signers and signature") { random in
                let signers = try AllowedSigners(parsing: sample.signers)
                let text = String(decoding: random.damage(Array(sample.signature.utf8)), as: UTF8.self)
                _ = try SealedManifest(bytes: sample.manifest, signature: text).signer(among: signers)
            },
            Target(
                name: "plan",
                run: { random in
                    let text = String(decoding: random.damage(plan), as: UTF8.self)
                    _ = Plan.decode(try DocumentLoader.parse(text, file: "plan.yaml"))
                },
                isClean: { $0 is OperationError }),
        ]
    }

    /// Reads everything that an index has.
    private static func readIndex(_ bytes: [UInt8]) throws {
        let reader = try IndexReader(MemoryBytes(bytes))
        let records = reader.records()
        while let record = try records.next() {
            if record.kind == .hardLink { _ = try reader.record(at: record.linkTarget) }
        }
        for number in 0..<reader.dataFrameCount { _ = try reader.dataFrame(number) }
    }
}
