// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc

/// Small files that only their owner may read, and files that must appear whole or not at all.
package enum PrivateFile {
    /// Reads a secret.
    ///
    /// - Throws: `OperationError` with `.permissionDenied` when others may read or write it, or it belongs to
    ///   another account.
    package static func read(_ path: String, limit: Int = 1 << 20) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            let isMissing = errno == ENOENT
            throw OperationError(
                isMissing ? .noSuchFile : .permissionDenied, "cannot read \(path): \(reason())",
                hint: isMissing ? "'lifeboat key new' makes the workspace's keys" : nil)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw OperationError(.badInput, "\(path) is not a plain file")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw OperationError(
                .permissionDenied, "\(path) is a secret that others may read (mode \(octal(status.st_mode)))",
                hint: "chmod 600 \(path), and replace the key if anyone else has been on this machine")
        }
        guard status.st_uid == geteuid() || geteuid() == 0 && status.st_uid == 0 else {
            throw OperationError(.permissionDenied, "\(path) belongs to another account")
        }
        guard status.st_size <= limit else {
            throw OperationError(.badInput, "\(path) is too large for a key")
        }
        return String(decoding: try bytes(descriptor, path), as: UTF8.self)
    }

    /// Makes a new file, on the disk when this returns; one that exists is refused.
    static func create(_ path: String, _ text: String, mode: mode_t) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else {
            throw OperationError(
                errno == EEXIST ? .refused : .ioFailed, "cannot make \(path): \(reason())")
        }
        defer { close(descriptor) }
        try write(Array(text.utf8), to: descriptor, path)
        guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0 else {
            throw OperationError(.ioFailed, "cannot write \(path): \(reason())")
        }
        try syncFolder(of: path)
    }

    /// Replaces a file: the old content or the new one is there at every instant, and the new one afterwards.
    static func replace(_ path: String, _ text: String, mode: mode_t) throws {
        let temporary = "\(path).new-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        try create(temporary, text, mode: mode)
        guard rename(temporary, path) == 0 else {
            let words = reason()
            unlink(temporary)
            throw OperationError(.ioFailed, "cannot replace \(path): \(words)")
        }
        try syncFolder(of: path)
    }

    /// Brings the names in a file's folder to the disk.
    static func syncFolder(of path: String) throws {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw OperationError(.ioFailed, "cannot open the folder \(folder): \(reason())")
        }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw OperationError(.ioFailed, "cannot sync the folder \(folder): \(reason())")
        }
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw OperationError(.ioFailed, "cannot write \(path): \(reason())") }
            done += count
        }
    }

    private static func bytes(_ descriptor: Int32, _ path: String) throws -> [UInt8] {
        var result: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw OperationError(.ioFailed, "cannot read \(path): \(reason())") }
            guard count > 0 else { return result }
            result += piece[..<count]
        }
    }

    private static func octal(_ mode: mode_t) -> String {
        "0" + String(mode & 0o777, radix: 8)
    }

    static func reason(_ number: Int32 = errno) -> String {
        String(cString: strerror(number))
    }
}
