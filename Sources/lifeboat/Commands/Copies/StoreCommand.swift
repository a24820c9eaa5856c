// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Foundation
import Operations

struct StoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "What is done at a store itself, by the one who runs it.",
        subcommands: [StoreExpireCommand.self])
}

struct StoreExpireCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "expire",
        abstract: "Let go of what keep rules no longer hold in a vault, at its site, by its own clock.",
        discussion: """
            Needs neither a workspace nor a ledger; run it as an account that may remove, not as the one that
            writes copies. First a point is marked; it is removed when its quarantine is over and the newest
            kept point was hashed here. The last whole point, and whatever a kept point builds on, always stay.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The store's folder.", completion: .directory)
    var folder: String

    @Argument(help: "The dataset.")
    var dataset: String

    @Option(
        help: "Who may have signed points: an allowed_signers file that did not come from this store.",
        completion: .file())
    var signers: String

    @Option(help: "Keep the newest so many.")
    var last: Int = 0
    @Option(help: "Keep one for each of so many hours.")
    var hourly: Int = 0
    @Option(help: "Keep one for each of so many days.")
    var daily: Int = 0
    @Option(help: "Keep one for each of so many weeks.")
    var weekly: Int = 0
    @Option(help: "Keep one for each of so many months.")
    var monthly: Int = 0
    @Option(help: "Keep one for each of so many years.")
    var yearly: Int = 0
    @Option(help: "Keep all within this length before the newest.", transform: durationArgument)
    var within: Duration?

    @Option(help: "The zone in which days begin.")
    var zone: String = "UTC"

    @Option(help: "How long a marked point stays.", transform: durationArgument)
    var quarantine: Duration = .days(7)

    @Flag(help: "Say what would be done, and do nothing.")
    var dryRun = false

    func validate() throws {
        guard [last, hourly, daily, weekly, monthly, yearly].allSatisfy({ $0 >= 0 }) else {
            throw ValidationError("a keep rule cannot be negative")
        }
        guard TimeZone(identifier: zone) != nil else { throw ValidationError("there is no zone '\(zone)'") }
    }

    func perform(_ console: Console) throws -> ExitStatus {
        let keep = Retention(
            last: last, hourly: hourly, daily: daily, weekly: weekly, monthly: monthly, yearly: yearly,
            within: within)
        let expirer = try StoreExpirer(
            store: URL(fileURLWithPath: folder).standardizedFileURL.path, dataset: dataset,
            rules: RetentionRules(keep: keep, zone: TimeZone(identifier: zone) ?? .gmt),
            quarantine: quarantine,
            signersFile: signers)
        let report = try expirer.expire(dryRun: dryRun)
        try console.print(report) { ExpireCommand.text(report) }
        return report.decision.refusal == nil ? .success : .refused
    }
}
