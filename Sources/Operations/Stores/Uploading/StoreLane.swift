// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation
import SecureShell
import Synchronization

/// One store's threads in an upload: some that send parts, and one that proves them.
///
/// Whatever goes wrong here stays here. A lost connection is made again and the part sent from its beginning under the
/// next attempt's name; anything else, or too many losses in a row, makes the store leave the run.
final class StoreLane: Sendable {
    private let access: StoreAccess
    private let folder: StoreFolder
    private let buffer: PartBuffer
    private let index: Int
    private let bucket: TokenBucket?
    private let opening: @Sendable (StoreAccess) throws -> Void
    private let proofs = BoundedQueue<Sent>(limit: .max)
    private let state = Mutex(State())

    private struct State {
        var parts: [Int: StoredFile] = [:]
        /// The attempts that were used up, by part.
        var attempts: [Int: Int] = [:]
        var bytesSent = 0
        var begun: ContinuousClock.Instant?
        var ended: ContinuousClock.Instant?
        var sessions = 0
        var reconnects = 0
        /// Whoever waits in one of these wakes up when the lane leaves.
        var cutters: [ObjectIdentifier: SessionCutter] = [:]
    }

    /// A part that was sent and synced, and is to be proven.
    private struct Sent: @unchecked Sendable {
        // Unchecked: the part is only looked at under the buffer's lock, but for its number and summary.
        let part: PartBuffer.Part
        let name: String
        let summary: PartSummary
    }

    init(
        _ access: StoreAccess, _ folder: StoreFolder, _ buffer: PartBuffer, index: Int,
        opening: @escaping @Sendable (StoreAccess) throws -> Void
    ) {
        self.opening = opening
        self.access = access
        self.folder = folder
        self.buffer = buffer
        self.index = index
        bucket = access.bucket
    }

    private var settings: UploadSettings { buffer.settings }

    /// Runs the lane to its end, and says how it went.
    ///
    /// Waits for the end, not for the threads: one that is still connecting when the lane leaves ends by itself.
    func run() -> UploadResult {
        state.withLock { $0.begun = .now }
        _ = Worker("open \(access.store.id)") { self.open() }
        _ = Worker("prove \(access.store.id)") { self.prove() }
        // Those that are wanted log in while the store is being opened.
        for number in 0..<(settings.sessions ?? UploadSettings.mostSessions) {
            _ = Worker("send \(access.store.id)") { self.send(number) }
        }
        let end = buffer.waitForEnd(of: index)
        state.withLock { $0.ended = .now }
        proofs.close()
        if case .left = end { cut() }
        return result(end)
    }

    /// Wakes every thread that waits for the store.
    private func cut() {
        state.withLock { Array($0.cutters.values) }.forEach { $0.cut() }
    }

    private func result(_ end: PartBuffer.LaneEnd) -> UploadResult {
        var failure: (any Error)?
        if case .left(let error) = end { failure = error }
        return state.withLock { state in
            UploadResult(
                store: access.store.id, parts: state.parts, bytesSent: state.bytesSent,
                elapsed: zip(state.begun, state.ended).map { $0.duration(to: $1) } ?? .zero,
                sessions: state.sessions, roundTrip: access.pool.roundTrip, reconnects: state.reconnects,
                error: failure)
        }
    }

    /// The store's folder, once; a store that does not answer leaves the run.
    private func open() {
        do {
            try opening(access)
            buffer.open(index)
        } catch {
            buffer.leave(index, error)
        }
    }

    /// Whether a round trip as long as this one calls for so many sessions; two until it is known.
    private func isWanted(_ number: Int) -> Bool {
        number < settings.sessions ?? access.pool.roundTrip.map(UploadSettings.sessions) ?? 2
    }
}

// MARK: - Sending

extension StoreLane {
    private func send(_ number: Int) {
        var session: PooledSession?
        defer { session.map(giveBack) }
        var losses = 0
        var next: PartBuffer.Part?
        while let part = next ?? buffer.claim(index, if: { isWanted(number) }) {
            next = nil
            do {
                let current = try session ?? borrow()
                session = current
                let sent = try send(part, on: current)
                losses = 0
                next = buffer.claimAtOnce(index)
                if next == nil {
                    // Whoever proves the part may use the session meanwhile, and need not log in for it.
                    session = nil
                    giveBack(current)
                }
                try proofs.put(sent, weight: 0)
            } catch is PartBuffer.LaneEnded {
                return
            } catch {
                session.map(giveBack)
                session = nil
                losses += 1
                guard bears(error, losses) else { return }
                buffer.again(index, part)
            }
        }
    }

