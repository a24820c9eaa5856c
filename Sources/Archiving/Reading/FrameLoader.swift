// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Opens the parts of a chain's points.
protocol PartSource: Sendable {
    /// A part's bytes as they lie in the store.
    func open(point: Int, part: Int) throws -> any RangedBytes
    /// The part's file as errors name it.
    func subject(point: Int, part: Int) -> String
    /// What the threads that read the parts tell each other about them.
    var openings: PartOpenings? { get }
}

extension PartSource {
    var openings: PartOpenings? { nil }
}

/// Parts that some thread has opened: the others need not ask the store for header and end again.
final class PartOpenings: Sendable {
    private struct Place: Hashable {
        let point: Int
        let part: Int
    }

    private let known = Mutex<[Place: AgeSeekableReader.Opening]>([:])

    /// A reader of a part of its own.
    func reader(
        _ source: any RangedBytes, point: Int, part: Int, identities: [AgeIdentity]
    ) throws -> AgeSeekableReader {
        let place = Place(point: point, part: part)
        if let opening = known.withLock({ $0[place] }) {
            return AgeSeekableReader(source, opened: opening)
        }
        let reader = try AgeSeekableReader(source, identities: identities)
        let opening = reader.opening
        known.withLock { $0[place] = opening }
        return reader
    }
}

/// The parts as they lie in their folders.
struct StoredParts: PartSource {
    let points: [ResolvedPoint]
    var openings: PartOpenings?

    func open(point: Int, part: Int) throws -> any RangedBytes {
        try points[point].files.open(points[point].partName(part))
    }

    func subject(point: Int, part: Int) -> String {
        let name = try? points[point].partName(part)
        return points[point].subject(name ?? StoreFile(.part(part)).name)
    }
}

/// Reads, decrypts and decompresses single frames.
///
/// Not `Sendable`: it keeps open parts and its own memory; one for each thread.
@safe final class FrameLoader {
    private let parts: any PartSource
    private let identities: [AgeIdentity]
    private let zstd: ZstdReader
    private var open: [(point: Int, part: Int, reader: AgeSeekableReader)] = []
    private var compressed = UnsafeMutableRawBufferPointer.allocate(byteCount: 4 << 20, alignment: 4096)
    private static let openLimit = 8

    init(_ parts: any PartSource, identities: [AgeIdentity]) throws(ArchiveError) {
        self.parts = parts
        self.identities = identities
        zstd = try ZstdReader()
    }

    deinit {
        unsafe compressed.deallocate()
    }

    /// Fills the memory with a frame's raw bytes; errors name the part's file.
    func load(_ ticket: FrameTicket, into memory: FrameMemory) throws {
        let frame = ticket.frame
        do {
            let reader = try reader(point: ticket.point, part: frame.part)
            let end = frame.offset + frame.compressedSize
            guard end <= reader.size else {
                throw ArchiveError(
                    .damaged, "read a frame",
                    detail: "it holds \(reader.size) bytes, and the index names \(end)")
            }
            if unsafe compressed.count < frame.compressedSize {
                unsafe compressed.deallocate()
                unsafe compressed = .allocate(byteCount: frame.compressedSize, alignment: 4096)
            }
            let target = unsafe UnsafeMutableRawBufferPointer(rebasing: compressed[..<frame.compressedSize])
            let count = unsafe try reader.read(at: frame.offset, into: target)
            guard count == target.count else {
                throw ArchiveError(.truncated, "read a frame", detail: "it ends within the frame")
            }
            unsafe try zstd.frame(
                UnsafeRawBufferPointer(target),
                into: UnsafeMutableRawBufferPointer(rebasing: memory.bytes[..<frame.rawSize]))
        } catch let error as ArchiveError {
            throw error.about(parts.subject(point: ticket.point, part: frame.part))
        }
    }

    private func reader(point: Int, part: Int) throws -> AgeSeekableReader {
        if let position = open.lastIndex(where: { $0.point == point && $0.part == part }) {
            let found = open.remove(at: position)
            open.append(found)
            return found.reader
        }
        let source = try parts.open(point: point, part: part)
        let reader =
            try parts.openings?.reader(source, point: point, part: part, identities: identities)
            ?? AgeSeekableReader(source, identities: identities)
        if open.count == Self.openLimit { open.removeFirst() }
        open.append((point, part, reader))
        return reader
    }
}
