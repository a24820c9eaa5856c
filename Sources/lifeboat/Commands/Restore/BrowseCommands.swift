// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Operations
import Reporting

struct ListCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "What is in a point, without restoring it.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The dataset.")
    var dataset: String

    @Argument(help: "A folder below its root.")
    var path: String = ""

    @Option(help: "The newest point not later than this time.", transform: momentArgument)
    var at: Moment?

    @Option(help: "A point by its name.")
    var point: String?

    @Option(name: .customLong("from"), help: "A store or a site; without it, the best.")
    var source: String?

    @Flag(name: [.short, .long], help: "Everything below, too.")
    var recursive = false

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        _ = try place.plan.chosenOwn([dataset])
        let printer = EntryPrinter(console: console, zone: ZonedTime(place.plan))
        try place.browser.list(
            dataset, path: path, at: at, point: point, from: source, recursive: recursive, printer.print)
        return .success
    }
}

struct FindCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "find", abstract: "Find paths in the newest point of each dataset, without restoring it."
    )

    @OptionGroup var common: CommonOptions

    @Argument(help: "A pattern with *, ? and […]; one without / is matched against names.")
    var pattern: String

    @Option(help: "Only this dataset; may be given again.")
    var dataset: [String] = []

    @Option(help: "The newest point not later than this time.", transform: momentArgument)
    var at: Moment?

    @Option(name: .customLong("from"), help: "A store or a site; without it, the best.")
    var source: String?

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let printer = EntryPrinter(console: console, zone: ZonedTime(place.plan))
        for chosen in try place.plan.chosenOwn(dataset) {
            try place.browser.find(pattern, in: chosen.id, at: at, from: source, printer.print)
        }
        return .success
    }
}

struct DifferenceCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "What differs between two points of a dataset.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The dataset.")
    var dataset: String

    @Argument(help: "The earlier point.")
    var before: String

    @Argument(help: "The later point.")
    var after: String

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        _ = try place.plan.chosenOwn([dataset])
        var differs = false
        try place.browser.difference(dataset, before, after) { difference in
            differs = true
            if console.wantsJSON {
                try console.print(String(decoding: CanonicalJSON.encode(difference), as: UTF8.self))
            } else {
                let signs: [PointDifference.Change: String] = [
                    .added: "+", .removed: "-", .changed: "~", .attributes: "a",
                ]
                try console.print("\(signs[difference.change] ?? "?") \(Escaping.visible(difference.path))")
            }
        }
        return differs ? .warnings : .success
    }
}

/// Prints entries as they come, so that a tree of millions needs no memory; JSON as one line each.
private struct EntryPrinter {
    let console: Console
    let zone: ZonedTime

    func print(_ entry: PointEntry) throws {
        if console.wantsJSON {
            return try console.print(String(decoding: CanonicalJSON.encode(entry), as: UTF8.self))
        }
        let kinds: [PointEntry.Kind: String] = [.file: "-", .folder: "d", .link: "l", .other: "?"]
        let mode = String(entry.permissions, radix: 8)
        let target = entry.linkTarget.map { " -> \($0)" } ?? ""
        let size = ByteText.of(entry.size)
        let padding = String(repeating: " ", count: max(0, 9 - size.count))
        try console.print(
            Escaping.visible(
                "\(kinds[entry.kind] ?? "?")\(mode)  \(entry.user):\(entry.group)\(padding)\(size)  "
                    + "\(zone.text(entry.modifiedAt))  \(entry.path)\(target)"))
    }
}

extension Place {
    var browser: PointBrowser { PointBrowser(workspace: workspace, plan: plan, ledger: ledger) }
}
