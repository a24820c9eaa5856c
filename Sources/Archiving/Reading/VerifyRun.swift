// SPDX-License-Identifier: Apache-2.0

/// Reads every member of one point on all cores and compares it with the index.
///
/// Not `Sendable`: it belongs to the thread that walks the index.
final class VerifyRun {
    private let manifest: Manifest
    private let index: IndexReader
    private let parts: any PartSource
    private let identities: [AgeIdentity]
    private let threads: Int
    private let shared: VerifyShared
    private let pool: FramePool<MemberUnit>
    /// Only members that lie wholly in this part; all if `nil`.
    private let onlyPart: Int?
    /// Where the stream's next member must begin.
    private var expected = (frame: 0, offset: 0)

    init(
        _ manifest: Manifest, _ index: IndexReader, _ parts: any PartSource, _ identities: [AgeIdentity],
        _ threads: Int, _ progress: @escaping @Sendable (PointVerification) -> Void,
        _ isCancelled: @escaping @Sendable () -> Bool, onlyPart: Int? = nil
    ) {
        self.manifest = manifest
        self.index = index
        self.parts = parts
        self.identities = identities
        self.threads = threads
        self.onlyPart = onlyPart
        shared = VerifyShared(manifest.point, progress, isCancelled)
        pool = FramePool(units: 2 * threads, frames: threads + 2)
    }

    func run() throws -> PointVerification {
        let crew = try Crew(threads) { [shared, pool, parts, identities] in
            do {
                let taker = VerifyTaker(shared)
                let reader = UnitReader(
                    pool, try FrameLoader(parts, identities: identities), parts, taker,
                    isCancelled: { shared.isCancelled() })
                try reader.run { _ in taker.report() }
            } catch {
                shared.stop()
                pool.stop()
                throw error
            }
        }
        let walked = Result { try walk() }
        if case .failure = walked { pool.stop() }
        pool.close()
        do {
            try crew.join()
            try walked.get()
            if onlyPart == nil { try checkTrailer() }
        } catch let error as Unrecoverable {
            throw error.cause
        }
        var result = shared.result
        result.sort()
        return result
    }

    private func walk() throws {
        let builder = UnitBuilder([index]) { [pool, shared] unit in
            guard pool.put(unit, frames: unit.frames) else { throw Unrecoverable(cause: shared.reason) }
        }
        let records = index.records()
        while let record = try records.next() {
            guard !shared.isCancelled() else { throw Unrecoverable(cause: shared.reason) }
            do {
                if let superseded = record.superseded {
                    try add(record, at: superseded, builder, isSuperseded: true)
                }
                if let location = record.location { try add(record, at: location, builder) }
            } catch let error as ArchiveError {
                shared.record(RestoreFault(path: record.path, error: error))
            }
        }
        try builder.finish()
    }

    private func add(
        _ record: IndexRecord, at location: IndexRecord.Location, _ builder: UnitBuilder,
        isSuperseded: Bool = false
    ) throws {
        if let onlyPart {
            guard try lies(location, in: onlyPart) else { return }
        } else {
            try follow(location)
        }
        try builder.add(record, at: location, ofPoint: 0, to: record.path, isSuperseded: isSuperseded)
    }

    private func lies(_ location: IndexRecord.Location, in part: Int) throws -> Bool {
        var number = location.frame
        var left = location.offset + location.length
        while left > 0 {
            let frame = try index.dataFrame(number)
            guard frame.part == part else { return false }
            left -= frame.rawSize
            number += 1
        }
        return true
    }

    // MARK: - Bytes that nobody names

    /// Members must follow each other: a gap would be bytes that the index does not name.
    private func follow(_ location: IndexRecord.Location) throws {
        try normalize()
        let isNext = location.frame == expected.frame && location.offset == expected.offset
        let before = expected
        expected = (location.frame, location.offset + location.length)
        try normalize()
        guard isNext else {
            throw ArchiveError(
                .hostile, "read the index",
                detail:
                    "frame \(before.frame) holds bytes at \(before.offset) that the index does not name, or twice"
            )
        }
    }

    private func normalize() throws {
        while expected.frame < index.dataFrameCount {
            let size = try index.dataFrame(expected.frame).rawSize
            guard expected.offset >= size else { return }
            expected = (expected.frame + 1, expected.offset - size)
        }
    }

    /// What follows the last member may only be the zeros that end a tar archive.
    private func checkTrailer() throws {
        try normalize()
        let loader = try FrameLoader(parts, identities: identities)
        while expected.frame < index.dataFrameCount {
            let frame = try index.dataFrame(expected.frame)
            let memory = try FrameMemory(capacity: frame.rawSize)
            do {
                try loader.load(FrameTicket(point: 0, frame: frame), into: memory)
                let rest = unsafe UnsafeRawBufferPointer(
                    rebasing: memory.bytes[expected.offset..<frame.rawSize])
                guard rest.count <= 10_240, unsafe rest.allSatisfy({ $0 == 0 }) else {
                    throw ArchiveError(
                        .hostile, "read a member", parts.subject(point: 0, part: frame.part),
                        detail: "there is something after the last member that the index does not name")
                }
            } catch let error as ArchiveError {
                shared.record(RestoreFault(path: [], error: error))
            }
            expected = (expected.frame + 1, 0)
        }
    }
}

/// What the threads of one verification share.
private final class VerifyShared: Sendable {
    private let state: Monitor<(result: PointVerification, isStopped: Bool)>
    private let progress: @Sendable (PointVerification) -> Void
    private let wantsEnd: @Sendable () -> Bool

    init(
        _ point: PointName, _ progress: @escaping @Sendable (PointVerification) -> Void,
        _ isCancelled: @escaping @Sendable () -> Bool
    ) {
        state = Monitor((PointVerification(point), false))
        self.progress = progress
        wantsEnd = isCancelled
    }

    var result: PointVerification { state.change { $0.result } }
    var reason: ArchiveError { ArchiveError(.cancelled, "verify", detail: "asked to end early") }

    func isCancelled() -> Bool { wantsEnd() || state.change { $0.isStopped } }
    func stop() { state.change { $0.isStopped = true } }
    func record(_ fault: RestoreFault) { state.change { $0.result.record(fault) } }

    func add(_ part: PointVerification) {
        progress(
            state.change { state in
                state.result.add(part)
                return state.result
            })
    }

    func empty() -> PointVerification { PointVerification(state.change { $0.result.point }) }
}

/// Compares members and keeps nothing of them.
private final class VerifyTaker: MemberTaker {
    private let shared: VerifyShared
    private var result: PointVerification

    init(_ shared: VerifyShared) {
        self.shared = shared
        result = shared.empty()
    }

    func take(_ member: UnitMember, _ attributes: [ExtendedAttribute], from tar: TarReader) throws {
        result.members += 1
        guard member.record.kind == .file, !member.isSuperseded else { return }
        unsafe try tar.content(comparedWith: member.record) { [self] _, bytes in
            result.contentBytes += bytes.count
        }
    }

    func miss(_ member: UnitMember, _ error: ArchiveError) {
        result.record(RestoreFault(path: member.destination, error: error))
    }

    func report() {
        shared.add(result)
        result = shared.empty()
    }
}
