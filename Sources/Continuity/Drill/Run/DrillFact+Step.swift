// SPDX-License-Identifier: Apache-2.0

extension DrillFact {
    /// What is about to be done, and how it will be undone.
    package struct Intent: Hashable, Sendable, Codable {
        package var verb: String
        package var hosts: [String]
        /// The exact command lines, as they will be run.
        package var commands: [String]
        /// SHA-256 over the commands and the bytes of the script.
        package var sha256: String
        /// The undo that is registered by this record; `nil` when there is none, for the reason given.
        package var undo: String?
        package var because: String?
        /// After how long a fault heals by itself at the target.
        package var ttlSeconds: Double?

        package init(
            verb: String, hosts: [String], commands: [String], sha256: String, undo: String?,
            because: String?,
            ttlSeconds: Double? = nil
        ) {
            self.verb = verb
            self.hosts = hosts
            self.commands = commands
            self.sha256 = sha256
            self.undo = undo
            self.because = because
            self.ttlSeconds = ttlSeconds
        }
    }

    /// The command runs at the host, under a supervisor that outlives the connection.
    package struct Started: Hashable, Sendable, Codable {
        package var host: String?
        /// The supervisor's folder at the host; `nil` for what runs in the controller.
        package var unit: String?
        /// The host's own clock, in nanoseconds since its boot.
        package var hostNs: Int64?

        package init(host: String?, unit: String?, hostNs: Int64?) {
            self.host = host
            self.unit = unit
            self.hostNs = hostNs
        }
    }

    /// The end of what a command printed; the whole lies in the run's folder.
    package struct Output: Hashable, Sendable, Codable {
        package var host: String
        package var stream: String
        package var bytes: Int
        package var tail: String

        package init(host: String, stream: String, bytes: Int, tail: String) {
            self.host = host
            self.stream = stream
            self.bytes = bytes
            self.tail = tail
        }
    }

    /// The proof asked for by `confirm:`.
    package struct Confirmed: Hashable, Sendable, Codable {
        package var passed: Bool
        package var detail: String

        package init(passed: Bool, detail: String) {
            self.passed = passed
            self.detail = detail
        }
    }

    /// How a step ended.
    package enum Result: String, Hashable, Sendable, Codable, CaseIterable {
        case passed
        case failed
        case timedOut = "timed_out"
        /// A person was asked and did not answer in time.
        case gaveUp = "given_up"
        /// `when:` or `modes:` left it out.
        case skipped
        /// Nobody can say whether it was done.
        case unknown
    }

    /// The end of a step, in the words of the validation table.
    package struct Finished: Hashable, Sendable, Codable {
        package var result: Result
        package var expected: String
        package var actual: String
        package var performedBy: String
        /// Begin and end on the host's own clock, in nanoseconds since its boot.
        package var host: String?
        package var begunHostNs: Int64?
        package var endedHostNs: Int64?
        package var saved: [String: String]
        package var proof: Proof?

        package init(
            result: Result, expected: String, actual: String, performedBy: String = "lifeboat",
            host: String? = nil, begunHostNs: Int64? = nil, endedHostNs: Int64? = nil,
            saved: [String: String] = [:], proof: Proof? = nil
        ) {
            self.result = result
            self.expected = expected
            self.actual = actual
            self.performedBy = performedBy
            self.host = host
            self.begunHostNs = begunHostNs
            self.endedHostNs = endedHostNs
            self.saved = saved
            self.proof = proof
        }
    }

    package struct Mark: Hashable, Sendable, Codable {
        package var name: String

        package init(name: String) {
            self.name = name
        }
    }

    /// A person's answer or decision.
    package struct Answer: Hashable, Sendable, Codable {
        package var role: String
        package var person: String
        package var answer: String
        package var text: String?
        /// `terminal`, or `file` when it was prepared beforehand and says nothing about people.
        package var by: String
        package var isAuthenticated: Bool
        package var attachment: Attachment?

        package init(
            role: String, person: String, answer: String, text: String?, by: String, isAuthenticated: Bool,
            attachment: Attachment? = nil
        ) {
            self.role = role
            self.person = person
            self.answer = answer
            self.text = text
            self.by = by
            self.isAuthenticated = isAuthenticated
            self.attachment = attachment
        }
    }

    /// An alert of the company's own monitoring that the ledger holds and a condition asks for.
    package struct AlertRaised: Hashable, Sendable, Codable {
        /// The name of its rule.
        package var rule: String
        package var id: String
        /// The number of its first event in the ledger.
        package var event: Int
        /// What counts: the earliest instant that is known of it (see ``AlertBook``).
        package var raisedAt: Moment
        /// When its rule fired, on the monitoring's clock; `nil` when that does not say.
        package var firedAt: Moment?
        package var deliveredAt: Moment

        package init(
            rule: String, id: String, event: Int, raisedAt: Moment, firedAt: Moment?, deliveredAt: Moment
        ) {
            self.rule = rule
            self.id = id
            self.event = event
            self.raisedAt = raisedAt
            self.firedAt = firedAt
            self.deliveredAt = deliveredAt
        }

        /// As a person reads it.
        package var text: String {
            let fired = firedAt.map { "fired \($0), " } ?? ""
            return "alert \(rule), event \(event), \(fired)delivered \(deliveredAt)"
        }
    }

    /// A document that goes with an answer; its bytes lie with the run.
    package struct Attachment: Hashable, Sendable, Codable {
        package var name: String
        package var sha256: String

        package init(name: String, sha256: String) {
            self.name = name
            self.sha256 = sha256
        }
    }

    /// One undo, before, after, or failed.
    package struct Undo: Hashable, Sendable, Codable {
        package var host: String?
        package var what: String
        package var detail: String

        package init(host: String?, what: String, detail: String = "") {
            self.host = host
            self.what = what
            self.detail = detail
        }
    }
}
