// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import SecureShell
import Synchronization

/// The stores that one run writes to, each opened beside the reading of the source.
final class StoreSet: Sendable {
    /// What a store has shown when it was opened.
    struct Opening: Sendable {
        /// For a person: points that this ledger does not know.
        var notes: [String] = []
        /// What lies in the ledger's folder there.
        var images: [StoredName] = []
    }

    let stores: [StoreAccess]
    let folder: StoreFolder
    private let dataset: Dataset
    private let point: PointName
    private let known: Set<String>
    private let greeting: StoreGreeting
    private let openings = Mutex<[String: Result<Opening, any Error>]>([:])

    init(desk: CopyDesk, dataset: Dataset, point: PointName, book: CopyBook, greeting: StoreGreeting) throws {
        self.dataset = dataset
        self.point = point
        self.greeting = greeting
        known = Set(book.points(of: dataset.id).map(\.name))
        stores = try dataset.copies.to.map(desk.connector.store)
        folder = try StoreFolder.point(point.text, of: dataset.id)
    }

    /// What a store has shown; `nil` until it was opened, or when it did not answer.
    func opening(of store: String) -> Opening? {
        openings.withLock { try? $0[store]?.get() }
    }

    /// Says that no store can be reached and why, if that is so.
    var unreachable: OperationError? {
        openings.withLock { openings in
            var reasons: [String] = []
            for store in stores {
                guard case .failure(let error)? = openings[store.store.id] else { return nil }
                reasons.append("\(store.store.id): \(OperationError(describing: error).detail)")
            }
            return OperationError(
                .unreachable, "no store can be reached; \(reasons.sorted().joined(separator: "; "))")
        }
    }

    /// Makes the point's folder in a store and looks round there.
    ///
    /// - Throws: when the store cannot be used; it is then behind.
    func open(_ access: StoreAccess) throws {
        let result = Result { () -> Opening in
            try greeting.wait(for: access.store.id)
            return try access.pool.with(equipped: true) { try open(access, on: $0) }
        }
        openings.withLock { $0[access.store.id] = result }
        _ = try result.get()
    }

    private func open(_ access: StoreAccess, on session: PooledSession) throws -> Opening {
        let (datasetFolder, images) = (
            try StoreFolder.dataset(dataset.id), try StoreFolder([LedgerImages.folderName])
        )
        let pipeline = try session.pipeline()
        let path = access.path(in: folder)
        let found = try pipeline.look(
            making: [access.path(in: datasetFolder), path],
            listing: [access.path(in: datasetFolder), access.path(in: images)])
        pipeline.roundTrip.map(access.pool.note(roundTrip:))
        // The store's own folder may be missing; only the long way says what is wrong.
        if found.made.last != true { try session.files().makeFolders(path) }
        // Begun now, so that no proof waits for the account's start-up files.
        if access.store.proof == .hashAtSite { _ = try? session.shell() }
        let points = try found.listed[0] ?? session.files().list(access.path(in: datasetFolder))
        return Opening(
            notes: try strangers(access, StoreAccess.folders(points), pipeline),
            images: StoreAccess.files(found.listed[1] ?? []))
    }

    /// Committed points that this ledger knows nothing of: another orchestrator is at work, or the ledger was rolled back.
    private func strangers(
        _ access: StoreAccess, _ points: [String], _ pipeline: FilePipeline
    ) throws -> [String] {
        // The newest few will do: one is enough to call a person.
        let unknown = points.filter { !known.contains($0) && $0 != point.text && PointName($0) != nil }
            .suffix(3)
        guard !unknown.isEmpty else { return [] }
        let listed = try pipeline.look(
            listing: unknown.map { access.path(in: try StoreFolder.point($0, of: dataset.id)) }
        ).listed
        return zip(unknown, listed).compactMap { name, entries in
            // A folder without a manifest is what a killed run left behind.
            guard
                StoreAccess.files(entries ?? []).contains(where: {
                    StoreFile(name: $0.name)?.role == .manifest
                })
            else { return nil }
            return "\(access.store.id) holds the point \(name), which this ledger does not know: "
                + "another orchestrator, or a ledger that was put back?"
        }
    }
}
