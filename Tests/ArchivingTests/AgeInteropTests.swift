// SPDX-License-Identifier: Apache-2.0
import Archiving
import TestSupport
import Testing

/// Sizes at which the chunks of the format begin and end.
let ageSizes = [0, 1, 65_535, 65_536, 65_537, 2 * 65_536, 5_000_001]

/// Bytes of which no two stretches are alike, so that a moved chunk shows.
func patternBytes(_ count: Int) -> [UInt8] {
    var state: UInt64 = 0x9e37_79b9_7f4a_7c15
    return (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
    }
}

@Suite(
    "age files, together with the age program",
    .enabled(if: Command.isInstalled("age"), "age is not installed"))
struct AgeInteropTests {
    @Test("that we write are read by age", arguments: ageSizes)
    func ours(size: Int) throws {
        let plain = patternBytes(size)
        let identity = AgeIdentity.generate()
        let sealed = try ageEncrypt(plain, to: [identity.recipient])
        try Scratch.with { folder in
            let key = try folder.write(identity.fileText, to: "key.txt", mode: 0o600)
            let result = try Command.run("age", "-d", "-i", key, input: sealed)
            #expect(result.status == 0, "\(result.error)")
            #expect(result.output == plain)
        }
    }

    @Test("that age writes are read by us", arguments: ageSizes)
    func theirs(size: Int) throws {
        let plain = patternBytes(size)
        let identity = AgeIdentity.generate()
        let sealed = try Command.output("age", "-r", identity.recipient.text, input: plain)
        #expect(try ageDecrypt(sealed, with: [identity]) == plain)
        let reader = try AgeSeekableReader(MemoryBytes(sealed), identities: [identity])
        #expect(reader.size == size)
        #expect(try reader.allBytes() == plain)
    }

    @Test func `open for each of several recipients, whoever wrote them`() throws {
        let identities = (0..<3).map { _ in AgeIdentity.generate() }
        let plain = patternBytes(1000)
        let ours = try ageEncrypt(plain, to: identities.map(\.recipient))
        let recipients = identities.flatMap { ["-r", $0.recipient.text] }
        let theirs = try Command(["age"] + recipients, input: plain).run().output
        try Scratch.with { folder in
            for identity in identities {
                let key = try folder.write(identity.fileText, to: "key.txt", mode: 0o600)
                #expect(try Command.output("age", "-d", "-i", key, input: ours) == plain)
                #expect(try ageDecrypt(theirs, with: [AgeIdentity.generate(), identity]) == plain)
            }
        }
    }

    @Test func `open with the keys that age-keygen makes, and age-keygen reads ours`() throws {
        let file = String(decoding: try Command.output("age-keygen"), as: UTF8.self)
        let theirs = try #require(try AgeIdentity.identities(inFile: file).first)
        #expect(file.contains("# public key: \(theirs.recipient.text)\n"))
        #expect(file.contains("\n\(theirs.secretText)\n"))
        let ours = AgeIdentity.generate()
        let printed = try Command.output("age-keygen", "-y", input: Array(ours.fileText.utf8))
        #expect(String(decoding: printed, as: UTF8.self) == ours.recipient.text + "\n")
    }

    @Test func `that hold another kind of recipient too are read`() throws {
        try Scratch.with { folder in
            try Command.output(
                "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "other", "-f", folder.path("id"))
            let identity = AgeIdentity.generate()
            let sealed = try Command.output(
                "age", "-R", folder.path("id.pub"), "-r", identity.recipient.text, input: [1, 2, 3])
            #expect(String(decoding: sealed.prefix(400), as: UTF8.self).contains("-> ssh-ed25519 "))
            #expect(try ageDecrypt(sealed, with: [identity]) == [1, 2, 3])
        }
    }
}
