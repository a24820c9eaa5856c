// SPDX-License-Identifier: Apache-2.0
import Continuity

extension DrillEngine {
    /// Whether a condition holds now; `nil` when that cannot be known yet.
    func holds(_ condition: Condition, from numbers: [String: Int] = [:]) -> Bool? {
        condition.holds { leaf in
            switch leaf {
            case .probe(let probe): isSo(probe, from: numbers)
            case .step(let id): state.result(of: id).map { $0 == .passed }
            case .answer(let name, let expected): state.saved[name].map { $0 == expected }
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
    func wait(for condition: Condition, within limit: Duration, from numbers: [String: Int]) -> Bool {
        let end = context.time.sinceBoot() + limit
        while true {
            if holds(condition, from: numbers) == true { return true }
            guard context.time.sinceBoot() < end, reasonToStop() == nil else { return false }
            context.control.pause(.milliseconds(100))
        }
    }

    /// Takes what other terminals put into the letter box, except the answers.
    func takeRequests() {
        for (path, request) in RequestSpool(folder: context.folder).waiting() {
            switch request {
            case .answer: continue
            case .note(let text, let person):
                tryToRecord(.note(DrillFact.Reason(text: text, person: person)))
            case .abort(let reason, let person):
                context.control.abort(person.map { "\(reason) (\($0))" } ?? reason)
            }
            RequestSpool(folder: context.folder).drop(path)
        }
    }
}

extension Condition {
    /// The condition as a person says it.
    var text: String {
        switch self {
        case .probe(let probe): "probe \(probe.probe) \(probe.state.rawValue) for \(probe.window.text)"
        case .step(let id): "step \(id) passed"
        case .answer(let name, let value): "\(name) is \(value)"
        case .all(let parts): "all of: " + parts.map(\.text).joined(separator: ", ")
        case .any(let parts): "any of: " + parts.map(\.text).joined(separator: ", ")
        case .not(let part): "not " + part.text
        }
    }
}
