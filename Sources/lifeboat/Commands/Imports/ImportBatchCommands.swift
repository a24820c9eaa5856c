// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Operations
import Reporting

struct ImportListCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "What was read in, from which file, and what was left out.")

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let all = try ImportDesk(plan: place.plan, ledger: place.ledger).all()
        let zone = ZonedTime(place.plan)
        try console.print(ImportListOutput(imports: all)) {
            var table = Table(
                [
                    Table.Column("import"), Table.Column("kind"), Table.Column("file"), Table.Column("taken"),
                    Table.Column("known"), Table.Column("left out"), Table.Column("complete for"),
                    Table.Column("state"),
                ], empty: "nothing was imported")
            for batch in all {
                let span = batch.coversFrom.flatMap { from in
                    batch.coversTo.map {
                        "\(zone.text(from)) to \(zone.text($0)), says \(batch.person ?? "?")"
                    }
                }
                table.add(
                    [
                        batch.id, batch.reader, batch.file, "\(batch.taken)", "\(batch.known)",
                        "\(batch.skippedCount)", span ?? "",
                        batch.withdrawnAt == nil ? "counts" : "withdrawn",
                    ]
                    .map { Table.Cell($0) })
            }
            return table.text(console.style)
        }
        return .success
    }
}

private struct ImportListOutput: Encodable {
    var imports: [ImportBatch]
}

struct ImportWithdrawCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "withdraw", abstract: "Take a whole import back: as if its file had never come.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The import, as 'import list' names it.")
    var batch: String

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let taken = try ImportDesk(plan: place.plan, ledger: place.ledger)
            .withdraw(batch, at: place.time.now())
        try console.print(taken) {
            "\(taken.id) is withdrawn; its \(taken.taken + taken.known) records no longer count"
        }
        return .success
    }
}

struct ImportFormsCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "forms", abstract: "The kinds of file that are understood, and every field of our own.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "Only this kind.")
    var kind: ImportKind?

    func perform(_ console: Console) throws -> ExitStatus {
        let kinds = kind.map { [$0] } ?? ImportKind.allCases
        try console.print(FormsOutput(kinds)) {
            var table = Table([Table.Column("kind"), Table.Column("what the file holds")], empty: "")
            for kind in kinds { table.add([Table.Cell(kind.rawValue), Table.Cell(kind.meaning)]) }
            let schemas = kind.map { [$0.schema].compactMap { $0 } } ?? ImportSchema.all
            return ([table.text(console.style)] + schemas.map { Self.text($0, console.style) })
                .joined(separator: "\n\n")
        }
        return .success
    }

    private static func text(_ schema: ImportSchema, _ style: TextStyle) -> String {
        var table = Table(
            [Table.Column(schema.name), Table.Column("form"), Table.Column("meaning")], empty: "")
        for field in schema.fields {
            let form = field.form.words.replacing("\\|", with: "|") + (field.isRequired ? ", required" : "")
            table.add([Table.Cell(field.name), Table.Cell(form), Table.Cell(field.meaning)])
        }
        return table.text(style)
    }
}

private struct FormsOutput: Encodable {
    struct Kind: Encodable {
        var kind: String
        var meaning: String
        var fields: [Field]
    }

    struct Field: Encodable {
        var name: String
        var form: String
        var isRequired: Bool
        var meaning: String
    }

    var kinds: [Kind]

    init(_ kinds: [ImportKind]) {
        self.kinds = kinds.map { kind in
            Kind(
                kind: kind.rawValue, meaning: kind.meaning,
                fields: (kind.schema?.fields ?? []).map { field in
                    Field(
                        name: field.name, form: field.form.words.replacing("\\|", with: "|"),
                        isRequired: field.isRequired, meaning: field.meaning)
                })
        }
    }
}
