// SPDX-License-Identifier: Apache-2.0

/// Opens the parts of a chain's points.
protocol PartSource: Sendable {
    /// A part's bytes as they lie in the store.
    func open(point: Int, part: Int) throws -> any RangedBytes
    /// The part's file as errors name it.
    func subject(point: Int, part: Int) -> String
}

/// The parts as they lie in their folders.
struct StoredParts: PartSource {
    let points: [ResolvedPoint]

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
        let reader = try AgeSeekableReader(parts.open(point: point, part: part), identities: identities)
        if open.count == Self.openLimit { open.removeFirst() }
        open.append((point, part, reader))
        return reader
    }
}
