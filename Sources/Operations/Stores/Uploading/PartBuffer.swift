// SPDX-License-Identifier: Apache-2.0
import Archiving
import Foundation

/// The parts of a point between the one thread that makes them and the stores that take them.
///
/// Each block is kept once, whatever the number of stores, until every store that is still in the run has proven the
/// part: first in memory, then in a spool on disk. The fastest store alone sets the pace of reading; one that falls
/// too far behind leaves the run.
final class PartBuffer: @unchecked Sendable {
    // Unchecked: everything below is only touched while `condition` is held.

    let settings: UploadSettings
    private let spoolFolder: String
    let condition = NSCondition()
    /// The parts that some store has not proven yet, by number.
    var parts: [Int: Part] = [:]
    var lanes: [Lane]
    var newest = 0
    var produced = 0
    var memory = 0
    var spooled = 0
    private var isFinished = false
    private var isAbandoned = false

    /// One store's place in the stream.
    struct Lane {
        let store: String
        /// Whether the store has answered and has a folder for the point.
        var isOpen = false
        /// The number of the next part it has not begun.
        var next = 1
        /// Parts to be sent once more.
        var again: [Part] = []
        /// Parts that it has begun and not proven.
        var unproven = 0
        /// Bytes of the stream that were handed to its sessions, each once.
        var sent = 0
        var end: LaneEnd?

        var isActive: Bool { end == nil }
    }

    enum LaneEnd {
        case complete
        case left(any Error)
    }

    /// A piece of a part, in order.
    enum Piece {
        case memory(Block)
        case spooled(offset: Int, count: Int)
        /// All stores had sent it, and there was no room to keep it for another attempt.
        case dropped
    }

    /// One part that is being made or sent.
    final class Part {
        let number: Int
        var pieces: [Piece] = []
        var bytes = 0
        var summary: PartSummary?
        /// The first piece that may still be in memory.
        var firstInMemory = 0
        var spool: SpoolFile?
        /// The lanes that have not proven it.
        var owners: Set<Int>
        /// How far each lane has sent it: pieces and bytes.
        var sent: [Int: (pieces: Int, bytes: Int)] = [:]

        init(number: Int, owners: Set<Int>) {
            self.number = number
            self.owners = owners
        }
    }

    init(stores: [String], settings: UploadSettings, spoolFolder: String) {
        lanes = stores.map { Lane(store: $0) }
        self.settings = settings
        self.spoolFolder = spoolFolder
    }

    func locked<Value>(_ body: () throws -> Value) rethrows -> Value {
        condition.lock()
        defer { condition.unlock() }
        return try body()
    }

    var active: [Int] { lanes.indices.filter { lanes[$0].isActive } }

    func lag(_ lane: Int) -> Int { produced - lanes[lane].sent }
}

// MARK: - The maker's side

extension PartBuffer {
    func begin(_ number: Int) throws {
        try locked {
            try checkOpen()
            newest = number
            parts[number] = Part(number: number, owners: Set(active))
            condition.broadcast()
        }
    }

    /// Adds a block to the newest part, once the fastest store is near enough.
    func append(_ block: Block) throws {
        try locked {
            while try checkOpen(), let pace = active.map(lag).min(), pace > settings.window {
                condition.wait()
            }
            guard let part = parts[newest] else {
                preconditionFailure("a block came outside of a part")
            }
            part.pieces.append(.memory(block))
            part.bytes += block.count
            produced += block.count
            memory += block.count
            condition.broadcast()
        }
        try makeRoom()
    }

    func end(_ summary: PartSummary) throws {
        try locked {
            try checkOpen()
            parts[summary.number]?.summary = summary
            condition.broadcast()
        }
    }

    /// Says that no part will follow.
    func finish() {
        locked {
            isFinished = true
            condition.broadcast()
        }
    }

    /// Ends every lane that is not complete, with this reason.
    func abandon(_ reason: any Error) {
        locked {
            isAbandoned = true
            for lane in active { close(lane, .left(reason)) }
        }
    }

    @discardableResult
    private func checkOpen() throws -> Bool {
        guard !isAbandoned else { throw OperationError(.cancelled, "the upload was given up") }
        guard active.isEmpty else { return true }
        let reasons = lanes.compactMap { lane -> String? in
            guard case .left(let error) = lane.end else { return nil }
            return "\(lane.store): \(OperationError(describing: error).detail)"
        }
        throw OperationError(
            .unreachable, "no store is left that takes the copy; \(reasons.joined(separator: "; "))")
    }
}

