// SPDX-License-Identifier: Apache-2.0
import CArchive
import Glibc

/// A local tree as a source.
package struct TreeSource: Sendable {
    /// The folder whose content is read; a symbolic link here is followed, below it none is.
    package var root: String
    /// Rules of a `.gitignore` file, anchored at the root.
    package var excludes: [String]
    /// Whether mount points below the root are kept as empty folders.
    package var staysOnFileSystem: Bool
    /// Whether folders with a valid CACHEDIR.TAG are kept without what else is in them.
    package var excludesCaches: Bool

    package init(
        root: String, excludes: [String] = [], staysOnFileSystem: Bool = true, excludesCaches: Bool = false
    ) {
        self.root = root
        self.excludes = excludes
        self.staysOnFileSystem = staysOnFileSystem
        self.excludesCaches = excludesCaches
    }
}

/// Walks a tree in component order, relative to open folders, so that no path is too long and none is raced.
///
/// At most 64 folders are open; those further up are opened again by `..` and compared. Names are sorted within
/// each folder. Not `Sendable`: it owns descriptors; use it from one thread.
@safe final class TreeWalk {
    /// What the walk met.
    enum Event {
        /// A path that is there. `folder` is open and holds `name`; both hold until the next event.
        case entry(Entry)
        /// Everything below this folder was met.
        case leave
        /// A path that was listed and then could not be looked at.
        case unseen(path: [UInt8], errno: Int32)
    }

    /// One path.
    @safe struct Entry {
        let path: [UInt8]
        let status: FileStatus
        let folder: Int32
        let name: UnsafePointer<CChar>
        /// A folder's own descriptor, when the walk is going into it.
        let own: Int32?
        /// Why it is not going into it.
        let refusal: ArchiveError?
    }

    private final class Level {
        var descriptor: Int32
        let identity: FileIdentity
        let listing: FolderListing
        var position = 0
        let pathCount: Int
        /// Of a folder of caches only the tag is kept.
        let keepsTagOnly: Bool

        init(
            _ descriptor: Int32, _ identity: FileIdentity, _ listing: FolderListing, _ pathCount: Int,
            _ tag: Bool
        ) {
            self.descriptor = descriptor
            self.identity = identity
            self.listing = listing
            self.pathCount = pathCount
            keepsTagOnly = tag
        }
    }

    private static let openLimit = 64
    private static let tagName = "CACHEDIR.TAG"
    private static let tagText = Array("Signature: 8a477f597d28d172789f06886806bc55".utf8)

    private let source: TreeSource
    private let rules: ExcludeRules
    private var levels: [Level] = []
    private var path: [UInt8] = []
    private var entered: Level?
    private var rootStatus: FileStatus
    private var isBegun = false
    private let dot: UnsafeMutablePointer<CChar>

    /// Opens the root; it must be a folder.
    init(_ source: TreeSource) throws {
        self.source = source
        rules = ExcludeRules(source.excludes)
        unsafe dot = .allocate(capacity: 2)
        unsafe dot.initialize(to: 46)
        unsafe (dot + 1).initialize(to: 0)
        let descriptor = unsafe open(source.root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ArchiveError.system("open", source.root) }
        guard let status = FileStatus(of: descriptor) else {
            let error = ArchiveError.system("look at", source.root)
            close(descriptor)
            throw error
        }
        rootStatus = status
        do throws(ArchiveError) {
            let listing = try FolderListing(of: descriptor)
            entered = Level(descriptor, status.identity, listing, 0, isCache(descriptor))
        } catch {
            close(descriptor)
            throw error.about(source.root)
        }
    }

    deinit {
        unsafe dot.deallocate()
        for level in levels + [entered].compactMap(\.self) where level.descriptor >= 0 {
            close(level.descriptor)
        }
    }

