// SPDX-License-Identifier: Apache-2.0
import Continuity
import Ledger

/// Runs one drill: steps in order, then everything undone, whatever happened.
///
/// All that it knows of the run is folded from the journal, so a new engine over the same journal goes on
/// where a dead one stopped. One thread drives it from its begin to its end; each step under way has a
/// thread of its own, and only the one with the baton is ever in here.
final class DrillEngine: @unchecked Sendable {
    // Unchecked: everything mutable is only touched by the thread that holds `baton`.
    let baton = EngineBaton()
    let context: DrillContext
    let journal: Journal
    var state: RunState
    let fleet: ProberFleet
    private var shells: [String: SharedShell] = [:]
    private var places: [String: RunPlace] = [:]
    /// The hosts whose folder is being made at this moment.
    private var opening: Set<String> = []
    /// The steps under way, by id.
    var lanes: [String: DrillLane] = [:]
    /// The first error that ended a lane before its step.
    var laneFailure: (any Error)?
    /// Why nothing new begins although steps are under way; `nil` outside of ``performSideBySide()``.
    var ending: DrillFact.Stop?
    /// The last error of the journal itself; the undo goes on without it.
    var journalFailure: (any Error)?
    /// When each person last gave a sign of life, on this controller's clock.
    var seenAt: [String: Duration] = [:]
    /// The roles for whose absence the run is held.
    var heldFor: Set<String> = []
    /// Why the alerts of the ledger could not be read when they were last asked for.
    var alertFailure: String?
    /// The secrets that were read, by name.
    var secretValues: [String: [UInt8]] = [:]
    var redactor = Redactor()
    let begunAt: Duration
    /// The wall clock minus the time since boot, when it was last looked at.
    private var wallOffset: Duration?
    private let watch: DrillWatch

    init(_ context: DrillContext, journal: Journal, records: [DrillRecord]) {
        self.context = context
        self.journal = journal
        state = RunState(folding: records)
        let time = context.time
        begunAt = time.sinceBoot()
        fleet = ProberFleet(
            run: context.run, probers: context.probers, reach: context.reach,
            folder: context.folder.samplesFolder, time: time
        ) { sample in
            // A journal that takes no more records stops the engine itself at its next one.
            _ = try? journal.append(.clockSample(sample))
        }
        watch = DrillWatch(context, fleet: fleet)
        if state.hasPassedPivot(context.scenario) { context.control.passPivot() }
    }

    var scenario: Scenario { context.scenario }
    var run: String { context.run }

    /// The whole drill, or what is left of it; errors end up in the journal and in the outcome.
    func perform() {
        baton.hold(performHeld)
    }

    private func performHeld() {
        do {
            try fleet.begin(limit: scenario.safety.maxDuration + .minutes(30), prepare: keepSecrets)
            watch.begin()
            if state.stopped == nil { try performSteps() }
            if state.stopped?.cause != .completed, state.hasPassedPivot(scenario) { try performWayBack() }
        } catch {
            if state.stopped == nil { stop(.failed, "\(error)") }
        }
        if context.rehearsal == nil { undoEverything() } else { rehearseUndos() }
        watch.end()
        bringIn()
        close()
    }

    private func performSteps() throws {
        let reason = try context.rehearsal.map(rehearseSideBySide) ?? performSideBySide()
        if let reason { return stop(reason.cause, reason.text) }
        awaitStableWindows()
        try proveCuts()
        stop(.completed, "every step has ended")
    }

    /// Behind the point of no return the way home leads forward: what protects and returns is still done.
    private func performWayBack() throws {
        context.control.acknowledge()
        note("behind the point of no return: going on with what protects and leads back")
        for step in scenario.steps where [.protect, .wayBack].contains(step.phase) {
            guard state.result(of: step.id) == nil, context.control.stopReason == nil else { continue }
            let missing = (step.needs ?? []).filter { !isPassed($0) }
            guard missing.isEmpty else {
                note("\(step.id) was left out: it needs \(missing.joined(separator: ", "))", step: step.id)
                continue
            }
            try perform(step)
        }
    }

    private func isPassed(_ step: String) -> Bool {
        state.result(of: step)?.allowsGoingOn == true || state.steps[step]?.waivedBy != nil
    }

    /// Whether somebody, a safety rule or the clock forbids the next step.
    func reasonToStop() -> DrillFact.Stop? {
        takeRequests()
        if let stop = context.control.stopReason { return stop }
        let isBefore = context.control.isBeforePivot
        for rule in scenario.safety.stopIf where isBefore || !rule.onlyBeforePivot {
            guard case .condition(let condition) = rule.trigger,
                holds(condition, since: context.openedAt) == true
            else { continue }
            let words = alertWords(condition, since: context.openedAt)
            return DrillFact.Stop(cause: .guarded, text: rule.because + words)
        }
        if let stop = watchPresence() { return stop }
        if elapsed > scenario.safety.maxDuration {
            return DrillFact.Stop(
                cause: .guarded, text: "longer than max_duration, \(scenario.safety.maxDuration.text)")
        }
        return nil
    }

