// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Glibc

/// What a gate sees of a source before it is read.
struct SourceLook: Hashable, Sendable {
    var exists: Bool
    var isMount: Bool
    /// Regular files, counted no further than was asked; `nil` when nobody asked or nobody can count.
    var files: Int?
}

/// Where a dataset's bytes come from, ready to be read.
protocol BackupSource {
    /// For messages, such as `/srv/files` or `files1:/srv/files`.
    var place: String { get }

    func look(countingTo limit: Int?) throws -> SourceLook

    /// Writes a point from it.
    func write(
        previous: String?, recipients: [AgeRecipient], settings: WriterSettings, to sink: any PartSink,
        mergedIndexTo merged: String, label: String, supervision: Supervision
    ) throws -> WrittenPoint
}

enum BackupSources {
    /// The source of a dataset, at the place that the `before` hook has named if it did.
    static func open(_ dataset: Dataset, _ notes: HookNotes, desk: CopyDesk) throws -> any BackupSource {
        let source = dataset.source
        guard source.command.isEmpty else { return CommandOutput(source: source, desk: desk) }
        guard let path = notes.path ?? source.path else {
            throw OperationError(.badInput, "the source of \(dataset.id) has neither a path nor a command")
        }
        guard let name = source.host else { return LocalTree(path: path, source: source) }
        guard let host = desk.plan.host(name) else {
            throw OperationError(.unknownName, "the plan has no host \(name)")
        }
        guard path.hasPrefix("/") else {
            throw OperationError(.badInput, "'\(path)' at \(name) must begin with '/'")
        }
        return RemoteTree(path: path, host: host, source: source, desk: desk)
    }
}

/// A tree that this machine sees.
struct LocalTree: BackupSource {
    let path: String
    let source: Source

    var place: String { path }

    func look(countingTo limit: Int?) throws -> SourceLook {
        var own = stat()
        guard stat(path, &own) == 0 else {
            guard errno == ENOENT || errno == ENOTDIR else {
                throw OperationError(
                    errno == EACCES ? .permissionDenied : .ioFailed,
                    "cannot look at \(path): \(PrivateFile.reason())")
            }
            return SourceLook(exists: false, isMount: false, files: nil)
        }
        var above = stat()
        let hasAbove = stat(path + "/..", &above) == 0
        let isMount = hasAbove && (own.st_dev != above.st_dev || own.st_ino == above.st_ino)
        return SourceLook(
            exists: own.st_mode & S_IFMT == S_IFDIR, isMount: isMount,
            files: limit.map { count(upTo: $0, on: own.st_dev) })
    }

    /// Counts regular files, and stops once there are enough; a folder that cannot be read counts as empty.
    ///
    /// Listings say what is a file and what a folder, so that no file is looked at twice in a run.
    private func count(upTo limit: Int, on device: dev_t) -> Int {
        var open: [[CChar]] = [Array(path.utf8CString.dropLast())]
        var files = 0
        while files < limit, let folder = open.popLast() {
            guard let listing = opendir(folder + [0]) else { continue }
            defer { closedir(listing) }
            while files < limit, let entry = readdir(listing) {
                switch Self.kind(of: entry, in: listing) {
                case S_IFREG: files += 1
                case S_IFDIR:
                    let name = Self.name(of: entry)
                    guard name != [46], name != [46, 46] else { continue }
                    if source.oneFileSystem, Self.status(of: entry, in: listing)?.st_dev != device {
                        continue
                    }
                    open.append(folder + [47] + name)
                default: break
                }
            }
        }
        return files
    }

    private static func name(of entry: UnsafeMutablePointer<dirent>) -> [CChar] {
        withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
            bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) }
        }
    }

    /// The kind as the listing has it; file systems that do not say are asked.
    private static func kind(of entry: UnsafeMutablePointer<dirent>, in listing: OpaquePointer) -> mode_t {
        switch Int(entry.pointee.d_type) {
        case DT_REG: S_IFREG
        case DT_DIR: S_IFDIR
        case DT_UNKNOWN: (status(of: entry, in: listing)?.st_mode ?? 0) & S_IFMT
        default: 0
        }
    }

    private static func status(of entry: UnsafeMutablePointer<dirent>, in listing: OpaquePointer) -> stat? {
        var status = stat()
        let result = fstatat(dirfd(listing), name(of: entry) + [0], &status, AT_SYMLINK_NOFOLLOW)
        return result == 0 ? status : nil
    }

    func write(
        previous: String?, recipients: [AgeRecipient], settings: WriterSettings, to sink: any PartSink,
        mergedIndexTo merged: String, label: String, supervision: Supervision
    ) throws -> WrittenPoint {
        let tree = TreeSource(
            root: path, excludes: source.exclude, staysOnFileSystem: source.oneFileSystem,
            excludesCaches: source.excludeCaches)
        let writer = PointWriter(source: tree, previous: previous, recipients: recipients, settings: settings)
        return try writer.write(
            to: sink, mergedIndexTo: merged,
            progress: { progress in
                supervision.progress(Progress(label: label, files: progress.paths, bytes: progress.bytesRead))
            }, isCancelled: supervision.isCancelled)
    }
}