    /// The next event; `nil` at the end.
    func next() throws -> Event? {
        if !isBegun {
            isBegun = true
            return unsafe .entry(
                Entry(
                    path: [], status: rootStatus, folder: AT_FDCWD, name: dot, own: entered?.descriptor,
                    refusal: nil))
        }
        enter()
        while let level = levels.last {
            guard level.position < level.listing.count else {
                try climb()
                return .leave
            }
            level.position += 1
            let name = unsafe level.listing.name(level.position - 1)
            path.removeLast(path.count - level.pathCount)
            if level.pathCount > 0 { path.append(MemberPath.slash) }
            unsafe path.append(contentsOf: UnsafeRawBufferPointer(start: name, count: strlen(name)))
            if level.keepsTagOnly, unsafe strcmp(name, Self.tagName) != 0 { continue }
            guard let status = unsafe FileStatus(of: name, in: level.descriptor) else {
                return .unseen(path: path, errno: errno)
            }
            if !rules.isEmpty, rules.exclude(path, isFolder: status.isFolder) { continue }
            return unsafe .entry(entry(name, status, in: level))
        }
        return nil
    }

    /// Looks into a folder before it is told of, so that whoever hears of it can read its attributes.
    private func entry(_ name: UnsafePointer<CChar>, _ status: FileStatus, in level: Level) -> Entry {
        var refusal: ArchiveError?
        if status.isFolder, !(source.staysOnFileSystem && status.raw.st_dev != rootStatus.raw.st_dev) {
            do throws(ArchiveError) {
                try unsafe look(into: name, in: level, status)
            } catch {
                refusal = error
            }
        }
        return unsafe Entry(
            path: path, status: status, folder: level.descriptor, name: name, own: entered?.descriptor,
            refusal: refusal)
    }

    private func look(into name: UnsafePointer<CChar>, in level: Level, _ status: FileStatus)
        throws(ArchiveError)
    {
        guard path.count <= MemberPath.limit else {
            throw ArchiveError(.unsupported, "list", detail: "its path has \(path.count) bytes")
        }
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        var descriptor = unsafe openat(level.descriptor, name, flags | LIFEBOAT_O_NOATIME)
        if descriptor < 0, errno == EPERM { descriptor = unsafe openat(level.descriptor, name, flags) }
        guard descriptor >= 0 else { throw ArchiveError.system("open", "") }
        do throws(ArchiveError) {
            guard FileStatus(of: descriptor)?.identity == status.identity else {
                throw ArchiveError(
                    .ioFailed(errno: ESTALE), "open", detail: "another folder has taken its place")
            }
            let listing = try FolderListing(of: descriptor)
            entered = Level(descriptor, status.identity, listing, path.count, isCache(descriptor))
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Goes into the folder that was told of last.
    private func enter() {
        guard let level = entered else { return }
        entered = nil
        levels.append(level)
        let shut = levels.count - Self.openLimit
        if shut > 0, levels[shut - 1].descriptor >= 0 {
            close(levels[shut - 1].descriptor)
            levels[shut - 1].descriptor = -1
        }
    }

    /// Goes back to the folder above.
    private func climb() throws {
        let level = levels.removeLast()
        defer { close(level.descriptor) }
        path.removeLast(path.count - level.pathCount)
        guard let above = levels.last, above.descriptor < 0 else { return }
        let descriptor = unsafe openat(level.descriptor, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ArchiveError.system("open", MemberPath.shown(path) + "/..") }
        guard FileStatus(of: descriptor)?.identity == above.identity else {
            close(descriptor)
            throw ArchiveError(
                .ioFailed(errno: ESTALE), "walk", MemberPath.shown(path),
                detail: "a folder above it was moved while it was read")
        }
        above.descriptor = descriptor
    }

    private func isCache(_ folder: Int32) -> Bool {
        guard source.excludesCaches else { return false }
        let descriptor = unsafe openat(folder, Self.tagName, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var text = [UInt8](repeating: 0, count: Self.tagText.count)
        return unsafe read(descriptor, &text, text.count) == text.count && text == Self.tagText
    }
}
