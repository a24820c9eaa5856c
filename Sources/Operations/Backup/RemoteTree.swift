// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import SecureShell

/// A tree at a host of the plan: listed by its `find`, read by its `tar`, with nothing installed there.
struct RemoteTree: BackupSource {
    let path: String
    let host: Host
    let source: Source
    let desk: CopyDesk

    var place: String { "\(host.id):\(path)" }

    // MARK: - Looking

    private static let look = #"""
        export LC_ALL=C
        for program in find tar; do
            "$program" --version 2>/dev/null | head -n 1 | grep -q GNU || { echo "GNU $program is needed to read a tree here" >&2; exit 69; }
        done
        [ -e "$1" ] || [ -L "$1" ] || { echo "0 0 0"; exit 0; }
        cd -- "$1" || exit 77
        mount=0
        [ "$(stat -c %d . ..| uniq | wc -l)" = 1 ] && [ "$(stat -c %i .)" != "$(stat -c %i ..)" ] || mount=1
        files=0
        [ "$2" = 0 ] || files=$(find . $3 -type f -printf . 2>/dev/null | head -c "$2" | wc -c)
        echo "1 $mount $files"
        """#

    func look(countingTo limit: Int?) throws -> SourceLook {
        let connector = desk.connector
        let shell = SessionShell(host: host.id, becomes: host.become) { try connector.open(host) }
        let result = try shell.run(
            Self.look, [path, "\(limit ?? 0)", source.oneFileSystem ? "-xdev" : ""])
        guard result.status == 0 else {
            throw OperationError(
                result.status == 77 ? .permissionDenied : .failed, "cannot look at \(place): \(result.reason)"
            )
        }
        let words = result.text.split(separator: " ").compactMap { Int($0) }
        guard words.count == 3 else {
            throw OperationError(.failed, "cannot look at \(place): it answers '\(result.text.prefix(80))'")
        }
        return SourceLook(exists: words[0] == 1, isMount: words[1] == 1, files: limit.map { _ in words[2] })
    }

    // MARK: - Writing

    func write(
        previous: String?, recipients: [AgeRecipient], settings: WriterSettings, to sink: any PartSink,
        mergedIndexTo merged: String, label: String, supervision: Supervision
    ) throws -> WrittenPoint {
        let session = try desk.connector.open(host)
        defer { session.disconnect() }
        let watch = CancellationWatch(supervision.isCancelled) { [cutter = session.cutter] in cutter.cut() }
        defer { watch.end() }
        let folder = settings.workFolder + "/listing"
        try Workspace.makeFolder(folder, mode: 0o700)
        let far = RemoteTreeReader(session: session, host: host, path: path)
        let offset = try far.clockOffset()
        let listing = try far.list(source, in: folder) { files in
            supervision.progress(Progress(label: "list \(place)", files: files, bytes: 0))
        }
        let tree = FarTree(listing: listing, reader: far, clockOffset: offset)
        let writer = PointWriter(source: tree, previous: previous, recipients: recipients, settings: settings)
        return try writer.write(
            to: sink, mergedIndexTo: merged,
            progress: { progress in
                supervision.progress(Progress(label: label, files: progress.paths, bytes: progress.bytesRead))
            }, isCancelled: supervision.isCancelled)
    }
}

/// Runs `find` and `tar` at a host; one session, one command at a time.
final class RemoteTreeReader: FarTreeReader {
    private let session: Session
    private let host: Host
    private let path: String

    init(session: Session, host: Host, path: String) {
        self.session = session
        self.host = host
        self.path = path
    }

    /// A command that runs in the source's folder, in the C locale, as whoever may read it.
    private func line(_ words: [String]) -> String {
        let inner = ["env", "LC_ALL=C"] + words
        let script = #"cd -- "$0" && exec "$@""#
        let command = ["sh", "-c", script, path] + inner
        return "exec " + shellQuoted(host.become.map { [$0, "-n"] + command } ?? command)
    }

    // MARK: - Listing

    /// How far the host's clock is ahead of this machine's, in nanoseconds; half a round trip may be wrong.
    func clockOffset() throws -> Int64 {
        let before = Moment(nanoseconds: ArchiveTime.now().nanoseconds)
        let answer = try session.capture("exec date +%s%N")
        let after = ArchiveTime.now().nanoseconds
        guard let theirs = Int64(ShellResult.trimmed(answer.output)) else {
            throw OperationError(.failed, "the clock of \(host.id) cannot be read: GNU date is needed there")
        }
        return theirs - (before.nanoseconds + after) / 2
    }

    func list(_ source: Source, in folder: String, _ progress: @escaping (Int) -> Void) throws -> FarListing {
        let caches = source.excludeCaches ? try cacheFolders(source) : []
        let sorter = ListingSorter(folder: folder)
        var errors: [UInt8] = []
        let status = try session.run(
            line(FarCommands.list(staysOnFileSystem: source.oneFileSystem)),
            onOutput: { bytes in
                try sorter.take(bytes)
                progress(sorter.files)
            }, onError: { errors = Array((errors + Array($0)).suffix(256 << 10)) })
        let lines = errors.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
        // What is gone while it is listed is gone; anything else is something that find could not see.
        let troubles = lines.filter { !$0.hasSuffix("No such file or directory") }
        guard status.isSuccess || (status == .exited(1) && !lines.isEmpty) else {
            throw OperationError(
                .failed, "cannot list \(host.id):\(path): \(status) \(lines.last ?? "")")
        }
        return try FarListing(
            sorter, excludes: source.exclude, caches: caches, isWhole: troubles.isEmpty)
    }

    /// The folders with a valid CACHEDIR.TAG, relative to the source.
    private func cacheFolders(_ source: Source) throws -> Set<[UInt8]> {
        let script = #"""
            for file; do
                [ "$(head -c 43 -- "$file")" = "Signature: 8a477f597d28d172789f06886806bc55" ] && printf '%s\0' "$file"
            done; exit 0
            """#
        let words =
            ["find", "."] + (source.oneFileSystem ? ["-xdev"] : [])
            + ["-type", "f", "-name", "CACHEDIR.TAG", "-exec", "sh", "-c", script, "sh", "{}", "+"]
        let answer = try session.capture(line(words), limit: 64 << 20)
        return Set(
            answer.output.split(separator: 0).map { name in
                let path = name.dropFirst(2)
                return path.lastIndex(of: UInt8(ascii: "/")).map { Array(path[..<$0]) } ?? []
            })
    }

    // MARK: - Packing

    func pack(_ names: [UInt8], _ body: (_ next: @escaping () throws -> [UInt8]?) throws -> Void) throws
        -> [UInt8]
    {
        // 8 MiB: two windows of the channel, so that the line is busy while a member is being compressed.
        let queue = BoundedQueue<[UInt8]>(limit: 8 << 20)
        let box = SessionBox(session: session)
        let command = line(FarCommands.pack)
        let worker = Worker("tar at \(host.id)") { () throws -> (ExitStatus, [UInt8]) in
            var errors: [UInt8] = []
            var rest = names[...]
            do {
                let status = try box.session.run(
                    command,
                    input: { buffer in
                        let count = min(buffer.count, rest.count)
                        buffer.copyBytes(from: rest.prefix(count))
                        rest = rest.dropFirst(count)
                        return count
                    },
                    onOutput: { try queue.put(Array($0), weight: $0.count) },
                    onError: { errors += Array($0) })
                queue.close()
                return (status, errors)
            } catch {
                queue.fail(error)
                throw error
            }
        }
        var hasEnded = false
        do {
            try body {
                let piece = try queue.take()
                hasEnded = piece == nil
                return piece
            }
        } catch {
            if !hasEnded {
                // Whoever has left no longer reads: the command must not wait for that.
                queue.fail(error)
                session.cutter.cut()
            }
            // A stream that broke off because tar did is told in tar's words.
            if hasEnded, let (status, errors) = try? worker.join() { try check(status, errors) }
            _ = try? worker.join()
            throw error
        }
        let (status, errors) = try worker.join()
        try check(status, errors)
        return errors
    }

    private func check(_ status: ExitStatus, _ errors: [UInt8]) throws {
        // 1 is a file that changed, 2 one that could not be read; each is told of path by path.
        guard case .exited(let number) = status, (0...2).contains(number) else {
            throw OperationError(
                .failed, "tar at \(host.id): \(status) \(ShellResult.trimmed(errors).suffix(400))")
        }
    }
}

/// Carries a session to the thread that runs one command on it while the owner waits.
private struct SessionBox: @unchecked Sendable {
    // Unchecked: the owner does not touch the session before the worker was joined, but for its cutter.
    let session: Session
}
