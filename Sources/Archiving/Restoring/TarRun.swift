// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Writes the merged tree as one tar stream, for a host that unpacks it with its own tar.
///
/// Everything without content comes first, then the files as their frames come, then the hard links. The calling thread
/// writes; the others read, decrypt and decompress ahead. Not `Sendable`: it belongs to the calling thread.
final class TarRun {
    private let chain: ChainReader
    private let paths: [[UInt8]]?
    private let shared: RestoreShared
    private let output: TarOutput
    private var summary = RestoreSummary()
    private var promoted: [[UInt8]: [UInt8]] = [:]
    private var links: [IndexRecord] = []
    /// Members without content whose attributes lie in the parts.
    private var attributes: [[UInt8]: [ExtendedAttribute]] = [:]

    init(_ chain: ChainReader, _ paths: [[UInt8]]?, _ output: TarOutput, _ shared: RestoreShared) {
        self.chain = chain
        self.paths = paths
        self.output = output
        self.shared = shared
    }

    func run() throws -> RestoreSummary {
        do {
            try readAttributes()
            try writeOthers()
            try writeFiles()
            try writeLinks()
            try output.finish()
        } catch {
            summary.sort()
            throw RestoreInterrupted(cause: (error as? Unrecoverable)?.cause ?? error, summary: summary)
        }
        summary.sort()
        return summary
    }

    // MARK: - Without content

    /// Fetches the attributes of folders, links and special files, which must be known before their members are written.
    private func readAttributes() throws {
        let taker = AttributeTaker()
        _ = try read(taker, .attributes)
        attributes = taker.attributes
        taker.faults.forEach { summary.record($0) }
    }

    private func writeOthers() throws {
        let tree = try chain.tree(paths)
        var folders: [[UInt8]] = [[]]
        while let member = try tree.next() {
            guard !shared.isCancelled() else { throw Unrecoverable(cause: shared.reason) }
            let record = member.record
            let parent = MemberPath.parent(of: record.path)
            while let folder = folders.last, folder != parent, !folder.isEmpty { folders.removeLast() }
            try attempt(record.path) {
                guard record.path.isEmpty || folders.last == parent else {
                    throw ArchiveError(
                        .hostile, "restore", MemberPath.shown(record.path),
                        detail: "the index names no folder '\(MemberPath.shown(parent))' for it")
                }
                guard record.kind != .file else { return }
                try Self.checkLength(record.path)
                try write(record, tree)
                if record.kind == .folder, !record.path.isEmpty { folders.append(record.path) }
            }
        }
    }

    private func write(_ record: IndexRecord, _ tree: ChosenTree) throws {
        let found = attributes[record.path] ?? []
        guard found.isEmpty == (record.attributes == nil) else { return }
        switch record.kind {
        case .hardLink:
            try Self.checkLength(record.linkTarget)
            links.append(record)
        case .characterDevice, .blockDevice:
            guard shared.options.isTrusted else { return summary.leaveOut(.device) }
            try output.begin(record, found, &summary)
            summary.devices += 1
        case .folder:
            try output.begin(record, found, &summary)
            if !record.path.isEmpty { summary.folders += 1 }
        case .symbolicLink:
            try output.begin(record, found, &summary)
            summary.symbolicLinks += 1
        case .fifo:
            try output.begin(record, found, &summary)
            summary.fifos += 1
        case .file: break
        }
    }

    // MARK: - Content

    private func writeFiles() throws {
        let taker = TarTaker(output, shared)
        defer { summary.add(taker.summary) }
        promoted = try read(taker, .content).promoted
    }

    private func writeLinks() throws {
        let missed = Set(summary.faults.map(\.path))
        for link in links {
            var link = link
            if let first = promoted[link.linkTarget] {
                if first == link.path { continue }
                link.linkTarget = first
            }
            try attempt(link.path) {
                guard !missed.contains(link.linkTarget) else {
                    throw ArchiveError(
                        .missing, "link", MemberPath.shown(link.path),
                        detail:
                            "'\(MemberPath.shown(link.linkTarget))', whose content it shares, did not come back"
                    )
                }
                try output.begin(link, [], &summary)
                summary.hardLinks += 1
            }
        }
    }

    // MARK: - Reading

