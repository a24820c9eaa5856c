// SPDX-License-Identifier: Apache-2.0
import Glibc

/// One frame on its way: raw bytes from the reader, then the compressed ones from a worker.
@safe final class FrameSlot: @unchecked Sendable {
    // Unchecked: a slot belongs to one thread at a time, and passes on through the pipeline's monitor.
    let raw: UnsafeMutableRawBufferPointer
    let compressed: UnsafeMutableRawBufferPointer
    var rawCount = 0
    var compressedCount = 0

    /// Maps memory that takes room only where it is touched.
    init(capacity: Int) throws(ArchiveError) {
        unsafe raw = try Self.map(capacity)
        unsafe compressed = try Self.map(ZstdCompressor.bound(capacity))
    }

    deinit {
        unsafe munmap(raw.baseAddress, raw.count)
        unsafe munmap(compressed.baseAddress, compressed.count)
    }

    private static func map(_ size: Int) throws(ArchiveError) -> UnsafeMutableRawBufferPointer {
        let memory = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard unsafe memory != MAP_FAILED, let memory = unsafe memory else {
            throw ArchiveError.system("get memory for", "a frame")
        }
        return unsafe UnsafeMutableRawBufferPointer(start: memory, count: size)
    }
}

/// Compresses frames on all cores and gives them out in the order they came in.
///
/// A fixed number of slots goes round: free, filled by the reader, compressed by a worker, taken by the packer,
/// free. When none is free the reader waits. Whoever fails ends all the others with its error.
final class FramePipeline: Sendable {
    private struct State {
        var free: [FrameSlot]
        var waiting: [(number: Int, slot: FrameSlot)] = []
        var done: [Int: FrameSlot] = [:]
        var submitted = 0
        var taken = 0
        var isClosed = false
        var failure: (any Error)?
    }

    private let state: Monitor<State>
    let capacity: Int

    /// Takes the most raw bytes of a frame, and how many frames may be under way.
    init(capacity: Int, slots: Int) throws(ArchiveError) {
        self.capacity = capacity
        var free: [FrameSlot] = []
        for _ in 0..<slots { free.append(try FrameSlot(capacity: capacity)) }
        state = Monitor(State(free: free))
    }

    /// Gives the reader a slot to fill.
    func freeSlot() throws -> FrameSlot {
        try state.wait { state in
            if let failure = state.failure { throw failure }
            // The one used last is still in the cache.
            return state.free.popLast()
        }
    }

    /// Takes a filled slot.
    func submit(_ slot: FrameSlot) {
        state.change { state in
            state.waiting.append((state.submitted, slot))
            state.submitted += 1
        }
    }

    /// Says that no more frames come.
    func close() {
        state.change { $0.isClosed = true }
    }

    /// Ends everything; the first error is kept.
    func fail(_ error: any Error) {
        state.change { state in if state.failure == nil { state.failure = error } }
    }

    /// Compresses until there is nothing left to do.
    func work(level: Int) {
        do {
            let compressor = try ZstdCompressor(level: level)
            while let (number, slot) = nextJob() {
                let raw = unsafe UnsafeRawBufferPointer(rebasing: slot.raw[..<slot.rawCount])
                slot.compressedCount = unsafe try compressor.compress(raw, into: slot.compressed)
                state.change { $0.done[number] = slot }
            }
        } catch {
            fail(error)
        }
    }

    private func nextJob() -> (number: Int, slot: FrameSlot)? {
        let job: (number: Int, slot: FrameSlot)?? = state.wait { state in
            if state.failure != nil { return .some(nil) }
            if !state.waiting.isEmpty { return .some(state.waiting.removeFirst()) }
            return state.isClosed ? .some(nil) : nil
        }
        return job ?? nil
    }

    /// The next compressed frame in order; `nil` after the last.
    func nextFrame() throws -> FrameSlot? {
        let frame: FrameSlot?? = try state.wait { state in
            if let failure = state.failure { throw failure }
            if let slot = state.done.removeValue(forKey: state.taken) {
                state.taken += 1
                return .some(slot)
            }
            return state.isClosed && state.taken == state.submitted ? .some(nil) : nil
        }
        return frame ?? nil
    }

    /// Gives a slot back.
    func release(_ slot: FrameSlot) {
        state.change { $0.free.append(slot) }
    }
}
