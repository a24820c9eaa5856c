// SPDX-License-Identifier: Apache-2.0
import Glibc

/// One frame of a point that is needed, and its raw bytes once somebody has read it.
final class FrameTicket: @unchecked Sendable {
    // Unchecked: only the pool looks at the state, under its lock.
    enum State {
        case waiting
        case underWay
        case ready(FrameMemory)
        case failed(any Error)
        case released
    }

    /// The point's place in the chain.
    let point: Int
    let frame: DataFrame
    fileprivate var state = State.waiting
    /// How many still need the frame.
    fileprivate var uses = 1

    init(point: Int, frame: DataFrame) {
        self.point = point
        self.frame = frame
    }
}

/// Memory for a frame's raw bytes.
@safe final class FrameMemory: @unchecked Sendable {
    // Unchecked: written by the thread that loads the frame, then only read.
    let bytes: UnsafeMutableRawBufferPointer

    init(capacity: Int) throws(ArchiveError) {
        let memory = unsafe mmap(nil, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard unsafe memory != MAP_FAILED, let memory = unsafe memory else {
            throw ArchiveError.system("get memory for", "a frame")
        }
        unsafe bytes = UnsafeMutableRawBufferPointer(start: memory, count: capacity)
    }

    deinit {
        unsafe munmap(bytes.baseAddress, bytes.count)
    }
}

/// Units of work in order, and the frames they need, read ahead by whoever has nothing better to do.
///
/// A thread that works on a unit loads a frame itself when nobody has begun to; threads without a unit load what will
/// be needed next, up to a bound, so that one large file is decrypted and decompressed on all cores. Memory is bounded
/// by the number of frames.
final class FramePool<Unit: Sendable>: Sendable {
    enum Job {
        case unit(Unit)
        case load(FrameTicket, FrameMemory)
    }

    private struct State {
        var units: [Unit] = []
        var waiting: [FrameTicket] = []
        var free: [FrameMemory] = []
        var loaded = 0
        var queued = 0
        var isClosed = false
        var isStopped = false
    }

    private let state = Monitor(State())
    private let unitLimit: Int
    private let frameLimit: Int

    /// Takes how many units may wait, and how many frames may be held by those that read ahead.
    init(units unitLimit: Int, frames frameLimit: Int) {
        self.unitLimit = unitLimit
        self.frameLimit = frameLimit
    }

    /// Queues a unit with its frames, waiting for room; `false` when the work was stopped.
    func put(_ unit: Unit, frames: [FrameTicket]) -> Bool {
        state.wait { state in
            if state.isStopped { return false }
            guard state.units.count < unitLimit else { return nil }
            state.units.append(unit)
            state.waiting += frames
            return true
        }
    }

    /// Says that no more units come.
    func close() {
        state.change { $0.isClosed = true }
    }

    /// Ends everything: nobody gets another job.
    func stop() {
        state.change { $0.isStopped = true }
    }

    /// The next thing to do for a thread; `nil` when there is nothing left.
    ///
    /// One that `takesUnits` goes on with units first; the others only load.
    func next(takesUnits: Bool) throws -> Job? {
        let job: Job?? = try state.wait { state in
            if state.isStopped { return .some(nil) }
            if takesUnits, !state.units.isEmpty { return .unit(state.units.removeFirst()) }
            if state.loaded < frameLimit, let ticket = nextWaiting(&state) {
                return .load(ticket, try begin(ticket, &state))
            }
            // Whoever ends while frames of a long unit still wait would leave that one alone with them.
            guard state.isClosed, state.units.isEmpty, nextWaiting(&state) == nil else { return nil }
            return .some(nil)
        }
        return job ?? nil
    }

    /// A frame's memory for the unit at work: loaded by the body if nobody else is at it.
    func memory(of ticket: FrameTicket, load: (FrameTicket, FrameMemory) -> Void) throws -> FrameMemory {
        while true {
            let (memory, isReady): (FrameMemory, Bool) = try state.wait { state in
                switch ticket.state {
                case .waiting: return (try begin(ticket, &state), false)
                case .underWay: return state.isStopped ? .some(try stopped()) : nil
                case .ready(let memory): return (memory, true)
                case .failed(let error): throw error
                case .released: preconditionFailure("a frame that was released is asked for")
                }
            }
            if isReady { return memory }
            load(ticket, memory)
        }
    }

    private func stopped<Value>() throws -> Value {
        throw Unrecoverable(cause: ArchiveError(.cancelled, "read a frame", detail: "the work was stopped"))
    }

    /// Keeps what became of a frame that was begun.
    func finish(_ ticket: FrameTicket, _ memory: FrameMemory, _ result: Result<Void, any Error>) {
        state.change { state in
            if case .success = result, case .underWay = ticket.state {
                ticket.state = .ready(memory)
                return
            }
            if case .failure(let error) = result, case .underWay = ticket.state {
                ticket.state = .failed(error)
            }
            state.loaded -= 1
            state.free.append(memory)
        }
    }

    /// Keeps a frame for one user more; `false` when its memory was given back already.
    func retain(_ ticket: FrameTicket) -> Bool {
        state.change { _ in
            if case .released = ticket.state { return false }
            ticket.uses += 1
            return true
        }
    }

    /// Says that one user needs the frame no more; the last one gives its memory back.
    func release(_ ticket: FrameTicket) {
        state.change { state in
            ticket.uses -= 1
            guard ticket.uses == 0 else { return }
            if case .ready(let memory) = ticket.state {
                state.loaded -= 1
                if state.free.count < frameLimit { state.free.append(memory) }
            }
            ticket.state = .released
        }
    }

    /// The next frame that nobody has begun.
    private func nextWaiting(_ state: inout State) -> FrameTicket? {
        while let ticket = state.waiting.first {
            if case .waiting = ticket.state { return ticket }
            state.waiting.removeFirst()
        }
        return nil
    }

    private func begin(_ ticket: FrameTicket, _ state: inout State) throws(ArchiveError) -> FrameMemory {
        let needed = ticket.frame.rawSize
        let memory: FrameMemory
        if let position = state.free.lastIndex(where: { unsafe $0.bytes.count >= needed }) {
            memory = state.free.remove(at: position)
        } else {
            if !state.free.isEmpty { state.free.removeFirst() }
            memory = try FrameMemory(capacity: max(needed, 8 << 20))
        }
        ticket.state = .underWay
        state.loaded += 1
        return memory
    }
}
