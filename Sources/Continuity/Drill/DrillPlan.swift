// SPDX-License-Identifier: Apache-2.0

/// A scenario with everything resolved: what would be done where, in exact words, and how it is undone.
///
/// This is what people approve; `sha256` binds all of it.
package struct DrillPlan: Hashable, Sendable, Codable {
    package var scenario: String
    package var title: String
    package var exercise: Exercise
    package var mode: DrillMode
    /// Over scenario, plan, scripts, answers, mode and the program's version.
    package var sha256: String
    package var services: [String]
    package var hosts: [TouchedHost]
    package var steps: [PlannedStep]
    package var probes: [PlannedProbe]
    /// What is made of the run once it is closed.
    package var reports: [String]
    package var guards: [DrillFact.GuardResult]
    /// From the begin of the first step to the end of the last, as expected, in seconds.
    package var expectedSeconds: Double
    /// The steps that decide how long it takes.
    package var criticalPath: [String]

    package init(
        scenario: String, title: String, exercise: Exercise, mode: DrillMode, sha256: String,
        services: [String], hosts: [TouchedHost], steps: [PlannedStep], probes: [PlannedProbe],
        reports: [String] = [], guards: [DrillFact.GuardResult], expectedSeconds: Double,
        criticalPath: [String]
    ) {
        self.scenario = scenario
        self.title = title
        self.exercise = exercise
        self.mode = mode
        self.sha256 = sha256
        self.services = services
        self.hosts = hosts
        self.steps = steps
        self.probes = probes
        self.reports = reports
        self.guards = guards
        self.expectedSeconds = expectedSeconds
        self.criticalPath = criticalPath
    }

    /// A host and what the drill does there.
    package struct TouchedHost: Hashable, Sendable, Codable {
        package var host: String
        package var site: String
        package var address: String
        package var user: String
        package var hostKey: String?
        package var machineId: String?
        /// Whether something is changed there, or only looked at.
        package var isChanged: Bool

        package init(_ host: Host, isChanged: Bool) {
            self.host = host.id
            site = host.site
            address = "\(host.ssh.host):\(host.ssh.port)"
            user = host.ssh.user + (host.become.map { ", by \($0) root" } ?? "")
            hostKey = host.hostKey
            machineId = host.machineID
            self.isChanged = isChanged
        }
    }

    package struct PlannedStep: Hashable, Sendable, Codable {
        package var id: String
        package var title: String
        package var phase: Phase
        package var verb: String
        package var hosts: [String]
        /// The steps that must have ended before it begins.
        package var needs: [String]
        /// The steps that may be under way at the same time: neither waits for the other.
        package var beside: [String]
        /// The exact command lines; a name that an earlier step will save still stands as `{{name}}`.
        package var commands: [String]
        package var undo: String?
        package var because: String?
        package var healsAfterSeconds: Double?
        package var isPivot: Bool
        /// Why it would not run in this mode; `nil` when it would.
        package var skipped: String?
        /// From the begin of the drill, as expected.
        package var beginsAfterSeconds: Double
        package var expectedSeconds: Double

        package init(
            _ step: Step, commands: [String], undo: String?, skipped: String?, begin: Duration,
            length: Duration, needs: [String] = [], beside: [String] = []
        ) {
            id = step.id
            title = step.name
            phase = step.phase
            verb = step.verb.name
            hosts = step.touchedHosts
            self.needs = needs
            self.beside = beside
            self.commands = commands
            self.undo = undo
            because = step.because
            if case .fault(let fault) = step.verb { healsAfterSeconds = fault.ttl?.inSeconds }
            isPivot = step.isPivot
            self.skipped = skipped
            beginsAfterSeconds = begin.inSeconds
            expectedSeconds = length.inSeconds
        }
    }

    package struct PlannedProbe: Hashable, Sendable, Codable {
        package var probe: String
        package var host: String
        package var everySeconds: Double
        package var timeoutSeconds: Double
        package var question: String

        package init(
            probe: String, host: String, every: Duration, timeout: Duration, question: String
        ) {
            self.probe = probe
            self.host = host
            everySeconds = every.inSeconds
            timeoutSeconds = timeout.inSeconds
            self.question = question
        }
    }
}

extension DrillPlan {
    /// The guards that forbid the start.
    package var refusals: [DrillFact.GuardResult] {
        guards.filter { !$0.passed }
    }

    /// The plan as a person reads it before approving.
    package var text: String {
        var lines = [
            "\(title) (\(scenario))", "mode \(mode.rawValue), \(exercise.rawValue)", "hash \(sha256)", "",
        ]
        lines.append("HOSTS")
        lines += hosts.map {
            "  \($0.host) (\($0.site)) \($0.user)@\($0.address) \($0.isChanged ? "CHANGED" : "only looked at"), "
                + "\($0.hostKey ?? "NO KEY PINNED")\($0.machineId.map { ", machine-id \($0)" } ?? "")"
        }
        lines += ["", "STEPS"]
        for (number, step) in zip(1..., steps) { lines += Self.lines(step, number) }
        lines += ["", "UNDO, newest first"]
        lines += steps.reversed().compactMap { step in
            step.undo.map { "  \(step.id): \(Self.short($0))" }
        }
        if !probes.isEmpty { lines += ["", "PROBES"] }
        lines += probes.map {
            "  \($0.probe) from \($0.host), every \(Duration(roundedSeconds: $0.everySeconds).text): "
                + Self.short($0.question)
        }
        if !reports.isEmpty { lines += ["", "AFTERWARDS"] + reports.map { "  \($0)" } }
        lines += ["", "GUARDS"]
        lines += guards.map {
            "  \($0.passed ? "ok     " : "REFUSED") \($0.name)\($0.host.map { " at \($0)" } ?? ""): \($0.detail)"
        }
        let length = Duration(roundedSeconds: expectedSeconds).text
        lines += ["", "expected length \(length), decided by \(criticalPath.joined(separator: " > "))"]
        return lines.joined(separator: "\n")
    }

    private static func lines(_ step: PlannedStep, _ number: Int) -> [String] {
        let at = Duration(roundedSeconds: step.beginsAfterSeconds).text
        var lines = [
            "  \(number). +\(at) [\(step.phase.rawValue)] \(step.id): \(step.verb)"
                + (step.hosts.isEmpty ? "" : " at \(step.hosts.joined(separator: ", "))")
                + (step.isPivot ? "  === POINT OF NO RETURN ===" : "")
        ]
        if step.title != step.id { lines.append("       \(step.title)") }
        if let skipped = step.skipped { return lines + ["       left out: \(skipped)"] }
        if !step.beside.isEmpty {
            lines.append("       side by side with \(step.beside.joined(separator: ", "))")
        }
        lines += step.commands.map { "       \(short($0))" }
        if let ttl = step.healsAfterSeconds {
            lines.append("       heals itself after \(Duration(roundedSeconds: ttl).text)")
        }
        if step.undo == nil, let because = step.because { lines.append("       no undo: \(because)") }
        return lines
    }

    /// Our own long scripts are named by their first line; the hash binds all of it.
    private static func short(_ text: String) -> String {
        let parts = text.split(separator: "\n", omittingEmptySubsequences: false)
        return parts.count > 1 ? "\(parts[0]) … (\(parts.count) lines)" : text
    }
}
