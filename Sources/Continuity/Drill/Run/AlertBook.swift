// SPDX-License-Identifier: Apache-2.0

/// The alerts of some rules, as the ledger holds them: a fold over its events and nothing else.
///
/// An alert's records are one episode when they have the same id: told again, or told to be over, it is still the same.
/// An episode was raised at the earliest instant that any of its records gives: when its rule fired, when somebody was
/// told of it, when it was over, or when it stood in the ledger. Where no record says when the rule fired, since when
/// the condition held stands in. So an episode from before is never taken for a new one, however late or often it is
/// told; and one that is over already counts, since it was raised. Records of a file that was withdrawn count for
/// nothing.
package struct AlertBook: Hashable, Sendable {
    /// Whose events it needs to be given.
    package static let kinds: Set<EventKind> = [.alert, .importBatch]

    private let rules: Set<String>
    private var records: [String: [Record]] = [:]
    private var withdrawn: Set<String> = []

    private struct Record: Hashable, Sendable {
        var event: Int
        var recordedAt: Moment
        var alert: Alert
    }

    /// - Parameter rules: the names of the rules whose alerts are kept; of all others nothing is.
    package init(rules: Set<String>) {
        self.rules = rules
    }

    /// Takes in the next event of the ledger.
    package mutating func take(_ event: Event) {
        switch event.body {
        case .alert(let alert) where rules.contains(alert.rule):
            records[alert.id, default: []].append(
                Record(event: event.sequence, recordedAt: event.recordedAt, alert: alert))
        case .importBatch(let batch):
            if batch.withdrawnAt == nil { withdrawn.remove(batch.id) } else { withdrawn.insert(batch.id) }
        default: break
        }
    }

    /// The first episode of a rule that was raised at an instant or later; `nil` when none is known.
    package func raised(_ rule: String, since moment: Moment) -> DrillFact.AlertRaised? {
        records.values.compactMap { episode($0, of: rule) }
            .filter { $0.raisedAt >= moment }
            .min { ($0.raisedAt, $0.event) < ($1.raisedAt, $1.event) }
    }

    private func episode(_ all: [Record], of rule: String) -> DrillFact.AlertRaised? {
        let counting = all.filter { $0.alert.rule == rule && !withdrawn.contains($0.alert.batch ?? "") }
        guard let first = counting.first,
            let delivered = counting.map(\.alert.deliveredAt).min()
        else { return nil }
        let fired = counting.compactMap(\.alert.firedAt).min()
        let known = [fired ?? counting.compactMap(\.alert.trueAt).min()] + counting.map(\.alert.resolvedAt)
        let earliest = known.compactMap { $0 } + [delivered] + counting.map(\.recordedAt)
        return DrillFact.AlertRaised(
            rule: rule, id: first.alert.id, event: first.event, raisedAt: earliest.min() ?? delivered,
            firedAt: fired, deliveredAt: delivered)
    }
}
