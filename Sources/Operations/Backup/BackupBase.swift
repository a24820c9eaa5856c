// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation

/// What a run builds on: the point before, the merged index that tells what has changed, the numbering.
struct BackupBase: Sendable {
    /// The index to compare with; `nil` makes the run a full one.
    var parent: IndexShelf.Entry?
    /// The highest sequence number so far; 0 before the first point.
    var sequence = 0
    /// The manifest with that number.
    var previousManifest: String?
    var previousCounts: BackupCounts?
    /// For a person, when the run is not what was asked for.
    var notes: [String] = []

    /// More incrementals than this after one full make the next run a full one, whatever the schedule says:
    /// each of them is needed for a restore.
    static let chainLimit = 200

    static func choose(
        _ dataset: Dataset, _ request: BackupRequest, _ book: CopyBook, _ shelf: IndexShelf, _ desk: CopyDesk
    ) -> BackupBase {
        var base = BackupBase()
        let points = book.points(of: dataset.id)
        let numbered = points.compactMap { point in point.run?.sequence.map { (number: $0, point: point) } }
        if let last = numbered.max(by: { $0.number < $1.number }) {
            base.sequence = last.number
            base.previousManifest = last.point.manifestSha256
        }
        base.previousCounts = points.last { $0.isWhole }?.run?.counts
        // The output of a command is always read whole.
        guard request != .full, dataset.source.command.isEmpty else { return base }
        switch usable(dataset, book, shelf, desk) {
        case .success(let entry):
            if request == .automatic, isFullDue(dataset, points, desk) { return base }
            base.parent = entry
        case .failure(let reason):
            // The first point of a dataset is a full one without a word.
            if !points.isEmpty { base.notes.append("full instead of incremental: \(reason.detail)") }
        }
        return base
    }

    /// The source as an index knows it; another source gets a full point.
    static func identity(of dataset: Dataset) -> String {
        let source = dataset.source
        let place = source.path ?? source.command.joined(separator: " ")
        return "\(source.host ?? "")\n\(place)"
    }

    private static func usable(
        _ dataset: Dataset, _ book: CopyBook, _ shelf: IndexShelf, _ desk: CopyDesk
    ) -> Result<IndexShelf.Entry, OperationError> {
        func no(_ words: String) -> Result<IndexShelf.Entry, OperationError> {
            .failure(OperationError(.failed, words))
        }
        guard let entry = shelf.newest() else { return no("there is no index of the point before") }
        guard entry.source == identity(of: dataset) else {
            return no("the source is another one than before")
        }
        guard let point = book.point(entry.point, of: dataset.id),
            point.manifestSha256 == entry.manifestSha256,
            let chain = book.chain(of: entry.point, in: dataset.id)
        else { return no("the ledger does not know the point of the index") }
        guard chain.count <= chainLimit else { return no("\(chain.count) points build on one another") }
        // What waits for the budget's proof or for a key drill may be built upon; else each run would be a full one.
        let mayWait =
            !book.untriedRecipients(of: dataset.id).isEmpty
            || dataset.copies.to.compactMap(desk.plan.store).contains { $0.proof == .sampled }
        let stores = book.stores(
            holding: entry.point, of: dataset.id, at: desk.time.now(),
            within: dataset.copies.verifiedWithin,
            states: mayWait ? [.verified, .stale, .claimed] : [.verified, .stale])
        guard stores.contains(where: dataset.copies.to.contains) else {
            return no("no store of the plan holds \(entry.point) with all it builds on")
        }
        return .success(entry)
    }

    /// Whether the schedule's full run has come round since the last full point was begun.
    private static func isFullDue(_ dataset: Dataset, _ points: [CopyBook.Point], _ desk: CopyDesk) -> Bool {
        guard let schedule = dataset.schedule?.full, let last = points.last(where: { $0.kind == .full })
        else {
            return false
        }
        return schedule.next(after: last.consistencyAt, in: desk.zone) <= desk.time.now()
    }
}
