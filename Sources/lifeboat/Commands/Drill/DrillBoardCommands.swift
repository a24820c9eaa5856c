// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Foundation
import Glibc
import Ledger
import Operations
import Reporting

struct DrillBoardCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "board",
        abstract: "The drill as it goes: clock, who holds the ball, probes, undo count.",
        discussion: "Follows the journal and only reads; may run on any machine that can read the workspace. "
            + "With --once, or where the output is no terminal, it prints one picture.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The run; without it, the one that is open, else the newest.")
    var run: String?

    @Flag(help: "Print it once.")
    var once = false

    @Option(
        help:
            "Write it to this file instead, as a page that a browser loads again by itself, without a server.",
        completion: .file())
    var html: String?

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let run = try run ?? place.drills.currentRun()
        if let html { return try follow(run, place, to: html, console) }
        guard console.width != nil, !once else {
            let board = try place.drills.board(of: run, exposure: try exposure(place))
            try console.print(board.lines().joined(separator: "\n"))
            return .success
        }
        var (exposure, exposureAt) = (try exposure(place), place.time.now())
        while !Interrupt.wasAsked {
            // Asked anew each time: a window may be resized. The last line stays free, since every print
            // ends with a new line, which would push the first one out.
            let (width, height) = (console.width ?? 80, console.height ?? 24)
            if place.time.now() - exposureAt > .seconds(30) {
                (exposure, exposureAt) = (try self.exposure(place), place.time.now())
            }
            let lines = try place.drills.board(of: run, exposure: exposure)
                .lines(width: min(width, 160), height: height - 1)
            // Home, each line cleared to its end, then everything below: no flicker over a slow link.
            try console.print("\u{1b}[H" + lines.map { "\($0)\u{1b}[K" }.joined(separator: "\n") + "\u{1b}[J")
            if place.drills.runs().first(where: { $0.run == run })?.endedAt != nil { break }
            for _ in 0..<10 where !Interrupt.wasAsked { usleep(100_000) }
        }
        return .success
    }
}

extension DrillBoardCommand {
    /// Writes the board to a file again and again until the run is closed; once where that is asked for.
    private func follow(_ run: String, _ place: Place, to file: String, _ console: Console) throws
        -> ExitStatus
    {
        if !once { console.say("writing \(file) until run \(run) is closed; end with Ctrl-C") }
        while true {
            let lines = try place.drills.board(of: run, exposure: try exposure(place)).lines(height: 60)
            let isClosed = place.drills.runs().first { $0.run == run }?.endedAt != nil
            let asks = try place.drills.openQuestions(of: run).map { step, question in
                BoardPage.Ask(step: step.id, ask: "\(question.role): \(question.ask)", choices: [])
            }
            let page = BoardPage(run: run, lines: lines, asks: asks, isClosed: isClosed)
                .file(zone: place.plan.zone, now: place.time.now())
            do {
                // Atomic: a browser must never load half of it.
                try Data(page.utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
            } catch {
                throw OperationError(.ioFailed, "cannot write \(file): \(error.localizedDescription)")
            }
            if once || isClosed { return .success }
            for _ in 0..<10 where !Interrupt.wasAsked { usleep(100_000) }
            if Interrupt.wasAsked { return .success }
        }
    }

    /// What would be lost now, by service, as `lifeboat status` says it.
    private func exposure(_ place: Place) throws -> [String: String] {
        let report = StatusReport(
            plan: place.plan, heads: try place.ledger.copyHeads(), drills: [], at: place.time.now())
        return Dictionary(
            uniqueKeysWithValues: report.services.map { service in
                (
                    service.service,
                    service.exposureSeconds.map { Duration(roundedSeconds: $0).text }
                        ?? (service.dataset == nil ? "not known" : "everything")
                )
            })
    }
}

struct DrillNextCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "next",
        abstract: "What is asked of whom now, and with which words to answer.",
        discussion: "Steps run side by side, so several people may be asked at once.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The run; without it, the one that is open, else the newest.")
    var run: String?

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let run = try run ?? place.drills.currentRun()
        let asked = try place.drills.openQuestions(of: run).map { NextQuestion($0.step, $0.question, run) }
        try console.print(asked) {
            asked.isEmpty ? "\(run): nobody is asked anything" : asked.map(\.text).joined(separator: "\n")
        }
        return .success
    }
}

private struct NextQuestion: Encodable {
    var step: String
    var role: String
    var ask: String
    var answers: [String]
    var needsAttachment: Bool
    var command: String

    init(_ step: Step, _ question: Question, _ run: String) {
        self.step = step.id
        role = question.role
        ask = question.ask
        answers = question.choices.map(\.id)
        needsAttachment = question.attachment == .required
        let word = question.choices.isEmpty ? "'…'" : question.choices.map(\.id).joined(separator: "|")
        command =
            "lifeboat drill answer \(step.id) \(word) --as …\(Self.attach(question.attachment))"
    }

    private static func attach(_ attachment: Question.Attachment) -> String {
        switch attachment {
        case .none: ""
        case .optional: " [--attach FILE]"
        case .required: " --attach FILE"
        }
    }

    var text: String {
        Escaping.visible("\(role) is asked by \(step): \(ask)") + "\n  \(command)"
    }
}
