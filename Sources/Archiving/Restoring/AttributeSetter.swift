// SPDX-License-Identifier: Apache-2.0
import CArchive
import Glibc

/// Gives a restored file the attributes that the index names, in the order in which none undoes another.
///
/// The owner first, because changing it drops set-user-id and capabilities; then the mode, the extended attributes
/// with ACLs and capabilities, and the times last.
struct AttributeSetter {
    let isTrusted: Bool
    private let user = geteuid()
    private let group = getegid()

    init(isTrusted: Bool) {
        self.isTrusted = isTrusted
    }

    /// Something that stands at the target, as the system calls reach it.
    enum Place {
        case open(Int32)
        /// A device, a fifo or a socket by its O_PATH descriptor: it is never opened for real.
        case path(Int32)
        /// A symbolic link: it has no mode, and its own attributes only.
        case link(name: [CChar], folder: Int32)
    }

    /// Sets everything; counts what was left out.
    ///
    /// - Throws: what the system says when it refuses what it must not refuse, such as the times.
    func apply(
        _ record: IndexRecord, _ attributes: [ExtendedAttribute], to place: Place,
        _ summary: inout RestoreSummary
    ) throws {
        let ownerIsRestored = try setOwner(record, place, &summary)
        try setMode(record, place, ownerIsRestored: ownerIsRestored, &summary)
        for attribute in attributes {
            try set(attribute, record, place, &summary)
        }
        try setTimes(record, place)
    }

    /// Whether the file has the owner of the archive now.
    private func setOwner(_ record: IndexRecord, _ place: Place, _ summary: inout RestoreSummary) throws
        -> Bool
    {
        let status = try status(of: place, record)
        if status.st_uid == record.user, status.st_gid == record.group { return true }
        guard isTrusted else {
            // Own files in the own group are the rule for whoever restores as an ordinary user.
            summary.leaveOut(.owner)
            return false
        }
        let result =
            switch place {
            case .open(let descriptor): fchown(descriptor, record.user, record.group)
            case .path(let descriptor):
                unsafe fchownat(descriptor, "", record.user, record.group, LIFEBOAT_AT_EMPTY_PATH)
            case .link(let name, let folder):
                unsafe fchownat(folder, name, record.user, record.group, AT_SYMLINK_NOFOLLOW)
            }
        if result == 0 { return true }
        guard errno == EPERM || errno == EINVAL else {
            throw ArchiveError.system("set the owner of", MemberPath.shown(record.path))
        }
        summary.leaveOut(.owner)
        return false
    }

    private func setMode(
        _ record: IndexRecord, _ place: Place, ownerIsRestored: Bool, _ summary: inout RestoreSummary
    ) throws {
        var mode = mode_t(record.permissions)
        // Set-user-id for another owner than the archive's would give away that one's rights. On a folder
        // set-group-id only says whose group new files get, and it goes with the group.
        let setID: mode_t = 0o6000
        if mode & setID != 0, !(isTrusted && ownerIsRestored) {
            mode &= ~setID
            summary.leaveOut(.setID)
        }
        let result: Int32
        switch place {
        case .open(let descriptor): result = fchmod(descriptor, mode)
        case .path(let descriptor): result = unsafe chmod("/proc/self/fd/\(descriptor)", mode)
        case .link: return
        }
        guard result == 0 else { throw ArchiveError.system("set the mode of", MemberPath.shown(record.path)) }
    }

    private static let capability = Array("security.capability".utf8)
    private static let trustedPrefixes = ["security.", "trusted."].map { Array($0.utf8) }

    static func isCapability(_ attribute: ExtendedAttribute) -> Bool { attribute.name == capability }

    /// Whether an attribute can give rights, so that only a known signer's may come back.
    static func needsTrust(_ attribute: ExtendedAttribute) -> Bool {
        trustedPrefixes.contains { attribute.name.starts(with: $0) }
    }

    private func set(
        _ attribute: ExtendedAttribute, _ record: IndexRecord, _ place: Place, _ summary: inout RestoreSummary
    ) throws {
        let isCapability = Self.isCapability(attribute)
        guard isTrusted || !Self.needsTrust(attribute) else {
            summary.leaveOut(isCapability ? .capability : .attribute)
            return
        }
        let name = attribute.name.map { CChar(bitPattern: $0) } + [0]
        let result = unsafe attribute.value.withUnsafeBytes { value in
            switch place {
            case .open(let descriptor):
                unsafe fsetxattr(descriptor, name, value.baseAddress, value.count, 0)
            case .path(let descriptor):
                unsafe setxattr("/proc/self/fd/\(descriptor)", name, value.baseAddress, value.count, 0)
            case .link(let link, let folder):
                unsafe lsetxattr(
                    "/proc/self/fd/\(folder)/".utf8CString.dropLast() + link, name, value.baseAddress,
                    value.count, 0)
            }
        }
        guard result != 0 else { return }
        switch errno {
        case ENOTSUP, EPERM, EACCES, E2BIG, ERANGE, EINVAL:
            summary.leaveOut(isCapability ? .capability : .attribute)
        default:
            throw ArchiveError.system("set an attribute of", MemberPath.shown(record.path))
        }
    }

    private func setTimes(_ record: IndexRecord, _ place: Place) throws {
        let time = timespec(tv_sec: Int(record.modified.seconds), tv_nsec: Int(record.modified.nanoseconds))
        // The time of the last access is no part of an archive; it becomes that of the last change.
        let times = [time, time]
        let result =
            switch place {
            case .open(let descriptor): unsafe futimens(descriptor, times)
            case .path(let descriptor): unsafe utimensat(AT_FDCWD, "/proc/self/fd/\(descriptor)", times, 0)
            case .link(let name, let folder): unsafe utimensat(folder, name, times, AT_SYMLINK_NOFOLLOW)
            }
        guard result == 0 else {
            throw ArchiveError.system("set the times of", MemberPath.shown(record.path))
        }
    }

    private func status(of place: Place, _ record: IndexRecord) throws -> stat {
        var status = stat()
        let result =
            switch place {
            case .open(let descriptor), .path(let descriptor): unsafe fstat(descriptor, &status)
            case .link(let name, let folder): unsafe fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW)
            }
        guard result == 0 else { throw ArchiveError.system("look at", MemberPath.shown(record.path)) }
        return status
    }
}
