// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A file on this machine that is written once, from its beginning, and goes away unless it is kept.
@safe final class OutputFile {
    let path: String
    private let descriptor: Int32
    private(set) var count = 0
    private var isKept = false

    /// Creates the file, which must not be there, readable by this user only.
    init(path: String) throws(ArchiveError) {
        let opened = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard opened >= 0 else { throw ArchiveError.system("create", path) }
        self.path = path
        descriptor = opened
    }

    deinit {
        // Half a file is of use to nobody.
        if !isKept { unsafe unlink(path) }
        close(descriptor)
    }

    /// Says that the file is whole and stays.
    func keep() {
        isKept = true
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
        var rest = unsafe bytes
        while unsafe !rest.isEmpty {
            let written = unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            if written > 0 {
                unsafe rest = UnsafeRawBufferPointer(rebasing: rest[written...])
                count += written
            } else if errno != EINTR {
                throw ArchiveError.system("write", path)
            }
        }
    }

    /// Makes sure that the bytes outlive a loss of power.
    func sync() throws(ArchiveError) {
        guard fsync(descriptor) == 0 else { throw ArchiveError.system("sync", path) }
    }
}

/// A small file of a point, encrypted and on this machine, ready to be sent to every store.
package struct SealedFile: Hashable, Sendable {
    package let path: String
    package let bytes: Int
    package let sha256: SHA256Digest

    package init(path: String, bytes: Int, sha256: SHA256Digest) {
        self.path = path
        self.bytes = bytes
        self.sha256 = sha256
    }
}

/// Encrypts a file onto this machine's disk as its bytes come, and hashes what lies there.
final class SealedFileWriter {
    private final class Target {
        let file: OutputFile
        var hasher = SHA256Hasher()

        init(_ file: OutputFile) {
            self.file = file
        }
    }

    private let target: Target
    private let encryptor: AgeEncryptor

    /// Creates the file, which must not be there.
    init(path: String, recipients: [AgeRecipient]) throws {
        let target = Target(try OutputFile(path: path))
        self.target = target
        encryptor = unsafe try AgeEncryptor(to: recipients) { bytes in
            unsafe target.hasher.update(bytes)
            unsafe try target.file.write(bytes)
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        unsafe try encryptor.write(bytes)
    }

    func finish() throws -> SealedFile {
        try encryptor.finish()
        target.file.keep()
        return SealedFile(path: target.file.path, bytes: target.file.count, sha256: target.hasher.finalize())
    }
}
