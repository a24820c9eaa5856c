// SPDX-License-Identifier: Apache-2.0

/// What a thread does with the members it reads.
protocol MemberTaker: AnyObject {
    /// Takes a member whose header was compared with the index; for files the content is still to be read.
    ///
    /// - Throws: `Unrecoverable` when the whole work must end, anything else when this member did not come through.
    func take(_ member: UnitMember, _ attributes: [ExtendedAttribute], from tar: TarReader) throws

    /// Takes a member whose record is enough; there are none unless the walk adds them.
    func take(bare member: UnitMember) throws

    /// A member that did not come through, and why.
    func miss(_ member: UnitMember, _ error: ArchiveError)
}

extension MemberTaker {
    func take(bare member: UnitMember) throws {}
}

/// Ends the whole work, not only one member: a full disk, a lost connection, the caller's wish.
struct Unrecoverable: Error {
    let cause: any Error
}

/// Works on units: feeds their frames to tar readers and hands the members on.
///
/// A member that is damaged does not take the next one with it: reading begins again behind it, at the place that the
/// index names. Not `Sendable`: one for each thread.
final class UnitReader {
    private let pool: FramePool<MemberUnit>
    private let loader: FrameLoader
    private let parts: any PartSource
    private let taker: any MemberTaker
    private let isCancelled: @Sendable () -> Bool

    init(
        _ pool: FramePool<MemberUnit>, _ loader: FrameLoader, _ parts: any PartSource,
        _ taker: any MemberTaker,
        isCancelled: @escaping @Sendable () -> Bool
    ) {
        self.pool = pool
        self.loader = loader
        self.parts = parts
        self.taker = taker
        self.isCancelled = isCancelled
    }

    /// Does whatever there is to do until there is nothing left.
    func run(afterUnit: (MemberUnit) throws -> Void) throws {
        while let job = try pool.next(takesUnits: true) {
            switch job {
            case .load(let ticket, let memory): load(ticket, memory)
            case .unit(let unit):
                let frames = UnitFrames(unit, pool)
                defer { frames.release(before: .max) }
                try read(unit, frames)
                try afterUnit(unit)
            }
        }
    }

    /// Loads frames ahead for others until there is nothing left.
    static func loadAhead(_ pool: FramePool<MemberUnit>, _ loader: FrameLoader) throws {
        while let job = try pool.next(takesUnits: false) {
            guard case .load(let ticket, let memory) = job else { continue }
            pool.finish(ticket, memory, Result { try loader.load(ticket, into: memory) })
        }
    }

    private func load(_ ticket: FrameTicket, _ memory: FrameMemory) {
        pool.finish(ticket, memory, Result { try loader.load(ticket, into: memory) })
    }

    private func read(_ unit: MemberUnit, _ frames: UnitFrames) throws {
        var next = 0
        while next < unit.members.count {
            let feed = UnitFeed(unit, from: next, frames, pool) { [self] ticket, memory in
                load(ticket, memory)
            }
            do {
                try read(unit, &next, feed)
            } catch let error as Unrecoverable {
                throw error
            } catch let error as ArchiveError {
                // What is wrong behind the last member is said of that one.
                let position = min(next, unit.members.count - 1)
                taker.miss(unit.members[position], named(error, unit, feed))
                next += 1
            } catch {
                throw Unrecoverable(cause: error)
            }
        }
    }

