// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Bytes of known length that can be read from any place: a file in a store, read in ranges.
package protocol RangedBytes {
    /// How many bytes there are.
    var size: Int { get }

    /// Reads from `offset` until the buffer is full or the bytes end, and returns how many were read.
    ///
    /// Short only at the end; 0 at or after it.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

extension RangedBytes {
    /// Reads exactly `range`; fewer bytes are an error.
    package func bytes(in range: Range<Int>) throws -> [UInt8] {
        var result = [UInt8](repeating: 0, count: range.count)
        let count = unsafe try result.withUnsafeMutableBytes {
            unsafe try read(at: range.lowerBound, into: $0)
        }
        guard count == range.count else {
            throw ArchiveError(
                .truncated, "read", detail: "bytes \(range) of \(size) are asked for, \(count) are there")
        }
        return result
    }

    /// Reads everything; for small files only.
    package func allBytes() throws -> [UInt8] {
        try bytes(in: 0..<size)
    }
}

/// Bytes in memory as a source of ranges.
package struct MemoryBytes: RangedBytes, Hashable, Sendable {
    private let bytes: [UInt8]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package var size: Int { bytes.count }

    package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard offset >= 0, offset < bytes.count else { return 0 }
        let end = min(bytes.count, offset + buffer.count)
        unsafe buffer.copyBytes(from: bytes[offset..<end])
        return end - offset
    }
}

/// A regular file on this machine as a source of ranges.
package final class FileBytes: RangedBytes, Sendable {
    package let size: Int
    private let path: String
    private let descriptor: Int32

    /// Opens the file; its size is taken now, and a file that grows later is read up to that size.
    package init(path: String) throws {
        let opened = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw ArchiveError.system("open", path) }
        var status = stat()
        guard unsafe fstat(opened, &status) == 0 else {
            let error = ArchiveError.system("stat", path)
            close(opened)
            throw error
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(opened)
            throw ArchiveError(.unsupported, "open", path, detail: "not a regular file")
        }
        self.path = path
        descriptor = opened
        size = Int(status.st_size)
    }

    deinit {
        close(descriptor)
    }

    package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard offset >= 0, offset < size else { return 0 }
        let wanted = min(buffer.count, size - offset)
        var done = 0
        while done < wanted {
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done..<wanted])
            let count = unsafe pread(descriptor, rest.baseAddress, rest.count, offset + done)
            if count > 0 {
                done += count
            } else if count == 0 {
                break
            } else if errno != EINTR {
                throw ArchiveError.system("read", path)
            }
        }
        return done
    }
}
