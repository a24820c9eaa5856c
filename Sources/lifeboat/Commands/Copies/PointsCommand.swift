// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Ledger
import Operations
import Reporting

struct PointsCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "points", abstract: "The recovery points of each dataset, and the stores that hold them."
    )

    @OptionGroup var common: CommonOptions

    @Argument(help: "Datasets; without any, all of the plan.")
    var datasets: [String] = []

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let chosen = try place.plan.chosen(datasets)
        let book = try place.ledger.copyBook(of: chosen.map(\.id))
        let now = place.time.now()
        let zone = ZonedTime(place.plan)
        let rows = chosen.flatMap { dataset in
            book.judge(dataset, in: place.plan, at: now).points.map { point in
                PointRow(
                    dataset: dataset.id, point: point.point, kind: point.kind, parent: point.parent,
                    consistencyAt: point.consistencyAt, isWhole: point.isWhole,
                    bytesStored: point.copies.first?.receipt.bytes, stores: point.effectiveStores,
                    copies: point.copies)
            }
        }
        try console.print(PointsOutput(points: rows)) {
            var table = Table(
                [
                    Table.Column("dataset", isFlexible: true), Table.Column("point"),
                    Table.Column("consistent at"), Table.Column("stored", .right),
                    Table.Column("verified in", isFlexible: true),
                ], empty: "no points")
            for row in rows {
                let stores = row.stores.joined(separator: " ") + (row.isWhole ? "" : " (PARTIAL)")
                table.add([
                    Table.Cell(row.dataset), Table.Cell(row.point), Table.Cell(zone.text(row.consistencyAt)),
                    Table.Cell(row.bytesStored.map { ByteText.of($0) } ?? "-"),
                    row.stores.isEmpty ? Table.Cell("no store", .bad) : Table.Cell(stores),
                ])
            }
            return table.text(console.style)
        }
        return .success
    }
}

private struct PointsOutput: Encodable {
    var points: [PointRow]
}

private struct PointRow: Encodable {
    var dataset: String
    var point: String
    var kind: PointKind
    var parent: String?
    var consistencyAt: Moment
    var isWhole: Bool
    var bytesStored: Int?
    /// Stores that hold its whole chain, verified.
    var stores: [String]
    var copies: [Copy]
}