    /// Reads members from `next` on until the end, or until one throws.
    private func read(_ unit: MemberUnit, _ next: inout Int, _ feed: UnitFeed) throws {
        var opened: TarReader?
        let origin = feed.start(of: next)
        while next < unit.members.count {
            guard !isCancelled() else {
                throw Unrecoverable(
                    cause: ArchiveError(.cancelled, "read members", detail: "asked to end early"))
            }
            let member = unit.members[next]
            guard !member.bytes.isEmpty else {
                try taker.take(bare: member)
                next += 1
                continue
            }
            let tar = unsafe try opened ?? TarReader { unsafe try feed.next() }
            opened = tar
            guard try tar.next() else {
                throw ArchiveError(
                    .hostile, "read a member", detail: "there is no member where the index names one")
            }
            guard tar.position == feed.start(of: next) - origin else {
                throw ArchiveError(
                    .hostile, "read a member", detail: "it does not begin where the index says")
            }
            let attributes = try tar.attributes(
                comparedWith: member.record, isSuperseded: member.isSuperseded)
            try taker.take(member, attributes, from: tar)
            next += 1
            feed.release(before: next)
        }
        guard try opened?.next() != true else {
            // Nothing of it was used; the members before it are what the index says.
            throw ArchiveError(.hostile, "read a member", detail: "there is one more than the index names")
        }
    }

    /// The error with the part's file, unless it names one already.
    private func named(_ error: ArchiveError, _ unit: MemberUnit, _ feed: UnitFeed) -> ArchiveError {
        guard error.subject.isEmpty else { return error }
        return error.about(parts.subject(point: unit.point, part: feed.currentPart))
    }
}

/// Gives out the tar bytes of a unit's members, frame by frame, without what lies between them.
private final class UnitFeed {
    private let unit: MemberUnit
    private let pool: FramePool<MemberUnit>
    private let load: (FrameTicket, FrameMemory) -> Void
    /// Where each frame begins in the unit's raw bytes, and where the last one ends.
    private let frameStarts: [Int]
    /// Where each member begins in the bytes that are given out.
    private let starts: [Int]
    private var member: Int
    private var place: Int
    private var frame = 0
    private let frames: UnitFrames

    init(
        _ unit: MemberUnit, from first: Int, _ frames: UnitFrames, _ pool: FramePool<MemberUnit>,
        load: @escaping (FrameTicket, FrameMemory) -> Void
    ) {
        self.unit = unit
        self.frames = frames
        self.pool = pool
        self.load = load
        frameStarts = unit.frames.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.frame.rawSize) }
        starts = unit.members.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.bytes.count) }
        member = first
        place = first < unit.members.count ? unit.members[first].bytes.lowerBound : 0
    }

    func start(of member: Int) -> Int { starts[member] }

    /// The part that was read last.
    var currentPart: Int { unit.frames[min(frame, unit.frames.count - 1)].frame.part }

    /// The next bytes; none after the last member.
    func next() throws -> UnsafeRawBufferPointer {
        while member < unit.members.count, place == unit.members[member].bytes.upperBound {
            member += 1
            if member < unit.members.count { place = unit.members[member].bytes.lowerBound }
        }
        guard member < unit.members.count else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
        while frameStarts[frame + 1] <= place { frame += 1 }
        // Members that lie side by side are given out together.
        var end = unit.members[member].bytes.upperBound
        while member + 1 < unit.members.count, unit.members[member + 1].bytes.lowerBound == end,
            end < frameStarts[frame + 1]
        {
            member += 1
            end = unit.members[member].bytes.upperBound
        }
        end = min(end, frameStarts[frame + 1])
        let memory = try pool.memory(of: unit.frames[frame], load: load)
        let range = place - frameStarts[frame]..<end - frameStarts[frame]
        place = end
        return unsafe UnsafeRawBufferPointer(rebasing: memory.bytes[range])
    }

    /// Gives frames back that lie wholly before a member.
    func release(before member: Int) {
        let start = member < unit.members.count ? unit.members[member].bytes.lowerBound : Int.max
        var count = 0
        while count < frame, frameStarts[count + 1] <= start { count += 1 }
        frames.release(before: count)
    }
}

/// The frames of a unit at work, each given back once.
private final class UnitFrames {
    private let frames: [FrameTicket]
    private let pool: FramePool<MemberUnit>
    private var released = 0

    init(_ unit: MemberUnit, _ pool: FramePool<MemberUnit>) {
        frames = unit.frames
        self.pool = pool
    }

    /// Gives the first frames back, or all that are left.
    func release(before count: Int) {
        while released < min(count, frames.count) {
            pool.release(frames[released])
            released += 1
        }
    }
}
