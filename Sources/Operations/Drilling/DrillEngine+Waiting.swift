// SPDX-License-Identifier: Apache-2.0
import Continuity

extension DrillEngine {
    /// Waits until the windows of `restored_when` are full.
    ///
    /// A window that is still filling when the last step ends would leave a recovery unmeasured. What is
    /// not stable after the window's own length, with room for a sample that is late, is left to the verdict.
    func awaitStableWindows() {
        guard context.rehearsal == nil else { return }
        let leaves = scenario.restoredWhen.values.flatMap(\.leaves)
        let windows = leaves.compactMap { leaf -> Duration? in
            if case .probe(let probe) = leaf { probe.window } else { nil }
        }
        guard let longest = windows.max() else { return }
        let slowest = context.probers.map { $0.every + $0.timeout }.max() ?? .zero
        let end = context.time.sinceBoot() + longest + slowest * 2 + .seconds(2)
        while context.time.sinceBoot() < end, reasonToStop() == nil {
            guard scenario.restoredWhen.values.contains(where: { holds($0) != true }) else { return }
            pause(.milliseconds(100))
        }
    }

    /// Whether a condition holds now; `nil` when that cannot be known yet.
    ///
    /// `since`: alerts from before do not count; else those from before anything was disturbed.
    func holds(
        _ condition: Condition, from numbers: [String: Int] = [:], since: Moment? = nil, step: String? = nil
    ) -> Bool? {
        condition.holds { leaf in
            switch leaf {
            case .probe(let probe): isSo(probe, from: numbers)
            case .step(let id): state.result(of: id).map { $0 == .passed }
            case .answer(let name, let expected): state.saved[name].map { $0 == expected }
            case .alert(let rule):
                isRaised(rule, since: since ?? state.disturbedAt(scenario), step: step)
            case .all, .any, .not: nil
            }
        }
    }

    /// - Returns: true when enough probers saw it without a break, else `nil`: a live view cannot deny.
    private func isSo(_ condition: ProbeCondition, from numbers: [String: Int]) -> Bool? {
        let wanted: DrillSample.State = condition.state == .up ? .up : .down
        let hosts = fleet.view(of: condition.probe).filter { host, track in
            track.isNow(
                wanted, for: condition.window, minimum: condition.minimum,
                from: numbers["\(condition.probe)@\(host)"] ?? 0)
        }
        return hosts.count >= condition.fromAtLeast ? true : nil
    }

    /// Waits until a condition holds, the time is over, or the drill is to stop.
    ///
    /// `endsWithRun`: whether there is nothing to wait for any more when another step has ended the run.
    func wait(
        for condition: Condition, within limit: Duration, from numbers: [String: Int],
        step: String, endsWithRun: Bool = false
    ) -> Bool {
        let end = context.time.sinceBoot() + limit
        while true {
            if holds(condition, from: numbers, step: step) == true { return true }
            if endsWithRun, ending != nil { return false }
            guard context.time.sinceBoot() < end, reasonToStop() == nil else { return false }
            pause(.milliseconds(100))
        }
    }

    /// Why a request does not count; `nil` when it does.
    ///
    /// Whoever only watches may say something, hold the run and stop it, and does not move it on.
    private func objection(to request: DrillRequest) -> String? {
        guard let person = request.person else { return nil }
        let roles = scenario.roles.filter { ($0.people + $0.deputies).contains(person) }
        guard !roles.isEmpty, roles.allSatisfy({ !$0.mayAct }) else { return nil }
        switch request {
        case .mark(let name, _): return "\(person) only watches: the mark \(name) was not set"
        case .release: return "\(person) only watches: the run was not released"
        default: return nil
        }
    }

    /// Takes what other terminals put into the letter box, except the answers.
    func takeRequests() {
        let spool = RequestSpool(folder: context.folder)
        for (path, request) in spool.waiting() {
            if case .answer = request { continue }
            spool.drop(path)
            see(request.person)
            if let objection = objection(to: request) {
                note(objection)
                continue
            }
            switch request {
            case .answer, .present: continue
            case .note(let text, let person):
                tryToRecord(.note(DrillFact.Reason(text: text, person: person)))
            case .mark(let name, _): tryToRecord(.mark(DrillFact.Mark(name: name)))
            case .hold(let text, let person):
                tryToRecord(.hold(DrillFact.Reason(text: text, person: person)))
            case .release(let text, let person):
                heldFor = []
                tryToRecord(.release(DrillFact.Reason(text: text, person: person)))
            case .abort, .real: if let stop = request.stop { context.control.stop(stop) }
            }
        }
    }
}
