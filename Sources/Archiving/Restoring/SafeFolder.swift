// SPDX-License-Identifier: Apache-2.0
import CArchive
import Glibc

/// A folder into which files are written, and out of which no path can lead.
///
/// Every folder below it is opened with openat2(2), which the kernel keeps beneath the root and off every symbolic
/// link; where the kernel has none, component by component with O_NOFOLLOW. What is created is created by its last
/// component alone, and only where nothing stands. Paths may be longer than the 4096 bytes of one system call.
/// `Sendable`: the kernel does the sharing.
final class SafeFolder: Sendable {
    /// The root's path, for errors.
    let path: String
    /// The root's descriptor.
    let descriptor: Int32
    private let hasOpenat2: Bool

    /// The longest path that one system call takes.
    private static let pathLimit = 4000

    /// Opens a folder that must be empty, or makes it where there is none; the folder above must be there.
    ///
    /// - Throws: `notEmpty` before anything is written.
    init(emptyAt path: String, usesOpenat2: Bool = true) throws {
        self.path = path
        if unsafe mkdir(path, 0o700) != 0, errno != EEXIST { throw ArchiveError.system("create", path) }
        let opened = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { throw ArchiveError.system("open", path) }
        descriptor = opened
        hasOpenat2 = usesOpenat2 && Self.kernelHasOpenat2(opened)
        do {
            guard try Self.isEmpty(opened, path) else {
                throw ArchiveError(
                    .notEmpty, "restore into", path, detail: "the folder is not empty",
                    hint: "name a folder that is empty or not there yet")
            }
        } catch {
            close(opened)
            throw error
        }
    }

    deinit {
        close(descriptor)
    }

    /// Opens the folder at a path below the root; the caller closes it.
    ///
    /// - Throws: `hostile` when a symbolic link or something that is no folder stands in the way.
    func openFolder(_ folder: [UInt8]) throws -> Int32 {
        try MemberPath.check(folder)
        guard !folder.isEmpty else {
            let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
            guard copy >= 0 else { throw ArchiveError.system("open", path) }
            return copy
        }
        var current = descriptor
        var rest = folder[...]
        while !rest.isEmpty {
            let piece = hasOpenat2 ? Self.piece(of: rest) : rest.prefix { $0 != MemberPath.slash }
            rest = rest.dropFirst(piece.count + 1)
            let next = descend(piece, in: current)
            let number = errno
            if current != descriptor { close(current) }
            guard next >= 0 else { throw Self.refusal(folder, number) }
            current = next
        }
        return current
    }

    private func descend(_ piece: ArraySlice<UInt8>, in folder: Int32) -> Int32 {
        let name = piece.map { CChar(bitPattern: $0) } + [0]
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        guard hasOpenat2 else { return unsafe openat(folder, name, flags) }
        let resolve =
            LIFEBOAT_RESOLVE_BENEATH | LIFEBOAT_RESOLVE_NO_SYMLINKS | LIFEBOAT_RESOLVE_NO_MAGICLINKS
        while true {
            let opened = unsafe lifeboat_openat2(folder, name, flags, resolve)
            // The kernel asks to try again when something was renamed during the walk.
            if opened >= 0 || errno != EAGAIN { return opened }
        }
    }

    /// As many whole components as one call takes.
    private static func piece(of path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard path.count > pathLimit else { return path }
        let head = path.prefix(pathLimit)
        guard let cut = head.lastIndex(of: MemberPath.slash) else {
            return path.prefix { $0 != MemberPath.slash }
        }
        return path[path.startIndex..<cut]
    }

    private static func refusal(_ folder: [UInt8], _ number: Int32) -> ArchiveError {
        guard [ELOOP, EXDEV, ENOTDIR].contains(number) else {
            return ArchiveError.system("open", MemberPath.shown(folder), errno: number)
        }
        return ArchiveError(
            .hostile, "open", MemberPath.shown(folder),
            detail: "a symbolic link or a file stands where a folder should be")
    }

    private static func kernelHasOpenat2(_ folder: Int32) -> Bool {
        let probe = unsafe lifeboat_openat2(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
        guard probe >= 0 else { return false }
        close(probe)
        return true
    }

    private static func isEmpty(_ descriptor: Int32, _ path: String) throws -> Bool {
        // A descriptor of its own: closedir closes it, and reading moves its place.
        let copy = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let folder = unsafe fdopendir(copy) else { throw ArchiveError.system("list", path) }
        defer { unsafe closedir(folder) }
        while let entry = unsafe readdir(folder) {
            let isDots = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 3) { name in
                    unsafe name[0] == 46 && (name[1] == 0 || (name[1] == 46 && name[2] == 0))
                }
            }
            if !isDots { return false }
        }
        return true
    }
}

/// Keeps the folders that were opened last, because files come folder by folder.
///
/// Not `Sendable`: one for each thread.
final class FolderCache {
    private let root: SafeFolder
    private var open: [(path: [UInt8], descriptor: Int32)] = []
    private static let limit = 16

    init(_ root: SafeFolder) {
        self.root = root
    }

    deinit {
        for folder in open { close(folder.descriptor) }
    }

    /// The folder's descriptor; it stays open until sixteen others were asked for.
    func descriptor(of path: [UInt8]) throws -> Int32 {
        if path.isEmpty { return root.descriptor }
        if let last = open.last, last.path == path { return last.descriptor }
        if let position = open.firstIndex(where: { $0.path == path }) {
            let found = open.remove(at: position)
            open.append(found)
            return found.descriptor
        }
        let descriptor = try root.openFolder(path)
        if open.count == Self.limit { close(open.removeFirst().descriptor) }
        open.append((path, descriptor))
        return descriptor
    }
}
