// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Foundation
import Operations
import Reporting

struct DrillObserveCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "observe",
        abstract: "Rate an objective of a closed run: P, S, M or U, and what was seen.",
        discussion: """
            P performed without challenges, S with some, M with major ones, U unable. Only the people whom
            the scenario names as observers may rate; the report shows the rating beside what the record
            says, with the name. With --key it is signed.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "An objective of the scenario, or SERVICE/recovery_time, SERVICE/data_loss.")
    var objective: String

    @Argument(help: "P, S, M or U.")
    var rating: PerformanceRating

    @Option(help: "What was seen.")
    var text: String

    @Option(name: .customLong("as"), help: "Who watched, a person of the scenario.")
    var person: String

    @Option(help: "The run; without it, the newest.")
    var run: String?

    @Option(help: "Sign with this private key.", completion: .file())
    var key: String?

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let drills = place.drills
        let run = try run ?? drills.currentRun()
        let drill = try PreparedDrill.ofRun(
            run, runsFolder: place.workspace.runsFolder, toolVersion: Version.text)
        let said = try drills.observe(
            run: run, drill,
            DrillRunner.Remark(
                objective: objective, rating: rating, text: text, person: person, key: key))
        try console.print(said) {
            Escaping.visible(
                "\(said.run): \(said.objective) rated \(said.rating.rawValue) by \(said.person) as \(said.role), "
                    + (said.signature == nil ? "unsigned" : "signed"))
        }
        return .success
    }
}

extension PerformanceRating: ExpressibleByArgument {}

struct DrillWaiveCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "waive",
        abstract: "Say that a drill of the calendar need not be held until a day, and why.",
        discussion: "The calendar, the grade and the report name who said so. A period that is over cannot "
            + "be waived: it was missed.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The scenario, as the plan's calendar names it.")
    var scenario: String?

    @Option(help: "Why.")
    var because: String?

    @Option(help: "The last day, such as 2027-06-30.", transform: dayArgument)
    var until: Moment?

    @Option(name: .customLong("as"), help: "Who says so, a person of the plan.")
    var person: String?

    @Option(help: "Sign with this private key.", completion: .file())
    var key: String?

    @Flag(help: "List what was waived.")
    var list = false

    @Option(help: "Take a waiver back, by its id.")
    var revoke: String?

    func validate() throws {
        guard !list, revoke == nil else { return }
        guard scenario != nil, because != nil, until != nil, person != nil else {
            throw ValidationError("a waiver needs SCENARIO, --because, --until and --as")
        }
    }

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        if list {
            let waivers = try place.drills.waivers()
            try console.print(WaiverOutput(waivers: waivers)) {
                let lines = waivers.map { line($0, place) }
                return lines.isEmpty ? "nothing was waived" : lines.joined(separator: "\n")
            }
            return .success
        }
        if let revoke {
            let revoked = try place.drills.revokeWaiver(revoke)
            try console.print(revoked) { "\(revoked.id) is revoked" }
            return .success
        }
        guard let scenario, let because, let until, let person else { return .usage }
        let made = try place.drills.waive(
            scenario, plan: place.plan, by: person, because: because, until: until, key: key)
        try console.print(made) { line(made, place) }
        return .success
    }

    private func line(_ waiver: DrillWaiver, _ place: Place) -> String {
        let state =
            waiver.revokedAt != nil
            ? "revoked" : "until \(ZonedTime(place.plan).text(waiver.until))"
        let signed = waiver.signature == nil ? "unsigned" : "signed"
        return Escaping.visible(
            "\(waiver.id)  \(waiver.scenario)  \(state), \(waiver.person), \(signed): \(waiver.reason)")
    }
}

private struct WaiverOutput: Encodable {
    var waivers: [DrillWaiver]
}
