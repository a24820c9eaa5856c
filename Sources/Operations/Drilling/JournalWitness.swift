// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation

/// The second copy of a journal, at another host, written as the first one is.
///
/// A thread of its own sends what has come; a witness that cannot be reached loses nothing, it falls
/// behind and is caught up. The drill never waits for it longer than a moment.
final class JournalWitness: @unchecked Sendable {
    // Unchecked: everything mutable is only touched while `condition` is held, the shell by the thread.
    private let condition = NSCondition()
    private var journal: [UInt8]
    private var written = 0
    private var isOver = false
    private var failure: String?
    private var thread: Worker<Void>?

    private let run: String
    private let host: String
    private let reach: any HostReaching
    private let folder: RunFolder

    /// `journal`: the bytes that stand in it already.
    init(run: String, host: String, reach: any HostReaching, folder: RunFolder, journal: [UInt8]) {
        self.run = run
        self.host = host
        self.reach = reach
        self.folder = folder
        self.journal = journal
    }

    func begin() {
        thread = Worker("journal witness") { [self] in send() }
    }

    func append(_ line: [UInt8]) {
        condition.withLock {
            journal += line
            condition.broadcast()
        }
    }

    /// Waits until everything is at the witness, but not for long.
    ///
    /// - Returns: false when the witness is behind.
    @discardableResult
    func waitUntilWritten(_ patience: Duration) -> Bool {
        let end = Date(timeIntervalSinceNow: patience.inSeconds)
        return condition.withLock {
            while written < journal.count, failure == nil, condition.wait(until: end) {}
            return written >= journal.count
        }
    }

    /// Sends the rest and ends.
    ///
    /// - Returns: what is missing there, in words; `nil` when it has all.
    func end() -> String? {
        condition.withLock { failure = nil }
        let isWhole = waitUntilWritten(.seconds(10))
        let words = condition.withLock {
            isOver = true
            condition.broadcast()
            return failure
        }
        // The thread throws nothing.
        try? thread?.join()
        return isWhole ? nil : "the witness \(host) has not all of the journal: \(words ?? "too slow")"
    }

    // MARK: - The thread

    private func send() {
        var shell: (any HostShell)?
        while let (offset, bytes) = next() {
            do {
                let current = try shell ?? reach.shell(at: host)
                if shell == nil { try sendFiles(current) }
                shell = current
                let result = try current.run(Self.put, [run, String(offset)], input: bytes)
                guard result.status == 0 else { throw OperationError(.failed, result.reason) }
                condition.withLock {
                    written = offset + bytes.count
                    failure = nil
                    condition.broadcast()
                }
            } catch {
                shell = nil
                condition.withLock {
                    // What is there is not known any more: all of it is sent again.
                    written = 0
                    failure = "\(error)"
                    condition.broadcast()
                    if !isOver { _ = condition.wait(until: Date(timeIntervalSinceNow: 2)) }
                }
            }
        }
    }

    private func next() -> (offset: Int, bytes: [UInt8])? {
        condition.withLock {
            while written >= journal.count, !isOver { condition.wait() }
            if isOver { return nil }
            return (written, Array(journal[written...]))
        }
    }

    /// What a resume needs besides the journal.
    private func sendFiles(_ shell: any HostShell) throws {
        for path in folder.kept {
            let name = String(path.dropFirst(folder.path.count + 1))
            let data = [UInt8](FileManager.default.contents(atPath: path) ?? Data())
            _ = try shell.demand("send \(name) to the witness", Self.putFile, [run, name], input: data)
        }
    }

    /// Arguments: run, offset; input: the bytes from there on.
    private static let put = #"""
        set -eu
        umask 077
        mkdir -p "$HOME/.lifeboat-witness/$1"
        cd "$HOME/.lifeboat-witness/$1"
        : >>journal.jsonl
        if [ "$2" -eq 0 ]; then
            cat >journal.new
            mv journal.new journal.jsonl
        else
            [ "$(wc -c <journal.jsonl)" -eq "$2" ] || { echo "the copy has another length" >&2; exit 9; }
            cat >>journal.jsonl
        fi
        sync journal.jsonl 2>/dev/null || sync
        """#

    /// Arguments: run, name; input: the file.
    private static let putFile = #"""
        set -eu
        umask 077
        mkdir -p "$HOME/.lifeboat-witness/$1/scripts"
        cd "$HOME/.lifeboat-witness/$1"
        cat >"$2.new"
        mv "$2.new" "$2"
        """#

    /// Prints the names of the files of the run that is its argument.
    static let list = #"""
        cd "$HOME/.lifeboat-witness/$1" && find . -type f ! -name '*.new' | sed 's,^\./,,'
        """#

    /// Arguments: run, name.
    static let get = #"""
        cat "$HOME/.lifeboat-witness/$1/$2"
        """#
}

extension DrillRunner {
    /// Brings a run back from the witness when its folder here is gone with its machine.
    ///
    /// - Throws: `OperationError`; a run that is here already is refused.
    package func fetch(run: String, from witness: String) throws {
        let folder = RunFolder(run: run, runsFolder: runsFolder)
        guard !folder.exists else {
            throw OperationError(.refused, "run \(run) is here already", hint: "take it up with drill resume")
        }
        let shell = try reach.shell(at: witness)
        let names = try shell.demand("look for the run", JournalWitness.list, [run]).split(separator: "\n")
        guard names.contains("journal.jsonl") else {
            throw OperationError(.unknownName, "the witness \(witness) has no run \(run)")
        }
        try folder.make()
        for name in names where !name.hasPrefix("/") && !name.split(separator: "/").contains("..") {
            let result = try shell.run(JournalWitness.get, [run, String(name)])
            guard result.status == 0 else { throw OperationError(.failed, "fetch \(name): \(result.reason)") }
            try folder.keep(result.output, as: "\(folder.path)/\(name)")
        }
    }
}
