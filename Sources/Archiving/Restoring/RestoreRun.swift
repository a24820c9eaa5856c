// SPDX-License-Identifier: Apache-2.0
import Glibc

/// One restore into a folder: walks the tree, makes folders, and lets a crew write the files.
///
/// Folders come first and get their attributes last, because whatever is made in them changes their times; hard links
/// come when the files they name are there. Not `Sendable`: it belongs to the thread that walks.
final class RestoreRun {
    private let chain: ChainReader
    private let shared: RestoreShared
    private let tree: ChosenTree
    private let maker: MemberMaker
    private let pool: FramePool<MemberUnit>
    private var summary = RestoreSummary()
    /// Folders in the order they were made.
    private var folders: [IndexRecord] = []
    /// The folders that the walk is in, from the root down.
    private var open: [[UInt8]] = [[]]
    private var links: [(path: [UInt8], target: [UInt8])] = []
    /// Where the content of files went that were not asked for under their own name.
    private var promoted: [[UInt8]: [UInt8]] = [:]

    init(_ chain: ChainReader, _ tree: ChosenTree, _ root: SafeFolder, _ shared: RestoreShared) {
        self.chain = chain
        self.tree = tree
        self.shared = shared
        maker = MemberMaker(root, isTrusted: shared.options.isTrusted)
        pool = FramePool(units: 2 * chain.threads, frames: chain.threads + 2)
    }

    /// Does everything and says what came of it.
    ///
    /// - Throws: `RestoreInterrupted` when it could not go on.
    func run() throws -> RestoreSummary {
        var failure: (any Error)?
        do {
            let crew = try Crew(chain.threads) { [chain, shared, pool, root = maker.root] in
                do {
                    try RestoreWorker(chain, shared, root).run(pool)
                } catch {
                    shared.stop()
                    pool.stop()
                    throw error
                }
            }
            let walked = Result { try walk() }
            if case .failure = walked { pool.stop() }
            pool.close()
            try crew.join()
            try walked.get()
            try makeLinks()
            try finishFolders()
        } catch {
            failure = error
        }
        shared.collect(into: &summary)
        summary.sort()
        if let failure {
            let cause = (failure as? Unrecoverable)?.cause ?? failure
            throw RestoreInterrupted(cause: cause, summary: summary)
        }
        return summary
    }

    // MARK: - Walking

    private func walk() throws {
        let builder = UnitBuilder(tree.indexes) { [pool, shared] unit in
            guard pool.put(unit, frames: unit.frames) else {
                throw Unrecoverable(cause: shared.reason)
            }
        }
        while let member = try tree.next() {
            guard !shared.isCancelled() else { throw Unrecoverable(cause: shared.reason) }
            try attempt(member.record.path) { try visit(member, builder) }
        }
        try builder.finish()
    }

    private func visit(_ member: MergedRecord, _ builder: UnitBuilder) throws {
        let record = member.record
        try enter(record)
        switch record.kind {
        case .folder:
            try maker.makeFolder(record)
            folders.append(record)
            if !record.path.isEmpty {
                open.append(record.path)
                summary.folders += 1
            }
            if record.attributes != nil { try queue(member, to: record.path, builder) }
        case .hardLink:
            try visitLink(record, builder)
        case .file:
            try queue(member, to: record.path, builder)
        case .symbolicLink where record.attributes == nil:
            try maker.makeSymbolicLink(record, [], &summary)
        case .fifo where record.attributes == nil, .characterDevice where record.attributes == nil,
            .blockDevice where record.attributes == nil:
            try maker.makeSpecial(record, [], &summary)
        case .symbolicLink, .fifo, .characterDevice, .blockDevice:
            try queue(member, to: record.path, builder)
        }
    }

    /// Sees that the folder above is there and is a folder.
    private func enter(_ record: IndexRecord) throws {
        let parent = MemberPath.parent(of: record.path)
        while let folder = open.last, folder != parent, !folder.isEmpty { open.removeLast() }
        guard record.path.isEmpty || open.last == parent else {
            throw ArchiveError(
                .hostile, "restore", MemberPath.shown(record.path),
                detail: "the index names no folder '\(MemberPath.shown(parent))' for it")
        }
    }

    /// A name of a file that has several; if its first name was not asked for, this one gets the content.
    private func visitLink(_ record: IndexRecord, _ builder: UnitBuilder) throws {
        if tree.contains(record.linkTarget) {
            links.append((record.path, record.linkTarget))
        } else if let first = promoted[record.linkTarget] {
            links.append((record.path, first))
        } else {
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
            try queue(target, to: record.path, builder)
        }
    }

    private func queue(_ member: MergedRecord, to path: [UInt8], _ builder: UnitBuilder) throws {
        guard let location = member.record.location else {
            throw ArchiveError(
                .malformed, "read the index", MemberPath.shown(member.record.path),
                detail: "its record does not say where it lies")
        }
        try builder.add(member.record, at: location, ofPoint: member.point, to: path)
    }

    // MARK: - Ending

    private func makeLinks() throws {
        for link in links {
            guard !shared.isCancelled() else { throw Unrecoverable(cause: shared.reason) }
            try attempt(link.path) {
                do {
                    try maker.makeHardLink(link.path, to: link.target)
                } catch let error as ArchiveError where error.code == .ioFailed(errno: ENOENT) {
                    throw ArchiveError(
                        .missing, "link", MemberPath.shown(link.path),
                        detail:
                            "'\(MemberPath.shown(link.target))', whose content it shares, did not come back")
                }
                summary.hardLinks += 1
            }
        }
    }

    /// From the deepest up: a folder's times change while anything below it is still being made.
    private func finishFolders() throws {
        for folder in folders.reversed() {
            try attempt(folder.path) {
                try maker.finishFolder(folder, shared.attributes(of: folder.path), &summary)
            }
        }
    }

    /// Does something about one path: what goes wrong becomes a fault, unless nothing can go on.
    private func attempt(_ path: [UInt8], _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as ArchiveError {
            if error.endsRestore { throw Unrecoverable(cause: error) }
            summary.record(RestoreFault(path: path, error: error))
        }
    }
}

extension ArchiveError {
    /// Whether nothing more can be written at the target.
    var endsRestore: Bool {
        guard case .ioFailed(let number) = code else { return false }
        return [ENOSPC, EDQUOT, EROFS, EIO, EMFILE, ENFILE, ENOMEM].contains(number)
    }
}
