// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc

/// Bytes of one encrypted part that no longer fit in memory.
///
/// The file has no name any more once it is open, so nothing of it survives the process, however that ends.
final class SpoolFile: Sendable {
    private let descriptor: Int32

    /// Makes a file in a folder of the workspace.
    init(in folder: String) throws {
        let path = "\(folder)/part-\(UUID().uuidString)"
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SpoolFile.failure("create", path) }
        unlink(path)
    }

    deinit {
        close(descriptor)
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
            let count = pwrite(descriptor, rest.baseAddress, rest.count, offset + done)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure("write", "the spool") }
            done += count
        }
    }

    func read(at offset: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
            let count = pread(descriptor, rest.baseAddress, rest.count, offset + done)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure("read", "the spool") }
            done += count
        }
    }

    private static func failure(_ verb: String, _ path: String) -> OperationError {
        OperationError(.ioFailed, "cannot \(verb) \(path): \(String(cString: strerror(errno)))")
    }
}
