// SPDX-License-Identifier: Apache-2.0

/// A drill run as the grade sees it.
package struct HeldDrill: Hashable, Sendable {
    package var number: Int
    package var run: DrillRun
    /// When its after-action report was written; `nil` when none was.
    package var reportedAt: Moment?
    /// The number of the report's event.
    package var reportNumber: Int?

    package init(number: Int, run: DrillRun, reportedAt: Moment?, reportNumber: Int?) {
        self.number = number
        self.run = run
        self.reportedAt = reportedAt
        self.reportNumber = reportNumber
    }

    /// The runs among events, the last word on each, with the reports written about them.
    static func all(in events: [Event]) -> [HeldDrill] {
        var held: [String: HeldDrill] = [:]
        var reports: [String: (number: Int, at: Moment)] = [:]
        for event in events {
            switch event.body {
            case .drillRun(let run):
                held[run.run] = HeldDrill(
                    number: event.sequence, run: run, reportedAt: run.reportedAt, reportNumber: nil)
            case .reportMade(let report) where report.kind == "drill":
                reports[report.subject] = reports[report.subject] ?? (event.sequence, event.recordedAt)
            default: continue
            }
        }
        return held.values.map { drill in
            guard let report = reports[drill.run.run], drill.reportedAt == nil else { return drill }
            var drill = drill
            drill.reportedAt = report.at
            drill.reportNumber = report.number
            return drill
        }.sorted { $0.number < $1.number }
    }

    /// Whether something was really done: neither broken off, nor gone through without acting.
    ///
    /// Talking is doing for the paper kinds; for the others only acts count.
    var wasHeld: Bool {
        guard run.outcome != .aborted else { return false }
        switch run.mode {
        case .rehearse: return false
        case .talk: return run.exercise < .simulation
        case .sandbox, .live: return true
        }
    }

    /// Why the drill does not count as an exercise; `nil` when it does.
    var flaw: Flaw? {
        if run.outcome == .aborted { return .aborted }
        if !wasHeld { return .nothingDone }
        if !run.participants.contains(where: { $0.answeredBy == "present" && !$0.role.isEmpty }) {
            return .nobodyPresent
        }
        if run.services.isEmpty { return .noResult }
        if reportedAt == nil { return .noReport }
        if run.exercise >= .partial,
            let service = run.services.first(where: { $0.disasterAt == nil || $0.serviceVerifiedAt == nil })
        {
            return .notMeasured(service: service.service)
        }
        return nil
    }

    /// The kind it counts as: a full one that leaves out a core service is a partial one.
    func exercise(core: [String]) -> Exercise {
        guard run.exercise == .full else { return run.exercise }
        let covered = Set(run.services.map(\.service))
        return core.allSatisfy(covered.contains) && !core.isEmpty ? .full : .partial
    }

    var numbers: [Int] { [number] + [reportNumber].compactMap { $0 } }
}
