// SPDX-License-Identifier: Apache-2.0
import Crypto
import FoundationEssentials

/// Decrypts an age v1 file as its bytes come.
///
/// Every byte passed on was authenticated first, but that the file is whole is known only when `finish`
/// returns: a caller must not call what it got complete before that. The bytes given to the output are valid
/// during the call only. Not `Sendable`: it holds its place in the stream; use it from one thread a time.
@safe package final class AgeDecryptor {
    private let identities: [AgeIdentity]
    private let output: (UnsafeRawBufferPointer) throws -> Void
    private var parser = AgeHeaderParser()
    private var fileKey: SymmetricKey?
    private var nonce: [UInt8] = []
    private var chunks: AgeChunks?
    // Held back until a byte more comes: only then is it known not to be the last chunk.
    private let pending = UnsafeMutableRawBufferPointer.allocate(
        byteCount: AgeChunks.sealedSize, alignment: 16)
    private var pendingCount = 0
    private var number = 0
    private var isFinished = false

    /// Takes the identities that may open the file; the header is read from the first bytes written.
    package init(with identities: [AgeIdentity], output: @escaping (UnsafeRawBufferPointer) throws -> Void) {
        self.identities = identities
        unsafe self.output = output
    }

    deinit {
        unsafe pending.deallocate()
    }

    /// Takes in the next bytes of the file.
    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        precondition(!isFinished, "nothing can be written after finish")
        var rest = unsafe bytes[...]
        if fileKey == nil {
            let taken = unsafe try parser.take(UnsafeRawBufferPointer(rebasing: rest))
            unsafe rest = rest.dropFirst(taken)
            guard let header = parser.header else { return }
            fileKey = try header.fileKey(with: identities)
        }
        if chunks == nil, let fileKey {
            let piece = unsafe rest.prefix(AgeChunks.nonceSize - nonce.count)
            unsafe nonce += piece
            unsafe rest = rest.dropFirst(piece.count)
            guard nonce.count == AgeChunks.nonceSize else { return }
            chunks = AgeChunks(fileKey: fileKey, nonce: nonce)
        }
        while unsafe !rest.isEmpty {
            if pendingCount == AgeChunks.sealedSize { try openPending(isLast: false) }
            while unsafe pendingCount == 0 && rest.count > AgeChunks.sealedSize {
                unsafe try open(
                    UnsafeRawBufferPointer(rebasing: rest.prefix(AgeChunks.sealedSize)), isLast: false)
                unsafe rest = rest.dropFirst(AgeChunks.sealedSize)
            }
            let piece = unsafe rest.prefix(AgeChunks.sealedSize - pendingCount)
            unsafe UnsafeMutableRawBufferPointer(rebasing: pending[pendingCount...]).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: piece))
            unsafe pendingCount += piece.count
            unsafe rest = rest.dropFirst(piece.count)
        }
    }

    /// Opens the last chunk; returns only if the file is whole.
    package func finish() throws {
        precondition(!isFinished, "a file is finished once")
        isFinished = true
        guard parser.header != nil else { throw parser.endedEarly() }
        guard chunks != nil else {
            throw ArchiveError(.truncated, "decrypt", detail: "the file ends before its payload")
        }
        try openPending(isLast: true)
    }

    private func openPending(isLast: Bool) throws {
        unsafe try open(UnsafeRawBufferPointer(rebasing: pending[..<pendingCount]), isLast: isLast)
        pendingCount = 0
    }

    private func open(_ sealed: UnsafeRawBufferPointer, isLast: Bool) throws {
        guard let chunks else { return }
        let plain = unsafe try chunks.openOrThrow(sealed, number: number, isLast: isLast)
        number += 1
        if !plain.isEmpty { unsafe try plain.withUnsafeBytes { unsafe try output($0) } }
    }
}

extension AgeChunks {
    /// Opens a chunk, or says as well as can be known what is wrong with it.
    func openOrThrow(_ sealed: UnsafeRawBufferPointer, number: Int, isLast: Bool) throws -> Data {
        if isLast, sealed.count < Self.tagSize {
            throw ArchiveError(
                .truncated, "decrypt", detail: "the file ends within or before chunk \(number)")
        }
        if let plain = unsafe open(sealed, number: number, isLast: isLast) {
            guard !plain.isEmpty || number == 0 else {
                throw ArchiveError(.malformed, "decrypt", detail: "chunk \(number), the last, is empty")
            }
            return plain
        }
        if unsafe open(sealed, number: number, isLast: !isLast) != nil {
            throw isLast
                ? ArchiveError(
                    .truncated, "decrypt",
                    detail: "the file ends after chunk \(number), which is not its last")
                : ArchiveError(.damaged, "decrypt", detail: "there are bytes after chunk \(number), the last")
        }
        throw ArchiveError(
            .damaged, "decrypt",
            detail: isLast
                ? "chunk \(number), the last, is damaged or cut short" : "chunk \(number) is damaged")
    }
}
