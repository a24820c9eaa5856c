// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What the threads of one restore share.
final class RestoreShared: Sendable {
    let options: RestoreOptions
    private let progress: @Sendable (RestoreProgress) -> Void
    private let wantsEnd: @Sendable () -> Bool
    private struct State {
        var summary = RestoreSummary()
        var progress = RestoreProgress(files: 0, bytes: 0)
        var attributes: [[UInt8]: [ExtendedAttribute]] = [:]
        var isStopped = false
    }
    private let state = Monitor(State())

    init(
        _ options: RestoreOptions, progress: @escaping @Sendable (RestoreProgress) -> Void,
        isCancelled: @escaping @Sendable () -> Bool
    ) {
        self.options = options
        self.progress = progress
        wantsEnd = isCancelled
    }

    /// Whether the work is to end, because the caller wants it or because a thread failed.
    func isCancelled() -> Bool { wantsEnd() || state.change { $0.isStopped } }

    /// Makes everybody end.
    func stop() { state.change { $0.isStopped = true } }

    /// Why the work ends, for those who only hear of it.
    var reason: ArchiveError { ArchiveError(.cancelled, "restore", detail: "asked to end early") }

    /// Keeps a folder's attributes until the folder gets them.
    func keep(_ attributes: [ExtendedAttribute], of folder: [UInt8]) {
        state.change { $0.attributes[folder] = attributes }
    }

    func attributes(of folder: [UInt8]) -> [ExtendedAttribute] {
        state.change { $0.attributes[folder] ?? [] }
    }

    /// Adds what a thread did in the meantime and tells the caller.
    func add(_ summary: RestoreSummary) {
        let now = state.change { state in
            state.summary.add(summary)
            state.progress.files = state.summary.files + state.summary.faultCount
            state.progress.bytes = state.summary.bytes
            return state.progress
        }
        progress(now)
    }

    /// Tells the caller how far a single thread is.
    func tell(_ summary: RestoreSummary) {
        progress(RestoreProgress(files: summary.files + summary.faultCount, bytes: summary.bytes))
    }

    func collect(into summary: inout RestoreSummary) {
        state.change { summary.add($0.summary) }
    }
}

/// Writes the members of units into a safe folder.
///
/// Not `Sendable`: one for each thread.
final class RestoreWorker: MemberTaker {
    private let chain: ChainReader
    private let shared: RestoreShared
    private let maker: MemberMaker
    private var summary = RestoreSummary()

    init(_ chain: ChainReader, _ shared: RestoreShared, _ root: SafeFolder) {
        self.chain = chain
        self.shared = shared
        maker = MemberMaker(root, isTrusted: shared.options.isTrusted)
    }

    /// Works until there are no more units.
    func run(_ pool: FramePool<MemberUnit>) throws {
        let parts = chain.parts
        let reader = UnitReader(
            pool, try FrameLoader(parts, identities: chain.identities), parts, self,
            isCancelled: { [shared] in shared.isCancelled() })
        defer { report() }
        try reader.run { _ in report() }
    }

    private func report() {
        shared.add(summary)
        summary = RestoreSummary()
    }

    func miss(_ member: UnitMember, _ error: ArchiveError) {
        summary.record(RestoreFault(path: member.destination, error: error))
    }

    func take(_ member: UnitMember, _ attributes: [ExtendedAttribute], from tar: TarReader) throws {
        guard !member.isSuperseded else { return }
        var record = member.record
        record.path = member.destination
        do {
            switch record.kind {
            case .file: try write(record, attributes, from: tar, as: member.record)
            case .folder: shared.keep(attributes, of: record.path)
            case .symbolicLink: try maker.makeSymbolicLink(record, attributes, &summary)
            case .fifo, .characterDevice, .blockDevice: try maker.makeSpecial(record, attributes, &summary)
            case .hardLink: preconditionFailure("a hard link has no bytes of its own")
            }
        } catch let error as TargetError {
            if error.cause.endsRestore { throw Unrecoverable(cause: error.cause) }
            throw error.cause
        } catch let error as ArchiveError where error.endsRestore && error.operation != "read" {
            throw Unrecoverable(cause: error)
        }
    }

    /// Writes a file and compares its content; one that is not what it should be is removed again.
    private func write(
        _ record: IndexRecord, _ attributes: [ExtendedAttribute], from tar: TarReader, as member: IndexRecord
    ) throws {
        let descriptor = try maker.createFile(record.path)
        defer { close(descriptor) }
        var bytes = 0
        do {
            unsafe try tar.content(comparedWith: member) { offset, piece in
                unsafe try Self.write(piece, at: offset, to: descriptor, record)
                bytes += piece.count
            }
            // What the last stretch of data does not reach is a hole.
            if record.holes > 0, ftruncate(descriptor, record.size) != 0 {
                throw TargetError(cause: .system("set the size of", MemberPath.shown(record.path)))
            }
            try maker.setter.apply(record, attributes, to: .open(descriptor), &summary)
        } catch {
            maker.remove(record.path)
            throw error
        }
        summary.files += 1
        summary.verifiedFiles += 1
        summary.bytes += bytes
        if record.isIncomplete { summary.recordIncomplete(record.path) }
    }

    private static func write(
        _ bytes: UnsafeRawBufferPointer, at offset: Int, to descriptor: Int32, _ record: IndexRecord
    ) throws {
        var done = 0
        while done < bytes.count {
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
            let count = unsafe pwrite(descriptor, rest.baseAddress, rest.count, offset + done)
            if count > 0 {
                done += count
            } else if errno != EINTR {
                throw TargetError(cause: .system("write", MemberPath.shown(record.path)))
            }
        }
    }
}

/// A failure at the target, kept apart from one of the store.
private struct TargetError: Error {
    let cause: ArchiveError
}
