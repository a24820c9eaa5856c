// SPDX-License-Identifier: Apache-2.0
import CArchive
import Glibc

/// What the kernel says of one file, without following a symbolic link.
struct FileStatus {
    /// What can stand in an archive, and sockets, which cannot.
    enum Kind {
        case member(IndexRecord.Kind)
        case socket
        case unknown
    }

    let raw: stat

    /// Looks at a name in an open folder.
    init?(of name: UnsafePointer<CChar>, in folder: Int32) {
        var status = stat()
        guard unsafe fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        raw = status
    }

    /// Looks at an open file.
    init?(of descriptor: Int32) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return nil }
        raw = status
    }

    var kind: Kind {
        switch raw.st_mode & S_IFMT {
        case S_IFREG: .member(.file)
        case S_IFDIR: .member(.folder)
        case S_IFLNK: .member(.symbolicLink)
        case S_IFIFO: .member(.fifo)
        case S_IFCHR: .member(.characterDevice)
        case S_IFBLK: .member(.blockDevice)
        case S_IFSOCK: .socket
        default: .unknown
        }
    }

    var isFolder: Bool { raw.st_mode & S_IFMT == S_IFDIR }
    var isFile: Bool { raw.st_mode & S_IFMT == S_IFREG }
    var size: Int { Int(raw.st_size) }
    var modified: FileTime { Self.time(raw.st_mtim) }
    var changed: FileTime { Self.time(raw.st_ctim) }
    var identity: FileIdentity { FileIdentity(device: raw.st_dev, inode: raw.st_ino) }

    /// Whether fewer blocks are there than the size needs, so that there may be holes.
    var mayHaveHoles: Bool { isFile && raw.st_blocks * 512 < raw.st_size }

    /// Whether nothing was written between two looks at the same file, as far as its times tell.
    func isSameContent(as other: FileStatus) -> Bool {
        size == other.size && modified == other.modified && changed == other.changed
    }

    /// A record with everything that the status tells.
    func record(path: [UInt8], kind: IndexRecord.Kind, names: OwnerNames) -> IndexRecord {
        var record = IndexRecord(
            path: path, kind: kind, size: kind == .file ? size : 0, modified: modified, changed: changed,
            inode: UInt64(raw.st_ino), permissions: UInt16(raw.st_mode & 0o7777), user: raw.st_uid,
            group: raw.st_gid, userName: names.user(raw.st_uid), groupName: names.group(raw.st_gid))
        if kind == .characterDevice || kind == .blockDevice {
            record.device = IndexRecord.Device(major: major(raw.st_rdev), minor: minor(raw.st_rdev))
        }
        return record
    }

    private static func time(_ time: timespec) -> FileTime {
        FileTime(seconds: Int64(time.tv_sec), nanoseconds: UInt32(time.tv_nsec))
    }

    // The C library has these as macros, which Swift does not see.
    private func major(_ device: dev_t) -> UInt32 {
        UInt32(device >> 8 & 0xfff) | UInt32(truncatingIfNeeded: device >> 32) & ~0xfff
    }

    private func minor(_ device: dev_t) -> UInt32 {
        UInt32(device & 0xff) | UInt32(truncatingIfNeeded: device >> 12) & ~0xff
    }
}

/// One file, whatever its names.
struct FileIdentity: Hashable {
    let device: dev_t
    let inode: ino_t
}
