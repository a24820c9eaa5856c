// SPDX-License-Identifier: Apache-2.0
import Crypto
import FoundationEssentials

/// The payload of an age file: chunks of 64 KiB, each sealed on its own, the last one marked.
///
/// The nonce holds the chunk's number and whether it is the last, so that no chunk can be
/// dropped, moved, repeated or added without the seal breaking.
@safe struct AgeChunks: Sendable {
    /// The bytes in a chunk before sealing.
    static let plainSize = 65_536
    static let tagSize = 16
    /// The bytes of a sealed chunk.
    static let sealedSize = plainSize + tagSize
    static let nonceSize = 16

    private let key: SymmetricKey

    /// Derives the payload's key; `nonce` is the 16 bytes between header and chunks.
    init(fileKey: SymmetricKey, nonce: [UInt8]) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: fileKey, salt: nonce, info: Array("payload".utf8), outputByteCount: 32)
        _ = Self.heapIsKept
    }

    /// Seals a chunk and passes it on; the bytes are valid during the call only.
    func seal(
        _ plain: UnsafeRawBufferPointer, number: Int, isLast: Bool,
        to output: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let box: ChaChaPoly.SealedBox
        do {
            box = unsafe try ChaChaPoly.seal(plain, using: key, nonce: nonce(number, isLast: isLast))
        } catch {
            throw ArchiveError(.libraryFailed, "encrypt", detail: "\(error)")
        }
        unsafe try box.combined.withUnsafeBytes { combined in
            unsafe try output(UnsafeRawBufferPointer(rebasing: combined[12...]))
        }
    }

    /// Opens a chunk; `nil` if it is not what was sealed under this number and mark.
    func open(_ sealed: UnsafeRawBufferPointer, number: Int, isLast: Bool) -> Data? {
        guard sealed.count >= Self.tagSize else { return nil }
        // The crypto library joins the three parts in one buffer of its own.
        let cut = sealed.count - Self.tagSize
        let body = unsafe UnsafeRawBufferPointer(rebasing: sealed[..<cut])
        let tag = unsafe UnsafeRawBufferPointer(rebasing: sealed[cut...])
        // Its error says only that the seal is broken, which is what `nil` says.
        guard
            let box = unsafe try? ChaChaPoly.SealedBox(
                nonce: nonce(number, isLast: isLast), ciphertext: body, tag: tag)
        else { return nil }
        return try? ChaChaPoly.open(box, using: key)
    }

    private func nonce(_ number: Int, isLast: Bool) throws -> ChaChaPoly.Nonce {
        // 11 bytes of counter, of which a file of any size needs the last 8, then the mark.
        var bytes: (UInt32, UInt64, UInt64) = (0, 0, 0)
        return unsafe try withUnsafeMutableBytes(of: &bytes) { buffer in
            unsafe buffer.storeBytes(of: UInt64(number).bigEndian, toByteOffset: 3, as: UInt64.self)
            unsafe buffer[11] = isLast ? 1 : 0
            return unsafe try ChaChaPoly.Nonce(data: UnsafeRawBufferPointer(rebasing: buffer[..<12]))
        }
    }

    /// Makes malloc keep the memory of a chunk for the next one, instead of giving it back each time.
    ///
    /// The crypto library allocates two results per chunk. Freeing one block of mapped memory raises glibc's
    /// thresholds for the whole process (mallopt(3), "dynamic mmap threshold").
    private static let heapIsKept: Void = {
        let block = UnsafeMutableRawPointer.allocate(byteCount: 24 << 20, alignment: 16)
        unsafe block.deallocate()
    }()
}
