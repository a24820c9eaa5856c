// SPDX-License-Identifier: Apache-2.0
import Glibc

/// One path as another machine's `find` lists it.
struct ListedPath: Hashable {
    /// Relative to the source's folder; empty for that folder itself.
    let path: [UInt8]
    /// find's letter for the kind: `f d l p c b s`, and `X` for a folder that cannot be looked into.
    let type: UInt8
    let permissions: UInt16
    let user: UInt32
    let group: UInt32
    let size: Int
    let modified: FileTime
    let changed: FileTime
    let inode: UInt64
    let device: UInt64
    /// How many names it has.
    let links: Int
    let userName: [UInt8]
    let groupName: [UInt8]
    let linkTarget: [UInt8]

    /// Reads the five fields of one path.
    ///
    /// - Throws: `malformed` when they are not what `FarCommands.list` prints, `hostile` for a path that leads out.
    init(fields: [[UInt8]]) throws(ArchiveError) {
        path = fields[3]
        let words = fields[0].split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        guard words.count == 11, let type = words[0].utf8.first, let permissions = UInt16(words[1], radix: 8),
            let user = UInt32(words[2]), let group = UInt32(words[3]), let size = Int(words[4]), size >= 0,
            let modified = FileTime(find: words[5]), let changed = FileTime(find: words[6]),
            let inode = UInt64(words[7]), let device = UInt64(words[8]), let links = Int(words[9]), links >= 0
        else {
            throw ArchiveError(
                .malformed, "list the source", MemberPath.shown(path),
                detail: "find has printed something else")
        }
        try MemberPath.check(path)
        self.type = type
        self.permissions = permissions & 0o7777
        self.user = user
        self.group = group
        self.size = size
        self.modified = modified
        self.changed = changed
        self.inode = inode
        self.device = device
        self.links = links
        // find prints the number where there is no name.
        userName = fields[1] == Array(words[2].utf8) ? [] : Array(fields[1].prefix(IndexFormat.nameLimit))
        groupName = fields[2] == Array(words[3].utf8) ? [] : Array(fields[2].prefix(IndexFormat.nameLimit))
        linkTarget = fields[4]
    }

    var kind: FileStatus.Kind {
        switch type {
        case UInt8(ascii: "f"): .member(.file)
        case UInt8(ascii: "d"), UInt8(ascii: "X"): .member(.folder)
        case UInt8(ascii: "l"): .member(.symbolicLink)
        case UInt8(ascii: "p"): .member(.fifo)
        case UInt8(ascii: "c"): .member(.characterDevice)
        case UInt8(ascii: "b"): .member(.blockDevice)
        case UInt8(ascii: "s"): .socket
        default: .unknown
        }
    }

    var isFolder: Bool { type == UInt8(ascii: "d") || isClosed }
    /// Whether it is a folder that cannot be looked into.
    var isClosed: Bool { type == UInt8(ascii: "X") }
    var identity: FileIdentity { FileIdentity(device: dev_t(device), inode: ino_t(inode)) }

    /// A record with everything that the listing tells.
    func record(_ kind: IndexRecord.Kind) -> IndexRecord {
        IndexRecord(
            path: path, kind: kind, size: kind == .file ? size : 0, modified: modified, changed: changed,
            inode: inode, permissions: permissions, user: user, group: group, userName: userName,
            groupName: groupName)
    }
}

extension FileTime {
    /// Reads `%T@`: seconds, and a fraction that goes forward from them also before 1970.
    init?(find text: String) {
        let halves = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let seconds = Int64(halves[0]) else { return nil }
        let digits = halves.count > 1 ? String(halves[1].prefix(9)) : "0"
        guard digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let nanoseconds = UInt32(digits + String(repeating: "0", count: 9 - digits.utf8.count))
        else { return nil }
        self.init(seconds: seconds, nanoseconds: nanoseconds)
    }
}
