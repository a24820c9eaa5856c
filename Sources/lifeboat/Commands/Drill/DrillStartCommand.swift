// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Foundation
import Glibc
import Ledger
import Operations
import Reporting

struct DrillStartCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Open a run and perform it to its end; whatever happens is undone.",
        discussion: """
            Questions are answered from another terminal with 'lifeboat drill answer', or from --answers.
            Ctrl-C aborts: nothing new begins and everything is undone. A live drill begins only with
            --live and the scenario's id, typed by somebody who knows what it will do. Ends with 0 when the run passed, 2
            when an objective was missed, 3 when it failed, 4 when a guard forbade it, 5 when something is
            unproven or was left behind.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var drill: DrillOptions

    @Option(help: "The id of the scenario once more, for a drill in mode live.")
    var live: String?

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let prepared = try drill.prepare(place, console)
        let (id, isLive) = (prepared.scenario.id, prepared.scenario.mode == .live)
        guard live == (isLive ? id : nil) else {
            throw OperationError(
                .refused,
                isLive
                    ? "\(id) is live: real services are disturbed"
                    : "\(id) is not live: its mode is \(prepared.scenario.mode.rawValue)",
                hint: isLive ? "'lifeboat drill plan' shows what it does; '--live \(id)' begins it" : nil)
        }
        return try DrillDay(place: place, console: console, drill: prepared).perform { control, progress in
            try place.drills.start(prepared, control: control, progress: progress)
        }
    }
}

struct DrillResumeCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Take up a run whose controller died.",
        discussion: """
            It goes on from the copies of scenario, plan and scripts that were kept when it opened. An open
            incident or a blackout forbids that (status 4); --undo-only then begins nothing more, and heals,
            undoes, and behind the point of no return does what protects and leads back.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The run.")
    var run: String

    @Flag(help: "Begin nothing more: only heal, undo and lead back.")
    var undoOnly = false

    @Option(help: "Why, for the journal; with --undo-only.")
    var because: String?

    @Option(name: .customLong("as"), help: "Who says so, a person of the plan; with --undo-only.")
    var person: String?

    func validate() throws {
        guard undoOnly == (because != nil) else {
            throw ValidationError("--undo-only and --because TEXT go together")
        }
        guard undoOnly || person == nil else { throw ValidationError("--as goes with --undo-only") }
    }

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let prepared = try PreparedDrill.ofRun(
            run, runsFolder: place.workspace.runsFolder, toolVersion: Version.text)
        return try DrillDay(place: place, console: console, drill: prepared).perform { control, progress in
            try place.drills.resume(
                run, prepared, undoing: because.map { DrillFact.Reason(text: $0, person: person) },
                control: control, progress: progress)
        }
    }
}

/// A run from this terminal: its records as they come, Ctrl-C as an abort, its end as a verdict.
struct DrillDay {
    let place: Place
    let console: Console
    let drill: PreparedDrill

    func perform(
        _ work: (DrillControl, @escaping @Sendable (DrillRecord) -> Void) throws -> DrillRunner.End
    ) throws -> ExitStatus {
        let control = DrillControl()
        let watch = Thread {
            while !Interrupt.wasAsked { usleep(50_000) }
            control.abort("stopped from the terminal")
        }
        watch.start()
        let (console, lines) = (console, DrillLines())
        let end = try work(control) { record in
            if let line = lines.line(of: record) { console.say(line) }
        }
        if try place.drills.record(end) != nil { place.shareLedger(console) }
        let report = makeReport(of: end.run.run)
        try console.print(end.run) { DrillRunText(run: end.run).text + report.text }
        return ExitStatus.worst(of: [end.run.status, report.status])
    }

