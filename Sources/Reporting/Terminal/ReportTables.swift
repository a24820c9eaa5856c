// SPDX-License-Identifier: Apache-2.0
package import Continuity

extension MetricVerdict {
    package var tone: Tone {
        switch self {
        case .met: .good
        case .missed: .bad
        case .unproven: .doubtful
        }
    }
}

extension Table {
    /// The recovery points of a dataset, oldest first: what `points` prints.
    package static func points(_ copies: [DatasetCopies], zone: String) -> Table {
        var table = Table(
            [
                .init("dataset", isFlexible: true), .init("point"), .init("state of"),
                .init("stored", .right), .init("verified in", isFlexible: true),
            ], empty: "no points")
        guard let now = copies.first?.judgedAt else { return table }
        let words = Wording(.en, zone: zone, now: now)
        for dataset in copies {
            for point in dataset.points {
                let bytes = point.copies.map(\.receipt.bytes).max()
                let held =
                    point.effectiveStores.isEmpty
                    ? Cell("no verified copy", .bad) : Cell(point.effectiveStores.joined(separator: " "))
                table.add([
                    Cell(dataset.dataset), Cell(point.point, point.isWhole ? .plain : .doubtful),
                    Cell(words.time.short(point.consistencyAt) + (point.isWhole ? "" : " PARTIAL")),
                    Cell(bytes.map(ByteText.of) ?? "-"), held,
                ])
            }
        }
        return table
    }

    /// What each loss would leave: what `copies` prints.
    package static func losses(_ copies: DatasetCopies, zone: String) -> Table {
        let words = Wording(.en, zone: zone, now: copies.judgedAt)
        var table = Table(
            [
                .init("if"), .init("copies left", .right), .init("would be lost", .right),
                .init("in", isFlexible: true),
            ], empty: "nothing can be lost: there is no copy and no source")
        for outcome in copies.losses {
            table.add([
                Cell(outcome.loss.text),
                Cell("\(outcome.copiesLeft)", outcome.copiesLeft == 0 ? .bad : .plain),
                outcome.exposureSeconds.map { Cell(words.length.age(Duration(roundedSeconds: $0))) }
                    ?? Cell("everything", .bad), Cell(outcome.storesLeft.joined(separator: " ")),
            ])
        }
        return table
    }

    /// Every number against its objective: what `measure` prints.
    package static func figures(_ report: AuditReport) -> Table {
        let words = Wording(.en, zone: report.zone, now: report.generatedAt)
        var table = Table(
            [
                .init("service", isFlexible: true), .init("number", isFlexible: true),
                .init("interval", .right), .init("promised", .right), .init("verdict"), .init("evidence"),
                .init("age", .right), .init("events", isFlexible: true),
            ], empty: "the plan names no service")
        for service in report.services {
            for figure in service.figures {
                table.add([
                    Cell(service.service), Cell(words.name(figure.kind)), Cell(words.value(figure)),
                    Cell(figure.objective.map { words.length.text($0) } ?? "-"),
                    Cell(words.verdict(figure.verdict), figure.verdict.tone), Cell(figure.evidence.rawValue),
                    Cell(figure.ageSeconds.map { words.length.age(Duration(roundedSeconds: $0)) } ?? "-"),
                    Cell(figure.trace.text, .faint),
                ])
            }
        }
        return table
    }

    /// The profile of a grade: what `grade` prints.
    package static func grade(_ grade: GradeReport) -> Table {
        var table = Table(
            [
                .init("table"), .init("dimension", isFlexible: true), .init("levels"),
                .init("result", isFlexible: true), .init("blocked by", isFlexible: true),
            ], empty: "nothing was graded")
        for part in grade.tables {
            for dimension in part.dimensions {
                let blocker = dimension.blockers.first.flatMap(dimension.criterion)
                let more = dimension.blockers.count > 1 ? " (+\(dimension.blockers.count - 1))" : ""
                table.add([
                    Cell("\(part.table)"), Cell(dimension.nameEn), Cell(gauge(dimension)),
                    Cell(dimension.verdictEn),
                    Cell(dimension.outOfScope ?? blocker.map { $0.textEn + more } ?? "", .faint),
                ])
            }
        }
        return table
    }

    /// Five places: `■` confirmed, `▨` possible, `·` not met.
    private static func gauge(_ dimension: DimensionGrade) -> String {
        guard dimension.outOfScope == nil else { return "-----" }
        return (1...5).map { level in
            dimension.hasEvidence && level <= dimension.confirmed
                ? "■" : level <= dimension.possible ? "▨" : "·"
        }.joined()
    }

    /// Two runs side by side: what `drill diff` prints.
    package static func comparison(_ comparison: DrillComparison) -> Table {
        let words = Wording(.en, zone: "UTC", now: Moment(nanoseconds: 0))
        var table = Table([
            .init("service", isFlexible: true), .init("number"), .init("before", .right),
            .init("after", .right), .init("change"),
        ])
        for row in comparison.rows {
            let change: Cell =
                switch row.isShorter {
                case true?: .init("shorter", .good)
                case false?: .init("longer", .bad)
                case nil: .init("not settled", .faint)
                }
            table.add([
                Cell(row.service), Cell(words.name(row.kind)),
                Cell(row.before.map(words.length.text) ?? "unknown"),
                Cell(row.after.map(words.length.text) ?? "unknown"), change,
            ])
        }
        return table
    }
}
