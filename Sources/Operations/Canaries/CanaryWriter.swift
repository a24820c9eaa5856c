// SPDX-License-Identifier: Apache-2.0
import Archiving
package import Continuity
import Glibc
package import Ledger

/// Writes numbered records into the data, each synced before the ledger acknowledges it.
///
/// What is acknowledged and does not come back was lost; that is how a drill knows. A record that was
/// written and synced before a crash but never acknowledged is acknowledged by the next run, so numbers
/// have no gaps and no number stands for two records.
package struct CanaryWriter: Sendable {
    private let workspace: Workspace
    private let plan: Plan
    private let ledger: Ledger
    private let time: TimeSource
    private let reach: (any HostReaching)?

    /// Makes a writer; `reach` is for datasets that lie at other hosts.
    package init(
        workspace: Workspace, plan: Plan, ledger: Ledger, time: TimeSource = .system,
        reach: (any HostReaching)? = nil
    ) {
        self.workspace = workspace
        self.plan = plan
        self.ledger = ledger
        self.time = time
        self.reach = reach
    }

    /// Writes one record into a canary of the plan.
    ///
    /// - Returns: the record as it was acknowledged.
    @discardableResult
    package func write(_ name: String) throws -> CanaryRecord {
        guard let canary = plan.canary(name), let dataset = plan.dataset(canary.dataset) else {
            throw OperationError(
                .unknownName, "the plan has no canary \(name)",
                hint: Spelling.suggestion(for: name, among: plan.canaries.map(\.id)))
        }
        guard let root = dataset.source.path else {
            throw OperationError(
                .badInput, "the canary \(name) needs a tree, and \(dataset.id) is the output of a command")
        }
        let lock = try lock(name)
        defer { withExtendedLifetime(lock) {} }
        let file = try file("\(root)/\(canary.path)", of: dataset)
        return try append(to: file, canary)
    }

    private func lock(_ name: String) throws -> FileLock {
        try Workspace.makeFolder(workspace.runsFolder, mode: 0o700)
        guard let lock = try FileLock.take("\(workspace.runsFolder)/canary-\(name).lock") else {
            throw OperationError(.refused, "another lifeboat is writing the canary \(name)")
        }
        return lock
    }

    private func file(_ path: String, of dataset: Dataset) throws -> any CanaryFile {
        guard let host = dataset.source.host else { return LocalCanaryFile(path: path, time: time) }
        guard let reach else {
            throw OperationError(
                .failed, "the canary of \(dataset.id) lies at \(host), and nothing reaches it")
        }
        return RemoteCanaryFile(path: path, shell: try reach.shell(at: host))
    }

    private func append(to file: any CanaryFile, _ canary: Canary) throws -> CanaryRecord {
        let newest = try ledger.newestRecord(of: canary.id)?.sequence ?? 0
        let tail = try file.tail()
        var next = newest + 1
        // Records of a run that was killed between its sync and the ledger: they are safe, so they count.
        var late: [CanaryRecord] = []
        for line in tail.compactMap({ CanaryLine($0) }) where line.sequence == next {
            late.append(record(line, canary, at: try file.now()))
            next += 1
        }
        if !late.isEmpty {
            try file.sync()
            try ledger.append(late.map { .canaryRecord($0) }, at: time.now())
        }
        let line = CanaryLine(sequence: next, writtenAt: try file.now(), nonce: Self.nonce())
        try file.append(line.text)
        let written = record(line, canary, at: try file.now())
        try ledger.append([.canaryRecord(written)], at: time.now())
        try file.trim(to: canary.keep)
        return written
    }

    private func record(_ line: CanaryLine, _ canary: Canary, at instant: Moment) -> CanaryRecord {
        CanaryRecord(
            canary: canary.id, dataset: canary.dataset, sequence: line.sequence, writtenAt: line.writtenAt,
            acknowledgedAt: instant, sha256: SHA256Digest.of(Array(line.text.utf8)).hex)
    }

    private static func nonce() -> String {
        (0..<8).map { _ in UInt8.random(in: .min ... .max) }.lowercaseHex
    }
}

/// The file of a canary, here or at another host.
protocol CanaryFile {
    /// What the writer's clock says.
    func now() throws -> Moment
    /// The newest lines, oldest first; a torn last line may be among them.
    func tail() throws -> [String]
    /// Adds a line and returns when it is on the disk.
    func append(_ line: String) throws
    func sync() throws
    /// Drops the oldest lines when there are far too many.
    func trim(to count: Int) throws
}
