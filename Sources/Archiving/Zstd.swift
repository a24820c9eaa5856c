// SPDX-License-Identifier: Apache-2.0
import CZstd

/// Compresses buffers into zstd frames of their own, each with its size and a checksum.
///
/// Not `Sendable`: libzstd's context keeps its tables; one for each thread.
@safe final class ZstdCompressor {
    private let context: OpaquePointer

    /// Takes a level on libzstd's own scale, 1 (fast) to 19.
    init(level: Int) throws(ArchiveError) {
        guard let context = unsafe ZSTD_createCCtx() else {
            throw ArchiveError(.libraryFailed, "compress", detail: "libzstd has no memory")
        }
        unsafe self.context = context
        for (parameter, value) in [(ZSTD_c_compressionLevel, Int32(level)), (ZSTD_c_checksumFlag, 1)] {
            _ = try unsafe Self.check(ZSTD_CCtx_setParameter(context, parameter, value))
        }
    }

    deinit {
        unsafe _ = ZSTD_freeCCtx(context)
    }

    /// The most bytes that a frame of so many raw bytes can take.
    static func bound(_ count: Int) -> Int { ZSTD_compressBound(count) }

    /// Writes one frame and returns its size; `target` must have room for `bound(source.count)`.
    func compress(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer)
        throws(ArchiveError) -> Int
    {
        try unsafe Self.check(
            ZSTD_compress2(context, target.baseAddress, target.count, source.baseAddress, source.count))
    }

    /// The frame of bytes that are all at hand.
    func frame(of bytes: [UInt8]) throws(ArchiveError) -> [UInt8] {
        var frame = [UInt8](repeating: 0, count: Self.bound(bytes.count))
        let result: Result<Int, ArchiveError> = unsafe frame.withUnsafeMutableBytes { target in
            unsafe bytes.withUnsafeBytes { source in
                Result { () throws(ArchiveError) in unsafe try compress(source, into: target) }
            }
        }
        frame.removeLast(frame.count - (try result.get()))
        return frame
    }

    private static func check(_ result: Int) throws(ArchiveError) -> Int {
        guard ZSTD_isError(result) == 0 else {
            let words = unsafe String(cString: ZSTD_getErrorName(result))
            throw ArchiveError(.libraryFailed, "compress", detail: words)
        }
        return result
    }
}

/// Decompresses single zstd frames whose raw size is known beforehand, so that none can expand without end.
///
/// Not `Sendable`: libzstd's context keeps its tables; one for each thread.
@safe final class ZstdDecompressor {
    private let context: OpaquePointer

    init() throws(ArchiveError) {
        guard let context = unsafe ZSTD_createDCtx() else {
            throw ArchiveError(.libraryFailed, "decompress", detail: "libzstd has no memory")
        }
        unsafe self.context = context
    }

    deinit {
        unsafe _ = ZSTD_freeDCtx(context)
    }

    /// The raw bytes of one frame; `damaged` unless there are exactly `count` of them.
    func bytes(of frame: [UInt8], count: Int) throws(ArchiveError) -> [UInt8] {
        // A frame may stand before others; what follows it is not decompressed with it.
        let size = unsafe frame.withUnsafeBytes {
            unsafe ZSTD_findFrameCompressedSize($0.baseAddress, $0.count)
        }
        guard ZSTD_isError(size) == 0, size == frame.count else {
            throw ArchiveError(.damaged, "decompress", detail: "a frame does not end where it should")
        }
        var error: String?
        let raw = unsafe [UInt8](unsafeUninitializedCapacity: count) { target, filled in
            let result = unsafe frame.withUnsafeBytes { source in
                unsafe ZSTD_decompressDCtx(
                    context, target.baseAddress, count, source.baseAddress, source.count)
            }
            if ZSTD_isError(result) != 0 {
                error = unsafe String(cString: ZSTD_getErrorName(result))
            } else {
                filled = result
            }
        }
        if let error { throw ArchiveError(.damaged, "decompress", detail: error) }
        guard raw.count == count else {
            throw ArchiveError(.damaged, "decompress", detail: "\(raw.count) bytes came out, not \(count)")
        }
        return raw
    }
}