// MARK: - The stores' side

extension PartBuffer {
    /// The lane has left the run; its threads end.
    struct LaneEnded: Error {}

    /// What a thread is to do next with the part it sends.
    enum Step {
        case send([Piece])
        case end(PartSummary)
    }

    /// The next part for a thread of this lane; `nil` when the lane has proven all or has left.
    ///
    /// A thread that is not needed yet, by `isWanted`, leaves the parts to the others.
    func claim(_ lane: Int, if isWanted: () -> Bool = { true }) -> Part? {
        locked {
            while lanes[lane].isActive {
                if isWanted(), let part = nextPart(lane) { return part }
                if isFinished, lanes[lane].isOpen, lanes[lane].unproven == 0, lanes[lane].next > newest {
                    close(lane, .complete)
                    return nil
                }
                condition.wait()
            }
            return nil
        }
    }

    /// The same for a thread that has something better to do than to wait.
    func claimAtOnce(_ lane: Int) -> Part? {
        locked { lanes[lane].isActive ? nextPart(lane) : nil }
    }

    private func nextPart(_ lane: Int) -> Part? {
        if !lanes[lane].again.isEmpty { return lanes[lane].again.removeFirst() }
        guard let part = parts[lanes[lane].next] else { return nil }
        lanes[lane].next += 1
        lanes[lane].unproven += 1
        return part
    }

    /// Says that the store has answered and has a folder for the point.
    func open(_ lane: Int) {
        locked {
            lanes[lane].isOpen = true
            condition.broadcast()
        }
    }

    /// Waits until the lane's store has a folder for the point.
    ///
    /// - Throws: ``LaneEnded``.
    func waitUntilOpen(_ lane: Int) throws {
        try locked {
            while lanes[lane].isActive, !lanes[lane].isOpen { condition.wait() }
            guard lanes[lane].isActive else { throw LaneEnded() }
        }
    }

    /// Reports that the lane has sent so many pieces of a part, and waits for those that follow.
    ///
    /// - Throws: ``LaneEnded``; `OperationError` when the pieces are no longer kept.
    func next(_ lane: Int, _ part: Part, after count: Int, bytes: Int) throws -> Step {
        try locked {
            lanes[lane].sent += bytes - (part.sent[lane]?.bytes ?? 0)
            part.sent[lane] = (count, bytes)
            condition.broadcast()
            while lanes[lane].isActive, count == part.pieces.count, part.summary == nil { condition.wait() }
            guard lanes[lane].isActive else { throw LaneEnded() }
            if count == part.pieces.count, let summary = part.summary { return .end(summary) }
            if case .dropped = part.pieces[count] {
                throw OperationError(
                    .failed, "part \(part.number) can no longer be sent again: its beginning was let go",
                    hint: "give the spool more room, or make parts smaller")
            }
            // A few at once: each look costs a lock that all threads share.
            return .send(Array(part.pieces[count..<min(part.pieces.count, count + 4)]))
        }
    }

    /// Puts a part back, to be sent from its beginning.
    func again(_ lane: Int, _ part: Part) {
        locked {
            lanes[lane].sent -= part.sent[lane]?.bytes ?? 0
            part.sent[lane] = nil
            lanes[lane].again.append(part)
            condition.broadcast()
        }
    }

    /// The lane's store is proven to hold the part.
    func proven(_ lane: Int, _ part: Part) {
        locked {
            lanes[lane].unproven -= 1
            disown(part, lane)
            condition.broadcast()
        }
    }

    /// The lane leaves the run; does nothing if it has ended already.
    func leave(_ lane: Int, _ error: any Error) {
        locked { close(lane, .left(error)) }
    }

    /// Waits, but not longer than the lane is in the run.
    func pause(_ lane: Int, _ length: Duration) {
        let end = Date(timeIntervalSinceNow: length / .seconds(1))
        locked {
            while lanes[lane].isActive, condition.wait(until: end) {}
        }
    }

    func isActive(_ lane: Int) -> Bool { locked { lanes[lane].isActive } }

    /// Waits until the lane has ended.
    func waitForEnd(of lane: Int) -> LaneEnd {
        locked {
            while true {
                if let end = lanes[lane].end { return end }
                condition.wait()
            }
        }
    }

