// SPDX-License-Identifier: Apache-2.0
import Crypto
import FoundationEssentials

/// Encrypts a stream of bytes to age v1 as they come.
///
/// The output is called with the header, then with one sealed chunk of 65,552 bytes a time; the bytes are
/// valid during the call only. What the output throws comes out of `write` and `finish`; after any error the
/// encryptor is of no more use. Not `Sendable`: it holds its place in the stream; use it from one thread a time.
@safe package final class AgeEncryptor {
    private let output: (UnsafeRawBufferPointer) throws -> Void
    private let chunks: AgeChunks
    // The last full chunk waits here until more bytes come: only then is it known not to be the last.
    private let pending = UnsafeMutableRawBufferPointer.allocate(
        byteCount: AgeChunks.plainSize, alignment: 16)
    private var pendingCount = 0
    private var number = 0
    private var isFinished = false

    /// Begins a file and passes its header on; there must be a recipient.
    package init(to recipients: [AgeRecipient], output: @escaping (UnsafeRawBufferPointer) throws -> Void)
        throws
    {
        guard !recipients.isEmpty else {
            throw ArchiveError(.missing, "encrypt", detail: "there is no recipient, so nobody could read it")
        }
        let fileKey = SymmetricKey(size: .bits128)
        let nonce = SymmetricKey(size: .bits128)
        let nonceBytes = unsafe nonce.withUnsafeBytes { unsafe Array($0) }
        let header = try AgeHeader(wrapping: fileKey, to: recipients)
        unsafe self.output = output
        chunks = AgeChunks(fileKey: fileKey, nonce: nonceBytes)
        unsafe try (header.encoded + nonceBytes).withUnsafeBytes { unsafe try output($0) }
    }

    deinit {
        unsafe pending.deallocate()
    }

    /// Takes in the next bytes; they may be used again when the call returns.
    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        precondition(!isFinished, "nothing can be written after finish")
        var rest = unsafe bytes[...]
        while unsafe !rest.isEmpty {
            if pendingCount == AgeChunks.plainSize { try sealPending(isLast: false) }
            // Whole chunks are sealed where they lie, except one that may be the last.
            while unsafe pendingCount == 0 && rest.count > AgeChunks.plainSize {
                unsafe try seal(
                    UnsafeRawBufferPointer(rebasing: rest.prefix(AgeChunks.plainSize)), isLast: false)
                unsafe rest = rest.dropFirst(AgeChunks.plainSize)
            }
            let piece = unsafe rest.prefix(AgeChunks.plainSize - pendingCount)
            unsafe UnsafeMutableRawBufferPointer(rebasing: pending[pendingCount...]).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: piece))
            unsafe pendingCount += piece.count
            unsafe rest = rest.dropFirst(piece.count)
        }
    }

    /// Seals the last chunk; without it the file is not complete and will not decrypt.
    package func finish() throws {
        precondition(!isFinished, "a file is finished once")
        isFinished = true
        try sealPending(isLast: true)
    }

    private func sealPending(isLast: Bool) throws {
        unsafe try seal(UnsafeRawBufferPointer(rebasing: pending[..<pendingCount]), isLast: isLast)
        pendingCount = 0
    }

    private func seal(_ plain: UnsafeRawBufferPointer, isLast: Bool) throws {
        unsafe try chunks.seal(plain, number: number, isLast: isLast, to: output)
        number += 1
    }
}
