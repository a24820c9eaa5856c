// SPDX-License-Identifier: Apache-2.0
import CArchive
import Glibc

/// Creates members in a safe folder, each only where nothing stands.
///
/// Not `Sendable`: it keeps open folders; one for each thread.
final class MemberMaker {
    let root: SafeFolder
    let setter: AttributeSetter
    private let folders: FolderCache

    init(_ root: SafeFolder, isTrusted: Bool) {
        self.root = root
        setter = AttributeSetter(isTrusted: isTrusted)
        folders = FolderCache(root)
    }

    /// Makes a folder that only its maker can enter; its attributes follow when everything in it is there.
    func makeFolder(_ record: IndexRecord) throws {
        guard !record.path.isEmpty else { return }
        let (folder, name) = try place(of: record.path)
        guard unsafe mkdirat(folder, name, 0o700) == 0 else { throw failure("create", record.path) }
    }

    /// Gives a folder its attributes.
    func finishFolder(
        _ record: IndexRecord, _ attributes: [ExtendedAttribute], _ summary: inout RestoreSummary
    ) throws {
        let descriptor = try folders.descriptor(of: record.path)
        try setter.apply(record, attributes, to: .open(descriptor), &summary)
    }

    /// Opens a new file for writing; the caller closes it.
    func createFile(_ path: [UInt8]) throws -> Int32 {
        let (folder, name) = try place(of: path)
        let descriptor = unsafe openat(
            folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("create", path) }
        return descriptor
    }

    /// Takes away a file that did not become what it should.
    func remove(_ path: [UInt8]) {
        // What cannot be removed is named by the fault that led here.
        guard let (folder, name) = try? place(of: path) else { return }
        unsafe _ = unlinkat(folder, name, 0)
    }

    func makeSymbolicLink(
        _ record: IndexRecord, _ attributes: [ExtendedAttribute], _ summary: inout RestoreSummary
    ) throws {
        let (folder, name) = try place(of: record.path)
        let text = record.linkTarget.map { CChar(bitPattern: $0) } + [0]
        guard unsafe symlinkat(text, folder, name) == 0 else { throw failure("create", record.path) }
        try setter.apply(record, attributes, to: .link(name: name, folder: folder), &summary)
        summary.symbolicLinks += 1
    }

    /// Makes another name of a file that was restored before.
    func makeHardLink(_ path: [UInt8], to target: [UInt8]) throws {
        // The second folder that is asked for cannot close the first: sixteen are kept.
        let (folder, name) = try place(of: path)
        let (targetFolder, targetName) = try place(of: target)
        guard unsafe linkat(targetFolder, targetName, folder, name, 0) == 0 else {
            throw failure("link", path)
        }
    }

    /// Makes a device or a fifo; in an untrusted restore devices are left out.
    func makeSpecial(
        _ record: IndexRecord, _ attributes: [ExtendedAttribute], _ summary: inout RestoreSummary
    ) throws {
        let kind: mode_t
        switch record.kind {
        case .fifo: kind = S_IFIFO
        case .characterDevice: kind = S_IFCHR
        case .blockDevice: kind = S_IFBLK
        default: preconditionFailure("a special file is a fifo or a device")
        }
        guard record.kind == .fifo || setter.isTrusted else {
            summary.leaveOut(.device)
            return
        }
        let (folder, name) = try place(of: record.path)
        let device = record.device.map { lifeboat_makedev($0.major, $0.minor) } ?? 0
        guard unsafe mknodat(folder, name, kind | 0o600, device) == 0 else {
            guard errno == EPERM, record.kind != .fifo else { throw failure("create", record.path) }
            summary.leaveOut(.device)
            return
        }
        let descriptor = unsafe openat(folder, name, LIFEBOAT_O_PATH | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", record.path) }
        defer { close(descriptor) }
        try setter.apply(record, attributes, to: .path(descriptor), &summary)
        if record.kind == .fifo { summary.fifos += 1 } else { summary.devices += 1 }
    }

    private func place(of path: [UInt8]) throws -> (folder: Int32, name: [CChar]) {
        try MemberPath.check(path)
        let parent = MemberPath.parent(of: path)
        let start = parent.isEmpty ? 0 : parent.count + 1
        let name = path[start...].map { CChar(bitPattern: $0) } + [0]
        return (try folders.descriptor(of: parent), name)
    }

    private func failure(_ operation: String, _ path: [UInt8]) -> ArchiveError {
        let shown = "\(root.path)/\(MemberPath.shown(path))"
        if errno == EEXIST {
            return ArchiveError(
                .hostile, operation, shown, detail: "something of this name is there already")
        }
        return ArchiveError.system(operation, shown)
    }
}
