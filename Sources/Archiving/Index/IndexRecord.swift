// SPDX-License-Identifier: Apache-2.0

/// An instant of the file system: nanoseconds, in any year.
package struct FileTime: Hashable, Sendable {
    /// Since 1970; negative before it.
    package var seconds: Int64
    /// 0 to 999,999,999, forward from the second.
    package var nanoseconds: UInt32

    package init(seconds: Int64, nanoseconds: UInt32) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }
}

/// What an index says of one path.
package struct IndexRecord: Hashable, Sendable {
    package enum Kind: UInt8, Hashable, Sendable, CaseIterable {
        case file = 0
        case folder = 1
        case symbolicLink = 2
        /// Another name of a file that stands in the tree under `linkTarget`.
        case hardLink = 3
        case fifo = 4
        case characterDevice = 5
        case blockDevice = 6
    }

    /// The numbers of a device file.
    package struct Device: Hashable, Sendable {
        package var major: UInt32
        package var minor: UInt32

        package init(major: UInt32, minor: UInt32) {
            self.major = major
            self.minor = minor
        }
    }

    /// Where a member's tar bytes lie.
    package struct Location: Hashable, Sendable {
        /// The data frame, counted from 0, in which the member's first header begins.
        package var frame: Int
        /// The place of that header in the frame's raw bytes.
        package var offset: Int
        /// All of the member's tar bytes: headers, data and padding; they may run on into the next frames.
        package var length: Int

        package init(frame: Int, offset: Int, length: Int) {
            self.frame = frame
            self.offset = offset
            self.length = length
        }
    }

    /// Relative to the source's root, without a `/` at either end; empty for the root folder itself.
    package var path: [UInt8]
    package var kind: Kind
    /// The file's bytes, holes included; 0 for whatever is not a file (a hard link has none of its own).
    package var size: Int
    package var modified: FileTime
    /// The inode's last change as the source's kernel saw it: it cannot be set, so it shows what mtime hides.
    package var changed: FileTime
    package var inode: UInt64
    /// The twelve permission bits, set-user-id and sticky included.
    package var permissions: UInt16
    package var user: UInt32
    package var group: UInt32
    /// Empty when the source has no name for the number.
    package var userName: [UInt8]
    package var groupName: [UInt8]
    /// A symbolic link's text, or the path in the tree that a hard link leads to; else empty.
    package var linkTarget: [UInt8]
    package var device: Device?
    /// `AttributeDigest` over extended attributes and ACLs; `nil` if there are none.
    package var attributes: SHA256Digest?
    /// Of a file's content, by `ContentHasher`: plain SHA-256 unless the file has holes; `nil` for whatever
    /// is not a file.
    package var digest: SHA256Digest?
    /// The bytes of a file that lie in holes: they are in no archive, and its digest leaves them out.
    package var holes: Int
    /// `nil` in a merged index, where a record says what is there and not where it was kept.
    package var location: Location?
    /// An earlier reading of the same file, which changed during it; a reader passes over that member.
    package var superseded: Location?
    /// Whether the file changed during this reading too.
    package var changedWhileRead: Bool
    /// Whether reading broke off: what could not be read stands as zeros, or attributes are missing, and the run
    /// was `partial`.
    package var isIncomplete: Bool
    /// Whether the file was so new when it was read that its times may hide a later change.
    package var isRecent: Bool

    package init(
        path: [UInt8], kind: Kind, size: Int = 0, modified: FileTime = FileTime(seconds: 0, nanoseconds: 0),
        changed: FileTime = FileTime(seconds: 0, nanoseconds: 0), inode: UInt64 = 0, permissions: UInt16 = 0,
        user: UInt32 = 0, group: UInt32 = 0, userName: [UInt8] = [], groupName: [UInt8] = [],
        linkTarget: [UInt8] = [], device: Device? = nil, attributes: SHA256Digest? = nil,
        digest: SHA256Digest? = nil, holes: Int = 0, location: Location? = nil, superseded: Location? = nil,
        changedWhileRead: Bool = false, isIncomplete: Bool = false, isRecent: Bool = false
    ) {
        self.path = path
        self.kind = kind
        self.size = size
        self.modified = modified
        self.changed = changed
        self.inode = inode
        self.permissions = permissions
        self.user = user
        self.group = group
        self.userName = userName
        self.groupName = groupName
        self.linkTarget = linkTarget
        self.device = device
        self.attributes = attributes
        self.digest = digest
        self.location = location
        self.superseded = superseded
        self.changedWhileRead = changedWhileRead
        self.holes = holes
        self.isIncomplete = isIncomplete
        self.isRecent = isRecent
    }
}

/// One frame of a point's stream.
package struct DataFrame: Hashable, Sendable {
    /// The part that holds it, from 1.
    package var part: Int
    /// Where it begins in the part's bytes after decryption.
    package var offset: Int
    /// Its bytes in the part.
    package var compressedSize: Int
    /// Its bytes in the tar stream.
    package var rawSize: Int

    /// The most raw bytes of a frame: what a reader must be ready to hold.
    package static let rawLimit = 32 << 20

    package init(part: Int, offset: Int, compressedSize: Int, rawSize: Int) {
        self.part = part
        self.offset = offset
        self.compressedSize = compressedSize
        self.rawSize = rawSize
    }
}