    /// Ends a lane; the lock is held.
    func close(_ lane: Int, _ end: LaneEnd) {
        guard lanes[lane].isActive else { return }
        lanes[lane].end = end
        lanes[lane].again = []
        for part in parts.values { disown(part, lane) }
        condition.broadcast()
    }

    /// Frees a part that no lane needs any more; the lock is held.
    private func disown(_ part: Part, _ lane: Int) {
        part.owners.remove(lane)
        guard part.owners.isEmpty, parts[part.number] === part else { return }
        // The newest part goes on receiving blocks; without owners they are let go when it ends.
        guard part.summary != nil || active.isEmpty else { return }
        parts[part.number] = nil
        for piece in part.pieces {
            switch piece {
            case .memory(let block): memory -= block.count
            case .spooled(_, let count): spooled -= count
            case .dropped: break
            }
        }
        part.pieces = []
        part.spool = nil
    }
}

// MARK: - Room

extension PartBuffer {
    /// Moves the oldest blocks to disk while there are too many in memory.
    private func makeRoom() throws {
        while let (part, range, blocks) = locked({ oldestInMemory() }) {
            let size = blocks.reduce(0) { $0 + $1.count }
            if locked({ spooled + size > settings.spoolLimit }) {
                // Nothing to let go of: the window keeps this within bounds.
                guard locked({ relieve() }) else { return }
                continue
            }
            do {
                try spool(part, range, blocks)
            } catch let error as OperationError where error.code == .ioFailed {
                guard locked({ relieve() }) else { throw error }
            }
        }
    }

    /// Up to four blocks to be moved, if memory holds too much; the lock is held.
    private func oldestInMemory() -> (Part, Range<Int>, [Block])? {
        guard memory > settings.memoryLimit else { return nil }
        for part in parts.values.sorted(by: { $0.number < $1.number }) {
            var blocks: [Block] = []
            while part.firstInMemory < part.pieces.count {
                guard case .memory = part.pieces[part.firstInMemory] else {
                    part.firstInMemory += 1
                    continue
                }
                break
            }
            let start = part.firstInMemory
            for piece in part.pieces[start...].prefix(4) {
                guard case .memory(let block) = piece else { break }
                blocks.append(block)
            }
            if !blocks.isEmpty { return (part, start..<start + blocks.count, blocks) }
        }
        return nil
    }

    /// Writes blocks to the part's spool, then lets go of them in memory.
    private func spool(_ part: Part, _ range: Range<Int>, _ blocks: [Block]) throws {
        let file = try locked { part.spool } ?? SpoolFile(in: spoolFolder)
        // All blocks of a part but its last have the same size, so that a piece's place follows from its number.
        var offsets: [Int] = []
        var offset = range.lowerBound * Block.capacity
        for block in blocks {
            try block.withUnsafeBytes { try file.write($0, at: offset) }
            offsets.append(offset)
            offset += Block.capacity
        }
        locked {
            // Meanwhile every store may have proven the part.
            guard parts[part.number] === part else { return }
            part.spool = file
            for (index, place) in zip(range, offsets) {
                guard case .memory(let block) = part.pieces[index] else { continue }
                part.pieces[index] = .spooled(offset: place, count: block.count)
                memory -= block.count
                spooled += block.count
            }
            part.firstInMemory = range.upperBound
        }
    }

    /// Makes room at the bound, and says whether it could; the lock is held.
    ///
    /// A store that lags leaves the run. If all keep pace, what they have sent is no longer kept for another attempt.
    private func relieve() -> Bool {
        let running = active
        if running.count > 1, let slowest = running.max(by: { lag($0) < lag($1) }),
            lag(slowest) > settings.window
        {
            close(
                slowest,
                .left(
                    OperationError(
                        .failed,
                        "fell behind the other stores by \(lag(slowest) >> 20) MiB, and the spool is full",
                        hint:
                            "it is caught up from another store; see bandwidth in the plan, or give the spool more room"
                    )))
            return true
        }
        for part in parts.values.sorted(by: { $0.number < $1.number }) where dropSent(part) { return true }
        return false
    }

    private func dropSent(_ part: Part) -> Bool {
        let count = part.owners.map { part.sent[$0]?.pieces ?? 0 }.min() ?? part.pieces.count
        var hasDropped = false
        for index in 0..<count {
            // What lies on disk stays there until the part is proven: a file gives back no room in between.
            guard case .memory(let block) = part.pieces[index] else { continue }
            memory -= block.count
            part.pieces[index] = .dropped
            hasDropped = true
        }
        return hasDropped
    }
}
