// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Dashboard
import Dispatch
import Foundation
import Glibc
import Ledger
import Operations
import Reporting

struct DashboardCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "dashboard", abstract: "The same things in a browser; the drill-day board on the wall.",
        discussion: """
            Prints an address with a token; opened once, the browser is let in until the program ends.
            /metrics (OpenMetrics) and /status.json take the token as a bearer token, /health takes none.
            It speaks plain HTTP and listens on this machine alone unless it is told otherwise.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var listening: DashboardOptions

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let dashboard = try listening.start(place)
        if listening.isReachable {
            console.warn(
                "whoever can read the traffic to \(dashboard.address) can read the token: "
                    + "put a proxy with TLS before it")
        }
        try console.print(DashboardOutput(dashboard)) { "open \(dashboard.entry)" }
        while !Interrupt.wasAsked { usleep(100_000) }
        waiting { await dashboard.stop() }
        console.say("lifeboat: stopped cleanly")
        return .success
    }
}

private struct DashboardOutput: Encodable {
    var entry: String
    var address: String
    var port: UInt16

    init(_ dashboard: Dashboard) {
        entry = dashboard.entry
        address = dashboard.address
        port = dashboard.port
    }
}

/// Where and for whom the dashboard is.
struct DashboardOptions: ParsableArguments {
    @Option(help: "The address to listen at.")
    var address: String = "127.0.0.1"

    @Option(help: "The port to listen at; 0 for any that is free.")
    var port: UInt16 = 8470

    @Option(
        name: .customLong("token-file"),
        help:
            "A file of mode 0600 with the token, to keep the same one; without it, each start makes a new one.",
        completion: .file())
    var tokenFile: String?

    @Flag(
        name: .customLong("take-requests"),
        help: "Take answers, notes and holds for a running drill from the browser.")
    var takesRequests = false

    /// Whether other machines may reach it.
    var isReachable: Bool { !address.hasPrefix("127.") }

    func start(_ place: Place) throws -> Dashboard {
        let token = try token()
        let settings = Dashboard.Settings(address: address, port: port, takesRequests: takesRequests)
        let desk = Desk(place)
        do {
            return try waiting { try await Dashboard(settings, token: token, desk: desk) }
        } catch let error as DashboardError {
            throw OperationError(.badInput, error.description, hint: "choose another --address or --port")
        }
    }

    private func token() throws -> AccessToken {
        guard let tokenFile else { return AccessToken() }
        let text = try PrivateFile.read(tokenFile).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let token = AccessToken(text) else {
            throw OperationError(
                .badInput, "\(tokenFile) holds no token",
                hint: "a token has 16 or more letters, digits, '-' and '_': 'openssl rand -hex 16' makes one")
        }
        return token
    }
}

/// What the dashboard shows, from the ledger, the plan and the journals at hand.
private struct Desk: DashboardDesk {
    let place: Place

    init(_ place: Place) {
        self.place = place
    }

    var zone: String { place.plan.zone }
    func now() -> Moment { place.time.now() }

    func revision() throws -> Int {
        (try place.ledger.head()?.sequence ?? 0) &* 1_000_003 &+ place.drills.revision()
    }

    func status() throws -> StatusReport { try place.status() }

    func runs() throws -> [RunLine] {
        place.drills.runs().map { run in
            RunLine(
                run: run.run, title: run.title, mode: run.mode, begunAt: run.begunAt, outcome: run.outcome,
                isRunning: run.isRunning)
        }
    }

    func isRunning(_ run: String) -> Bool { place.drills.isRunning(run) }

    func board(of run: String) throws -> BoardPage {
        guard let known = place.drills.runs().first(where: { $0.run == run }) else {
            throw DashboardError.notFound("there is no run \(run) here")
        }
        let questions = known.endedAt == nil ? try place.drills.openQuestions(of: run) : []
        let asks = questions.map { step, question in
            BoardPage.Ask(
                step: step.id, ask: question.ask,
                choices: question.choices.map { ($0.id, $0.label ?? $0.id) })
        }
        return BoardPage(
            run: run, lines: try place.drills.board(of: run).lines(width: 120, height: 32), asks: asks,
            isClosed: known.endedAt != nil)
    }

    func report(_ language: ReportLanguage) throws -> String {
        let range = try AuditPeriod(nil, now: now())
        return try place.auditReport(
            of: range, grade: GradingOptions.parse([]).grade(place), language: language
        )
        .html()
    }

    func put(_ request: DashboardRequest, into run: String) throws {
        let drills = place.drills
        do {
            switch request {
            case .answer(let step, let answer, let person):
                try drills.answer(run: run, step: step, answer: answer, person: person)
            case .note(let text, let person): try drills.note(run: run, text, person: person)
            case .hold(let reason, let person): try drills.hold(run: run, because: reason, person: person)
            case .release(let reason, let person):
                try drills.release(run: run, because: reason, person: person)
            }
        } catch let error as OperationError {
            throw DashboardError.badRequest(error.detail)
        }
    }
}

/// Waits for what is asynchronous; only for the main thread, which is not one of Swift's pool.
func waiting<Value: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () async throws(Failure) -> Value
) throws(Failure) -> Value {
    let done = DispatchSemaphore(value: 0)
    let box = Box<Value, Failure>()
    Task {
        do throws(Failure) { box.result = .success(try await work()) } catch { box.result = .failure(error) }
        done.signal()
    }
    done.wait()
    guard let result = box.result else { preconditionFailure("the semaphore was signalled without a result") }
    return try result.get()
}

private final class Box<Value: Sendable, Failure: Error>: @unchecked Sendable {
    // Unchecked: written before the semaphore is signalled, read after it was waited for.
    var result: Result<Value, Failure>?
}
