// SPDX-License-Identifier: Apache-2.0
import Archiving
package import Continuity

/// Drills restore as people do, with the same code.
extension Restorer: DrillRestorer {
    package func choosePoint(dataset: String, from source: String?, asOf instant: Moment?) throws
        -> ChosenPoint
    {
        let known = try desk.dataset(dataset)
        let choice = try PointChooser(desk: desk, dataset: known, book: try desk.book())
            .choose(from: source, knownBy: instant)
        let store = choice.stores[0]
        return ChosenPoint(
            dataset: dataset, point: choice.point.name, store: store,
            site: desk.plan.store(store).flatMap(desk.plan.site(of:))?.id ?? "",
            consistencyAt: choice.point.consistencyAt)
    }

    package func restore(
        _ point: ChosenPoint, to host: String, path: String, isCancelled: @escaping @Sendable () -> Bool
    ) throws -> RestoreRun {
        try restore(
            RestoreRequest(
                dataset: point.dataset, to: .host(host, folder: path), point: point.point, from: point.store),
            supervision: Supervision(isCancelled: isCancelled))
    }

    package func files(of point: ChosenPoint) throws -> [FileHash] {
        let request = RestoreRequest(
            dataset: point.dataset, to: .folder(""), point: point.point, from: point.store)
        return try TreeHashes(reader: open(request).reader, paths: nil, workspace: desk.workspace).files()
    }
}