    /// Walks the tree on one thread, reads ahead on others, and takes members on this one.
    private func read(_ taker: any MemberTaker, _ purpose: TarWalk.Purpose) throws -> TarWalk {
        let pool = FramePool<MemberUnit>(units: 2 * chain.threads, frames: chain.threads + 2)
        let walk = TarWalk(chain, paths, purpose, shared, pool)
        let parts = chain.parts
        let walker = try Crew(1) {
            defer { pool.close() }
            try walk.run()
        }
        let helpers = try Crew(chain.threads) { [identities = chain.identities] in
            try UnitReader.loadAhead(pool, FrameLoader(parts, identities: identities))
        }
        let reader = UnitReader(
            pool, try FrameLoader(parts, identities: chain.identities), parts, taker,
            isCancelled: { [shared] in shared.isCancelled() })
        let results = [
            Result { try reader.run { _ in } },
            Result {
                pool.stop()
                try walker.join()
            },
            Result { try helpers.join() },
        ]
        for result in results { try result.get() }
        walk.faults.forEach { summary.record($0) }
        return walk
    }

    private func attempt(_ path: [UInt8], _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as ArchiveError {
            // What the receiver or libarchive refuses ends the stream; what the index gets wrong concerns one path.
            guard [.hostile, .malformed, .missing, .unsupported].contains(error.code) else { throw error }
            summary.record(RestoreFault(path: path, error: error))
        }
    }

    fileprivate static func checkLength(_ path: [UInt8]) throws {
        guard path.count > MemberPath.tarLimit else { return }
        throw ArchiveError(
            .unsupported, "restore", detail: "its path has \(path.count) bytes, more than GNU tar can take",
            hint: "restore it into a folder of this machine")
    }
}

/// The walk that finds what is to be read for a tar stream, on a thread of its own.
private final class TarWalk: @unchecked Sendable {
    // Unchecked: the walking thread alone touches it until it was joined.
    enum Purpose {
        /// Those of members without content.
        case attributes
        case content
    }

    private let chain: ChainReader
    private let paths: [[UInt8]]?
    private let purpose: Purpose
    private let shared: RestoreShared
    private let pool: FramePool<MemberUnit>
    private(set) var faults: [RestoreFault] = []
    /// Where the content of files went that were not asked for under their own name.
    private(set) var promoted: [[UInt8]: [UInt8]] = [:]

    init(
        _ chain: ChainReader, _ paths: [[UInt8]]?, _ purpose: Purpose, _ shared: RestoreShared,
        _ pool: FramePool<MemberUnit>
    ) {
        self.chain = chain
        self.paths = paths
        self.purpose = purpose
        self.shared = shared
        self.pool = pool
    }

    func run() throws {
        let tree = try chain.tree(paths)
        let builder = UnitBuilder(tree.indexes) { [pool, shared] unit in
            guard pool.put(unit, frames: unit.frames) else { throw Unrecoverable(cause: shared.reason) }
        }
        while let member = try tree.next() {
            guard !shared.isCancelled() else { throw Unrecoverable(cause: shared.reason) }
            do {
                try visit(member, tree, builder)
            } catch let error as ArchiveError {
                faults.append(RestoreFault(path: member.record.path, error: error))
            }
        }
        try builder.finish()
    }

    private func visit(_ member: MergedRecord, _ tree: ChosenTree, _ builder: UnitBuilder) throws {
        let record = member.record
        switch (purpose, record.kind) {
        case (.content, .file):
            try queue(member, to: record.path, builder)
        case (.content, .hardLink)
        where !tree.contains(record.linkTarget) && promoted[record.linkTarget] == nil:
            guard let target = try tree.find(record.linkTarget), target.record.kind == .file else {
                throw ArchiveError(
                    .hostile, "restore", MemberPath.shown(record.path),
                    detail:
                        "it is a hard link to '\(MemberPath.shown(record.linkTarget))', which is no file of the tree"
                )
            }
            promoted[record.linkTarget] = record.path
            try queue(target, to: record.path, builder)
        case (.content, _), (.attributes, .file), (.attributes, .hardLink):
            break
        case (.attributes, _) where record.attributes != nil:
            try queue(member, to: record.path, builder)
        case (.attributes, _):
            break
        }
    }

    private func queue(_ member: MergedRecord, to path: [UInt8], _ builder: UnitBuilder) throws {
        try TarRun.checkLength(path)
        guard let location = member.record.location else {
            throw ArchiveError(
                .malformed, "read the index", MemberPath.shown(member.record.path),
                detail: "its record does not say where it lies")
        }
        try builder.add(member.record, at: location, ofPoint: member.point, to: path)
    }
}

/// Keeps the attributes of members without content.
private final class AttributeTaker: MemberTaker {
    private(set) var attributes: [[UInt8]: [ExtendedAttribute]] = [:]
    private(set) var faults: [RestoreFault] = []

    func take(_ member: UnitMember, _ attributes: [ExtendedAttribute], from tar: TarReader) throws {
        self.attributes[member.destination] = attributes
    }

    func miss(_ member: UnitMember, _ error: ArchiveError) {
        faults.append(RestoreFault(path: member.destination, error: error))
    }
}

