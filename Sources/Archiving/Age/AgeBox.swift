// SPDX-License-Identifier: Apache-2.0
import CZstd

/// Small documents that travel compressed and encrypted: what `age -d | zstd -d` reads.
package enum AgeBox {
    private static let frameSize = 1 << 20

    /// Compresses in frames of at most 1 MiB, then encrypts.
    package static func seal(_ plain: [UInt8], to recipients: [AgeRecipient]) throws -> [UInt8] {
        let compressor = try ZstdCompressor(level: 9)
        var sealed: [UInt8] = []
        let encryptor = unsafe try AgeEncryptor(to: recipients) { unsafe sealed.append(contentsOf: $0) }
        var start = 0
        repeat {
            let end = min(start + frameSize, plain.count)
            let frame = try compressor.frame(of: Array(plain[start..<end]))
            unsafe try frame.withUnsafeBytes { unsafe try encryptor.write($0) }
            start = end
        } while start < plain.count
        try encryptor.finish()
        return sealed
    }

    /// Decrypts and decompresses; more than `limit` bytes are refused before they are made.
    package static func open(
        _ sealed: [UInt8], identities: [AgeIdentity], limit: Int = 1 << 30
    ) throws -> [UInt8] {
        let reader = try AgeSeekableReader(MemoryBytes(sealed), identities: identities)
        let frames = try reader.allBytes()
        let decompressor = try ZstdDecompressor()
        var plain: [UInt8] = []
        var start = 0
        while start < frames.count {
            let (compressed, raw) = unsafe frames[start...].withUnsafeBytes { bytes in
                unsafe (
                    ZSTD_findFrameCompressedSize(bytes.baseAddress, bytes.count),
                    ZSTD_getFrameContentSize(bytes.baseAddress, bytes.count)
                )
            }
            // The two largest sizes stand for "unknown" and "error".
            guard ZSTD_isError(compressed) == 0, raw <= UInt64(frameSize) else {
                throw ArchiveError(.damaged, "decompress", detail: "a frame is not one of ours")
            }
            guard plain.count + Int(raw) <= limit else {
                throw ArchiveError(.hostile, "decompress", detail: "more than \(limit) bytes would come out")
            }
            plain += try decompressor.bytes(of: Array(frames[start..<start + compressed]), count: Int(raw))
            start += compressed
        }
        return plain
    }
}
