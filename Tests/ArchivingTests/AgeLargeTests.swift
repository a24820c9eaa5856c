// SPDX-License-Identifier: Apache-2.0
import Archiving
import Foundation
import TestSupport
import Testing

@Suite(
    "age files of several gigabytes, together with the age program",
    .enabled(
        if: ProcessInfo.processInfo.environment["LIFEBOAT_LONG"] != nil, "takes minutes: make test-long"))
struct AgeLargeTests {
    /// More than 4 GiB, so that no 32-bit count of bytes would do, and not a whole number of chunks.
    private static let block = patternBytes(4 << 20)
    private static let blocks = 1_025
    private static let tail = 4_711

    private static func plain(_ take: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        for _ in 0..<blocks { try block.withUnsafeBytes { try take($0) } }
        try block.withUnsafeBytes { try take(UnsafeRawBufferPointer(rebasing: $0[..<tail])) }
    }

    private static var digest: SHA256Digest {
        var hasher = SHA256Hasher()
        plain { hasher.update($0) }
        return hasher.finalize()
    }

    @Test func `that we write are read by age`() throws {
        try Scratch.with { folder in
            let identity = AgeIdentity.generate()
            let key = try folder.write(identity.fileText, to: "key.txt", mode: 0o600)
            let sealed = try folder.write("", to: "sealed.age")
            let file = try #require(FileHandle(forWritingAtPath: sealed))
            let encryptor = try AgeEncryptor(to: [identity.recipient]) {
                try file.write(contentsOf: Data($0))
            }
            try Self.plain { try encryptor.write($0) }
            try encryptor.finish()
            try file.close()
            let sum = try Command.output(
                "sh", "-c", "age -d -i \"$1\" \"$2\" | sha256sum | cut -c1-64", "-", key, sealed)
            #expect(String(decoding: sum, as: UTF8.self) == Self.digest.hex + "\n")
        }
    }

    @Test func `that age writes are read by us`() throws {
        try Scratch.with { folder in
            let identity = AgeIdentity.generate()
            let block = try folder.write(Self.block, to: "block")
            let script = """
                { i=0; while [ $i -lt \(Self.blocks) ]; do cat "$1"; i=$((i+1)); done; head -c \(Self.tail) "$1"; } | age -r "$2" > "$3"
                """
            _ = try Command.output(
                "sh", "-c", script, "-", block, identity.recipient.text, folder.path("sealed.age"))
            let reader = try AgeSeekableReader(
                FileBytes(path: folder.path("sealed.age")), identities: [identity])
            #expect(reader.size == Self.blocks * Self.block.count + Self.tail)
            var hasher = SHA256Hasher()
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4 << 20, alignment: 16)
            defer { buffer.deallocate() }
            var place = 0
            while place < reader.size {
                let count = try reader.read(at: place, into: buffer)
                try #require(count > 0)
                hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                place += count
            }
            #expect(hasher.finalize() == Self.digest)
        }
    }
}
