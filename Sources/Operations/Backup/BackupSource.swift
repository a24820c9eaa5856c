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
        guard source.host == nil, let path = notes.path ?? source.path else {
            throw OperationError(
                .failed, "a tree at another host cannot be read yet: mount it, or run a command there")
        }
        return LocalTree(path: path, source: source)
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
    private func count(upTo limit: Int, on device: dev_t) -> Int {
        var open = [path]
        var files = 0
        while let folder = open.popLast() {
            guard let listing = opendir(folder) else { continue }
            defer { closedir(listing) }
            while let entry = readdir(listing) {
                let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                    Array(bytes.prefix { $0 != 0 })
                }
                guard name != [46], name != [46, 46] else { continue }
                var status = stat()
                let child = folder + "/" + String(decoding: name, as: UTF8.self)
                // A name that is not UTF-8 does not survive this; it counts as a file, which errs on the safe side.
                guard lstat(child, &status) == 0 else {
                    files += 1
                    continue
                }
                if status.st_mode & S_IFMT == S_IFREG { files += 1 }
                if status.st_mode & S_IFMT == S_IFDIR, !source.oneFileSystem || status.st_dev == device {
                    open.append(child)
                }
                if files >= limit { return files }
            }
        }
        return files
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
