// SPDX-License-Identifier: Apache-2.0
import CSSH2

/// What a server says about a file; what it did not say is `nil`.
package struct FileAttributes: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case file, folder, link, other
    }

    package let size: Int?
    /// Type and permission bits.
    package let mode: Int?
    package let owner: Int?
    package let group: Int?
    /// Seconds since 1970.
    package let accessed: Int?
    /// Seconds since 1970.
    package let modified: Int?

    package var permissions: Int? { mode.map { $0 & 0o7777 } }

    package var kind: Kind {
        switch mode.map({ $0 & 0o170000 }) {
        case 0o100000: .file
        case 0o040000: .folder
        case 0o120000: .link
        default: .other
        }
    }

    init(_ raw: LIBSSH2_SFTP_ATTRIBUTES) {
        func known<Value: BinaryInteger>(_ flag: Int32, _ value: Value) -> Int? {
            raw.flags & UInt(flag) != 0 ? Int(clamping: value) : nil
        }
        size = known(LIBSSH2_SFTP_ATTR_SIZE, raw.filesize)
        mode = known(LIBSSH2_SFTP_ATTR_PERMISSIONS, raw.permissions)
        owner = known(LIBSSH2_SFTP_ATTR_UIDGID, raw.uid)
        group = known(LIBSSH2_SFTP_ATTR_UIDGID, raw.gid)
        accessed = known(LIBSSH2_SFTP_ATTR_ACMODTIME, raw.atime)
        modified = known(LIBSSH2_SFTP_ATTR_ACMODTIME, raw.mtime)
    }
}

/// One name in a folder.
package struct FolderEntry: Hashable, Sendable {
    package let name: String
    package let attributes: FileAttributes
}

/// The room of a file system.
package struct FreeSpace: Hashable, Sendable {
    /// What this account may still write, in bytes.
    package let available: Int
    package let total: Int
    /// How many more files this account may make; `nil` where the file system has no such limit.
    package let availableFiles: Int?

    init(_ raw: LIBSSH2_SFTP_STATVFS) {
        func bytes(_ blocks: UInt64) -> Int {
            let (product, hasOverflowed) = blocks.multipliedReportingOverflow(by: raw.f_frsize)
            return hasOverflowed ? .max : Int(clamping: product)
        }
        available = bytes(raw.f_bavail)
        total = bytes(raw.f_blocks)
        availableFiles = raw.f_files > 0 ? Int(clamping: raw.f_favail) : nil
    }
}
