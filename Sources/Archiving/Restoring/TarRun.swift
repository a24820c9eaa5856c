// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Writes the merged tree as one tar stream, for a host that unpacks it with its own tar.
///
/// Members come in the tree's order: GNU tar gives a folder its times when the first path outside of it comes. The
/// calling thread writes; others walk the tree and read, decrypt and decompress ahead.
struct TarRun {
    let chain: ChainReader
    let paths: [[UInt8]]?
    let output: TarOutput
    let shared: RestoreShared

    func run() throws -> RestoreSummary {
        let pool = FramePool<MemberUnit>(units: 2 * chain.threads, frames: chain.threads + 2)
        let taker = TarTaker(output, shared)
        let walk = TarWalk(chain, paths, shared, pool)
        do {
            try run(pool, walk, taker)
            try output.finish()
        } catch {
            throw RestoreInterrupted(
                cause: (error as? Unrecoverable)?.cause ?? error, summary: summary(taker, walk))
        }
        return summary(taker, walk)
    }

    private func run(_ pool: FramePool<MemberUnit>, _ walk: TarWalk, _ taker: TarTaker) throws {
        let parts = chain.parts
        let walker = try Crew(1) {
            defer { pool.close() }
            try walk.run()
        }
        let helpers = Result {
            try Crew(chain.threads) { [identities = chain.identities] in
                try UnitReader.loadAhead(pool, FrameLoader(parts, identities: identities))
            }
        }
        let read = Result {
            let loader = try FrameLoader(parts, identities: chain.identities)
            try UnitReader(pool, loader, parts, taker, isCancelled: { [shared] in shared.isCancelled() })
                .run { _ in }
        }
        pool.stop()
        let others = [Result { try walker.join() }, Result { try helpers.get().join() }]
        try read.get()
        for other in others { try other.get() }
    }

    private func summary(_ taker: TarTaker, _ walk: TarWalk) -> RestoreSummary {
        var summary = taker.summary
        walk.faults.forEach { summary.record($0) }
        summary.sort()
        return summary
    }
}

/// The walk that finds what is to be written, on a thread of its own.
private final class TarWalk: @unchecked Sendable {
    // Unchecked: the walking thread alone touches it until it was joined.
    private let chain: ChainReader
    private let paths: [[UInt8]]?
    private let shared: RestoreShared
    private let pool: FramePool<MemberUnit>
    private(set) var faults: [RestoreFault] = []
    private var folders: [[UInt8]] = [[]]
    /// Where the content of files went that were not asked for under their own name.
    private var promoted: [[UInt8]: [UInt8]] = [:]

    init(
        _ chain: ChainReader, _ paths: [[UInt8]]?, _ shared: RestoreShared, _ pool: FramePool<MemberUnit>
    ) {
        self.chain = chain
        self.paths = paths
        self.shared = shared
        self.pool = pool
    }

    func run() throws {
        let tree = try chain.tree(paths)
        let builder = UnitBuilder(tree.indexes, keepingOrderIn: pool) { [pool, shared] unit in
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
        let parent = MemberPath.parent(of: record.path)
        while let folder = folders.last, folder != parent, !folder.isEmpty { folders.removeLast() }
        guard record.path.isEmpty || folders.last == parent else {
            throw ArchiveError(
                .hostile, "restore", MemberPath.shown(record.path),
                detail: "the index names no folder '\(MemberPath.shown(parent))' for it")
        }
        try Self.checkLength(record.path)
        if record.kind == .folder, !record.path.isEmpty { folders.append(record.path) }
        if record.kind == .hardLink {
            try visitLink(record, tree, builder)
        } else if record.kind == .file || record.attributes != nil {
            try queue(member, to: record.path, builder)
        } else {
            try builder.add(record)
        }
    }

    private func visitLink(_ record: IndexRecord, _ tree: ChosenTree, _ builder: UnitBuilder) throws {
        var link = record
        if !tree.contains(record.linkTarget) {
            guard let first = promoted[record.linkTarget] else {
                guard let target = try tree.find(record.linkTarget), target.record.kind != .hardLink,
                    target.record.kind != .folder
                else {
                    throw ArchiveError(
                        .hostile, "restore", MemberPath.shown(record.path),
                        detail:
                            "it is a hard link to '\(MemberPath.shown(record.linkTarget))', which is no file of the tree"
                    )
                }
                promoted[record.linkTarget] = record.path
                return try queue(target, to: record.path, builder)
            }
            link.linkTarget = first
        }
        try Self.checkLength(link.linkTarget)
        try builder.add(link)
    }

    private func queue(_ member: MergedRecord, to path: [UInt8], _ builder: UnitBuilder) throws {
        guard let location = member.record.location else {
            throw ArchiveError(
                .malformed, "read the index", MemberPath.shown(member.record.path),
                detail: "its record does not say where it lies")
        }
        try builder.add(member.record, at: location, ofPoint: member.point, to: path)
    }

    private static func checkLength(_ path: [UInt8]) throws {
        guard path.count > MemberPath.tarLimit else { return }
        throw ArchiveError(
            .unsupported, "restore", detail: "its path has \(path.count) bytes, more than GNU tar can take",
            hint: "restore it into a folder of this machine")
    }
}

/// Writes members into a tar stream.
///
/// A file of up to 8 MiB is compared before its first byte is written, so that a damaged one is left out. A larger one is
/// compared while it is written; if it is damaged, the stream holds it with wrong content, and it is a fault.
private final class TarTaker: MemberTaker {
    private let output: TarOutput
    private let shared: RestoreShared
    private var kept: [UInt8] = []
    private var missed: Set<[UInt8]> = []
    private static let keptLimit = 8 << 20
    private(set) var summary = RestoreSummary()

    init(_ output: TarOutput, _ shared: RestoreShared) {
        self.output = output
        self.shared = shared
    }

    func miss(_ member: UnitMember, _ error: ArchiveError) {
        missed.insert(member.destination)
        summary.record(RestoreFault(path: member.destination, error: error))
    }

    func take(bare member: UnitMember) throws {
        try write(member.record, [])
    }

    func take(_ member: UnitMember, _ attributes: [ExtendedAttribute], from tar: TarReader) throws {
        var record = member.record
        record.path = member.destination
        guard record.kind == .file else { return try write(record, attributes) }
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

    /// Writes what has no content.
    private func write(_ record: IndexRecord, _ attributes: [ExtendedAttribute]) throws {
        switch record.kind {
        case .folder:
            if !record.path.isEmpty { summary.folders += 1 }
        case .hardLink:
            guard !missed.contains(record.linkTarget) else {
                throw ArchiveError(
                    .missing, "link", MemberPath.shown(record.path),
                    detail:
                        "'\(MemberPath.shown(record.linkTarget))', whose content it shares, did not come back"
                )
            }
            summary.hardLinks += 1
        case .characterDevice, .blockDevice:
            guard shared.options.isTrusted else {
                summary.leaveOut(.device)
                return
            }
            summary.devices += 1
        case .symbolicLink: summary.symbolicLinks += 1
        case .fifo: summary.fifos += 1
        case .file: return
        }
        try fatal { try output.begin(record, attributes, &summary) }
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
        return try TarRun(chain: self, paths: paths, output: tar, shared: shared).run()
    }
}
