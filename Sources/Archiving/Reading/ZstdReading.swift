// SPDX-License-Identifier: Apache-2.0
import CZstd

/// Decompresses into memory that is used again, frame by frame or as a stream.
///
/// Not `Sendable`: libzstd's context keeps its tables; one for each thread.
@safe final class ZstdReader {
    private let context: OpaquePointer

    init() throws(ArchiveError) {
        guard let context = unsafe ZSTD_createDCtx() else {
            throw ArchiveError(.libraryFailed, "decompress", detail: "libzstd has no memory")
        }
        unsafe self.context = context
        // A window larger than our own frames is another program's, or an attack on memory.
        unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, 27)
    }

    deinit {
        unsafe _ = ZSTD_freeDCtx(context)
    }

    /// Decompresses one frame that must fill the target exactly; the frame's checksum is compared.
    func frame(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer)
        throws(ArchiveError)
    {
        let size = unsafe ZSTD_findFrameCompressedSize(source.baseAddress, source.count)
        guard ZSTD_isError(size) == 0, size == source.count else {
            throw ArchiveError(.damaged, "decompress", detail: "a frame does not end where the index says")
        }
        let count = unsafe ZSTD_decompressDCtx(
            context, target.baseAddress, target.count, source.baseAddress, source.count)
        guard ZSTD_isError(count) == 0 else { throw Self.failure(count) }
        guard count == target.count else {
            throw ArchiveError(
                .damaged, "decompress", detail: "\(count) bytes came out of a frame, not \(target.count)")
        }
    }

    /// Decompresses the next piece of a stream of frames; gives whether a frame has just ended.
    ///
    /// The output is called with at most 128 KiB a time.
    func stream(
        _ source: UnsafeRawBufferPointer, to output: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Bool {
        let target = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 16)
        defer { unsafe target.deallocate() }
        var input = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
        var hint = 0
        var isFull = false
        while unsafe input.pos < input.size || isFull {
            var result = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
            hint = unsafe ZSTD_decompressStream(context, &result, &input)
            guard ZSTD_isError(hint) == 0 else { throw Self.failure(hint) }
            isFull = unsafe result.pos == result.size
            unsafe try output(UnsafeRawBufferPointer(rebasing: target[..<result.pos]))
        }
        return hint == 0
    }

    private static func failure(_ code: Int) -> ArchiveError {
        let words = unsafe String(cString: ZSTD_getErrorName(code))
        return ArchiveError(.damaged, "decompress", detail: words)
    }
}
