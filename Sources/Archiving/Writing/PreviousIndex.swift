// SPDX-License-Identifier: Apache-2.0

/// The records of the previous merged index, with a look ahead.
///
/// A thread of its own decodes them, so that the walk has a core to itself. Not `Sendable`: use it from one thread.
final class PreviousIndex {
    private let handover = Handover()
    private var decoder: ArchiveThread?
    private var batch: [IndexRecord] = []
    private var position = 0
    private var isAtEnd = false

    /// Begins to read the merged index that an earlier run wrote; what is wrong with it the first look says.
    init(path: String) throws {
        decoder = try ArchiveThread { [handover] in
            do {
                let stream = try IndexReader(FileBytes(path: path)).records()
                var batch: [IndexRecord] = []
                while let record = try stream.next() {
                    batch.append(record)
                    guard batch.count == Handover.batchCount else { continue }
                    guard try handover.put(batch) else { return }
                    batch = []
                }
                _ = try handover.put(batch)
                handover.end()
            } catch {
                handover.fail(error)
            }
        }
    }

    deinit {
        handover.fail(ArchiveError(.cancelled, "read the previous index", detail: "nobody reads on"))
        decoder?.join()
    }

    /// The next record, which stays.
    func peek() throws -> IndexRecord? {
        while position == batch.count, !isAtEnd {
            position = 0
            batch = try handover.take() ?? []
            isAtEnd = batch.isEmpty
        }
        return isAtEnd ? nil : batch[position]
    }

    /// The next record, which is taken.
    func next() throws -> IndexRecord? {
        let record = try peek()
        if record != nil { position += 1 }
        return record
    }

    /// The next record if it lies below a folder.
    func next(below folder: [UInt8]) throws -> IndexRecord? {
        guard let record = try peek(), MemberPath.isBelow(record.path, folder) else { return nil }
        return try next()
    }
}

/// Batches of records on their way from one thread to another; a few wait at most.
final class Handover: Sendable {
    static let batchCount = 256
    private static let limit = 8

    private struct State {
        var waiting: [[IndexRecord]] = []
        var isEnded = false
        var failure: (any Error)?
    }

    private let state = Monitor(State())

    /// Hands a batch over, waiting for room; `false` when the other side has given up.
    ///
    /// An empty batch is not handed over.
    func put(_ batch: [IndexRecord]) throws -> Bool {
        try state.wait { state in
            if let failure = state.failure {
                guard (failure as? ArchiveError)?.code == .cancelled else { throw failure }
                return false
            }
            guard !batch.isEmpty else { return true }
            guard state.waiting.count < Self.limit else { return nil }
            state.waiting.append(batch)
            return true
        }
    }

    /// Says that no batch follows.
    func end() {
        state.change { $0.isEnded = true }
    }

    /// Gives up from either side; the first reason is kept.
    func fail(_ error: any Error) {
        state.change { state in if state.failure == nil { state.failure = error } }
    }

    /// The next batch; `nil` after the last.
    func take() throws -> [IndexRecord]? {
        let batch: [IndexRecord]?? = try state.wait { state in
            if !state.waiting.isEmpty { return .some(state.waiting.removeFirst()) }
            if let failure = state.failure { throw failure }
            return state.isEnded ? .some(nil) : nil
        }
        return batch ?? nil
    }
}