    /// The report that the scenario asks for at its end; what keeps it from being made changes no verdict.
    private func makeReport(of run: String) -> (text: String, status: ExitStatus) {
        guard drill.scenario.after.report != nil else { return ("", .success) }
        do {
            let made = try DrillReportMaker(place: place).make(run, drill, isFinal: true)
            for copy in made.copies where copy.trouble != nil { console.warn(copy.line) }
            return ("\n" + made.text, made.status)
        } catch {
            console.warn("no report was made: \(error)", hint: "'lifeboat drill report \(run)' makes it")
            return ("", .warnings)
        }
    }
}

extension DrillRun {
    /// The status of the one table for a closed run.
    var status: ExitStatus {
        var statuses: [ExitStatus] = []
        let verdicts = services.flatMap { [$0.recoveryTimeVerdict, $0.recoveryPointVerdict] }
        if aftermath == .leftovers { statuses.append(.unproven) }
        if verdicts.contains(.missed) { statuses.append(.partial) }
        if verdicts.contains(.unproven) { statuses.append(.unproven) }
        switch outcome {
        case .passed: break
        case .failed: statuses.append(verdicts.contains(.missed) ? .partial : .failed)
        case .incomplete: statuses.append(.unproven)
        case .aborted: statuses.append(.failed)
        }
        return ExitStatus.worst(of: statuses)
    }
}

/// One line for what people watch in a run; `nil` for the rest.
final class DrillLines: @unchecked Sendable {
    // Unchecked: `begunAt` is only touched while `lock` is held.
    private let lock = NSLock()
    private var begunAt: Duration?

    func line(of record: DrillRecord) -> String? {
        guard let text = text(of: record) else { return nil }
        let elapsed = lock.withLock {
            let begun = begunAt ?? record.monotonic
            begunAt = begun
            return record.monotonic - begun
        }
        let step = record.step.map { "\($0): " } ?? ""
        return "\(Self.clock(elapsed))  \(Escaping.visible(step + text))"
    }

    private func text(of record: DrillRecord) -> String? {
        switch record.fact {
        case .runOpen(let opened): "run \(record.run) opens: \(opened.title) (\(opened.mode.rawValue))"
        case .intent(let intent):
            intent.hosts.isEmpty ? intent.verb : "\(intent.verb) at \(intent.hosts.joined(separator: ", "))"
        case .finished(let finished): "\(finished.result.rawValue), \(finished.actual)"
        case .note(let note): note.text
        case .stop(let stop): "the run stops: \(stop.text)"
        case .hold(let hold): "HOLD: \(hold.text)"
        case .release(let release): "released: \(release.text)"
        default: nil
        }
    }

    private static func clock(_ length: Duration) -> String {
        let seconds = Int(length.inSeconds)
        let parts = [seconds / 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return parts.joined(separator: ":")
    }
}

/// A closed run for a person.
struct DrillRunText {
    let run: DrillRun

    var text: String {
        var lines = [
            "\(run.run): \(run.outcome.rawValue.uppercased()), \(run.aftermath.rawValue)  (\(run.title))"
        ]
        for service in run.services { lines += self.lines(of: service) }
        lines += run.findings.map { "  finding: \($0)" }
        return lines.map { Escaping.visible($0) }.joined(separator: "\n")
    }

    private func lines(of service: ServiceRecovery) -> [String] {
        func objective(_ seconds: Double?) -> String {
            seconds.map { "objective \(Duration(roundedSeconds: $0).text)" } ?? "no objective"
        }
        let lost = service.lostRecords.map { ", \($0) acknowledged records lost" } ?? ""
        return [
            "  \(service.service)  evidence \(service.evidence.rawValue)",
            "    recovery time   \(service.recoveryTime?.text ?? "not measured")  "
                + "\(objective(service.recoveryTimeObjective)): \(service.recoveryTimeVerdict.rawValue)",
            "    recovery point  \(service.recoveryPoint?.text ?? "not measured")  "
                + "\(objective(service.recoveryPointObjective)): \(service.recoveryPointVerdict.rawValue)\(lost)",
        ] + service.reasons.map { "    because \($0)" }
    }
}
