// SPDX-License-Identifier: Apache-2.0
import CArchive

/// POSIX ACLs as libarchive wants them, so that the header also has the text that GNU tar's `--acls` reads.
///
/// The kernel shows an ACL as an attribute (acl(5), linux/posix_acl_xattr.h): a version, then entries of eight
/// bytes: tag, permissions, id. In the header the group's bits of an ACL's file are then the owning group's and
/// not the mask's; whoever restores by an index takes the mode from there.
struct AccessControl {
    /// Access or default, as libarchive numbers them.
    let type: Int32
    let tag: Int32
    /// Read, write and execute: 4, 2 and 1 on both sides.
    let permissions: Int32
    /// The user or group; -1 where the tag has none.
    let qualifier: Int32

    /// The entries that an attribute stands for; empty for any other attribute, and for one that breaks the form.
    static func entries(of attribute: ExtendedAttribute) -> [AccessControl] {
        let type: Int32
        switch attribute.name {
        case Array("system.posix_acl_access".utf8): type = ARCHIVE_ENTRY_ACL_TYPE_ACCESS
        case Array("system.posix_acl_default".utf8): type = ARCHIVE_ENTRY_ACL_TYPE_DEFAULT
        default: return []
        }
        let bytes = attribute.value
        guard bytes.count >= 4, (bytes.count - 4).isMultiple(of: 8), bytes[..<4].elementsEqual([2, 0, 0, 0])
        else {
            return []
        }
        return stride(from: 4, to: bytes.count, by: 8).compactMap { place in
            func number(_ range: Range<Int>) -> UInt32 {
                bytes[place + range.lowerBound..<place + range.upperBound].reversed().reduce(0) {
                    $0 << 8 | UInt32($1)
                }
            }
            guard let tag = tag(number(0..<2)) else { return nil }
            let isNamed = tag == ARCHIVE_ENTRY_ACL_USER || tag == ARCHIVE_ENTRY_ACL_GROUP
            return AccessControl(
                type: type, tag: tag, permissions: Int32(number(2..<4) & 7),
                qualifier: isNamed ? Int32(bitPattern: number(4..<8)) : -1)
        }
    }

    private static func tag(_ number: UInt32) -> Int32? {
        switch number {
        case 0x01: ARCHIVE_ENTRY_ACL_USER_OBJ
        case 0x02: ARCHIVE_ENTRY_ACL_USER
        case 0x04: ARCHIVE_ENTRY_ACL_GROUP_OBJ
        case 0x08: ARCHIVE_ENTRY_ACL_GROUP
        case 0x10: ARCHIVE_ENTRY_ACL_MASK
        case 0x20: ARCHIVE_ENTRY_ACL_OTHER
        default: nil
        }
    }
}