/// Writes files into a tar stream.
///
/// A file of up to 8 MiB is compared before its first byte is written, so that a damaged one is left out. A larger one is
/// compared while it is written; if it is damaged, the stream holds it with wrong content, and it is a fault.
private final class TarTaker: MemberTaker {
    private let output: TarOutput
    private let shared: RestoreShared
    private var kept: [UInt8] = []
    private static let keptLimit = 8 << 20
    private(set) var summary = RestoreSummary()

    init(_ output: TarOutput, _ shared: RestoreShared) {
        self.output = output
        self.shared = shared
    }

    func miss(_ member: UnitMember, _ error: ArchiveError) {
        summary.record(RestoreFault(path: member.destination, error: error))
    }

    func take(_ member: UnitMember, _ attributes: [ExtendedAttribute], from tar: TarReader) throws {
        var record = member.record
        record.path = member.destination
        let extents = record.holes > 0 ? tar.extents : nil
        let data = record.size - record.holes
        if data <= Self.keptLimit {
            try writeWhole(record, attributes, extents, tar, member.record)
        } else {
            try writeStream(record, attributes, extents, tar, member.record)
        }
        summary.files += 1
        summary.verifiedFiles += 1
        summary.bytes += data
        if record.isIncomplete { summary.recordIncomplete(record.path) }
        shared.tell(summary)
    }

    private func writeWhole(
        _ record: IndexRecord, _ attributes: [ExtendedAttribute], _ extents: [Range<Int>]?, _ tar: TarReader,
        _ member: IndexRecord
    ) throws {
        kept.removeAll(keepingCapacity: true)
        var places: [Range<Int>] = []
        unsafe try tar.content(comparedWith: member) { offset, bytes in
            unsafe kept.append(contentsOf: bytes)
            places.append(offset..<offset + bytes.count)
        }
        try fatal {
            try output.begin(record, attributes, extents: extents, &summary)
            var start = 0
            var end = 0
            for place in places {
                try output.skip(place.lowerBound - end)
                unsafe try kept.withUnsafeBytes { bytes in
                    unsafe try output.write(
                        UnsafeRawBufferPointer(rebasing: bytes[start..<start + place.count]))
                }
                start += place.count
                end = place.upperBound
            }
            try output.skip(record.size - end)
        }
    }

    private func writeStream(
        _ record: IndexRecord, _ attributes: [ExtendedAttribute], _ extents: [Range<Int>]?, _ tar: TarReader,
        _ member: IndexRecord
    ) throws {
        try fatal { try output.begin(record, attributes, extents: extents, &summary) }
        var end = 0
        do {
            unsafe try tar.content(comparedWith: member) { offset, bytes in
                try fatal {
                    try output.skip(offset - end)
                    unsafe try output.write(bytes)
                }
                end = offset + bytes.count
            }
        } catch let error as ArchiveError {
            // The member must have its full length, or everything behind it is lost, too.
            try fatal { try output.skip(record.size - end) }
            throw error
        }
        try fatal { try output.skip(record.size - end) }
    }

    /// What goes wrong on the way to the receiver ends everything.
    private func fatal(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            throw Unrecoverable(cause: error)
        }
    }
}

extension ChainReader {
    /// Writes the tree, or some paths of it with the folders above them, as one pax tar: for `tar -xp` at another host.
    ///
    /// The receiver should unpack with `--numeric-owner --xattrs --xattrs-include='*' --acls`, and without trust with
    /// `--no-same-owner`. A damaged file of up to 8 MiB is left out of the stream; a larger one may stand in it with
    /// wrong content: whatever is among the summary's faults must be removed at the target.
    ///
    /// - Parameters:
    ///   - paths: Relative to the tree; everything if `nil`.
    ///   - options: What may come back.
    ///   - progress: Called now and then on the calling thread.
    ///   - isCancelled: Asked often.
    ///   - output: Takes the bytes on the calling thread, which are valid during the call only.
    /// - Returns: What the stream holds and what it does not.
    /// - Throws: `missing` before anything is written; afterwards `RestoreInterrupted`, and the stream has no end.
    package func writeTar(
        _ paths: [[UInt8]]? = nil, options: RestoreOptions,
        progress: @escaping @Sendable (RestoreProgress) -> Void = { _ in },
        isCancelled: @escaping @Sendable () -> Bool = { false },
        to output: @escaping (UnsafeRawBufferPointer) throws -> Void
    ) throws -> RestoreSummary {
        try refuseGaps(paths, options)
        _ = try tree(paths)
        let shared = RestoreShared(options, progress: progress, isCancelled: isCancelled)
        let tar = unsafe try TarOutput(isTrusted: options.isTrusted, output)
        return try TarRun(self, paths, tar, shared).run()
    }
}
