// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Operations

/// A word to a running drill, from any terminal.
protocol DrillWord: Action {
    var desk: DeskOptions { get }
    func send(_ drills: DrillRunner, _ run: String) throws
}

extension DrillWord {
    var common: CommonOptions { desk.common }

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let run = try desk.run ?? place.drills.currentRun()
        try send(place.drills, run)
        console.say("\(run): taken")
        return .success
    }
}

struct DeskOptions: ParsableArguments {
    @OptionGroup var common: CommonOptions

    @Option(help: "The run; without it, the one that is open.")
    var run: String?

    @Option(name: .customLong("as"), help: "Who speaks, a person of the plan.")
    var person: String?
}

struct DrillAnswerCommand: DrillWord {
    static let configuration = CommandConfiguration(
        commandName: "answer", abstract: "Answer a question of a step.")

    @OptionGroup var desk: DeskOptions

    @Argument(help: "The step that asks.")
    var step: String

    @Argument(help: "The answer's id, or a text where one is asked for.")
    var answer: String

    @Option(help: "Words that go with it.")
    var text: String?

    @Option(help: "A file that goes with it.", completion: .file())
    var attach: String?

    @Option(help: "Sign with this private key.", completion: .file())
    var key: String?

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let (drills, run) = (place.drills, try desk.run ?? place.drills.currentRun())
        let scenario = try PreparedDrill.ofRun(
            run, runsFolder: place.workspace.runsFolder, toolVersion: Version.text
        ).scenario
        guard scenario.step(step) != nil else {
            throw OperationError(
                .unknownName, "\(scenario.id) has no step '\(step)'",
                hint: Spelling.suggestion(for: step, among: scenario.steps.map(\.id))
                    ?? "'lifeboat drill next' says which step asks")
        }
        let before = try drills.recordCount(of: run)
        try send(drills, run)
        switch try drills.fate(ofAnswerTo: step, in: run, by: desk.person, after: before) {
        case .taken: console.say("\(run): taken")
        case .refused(let reason):
            throw OperationError(.refused, reason, hint: "'lifeboat drill next' says who is asked what")
        case .waiting:
            console.say(
                drills.isRunning(run)
                    ? "\(run): kept, since \(step) asks nothing now"
                    : "\(run): kept; nobody runs this drill now, 'lifeboat drill resume \(run)' does")
        }
        return .success
    }

    func send(_ drills: DrillRunner, _ run: String) throws {
        try drills.answer(
            run: run, step: step, answer: answer, text: text, person: desk.person, attachment: attach,
            key: key)
    }
}

struct DrillNoteCommand: DrillWord {
    static let configuration = CommandConfiguration(
        commandName: "note", abstract: "Add a sentence to the journal.")

    @OptionGroup var desk: DeskOptions

    @Argument(help: "The sentence.")
    var text: String

    func send(_ drills: DrillRunner, _ run: String) throws {
        try drills.note(run: run, text, person: desk.person)
    }
}

struct DrillMarkCommand: DrillWord {
    static let configuration = CommandConfiguration(commandName: "mark", abstract: "Name this instant.")

    @OptionGroup var desk: DeskOptions

    @Argument(help: "The mark.")
    var name: String

    func send(_ drills: DrillRunner, _ run: String) throws {
        try drills.mark(run: run, name, person: desk.person)
    }
}

struct DrillHoldCommand: DrillWord {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "Let no further step begin; the clock goes on.")

    @OptionGroup var desk: DeskOptions

    @Argument(help: "Why.")
    var reason: String

    func send(_ drills: DrillRunner, _ run: String) throws {
        try drills.hold(run: run, because: reason, person: desk.person)
    }
}

struct DrillReleaseCommand: DrillWord {
    static let configuration = CommandConfiguration(commandName: "release", abstract: "Go on after a hold.")

    @OptionGroup var desk: DeskOptions

    @Argument(help: "Why.")
    var reason: String = "released"

    func send(_ drills: DrillRunner, _ run: String) throws {
        try drills.release(run: run, because: reason, person: desk.person)
    }
}

struct DrillPresentCommand: DrillWord {
    static let configuration = CommandConfiguration(
        commandName: "present", abstract: "Say that somebody who must be there is there.")

    @OptionGroup var desk: DeskOptions

    func validate() throws {
        guard desk.person != nil else { throw ValidationError("who is present? --as PERSON") }
    }

    func send(_ drills: DrillRunner, _ run: String) throws {
        try drills.present(run: run, person: desk.person ?? "")
    }
}

struct DrillRealCommand: DrillWord {
    static let configuration = CommandConfiguration(
        commandName: "real", abstract: "A real incident: the drill ends at once, its faults are healed first."
    )

    @OptionGroup var desk: DeskOptions

    @Argument(help: "What happened.")
    var reason: String

    func send(_ drills: DrillRunner, _ run: String) throws {
        try drills.real(run: run, because: reason, person: desk.person)
    }
}

struct DrillAbortCommand: DrillWord {
    static let configuration = CommandConfiguration(
        commandName: "abort", abstract: "Begin nothing new, and undo what was done.")

    @OptionGroup var desk: DeskOptions

    @Argument(help: "Why.")
    var reason: String

    func send(_ drills: DrillRunner, _ run: String) throws {
        try drills.abort(run: run, because: reason, person: desk.person)
    }
}