    /// Whether to try again after this; if not, the store leaves the run.
    private func bears(_ error: any Error, _ losses: Int) -> Bool {
        guard let remote = error as? RemoteError, remote.isTransient, losses <= settings.retries else {
            buffer.leave(index, error)
            return false
        }
        state.withLock { $0.reconnects += 1 }
        buffer.pause(index, settings.pause * (1 << (losses - 1)))
        return buffer.isActive(index)
    }

    private func send(_ part: PartBuffer.Part, on session: PooledSession) throws -> Sent {
        let name = StoreFile(.part(part.number)).name
        let tried = state.withLock { $0.attempts[part.number] ?? 0 }
        let file = try access.create(name, in: folder, on: session, attempt: tried + 1)
        state.withLock { $0.attempts[part.number] = AttemptName.parse(file.name).attempt }
        var count = 0
        while true {
            switch try buffer.next(index, part, after: count, bytes: file.size) {
            case .send(let pieces):
                for piece in pieces { try send(piece, of: part, to: file) }
                count += pieces.count
            case .end(let summary):
                try file.finish()
                guard file.size == summary.bytes else {
                    throw OperationError(
                        .damaged, "part \(part.number) has \(summary.bytes) bytes, and \(file.size) came")
                }
                return Sent(part: part, name: file.name, summary: summary)
            }
        }
    }

    private func send(_ piece: PartBuffer.Piece, of part: PartBuffer.Part, to file: NewFile) throws {
        switch piece {
        case .memory(let block):
            try throttle(block.count)
            try block.withUnsafeBytes { try file.append($0) }
            state.withLock { $0.bytesSent += block.count }
        case .spooled(let offset, let count):
            try throttle(count)
            guard let spool = buffer.locked({ part.spool }) else { throw PartBuffer.LaneEnded() }
            let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 4096)
            defer { bytes.deallocate() }
            try spool.read(at: offset, into: bytes)
            try file.append(UnsafeRawBufferPointer(bytes))
            state.withLock { $0.bytesSent += count }
        case .dropped:
            preconditionFailure("a piece that is no longer kept was handed out")
        }
    }

    private func throttle(_ bytes: Int) throws {
        guard let bucket else { return }
        let wait = bucket.take(bytes)
        if wait > .zero { buffer.pause(index, wait) }
        guard buffer.isActive(index) else { throw PartBuffer.LaneEnded() }
    }

    private func borrow() throws -> PooledSession {
        let session = try access.pool.take()
        do {
            try register(session)
            _ = try session.pipeline()
            try buffer.waitUntilOpen(index)
            return session
        } catch {
            giveBack(session)
            throw error
        }
    }

    private func register(_ session: PooledSession) throws {
        state.withLock {
            $0.cutters[ObjectIdentifier(session)] = session.session.cutter
            $0.sessions = max($0.sessions, $0.cutters.count)
        }
        // It may have left between the last look and the entry.
        guard buffer.isActive(index) else { throw PartBuffer.LaneEnded() }
    }

    private func giveBack(_ session: PooledSession) {
        state.withLock { $0.cutters[ObjectIdentifier(session)] = nil }
        access.pool.give(session)
    }
}

// MARK: - Proving

extension StoreLane {
    private func prove() {
        var wrong: Set<Int> = []
        while let sent = try? proofs.take() {
            do {
                let stored = try prove(sent)
                state.withLock { $0.parts[sent.part.number] = stored }
                buffer.proven(index, sent.part)
            } catch is PartBuffer.LaneEnded {
                return
            } catch let error as OperationError
                where error.code == .damaged && wrong.insert(sent.part.number).inserted
            {
                // Once may be an accident on the way; twice is a store that cannot be trusted.
                buffer.again(index, sent.part)
            } catch {
                buffer.leave(index, error)
                return
            }
        }
    }

    private func prove(_ sent: Sent) throws -> StoredFile {
        var losses = 0
        while true {
            do {
                return try access.pool.with(equipped: true) { session in
                    try register(session)
                    defer { state.withLock { $0.cutters[ObjectIdentifier(session)] = nil } }
                    return try access.prove(
                        sent.name, in: folder, expecting: sent.summary.sha256, size: sent.summary.bytes,
                        part: sent.part.number, on: session)
                }
            } catch let error as RemoteError where error.isTransient && losses < settings.retries {
                buffer.pause(index, settings.pause * (1 << losses))
                losses += 1
                guard buffer.isActive(index) else { throw PartBuffer.LaneEnded() }
            }
        }
    }
}

/// Both values, if both are there.
private func zip<First, Second>(_ first: First?, _ second: Second?) -> (First, Second)? {
    guard let first, let second else { return nil }
    return (first, second)
}
