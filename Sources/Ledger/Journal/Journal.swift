// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Crypto
import Foundation
import Glibc

/// The journal of one drill run: a file of JSON lines, each bound to the one before by its hash.
///
/// A record is one `write` and one `fdatasync`; when `append` returns it survives a power cut. One process
/// at a time may hold a journal: the lock goes with the process, so a crash frees it.
///
/// Thread-safe: records of several threads are put in one order.
package final class Journal: @unchecked Sendable {
    // Unchecked: everything mutable is only touched while `lock` is held.
    private let lock = NSLock()
    private let descriptor: Int32
    private let held: FileLock
    private var state: JournalState
    private let clock: JournalClock
    private var observers: [@Sendable (DrillRecord, [UInt8]) -> Void] = []

    package let path: String
    package let run: String

    private init(
        path: String, run: String, descriptor: Int32, held: FileLock, state: JournalState,
        clock: JournalClock
    ) {
        self.path = path
        self.run = run
        self.descriptor = descriptor
        self.held = held
        self.state = state
        self.clock = clock
    }

    deinit {
        close(descriptor)
        held.release()
    }

    /// Begins the journal of a new run.
    ///
    /// - Throws: `LedgerError` when there is one already, or the disk will not have it.
    package static func create(at path: String, run: String, clock: JournalClock) throws -> Journal {
        let held = try JournalFile.lock(path + ".lock")
        let descriptor = try JournalFile.open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL)
        try JournalFile.syncFolder(of: path)
        return Journal(
            path: path, run: run, descriptor: descriptor, held: held, state: JournalState(), clock: clock)
    }

    /// Takes up the journal of a run whose controller died: checks the chain and cuts a torn last line.
    ///
    /// - Returns: the journal, what stands in it, and a note when a torn line was dropped.
    /// - Throws: `LedgerError`: `.busy` when its controller still lives, `.damaged` when the chain is broken.
    package static func resume(
        at path: String, run: String, clock: JournalClock
    ) throws -> (journal: Journal, records: [DrillRecord], tornLine: String?) {
        let held = try JournalFile.lock(path + ".lock")
        let reading = try JournalReading(contentsOf: path)
        if let fault = reading.faults.first {
            throw LedgerError(
                code: .damaged, path: path, detail: fault, hint: "keep the file and the witness's copy")
        }
        let descriptor = try JournalFile.open(path, O_WRONLY | O_APPEND)
        if reading.tornLine != nil {
            guard ftruncate(descriptor, off_t(reading.wholeBytes)) == 0, fsync(descriptor) == 0 else {
                throw JournalFile.failure("cut the torn line", path)
            }
        }
        let state = JournalState(sequence: reading.records.count, sha256: reading.headSha256)
        let journal = Journal(
            path: path, run: run, descriptor: descriptor, held: held, state: state, clock: clock)
        return (journal, reading.records, reading.tornLine)
    }

    /// Whether a process holds the journal now.
    package static func isHeld(_ path: String) -> Bool {
        FileLock.isHeld(path + ".lock")
    }

    /// Hears of every record after it is on disk, with its bytes; used for the second copy.
    package func observe(_ observer: @escaping @Sendable (DrillRecord, [UInt8]) -> Void) {
        lock.withLock { observers.append(observer) }
    }

    /// Writes a record and waits until it is on disk.
    ///
    /// - Throws: `LedgerError`; the journal then takes no more records, since its end is not known.
    @discardableResult
    package func append(_ fact: DrillFact, step: String? = nil) throws -> DrillRecord {
        let (record, line, listeners) = try lock.withLock {
            if let failure = state.failure { throw failure }
            let record = DrillRecord(
                sequence: state.sequence + 1, previousSha256: state.sha256, utc: clock.now(),
                monotonic: clock.sinceBoot(), bootID: clock.bootID, run: run, step: step, fact: fact)
            var line = [UInt8](try CanonicalJSON.encode(record))
            line.append(UInt8(ascii: "\n"))
            do {
                try JournalFile.checkIsThere(descriptor, path)
                try JournalFile.write(line, to: descriptor, path)
            } catch let error as LedgerError {
                state.failure = error
                throw error
            }
            state.sequence = record.sequence
            state.sha256 = JournalReading.sha256(line.dropLast())
            return (record, line, observers)
        }
        for listener in listeners { listener(record, line) }
        return record
    }

    /// The boot of the machine that writes here.
    package var bootID: String { clock.bootID }

    /// How many records there are, and the hash of the last line.
    package var head: (sequence: Int, sha256: String) {
        lock.withLock { (state.sequence, state.sha256) }
    }
}

/// Where a journal reads the time.
package struct JournalClock: Sendable {
    package let now: @Sendable () -> Moment
    package let sinceBoot: @Sendable () -> Duration
    package let bootID: String

    package init(
        now: @escaping @Sendable () -> Moment, sinceBoot: @escaping @Sendable () -> Duration, bootID: String
    ) {
        self.now = now
        self.sinceBoot = sinceBoot
        self.bootID = bootID
    }
}

/// What the next record builds on.
private struct JournalState {
    var sequence = 0
    var sha256 = DrillRecord.genesis
    var failure: LedgerError?
}
