// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity

/// The stores that one run writes to.
struct StoreSet: Sendable {
    /// Those that answered, and why the others did not.
    struct Reached: Sendable {
        var stores: [StoreAccess] = []
        var failed: [String: StoreResult] = [:]
        var notes: [String] = []
    }

    let desk: CopyDesk
    let dataset: Dataset
    let folder: StoreFolder
    private let point: PointName

    init(desk: CopyDesk, dataset: Dataset, point: PointName) {
        self.desk = desk
        self.dataset = dataset
        self.point = point
        // Names of datasets are checked by the plan, and a point's name by its type.
        guard let folder = try? StoreFolder.point(point.text, of: dataset.id) else {
            preconditionFailure("'\(dataset.id)' was let through as the name of a dataset")
        }
        self.folder = folder
    }

    /// Looks at all stores at once.
    ///
    /// - Throws: `OperationError` with `.unreachable` when none answers.
    func reach(_ book: CopyBook) throws -> Reached {
        let known = Set(book.points(of: dataset.id).map(\.name))
        let results = inParallel(dataset.copies.to, "reach") { [self] name -> (StoreAccess, [String]) in
            let access = try desk.connector.store(name)
            try access.makeFolder(folder)
            return (access, try strangers(access, known))
        }
        var reached = Reached()
        for (name, result) in zip(dataset.copies.to, results) {
            switch result {
            case .success(let (access, strangers)):
                reached.stores.append(access)
                reached.notes += strangers
            case .failure(let error):
                reached.failed[name] = StoreResult(
                    store: name, state: .behind, detail: OperationError(describing: error).detail)
            }
        }
        guard !reached.stores.isEmpty else {
            let reasons = reached.failed.values.map { "\($0.store): \($0.detail ?? "")" }.sorted()
            throw OperationError(.unreachable, "no store can be reached; \(reasons.joined(separator: "; "))")
        }
        return reached
    }

    /// Committed points that this ledger knows nothing of: another orchestrator is at work, or the ledger was rolled back.
    private func strangers(_ access: StoreAccess, _ known: Set<String>) throws -> [String] {
        let unknown = try access.points(of: dataset.id).filter {
            !known.contains($0) && $0 != point.text && PointName($0) != nil
        }
        // The newest few will do: one is enough to call a person.
        return try unknown.suffix(3).compactMap { name in
            let names = try access.names(in: .point(name, of: dataset.id))
            // A folder without a manifest is what a killed run left behind.
            guard names.contains(where: { StoreFile(name: $0.name)?.role == .manifest }) else { return nil }
            return "\(access.store.id) holds the point \(name), which this ledger does not know: "
                + "another orchestrator, or a ledger that was put back?"
        }
    }
}
