// SPDX-License-Identifier: Apache-2.0
import Archiving
package import Continuity

/// Drills restore as people do, with the same code.
extension Restorer: DrillRestorer {
    package func choosePoint(dataset: String, by rules: PointRules) throws -> ChosenPoint {
        try chosen(dataset, by: rules, at: nil)
    }

    package func pointBefore(_ point: ChosenPoint, by rules: PointRules) throws -> ChosenPoint? {
        do {
            return try chosen(point.dataset, by: rules, at: point.consistencyAt - .nanoseconds(1))
        } catch let error as OperationError where error.code == .failed {
            return nil
        }
    }

    private func chosen(_ dataset: String, by rules: PointRules, at latest: Moment?) throws -> ChosenPoint {
        let known = try desk.dataset(dataset)
        let choice = try PointChooser(desk: desk, dataset: known, book: try desk.book())
            .choose(from: rules.source, at: latest, knownBy: rules.instant, without: rules.absent)
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

    package func backUp(dataset: String, isFull: Bool) throws -> DrillBackup {
        let atLeast = try desk.dataset(dataset).copies.atLeast
        let run = try BackupRunner(desk).run(dataset, isFull ? .full : .automatic)
        let held = run.stores.filter { $0.state == .verified }.map(\.store)
        let isWhole = run.point != nil && held.count >= atLeast
        let words = [run.point, held.isEmpty ? nil : "proven in \(held.joined(separator: ", "))", run.detail]
        return DrillBackup(
            point: run.point ?? "", isWhole: isWhole,
            text: "\(run.kind.rawValue) backup \(run.outcome.rawValue): "
                + words.compactMap { $0 }.joined(separator: ", "))
    }

    package func files(of point: ChosenPoint) throws -> [FileHash] {
        let request = RestoreRequest(
            dataset: point.dataset, to: .folder(""), point: point.point, from: point.store)
        return try TreeHashes(reader: open(request).reader, paths: nil, workspace: desk.workspace).files()
    }
}
