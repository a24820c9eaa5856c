// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc

/// A canary's file on this machine.
struct LocalCanaryFile: CanaryFile {
    let path: String
    let time: TimeSource

    /// Enough for the records of several killed runs.
    private static let tailSize = 64 << 10

    func now() -> Moment { time.now() }

    func tail() throws -> [String] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return [] }
            throw failure("read")
        }
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        let start = max(0, size - Self.tailSize)
        var bytes = [UInt8](repeating: 0, count: size - start)
        let count = pread(descriptor, &bytes, bytes.count, start)
        guard count >= 0 else { throw failure("read") }
        return String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n").map(String.init)
    }

    func append(_ line: String) throws {
        let isNew = access(path, F_OK) != 0
        let descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw failure("open") }
        defer { close(descriptor) }
        // A torn line of a killed run is ended first, so that it cannot swallow this one.
        var last: UInt8 = 10
        let size = lseek(descriptor, 0, SEEK_END)
        if size > 0, pread(descriptor, &last, 1, size - 1) != 1 { throw failure("read") }
        try PrivateFile.write(Array(((last == 10 ? "" : "\n") + line + "\n").utf8), to: descriptor, path)
        guard fsync(descriptor) == 0 else { throw failure("sync") }
        if isNew { try PrivateFile.syncFolder(of: path) }
    }

    func sync() throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw failure("open") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync") }
    }

    func trim(to count: Int) throws {
        // A line has about 60 bytes; below that size there is nothing to do and nothing to read.
        guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int,
            size > count * 60 * 5 / 4
        else { return }
        let data = FileManager.default.contents(atPath: path) ?? Data()
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
        guard lines.count > count * 5 / 4 else { return }
        try PrivateFile.replace(path, lines.suffix(count).joined(separator: "\n") + "\n", mode: 0o644)
    }

    private func failure(_ verb: String) -> OperationError {
        OperationError(
            errno == EACCES ? .permissionDenied : .ioFailed,
            "cannot \(verb) the canary \(path): \(PrivateFile.reason())")
    }
}
