// SPDX-License-Identifier: Apache-2.0

/// Something that only a person can say.
package struct Question: Hashable, Sendable {
    package struct Choice: Hashable, Sendable {
        package var id: String
        package var label: String?
        package var passes: Bool

        package init(id: String, label: String? = nil, passes: Bool = true) {
            self.id = id
            self.label = label
            self.passes = passes
        }
    }

    /// Whom to ask as well when nobody has answered for a while.
    package struct Escalation: Hashable, Sendable {
        package var after: Duration
        /// A role.
        package var to: String

        package init(after: Duration, to: String) {
            self.after = after
            self.to = to
        }
    }

    /// Whether a document is asked for with the answer.
    package enum Attachment: String, Hashable, Sendable, CaseIterable {
        case none
        /// Asked for; an answer without one counts, and may be found wanting (`no_evidence`).
        case optional
        /// An answer without one does not count.
        case required
    }

    /// Help that is given after a while, and counted.
    package struct Hint: Hashable, Sendable {
        package var after: Duration
        package var text: String

        package init(after: Duration, text: String) {
            self.after = after
            self.text = text
        }
    }

    package var role: String
    package var ask: String
    /// Empty when any text will do.
    package var choices: [Choice]
    package var expect: Duration
    package var giveUp: Duration
    package var escalation: Escalation?
    package var hint: Hint?
    /// Whether an answer goes with a document.
    package var attachment: Attachment
    /// A second role that must say the same.
    package var second: String?
    /// What of the run is shown beside the question: names that were saved, and probes.
    package var shows: [String]
    /// The objective that the answer speaks to.
    package var objective: String?
    /// The mark from which the objective's time is counted; `nil` counts from the first question of it.
    package var clockFrom: String?

    package init(
        role: String, ask: String, choices: [Choice], expect: Duration, giveUp: Duration,
        escalation: Escalation? = nil, hint: Hint? = nil, attachment: Attachment = .none,
        second: String? = nil, shows: [String] = [], objective: String? = nil, clockFrom: String? = nil
    ) {
        self.role = role
        self.ask = ask
        self.choices = choices
        self.expect = expect
        self.giveUp = giveUp
        self.escalation = escalation
        self.hint = hint
        self.attachment = attachment
        self.second = second
        self.shows = shows
        self.objective = objective
        self.clockFrom = clockFrom
    }
}

extension Question {
    /// Something that is said once to whoever is asked, so long after the question.
    package struct Reminder: Hashable, Sendable {
        package var after: Duration
        package var text: String
    }

    /// What is said while nobody answers, in its order: when the answer is late, before the next role is asked
    /// and before the question is given up, then the hint and the escalation themselves.
    ///
    /// A warning comes with a quarter of the time left, five minutes at most: sooner it would be forgotten
    /// again. The texts are the same in every run, so a new controller does not say one twice.
    package var reminders: [Reminder] {
        var all: [Reminder] = []
        if expect < giveUp {
            all.append(
                Reminder(
                    after: expect,
                    text: "reminder to the \(role): an answer was expected within \(expect.text)"))
        }
        if let rule = escalation {
            let left = Self.warning(of: rule.after)
            all.append(
                Reminder(
                    after: rule.after - left,
                    text: "reminder to the \(role): in \(left.text) the \(rule.to) is asked"))
            all.append(Reminder(after: rule.after, text: "escalated to \(rule.to) after \(rule.after.text)"))
        }
        if let hint { all.append(Reminder(after: hint.after, text: "hint: \(hint.text)")) }
        let left = Self.warning(of: giveUp)
        all.append(
            Reminder(
                after: giveUp - left, text: "reminder to the \(role): given up in \(left.text)"))
        return all.sorted { $0.after < $1.after }
    }

    /// Whether a note is one of those that the engine says to whoever is asked.
    package static func isReminder(_ text: String) -> Bool {
        ["reminder to the ", "escalated to ", "hint: ", "took "].contains { text.hasPrefix($0) }
    }

    private static func warning(of length: Duration) -> Duration {
        min(length / 4, .minutes(5))
    }
}

/// Several people who must agree.
package struct Approval: Hashable, Sendable {
    package var need: Int
    /// Roles; one person counts once, whatever roles they hold.
    package var from: [String]
    package var ask: String
    package var giveUp: Duration

    package init(need: Int, from: [String], ask: String, giveUp: Duration) {
        self.need = need
        self.from = from
        self.ask = ask
        self.giveUp = giveUp
    }
}

/// News that the players are told.
package struct Inject: Hashable, Sendable {
    /// Roles.
    package var to: [String]
    package var text: String
    /// The time in the story, as it is written.
    package var storyTime: String?

    package init(to: [String], text: String, storyTime: String? = nil) {
        self.to = to
        self.text = text
        self.storyTime = storyTime
    }
}

extension Inject {
    /// What whoever moves the story on is asked.
    package var cue: String {
        "tell the \(to.joined(separator: ", ")) now\(storyTime.map { ", \($0)" } ?? ""): \(text)"
    }

    /// The one answer to it.
    package static let told = "tell"
}

/// Words that are sent out by a command at a host, the text as its last argument.
package struct Notice: Hashable, Sendable {
    package var text: String
    package var host: String?
    package var command: [String]

    package init(text: String, host: String?, command: [String]) {
        self.text = text
        self.host = host
        self.command = command
    }
}
