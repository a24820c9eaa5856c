// SPDX-License-Identifier: Apache-2.0

/// A member that is to be read from a point's stream.
struct UnitMember: Sendable {
    let record: IndexRecord
    /// Where it goes: its own path, or that of a hard link whose target was not asked for.
    let destination: [UInt8]
    /// The place of its tar bytes in the raw bytes of the unit's frames; empty if the record alone is enough.
    let bytes: Range<Int>
    /// Whether it is a reading that a later one took the place of: it is only passed over.
    var isSuperseded = false
}

/// Members that lie side by side in a point's stream, and the frames that hold them.
struct MemberUnit: Sendable {
    let point: Int
    let frames: [FrameTicket]
    let members: [UnitMember]
}

/// Cuts a walk through the merged tree into units, each of frames that follow each other in one point.
///
/// Points are collected side by side, so that each frame is read once although the tree goes from one point to
/// another and back. Where the order of the tree must be kept, a unit ends at each such step, and the frame that was
/// read last of each point is kept for when the tree comes back to it. Not `Sendable`: it belongs to the thread that
/// walks.
final class UnitBuilder {
    private struct Open {
        var firstFrame: Int
        var frames: [DataFrame]
        /// Where each frame begins in the unit's raw bytes.
        var starts: [Int]
        var members: [UnitMember] = []
        var rawCount: Int { (starts.last ?? 0) + (frames.last?.rawSize ?? 0) }
    }

    private let indexes: [IndexReader]
    private var open: [Open?]
    private let emit: (MemberUnit) throws -> Void
    /// Keeps frames where the order is kept; else `nil`.
    private let orderedPool: FramePool<MemberUnit>?
    private var currentPoint = 0
    private var held: [(point: Int, number: Int, ticket: FrameTicket)] = []

    /// The most frames that are kept for later: 64 MB with frames of 8 MB.
    private static let heldLimit = 8
    /// A unit takes in no further frames beyond this many raw bytes: others shall have work, too.
    private static let rawLimit = 64 << 20
    private static let memberLimit = 4096

    /// Takes what queues a unit, and the pool if the tree's order is to be kept.
    init(
        _ indexes: [IndexReader], keepingOrderIn pool: FramePool<MemberUnit>? = nil,
        emit: @escaping (MemberUnit) throws -> Void
    ) {
        self.indexes = indexes
        self.emit = emit
        orderedPool = pool
        open = Array(repeating: nil, count: indexes.count)
    }

    /// Adds a member of a point.
    ///
    /// - Throws: `hostile` when its place is not in the point's frames.
    func add(
        _ record: IndexRecord, at location: IndexRecord.Location, ofPoint point: Int, to destination: [UInt8],
        isSuperseded: Bool = false
    ) throws {
        if orderedPool != nil, currentPoint != point { try flush(currentPoint) }
        currentPoint = point
        if try !isJoined(location, point) { try flush(point) }
        var unit = take(point) ?? Open(firstFrame: location.frame, frames: [], starts: [])
        // Whatever is wrong with this member, those before it stay.
        defer { if !unit.members.isEmpty { open[point] = unit } }
        try extend(&unit, with: location, point, record)
        let start = unit.starts[location.frame - unit.firstFrame] + location.offset
        unit.members.append(
            UnitMember(
                record: record, destination: destination, bytes: start..<start + location.length,
                isSuperseded: isSuperseded))
    }

    /// Takes the unit under way out, so that the arrays in it grow in place and are not copied for each member.
    private func take(_ point: Int) -> Open? {
        var taken: Open?
        swap(&taken, &open[point])
        return taken
    }

    /// Adds a member whose record is enough, at its place in the tree's order.
    func add(_ record: IndexRecord) throws {
        if let unit = open[currentPoint], unit.members.count >= Self.memberLimit { try flush(currentPoint) }
        var unit = take(currentPoint) ?? Open(firstFrame: 0, frames: [], starts: [])
        let end = unit.members.last?.bytes.upperBound ?? 0
        unit.members.append(UnitMember(record: record, destination: record.path, bytes: end..<end))
        open[currentPoint] = unit
    }

    /// Queues what is left.
    func finish() throws {
        for point in open.indices { try flush(point) }
        for frame in held { orderedPool?.release(frame.ticket) }
        held = []
    }

    /// Whether the member begins in the frames of the unit under way and after its last member.
    private func isJoined(_ location: IndexRecord.Location, _ point: Int) throws -> Bool {
        guard let unit = open[point] else { return false }
        let position = location.frame - unit.firstFrame
        guard position >= 0, position < unit.frames.count, unit.members.count < Self.memberLimit,
            unit.rawCount < Self.rawLimit || position == 0
        else { return false }
        let start = unit.starts[position] + location.offset
        guard let last = unit.members.last else { return false }
        return start >= last.bytes.upperBound
    }

    /// Adds frames until the unit holds the whole member.
    private func extend(
        _ unit: inout Open, with location: IndexRecord.Location, _ point: Int, _ record: IndexRecord
    ) throws {
        func addFrame() throws {
            let number = unit.firstFrame + unit.frames.count
            guard number < indexes[point].dataFrameCount else { throw Self.misplaced(record) }
            unit.starts.append(unit.rawCount)
            unit.frames.append(try indexes[point].dataFrame(number))
        }
        if unit.frames.isEmpty { try addFrame() }
        let position = location.frame - unit.firstFrame
        guard position < unit.frames.count, location.offset < unit.frames[position].rawSize,
            location.length > 0
        else { throw Self.misplaced(record) }
        let (end, overflow) = (unit.starts[position] + location.offset).addingReportingOverflow(
            location.length)
        guard !overflow else { throw Self.misplaced(record) }
        while unit.rawCount < end { try addFrame() }
    }

    private func flush(_ point: Int) throws {
        guard let unit = open[point] else { return }
        open[point] = nil
        let frames = unit.frames.enumerated().map { ticket(point, unit.firstFrame + $0.offset, $0.element) }
        if let last = frames.last { hold(point, unit.firstFrame + frames.count - 1, last) }
        try emit(MemberUnit(point: point, frames: frames, members: unit.members))
    }

    /// The frame that is kept for this point, or a new one.
    private func ticket(_ point: Int, _ number: Int, _ frame: DataFrame) -> FrameTicket {
        if let kept = held.first(where: { $0.point == point && $0.number == number }),
            orderedPool?.retain(kept.ticket) == true
        {
            return kept.ticket
        }
        return FrameTicket(point: point, frame: frame)
    }

    private func hold(_ point: Int, _ number: Int, _ ticket: FrameTicket) {
        guard let pool = orderedPool, pool.retain(ticket) else { return }
        if let position = held.firstIndex(where: { $0.point == point })
            ?? (held.count == Self.heldLimit ? 0 : nil)
        {
            pool.release(held.remove(at: position).ticket)
        }
        held.append((point, number, ticket))
    }

    private static func misplaced(_ record: IndexRecord) -> ArchiveError {
        ArchiveError(
            .hostile, "read the index", MemberPath.shown(record.path),
            detail: "its member lies outside of the frames that the index names")
    }
}
