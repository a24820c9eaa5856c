// SPDX-License-Identifier: Apache-2.0
import Archiving
import Crypto
import Foundation
import Testing

/// Files whose every seal is right and whose shape is not, as only someone with the key can make them.
@Suite("An age file that its own writer made wrong")
struct AgeForgeryTests {
    // The pair of the published test vectors: 32 bytes of 0x42.
    private static let secret = [UInt8](repeating: 0x42, count: 32)
    private static let identityText =
        "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"

    /// A file with these chunks, the last of which is marked so if asked.
    private func file(_ chunks: [[UInt8]], marksLast: Bool = true) throws -> [UInt8] {
        let identity = try AgeIdentity(parsing: Self.identityText)
        let head = Array(try ageEncrypt([], to: [identity.recipient]).dropLast(16))
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: try fileKey(head), salt: head.suffix(16), info: Data("payload".utf8),
            outputByteCount: 32)
        return try head
            + chunks.enumerated().flatMap { number, chunk in
                let isLast = marksLast && number == chunks.count - 1
                let nonce = [UInt8](repeating: 0, count: 10) + [UInt8(number), isLast ? 1 : 0]
                let box = try ChaChaPoly.seal(chunk, using: key, nonce: ChaChaPoly.Nonce(data: nonce))
                return Array(box.ciphertext + box.tag)
            }
    }

    /// Unwraps the file key as the specification says, apart from the code under test.
    private func fileKey(_ head: [UInt8]) throws -> SymmetricKey {
        func bytes(_ text: Substring) throws -> Data {
            try #require(Data(base64Encoded: text + String(repeating: "=", count: (4 - text.count % 4) % 4)))
        }
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\n")
        let share = try bytes(try #require(lines[1].split(separator: " ").last))
        let mine = try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: Self.secret)
        let shared = try mine.sharedSecretFromKeyAgreement(with: .init(rawRepresentation: share))
        let wrapping = shared.hkdfDerivedSymmetricKey(
            using: SHA256.self, salt: share + mine.publicKey.rawRepresentation,
            sharedInfo: Data("age-encryption.org/v1/X25519".utf8), outputByteCount: 32)
        let box = try ChaChaPoly.SealedBox(combined: Data(repeating: 0, count: 12) + bytes(lines[2]))
        return SymmetricKey(data: try ChaChaPoly.open(box, using: wrapping))
    }

    /// What both readers say.
    private func read(_ file: [UInt8]) throws -> [Result<[UInt8], ArchiveError>] {
        let identity = try AgeIdentity(parsing: Self.identityText)
        func result(_ body: () throws -> [UInt8]) throws -> Result<[UInt8], ArchiveError> {
            do { return .success(try body()) } catch let error as ArchiveError { return .failure(error) }
        }
        return [
            try result { try ageDecrypt(file, with: [identity]) },
            try result { try AgeSeekableReader(MemoryBytes(file), identities: [identity]).allBytes() },
        ]
    }

    @Test("is read if its shape is right", arguments: [0, 1, 65_536, 65_537])
    func right(size: Int) throws {
        let plain = patternBytes(size)
        let chunks =
            size == 0
            ? [[]] : stride(from: 0, to: size, by: 65_536).map { Array(plain[$0...].prefix(65_536)) }
        #expect(try read(file(chunks)) == [.success(plain), .success(plain)])
    }

    @Test func `with an empty chunk after a full one is refused`() throws {
        for result in try read(file([patternBytes(65_536), []])) {
            let error = try #require(throws: ArchiveError.self) { try result.get() }
            #expect(error.code == .malformed)
        }
    }

    @Test("without a last chunk is refused", arguments: [0, 1, 65_536])
    func unfinished(size: Int) throws {
        for result in try read(file([patternBytes(size)], marksLast: false)) {
            let error = try #require(throws: ArchiveError.self) { try result.get() }
            #expect(error.code == .truncated)
            #expect(error.detail == "the file ends after chunk 0, which is not its last")
        }
    }

    @Test func `with a chunk that is too short in its middle is refused`() throws {
        for result in try read(file([patternBytes(65_535), patternBytes(10)])) {
            let error = try #require(throws: ArchiveError.self) { try result.get() }
            #expect(error.code == .damaged)
        }
    }
}
