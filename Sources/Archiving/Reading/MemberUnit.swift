// SPDX-License-Identifier: Apache-2.0

/// A member that is to be read from a point's stream.
struct UnitMember: Sendable {
    let record: IndexRecord
    /// Where it goes: its own path, or that of a hard link whose target was not asked for.
    let destination: [UInt8]
    /// The place of its tar bytes in the raw bytes of the unit's frames.
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
/// another and back. Not `Sendable`: it belongs to the thread that walks.
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

    /// A unit takes in no further frames beyond this many raw bytes: others shall have work, too.
    private static let rawLimit = 64 << 20
    private static let memberLimit = 4096

    /// Takes what queues a unit.
    init(_ indexes: [IndexReader], emit: @escaping (MemberUnit) throws -> Void) {
        self.indexes = indexes
        self.emit = emit
        open = Array(repeating: nil, count: indexes.count)
    }

    /// Adds a member of a point.
    ///
    /// - Throws: `hostile` when its place is not in the point's frames.
    func add(
        _ record: IndexRecord, at location: IndexRecord.Location, ofPoint point: Int, to destination: [UInt8],
        isSuperseded: Bool = false
    ) throws {
        var unit: Open
        if let current = open[point], let joined = try joined(current, location, point) {
            unit = joined
        } else {
            try flush(point)
            unit = Open(firstFrame: location.frame, frames: [], starts: [])
            try extend(&unit, with: location, point, record)
        }
        guard location.frame - unit.firstFrame < unit.starts.count else { throw Self.misplaced(record) }
        let start = unit.starts[location.frame - unit.firstFrame] + location.offset
        try extend(&unit, with: location, point, record)
        unit.members.append(
            UnitMember(
                record: record, destination: destination, bytes: start..<start + location.length,
                isSuperseded: isSuperseded))
        open[point] = unit
    }

    /// Queues what is left.
    func finish() throws {
        for point in open.indices { try flush(point) }
    }

    /// The unit under way, if the member begins in its frames and after its last member.
    private func joined(_ unit: Open, _ location: IndexRecord.Location, _ point: Int) throws -> Open? {
        let position = location.frame - unit.firstFrame
        guard position >= 0, position < unit.frames.count, unit.members.count < Self.memberLimit,
            unit.rawCount < Self.rawLimit || position == 0
        else { return nil }
        let start = unit.starts[position] + location.offset
        guard let last = unit.members.last, start >= last.bytes.upperBound else { return nil }
        return unit
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
        try emit(
            MemberUnit(
                point: point, frames: unit.frames.map { FrameTicket(point: point, frame: $0) },
                members: unit.members))
    }

    private static func misplaced(_ record: IndexRecord) -> ArchiveError {
        ArchiveError(
            .hostile, "read the index", MemberPath.shown(record.path),
            detail: "its member lies outside of the frames that the index names")
    }
}