    /// Since the run was opened; by the wall clock only where the machine was started anew meanwhile.
    private var elapsed: Duration {
        context.openedMonotonic.map { context.time.sinceBoot() - $0 }
            ?? (context.time.now() - context.openedAt)
    }

    // MARK: - The journal

    /// Writes a record, and folds it in.
    @discardableResult
    func record(_ fact: DrillFact, step: String? = nil) throws -> DrillRecord {
        do {
            try noteClockStep()
            let record = try journal.append(fact, step: step)
            state.apply(record)
            // A second at most: the witness may be the site that is lost.
            if case .intent = fact { _ = baton.outside { context.witness?.waitUntilWritten(.seconds(1)) } }
            context.progress(record)
            return record
        } catch {
            journalFailure = error
            throw error
        }
    }

    /// A wall clock that jumped is said once; lengths do not depend on it.
    private func noteClockStep() throws {
        let offset = context.time.now() - (Moment(seconds: 0) + context.time.sinceBoot())
        defer { wallOffset = offset }
        guard let known = wallOffset, abs((offset - known).inSeconds) > 1 else { return }
        let jump = (offset - known).inSeconds
        let words =
            "the wall clock was stepped by \(jump < 0 ? "-" : "+")\(Duration(roundedSeconds: abs(jump)).text)"
        state.apply(try journal.append(.note(DrillFact.Reason(text: words))))
    }

    /// Writes a record if the journal still takes any: the undo must not end with the disk.
    func tryToRecord(_ fact: DrillFact, step: String? = nil) {
        guard journalFailure == nil else { return }
        _ = try? record(fact, step: step)
    }

    func note(_ text: String, step: String? = nil) {
        tryToRecord(.note(DrillFact.Reason(text: text)), step: step)
    }

    func stop(_ cause: DrillFact.Stop.Cause, _ text: String) {
        tryToRecord(.stop(DrillFact.Stop(cause: cause, text: text)))
    }

    // MARK: - Hosts

    /// The shells at a host, each proven to lead there before it is used.
    func shell(at host: String) -> SharedShell {
        if let shell = shells[host] { return shell }
        let shell = SharedShell(host: host, baton: baton) { [context] in
            let shell = try context.reach.shell(at: host)
            try Self.proveIdentity(of: shell, context.plan)
            return shell
        }
        shells[host] = shell
        return shell
    }

    func place(at host: String) throws -> RunPlace {
        while opening.contains(host) { baton.wait(atMost: .seconds(1)) }
        if let place = places[host] { return place }
        opening.insert(host)
        defer {
            opening.remove(host)
            baton.sayChanged()
        }
        let place = try RunPlace(at: shell(at: host), run: run)
        places[host] = place
        return place
    }

    /// Waits, but not beyond a stop, and lets others in meanwhile.
    func pause(_ length: Duration) {
        baton.outside { context.control.pause(length) }
    }

    /// A host that answers with another machine's name is not touched, not even to undo.
    ///
    /// Its host key was compared when the session was opened; the guards before the drill are not asked
    /// again after a crash, this is.
    private static func proveIdentity(of shell: any HostShell, _ plan: Plan) throws {
        guard let expected = plan.host(shell.host)?.machineID else { return }
        let found = try shell.demand("read the machine id", "cat /etc/machine-id")
        guard found == expected else {
            throw OperationError(
                .refused,
                "\(shell.host) is another machine: its id is '\(found)', the plan says '\(expected)'")
        }
    }

    var values: DrillValues {
        DrillValues(scenario, run: run, saved: state.saved)
    }

    var commands: StepCommands {
        StepCommands(run: run, plan: context.plan, values: values, scripts: context.scripts)
    }
}

extension DrillFact.Result {
    /// Whether the steps behind may begin.
    var allowsGoingOn: Bool {
        self == .passed || self == .skipped
    }
}

/// All that a drill is given; the engine has no other way out of its module.
struct DrillContext: Sendable {
    let run: String
    let folder: RunFolder
    let scenario: Scenario
    let plan: Plan
    let probers: [Prober]
    /// The bytes of each script, by the path in the scenario.
    let scripts: [String: [UInt8]]
    /// Answers given beforehand, by step.
    let answers: [String: String]
    let openedAt: Moment
    /// The same on the controller's clock; `nil` when that was started anew since.
    let openedMonotonic: Duration?
    let reach: any HostReaching
    let restorer: any DrillRestorer
    /// The acknowledged records of a canary, oldest first.
    let acknowledged: @Sendable (String) throws -> [CanaryRecord]
    let alerts: AlertFollower
    let control: DrillControl
    let time: TimeSource
    let progress: @Sendable (DrillRecord) -> Void
    /// Judges what is on disk so far.
    let outcome: @Sendable () throws -> DrillOutcome
    /// The second copy of the journal; `nil` when the plan names no witness.
    let witness: JournalWitness?
    /// How time passes in a rehearsal; `nil` when the drill is carried out.
    var rehearsal: RehearsalPace?
}
