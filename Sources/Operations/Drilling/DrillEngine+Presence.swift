// SPDX-License-Identifier: Apache-2.0
import Continuity

/// Whether those are there who must be.
extension DrillEngine {
    func see(_ person: String?) {
        guard let person else { return }
        seenAt[person] = context.time.sinceBoot()
    }

    /// Holds the run when somebody who must be there gave no sign of life, and stops it when that lasts.
    func watchPresence() -> DrillFact.Stop? {
        guard watchesPresence else { return nil }
        for role in scenario.roles {
            guard let heartbeat = role.heartbeat else { continue }
            let people = holders(of: role.id)
            let last = people.compactMap { seenAt[$0] }.max() ?? begunAt
            let quiet = context.time.sinceBoot() - max(last, begunAt)
            if quiet > heartbeat * 2 {
                return DrillFact.Stop(
                    cause: .guarded, text: "no sign of life from the \(role.id) for \(quiet.text)")
            }
            if quiet > heartbeat, !heldFor.contains(role.id) {
                heldFor.insert(role.id)
                tryToRecord(.hold(DrillFact.Reason(text: "no sign of life from the \(role.id)")))
            } else if quiet <= heartbeat, heldFor.remove(role.id) != nil {
                tryToRecord(.release(DrillFact.Reason(text: "the \(role.id) is back")))
            }
        }
        return nil
    }

    /// Answers from a file mean that nobody is expected; live, somebody always is.
    var watchesPresence: Bool {
        scenario.mode == .live || context.answers.isEmpty
    }
}
