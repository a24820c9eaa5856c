// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Foundation
import Glibc
package import Ledger

/// Starts, resumes and judges drills.
///
/// Blocking: call it on a thread of its own.
package struct DrillRunner: Sendable {
    package let runsFolder: String
    package let reach: any HostReaching
    package let restorer: any DrillRestorer
    package let ledger: Ledger
    package let time: TimeSource

    package init(
        runsFolder: String, reach: any HostReaching, restorer: any DrillRestorer, ledger: Ledger,
        time: TimeSource = .system
    ) {
        self.runsFolder = runsFolder
        self.reach = reach
        self.restorer = restorer
        self.ledger = ledger
        self.time = time
    }

    /// How a run ended.
    package struct End: Sendable {
        package var run: DrillRun
        package let records: [DrillRecord]
    }

    /// Opens a run and performs it to its end.
    ///
    /// `control`: stops it from outside.
    /// `progress`: hears of every record, after it is on disk.
    /// Throws `OperationError` with `.refused` when a guard forbids it; nothing was done then.
    package func start(
        _ drill: PreparedDrill, control: DrillControl = DrillControl(),
        progress: @escaping @Sendable (DrillRecord) -> Void = { _ in }
    ) throws -> End {
        let run = newRun()
        let probers = try drill.probers(run: run)
        // Held until the run is open: two that begin at once would each find no other.
        let gate = try StartGate(runsFolder)
        defer { gate.open() }
        let guards = preflight(drill, probers).check()
        if let refused = guards.first(where: { !$0.passed }) {
            let place = refused.host.map { " at \($0)" } ?? ""
            throw OperationError(.refused, "guard \(refused.name)\(place): \(refused.detail)")
        }
        let folder = RunFolder(run: run, runsFolder: runsFolder)
        try folder.make()
        try keep(drill, in: folder)
        let journal = try Journal.create(at: folder.journalPath, run: run, clock: clock)
        let opened = try journal.append(.runOpen(self.opening(of: drill)))
        gate.open()
        progress(opened)
        var records = [opened]
        for result in guards { records.append(try journal.append(.guardChecked(result))) }
        return try perform(drill, folder, journal, records, probers, control, progress)
    }

    /// Takes up a run whose controller died.
    ///
    /// Steps that go on at their hosts are found again; whatever cannot be known is asked, never repeated.
    /// An incident or a blackout that has come meanwhile forbids every further step, not the undo.
    ///
    /// `undoing`: begins nothing more, and only undoes or leads back; why, and who says so.
    /// Throws `OperationError` with `.refused` when a guard forbids it; the run stays as it was then.
    package func resume(
        _ run: String, _ drill: PreparedDrill, undoing: DrillFact.Reason? = nil,
        control: DrillControl = DrillControl(),
        progress: @escaping @Sendable (DrillRecord) -> Void = { _ in }
    ) throws -> End {
        let folder = RunFolder(run: run, runsFolder: runsFolder)
        guard folder.exists else { throw OperationError(.unknownName, "there is no run \(run)") }
        var (journal, records, torn) = try Journal.resume(at: folder.journalPath, run: run, clock: clock)
        guard case .runOpen(let opened)? = records.first?.fact else {
            throw OperationError(.damaged, "the journal of \(run) does not begin with its opening")
        }
        guard opened.approvedSha256 == drill.sha256 else {
            throw OperationError(
                .refused,
                "scenario, plan, scripts, answers or program are not those that run \(run) was begun with")
        }
        let state = RunState(folding: records)
        guard state.closed == nil else {
            throw OperationError(.refused, "run \(run) is closed; there is nothing to take up")
        }
        if torn != nil { records.append(try journal.append(note("a torn last line was dropped"))) }
        let probers = try drill.probers(run: run)
        let guards =
            state.stopped == nil ? preflight(drill, probers).checkAgain(left: left(drill, records)) : []
        if undoing == nil, let refused = guards.first(where: { !$0.passed }) {
            throw OperationError(
                .refused, "guard \(refused.name): \(refused.detail)",
                hint: "'lifeboat drill resume \(run) --undo-only --because …' begins nothing more, and undoes"
            )
        }
        let away = max(.zero, time.now() - (records.last?.utc ?? time.now()))
        records.append(try journal.append(note("controller away for \(away.text)")))
        for result in guards { records.append(try journal.append(.guardChecked(result))) }
        if let undoing, state.stopped == nil {
            let by = undoing.person.map { " (\($0))" } ?? ""
            let stop = DrillFact.Stop(cause: .aborted, text: "taken up to undo only: \(undoing.text)\(by)")
            records.append(try journal.append(.stop(stop)))
        }
        return try perform(drill, folder, journal, records, probers, control, progress)
    }

    /// How long a run that has begun may still last.
    private func left(_ drill: PreparedDrill, _ records: [DrillRecord]) -> Duration {
        let elapsed = records.first.map { time.now() - $0.utc } ?? .zero
        return max(.zero, drill.scenario.safety.maxDuration - max(.zero, elapsed))
    }

    private func perform(
        _ drill: PreparedDrill, _ folder: RunFolder, _ journal: Journal, _ records: [DrillRecord],
        _ probers: [Prober], _ control: DrillControl, _ progress: @escaping @Sendable (DrillRecord) -> Void
    ) throws -> End {
        let context = context(
            of: drill, folder, records: records, probers: probers, control: control, progress: progress)
        if let witness = context.witness {
            journal.observe { _, line in witness.append(line) }
            witness.begin()
        }
        try hold(drill, folder.run, isReleased: false)
        DrillEngine(context, journal: journal, records: records).perform()
        let behind = context.witness?.end()
        try hold(drill, folder.run, isReleased: true)
        var end = try judge(folder.run, drill)
        if let behind { end.run.findings.append("witness: \(behind)") }
        try record(end)
        return end
    }

    func context(
        of drill: PreparedDrill, _ folder: RunFolder, records: [DrillRecord], probers: [Prober],
        control: DrillControl, progress: @escaping @Sendable (DrillRecord) -> Void
    ) -> DrillContext {
        DrillContext(
            run: folder.run, folder: folder, scenario: drill.scenario, plan: drill.plan, probers: probers,
            scripts: drill.scripts, answers: drill.answers, openedAt: records.first?.utc ?? time.now(),
            openedMonotonic: records.first.flatMap { $0.bootID == clock.bootID ? $0.monotonic : nil },
            reach: reach, restorer: restorer, acknowledged: acknowledged,
            alerts: AlertFollower(ledger, rules: drill.alertRules, time: time), control: control, time: time,
            progress: progress, outcome: { try evidence(of: folder.run, drill).outcome },
            witness: witness(of: drill, folder))
    }

    private func witness(of drill: PreparedDrill, _ folder: RunFolder) -> JournalWitness? {
        guard let host = drill.plan.orchestrator?.witness, [.sandbox, .live].contains(drill.scenario.mode)
        else {
            return nil
        }
        let journal = [UInt8](FileManager.default.contents(atPath: folder.journalPath) ?? Data())
        return JournalWitness(run: folder.run, host: host, reach: reach, folder: folder, journal: journal)
    }

    /// No copy of the datasets named may expire while the drill runs.
    private func hold(_ drill: PreparedDrill, _ run: String, isReleased: Bool) throws {
        let now = time.now()
        let holds = drill.scenario.safety.holdsRetention.map { dataset -> EventBody in
            .retentionHold(
                RetentionHold(
                    id: "drill-\(run)-\(dataset)", dataset: dataset, reason: "drill \(run)", begunAt: now,
                    endsAt: now + drill.scenario.safety.maxDuration + .hours(1), isReleased: isReleased))
        }
        guard !holds.isEmpty else { return }
        try ledger.append(holds, at: now)
    }

    // MARK: - Parts

    /// A name that sorts by time and that nft, paths and people can all read.
    private func newRun() -> String {
        let suffix = String(UInt32.random(in: 0 ... .max), radix: 16)
        return time.now().compact.lowercased() + "-" + String(repeating: "0", count: 8 - suffix.count)
            + suffix
    }

    var clock: JournalClock {
        JournalClock(now: time.now, sinceBoot: time.sinceBoot, bootID: Self.bootID)
    }

    /// Empty where the kernel does not say: then nothing is taken to be of one boot with anything.
    private static let bootID =
        (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8))
        .map { ShellResult.trimmed(Array($0.utf8)) } ?? ""

    func preflight(_ drill: PreparedDrill, _ probers: [Prober]) -> Preflight {
        Preflight(drill: drill, probers: probers, reach: reach, world: world, time: time)
    }

    /// Where approvals lie: beside the runs.
    package var approvals: DrillApprovals {
        let parent = runsFolder.lastIndex(of: "/").map { String(runsFolder[..<$0]) } ?? "."
        return DrillApprovals(folder: parent + "/approvals")
    }

    private var world: DrillWorld {
        DrillWorld(
            book: book, openIncidents: openIncidents, notices: notices, openRuns: openRuns,
            approvals: approvals.check)
    }

    private var notices: @Sendable () throws -> [MaintenanceNotice] {
        { [ledger] in
            var newest: [String: MaintenanceNotice] = [:]
            for event in try ledger.events(of: [.maintenanceNotice]) {
                if case .maintenanceNotice(let notice) = event.body { newest[notice.id] = notice }
            }
            return newest.values.filter { $0.withdrawnAt == nil }
        }
    }

    /// By the ledger: what was begun and neither restored nor closed, nothing of it guessed.
    private var openIncidents: @Sendable (String) throws -> [String] {
        { [ledger] service in
            var newest: [String: Incident] = [:]
            for event in try ledger.events(of: [.incident]) {
                if case .incident(let incident) = event.body { newest[incident.id] = incident }
            }
            return newest.values.filter {
                $0.service == service && $0.restoredAt == nil && $0.closedAt == nil
            }.map(\.id).sorted()
        }
    }

    private var openRuns: @Sendable (String) -> [String] {
        { [runsFolder] service in
            RunFolder.all(in: runsFolder).filter { folder in
                guard let reading = try? JournalReading(contentsOf: folder.journalPath) else { return true }
                let state = RunState(folding: reading.records)
                return state.closed == nil && state.opened?.services.contains(service) != false
            }.map(\.run)
        }
    }

    private var book: @Sendable () throws -> CopyBook {
        { [ledger] in CopyBook(try ledger.events(of: CopyBook.ownKinds)) }
    }

    private var acknowledged: @Sendable (String) throws -> [CanaryRecord] {
        { [ledger] canary in
            try ledger.events(about: .canary(canary)).compactMap { event in
                guard case .canaryRecord(let record) = event.body, record.canary == canary else { return nil }
                return record
            }
        }
    }

    func opening(of drill: PreparedDrill) -> DrillFact.RunOpened {
        DrillFact.RunOpened(
            scenario: drill.scenario.id, title: drill.scenario.title, exercise: drill.scenario.exercise,
            mode: drill.scenario.mode, services: drill.scenario.services, approvedSha256: drill.sha256,
            scenarioSha256: Hex.sha256(drill.scenarioBytes), planSha256: Hex.sha256(drill.planBytes),
            toolVersion: drill.toolVersion, isAnnounced: drill.scenario.isAnnounced,
            orchestratorSite: drill.plan.orchestrator?.site)
    }

    private func note(_ text: String) -> DrillFact {
        .note(DrillFact.Reason(text: text))
    }

    private func keep(_ drill: PreparedDrill, in folder: RunFolder) throws {
        try folder.keep(drill.scenarioBytes, as: folder.scenarioPath)
        try folder.keep(drill.planBytes, as: folder.planPath)
        try folder.keep(drill.answersBytes, as: folder.answersPath)
        for (path, bytes) in drill.scripts { try folder.keep(bytes, as: folder.scriptPath(path)) }
    }
}
