// SPDX-License-Identifier: Apache-2.0
import Continuity
import Ledger
import Synchronization

/// Follows the alerts that come into the ledger while a drill waits for them.
///
/// The first question reads the alerts that are there; every later one only the events that are new, and looks no more
/// often than twice a second.
final class AlertFollower: Sendable {
    private struct Place {
        var book: AlertBook
        var next = 1
        var lookedAt: Duration?
    }

    private let ledger: Ledger
    private let time: TimeSource
    private let place: Mutex<Place>

    /// `rules`: those that will be asked for.
    init(_ ledger: Ledger, rules: Set<String>, time: TimeSource) {
        self.ledger = ledger
        self.time = time
        place = Mutex(Place(book: AlertBook(rules: rules)))
    }

    /// The first alert of a rule that was raised at an instant or later, as far as the ledger knows.
    ///
    /// Blocks while it reads. Throws when the ledger cannot be read: then nobody knows.
    func raised(_ rule: String, since moment: Moment) throws -> DrillFact.AlertRaised? {
        try place.withLock { place in
            let now = time.sinceBoot()
            if place.lookedAt.map({ now - $0 >= .milliseconds(500) }) ?? true {
                try ledger.forEach(of: AlertBook.kinds, from: place.next) { event in
                    place.book.take(event)
                    place.next = event.sequence + 1
                }
                place.lookedAt = now
            }
            return place.book.raised(rule, since: moment)
        }
    }
}

extension DrillEngine {
    /// Whether a rule's alert was raised at an instant or later; `nil` when nobody knows of one.
    ///
    /// What is found is written into the journal, and what stands there is not asked for again: a controller that
    /// takes the run up, and whoever judges it, come to the same.
    func isRaised(_ rule: String, since moment: Moment?, step: String?) -> Bool? {
        guard context.rehearsal == nil else { return isRehearsed(rule) }
        guard let moment else { return nil }
        if state.alert(of: rule, since: moment) != nil { return true }
        do {
            let found = try context.alerts.raised(rule, since: moment)
            alertFailure = nil
            guard let found else { return nil }
            try record(.alert(found), step: step)
            return true
        } catch {
            if journalFailure == nil { alertFailure = "the ledger's alerts cannot be read: \(error)" }
            return nil
        }
    }

    /// A rehearsal takes an alert as having come when the step that waits for it has ended.
    private func isRehearsed(_ rule: String) -> Bool? {
        let waits = scenario.steps.filter { step in
            guard case .waitFor(let condition, _) = step.verb else { return false }
            return condition.alerts.contains(rule)
        }
        return waits.contains { state.result(of: $0.id) == .passed } ? true : nil
    }

    /// What is known of the alerts that a condition asks for; empty when it asks for none.
    func alertWords(_ condition: Condition, since moment: Moment?) -> String {
        let rules = condition.alerts.sorted()
        guard !rules.isEmpty, let moment else { return "" }
        let seen = rules.compactMap { state.alert(of: $0, since: moment)?.text }
        let words = seen + [alertFailure].compactMap { $0 }
        return words.isEmpty ? "" : ": " + words.joined(separator: "; ")
    }
}
