// SPDX-License-Identifier: Apache-2.0

/// What a step does.
package enum Verb: Hashable, Sendable {
    /// A command line, never read by a shell.
    case run([String])
    case script(path: String, arguments: [String])
    case restore(Restore)
    case fault(Fault)
    case check(Expectation)
    case waitFor(Condition, deadline: Duration)
    case verify(Verification)
    case mark(String)
    case human(Question)
    case decision(Question)

    /// The verb's key in a scenario.
    package var name: String {
        switch self {
        case .run: "run"
        case .script: "script"
        case .restore: "restore"
        case .fault: "fault"
        case .check: "check"
        case .waitFor: "wait_for"
        case .verify: "verify"
        case .mark: "mark"
        case .human: "human"
        case .decision: "decision"
        }
    }

    /// The verbs that this version runs.
    package static let supported = [
        "run", "script", "restore", "fault", "check", "wait_for", "verify", "mark", "human", "decision",
    ]
    /// The verbs of the format that this version does not run yet.
    package static let planned = [
        "shell", "backup", "sql", "approve", "inject", "notify", "call", "group", "clean",
    ]
}

/// Brings a dataset's point back from a store into an empty folder at a host.
package struct Restore: Hashable, Sendable {
    package enum Instant: Hashable, Sendable {
        case newest
        /// The newest point that was complete when the mark was set.
        case mark(String)
        case moment(Moment)
    }

    package var dataset: String
    /// A store, or a site whose stores may be used; `nil` leaves the choice to the restore.
    package var from: String?
    package var at: Instant
    package var host: String
    package var path: String
    /// Only chooses the point, and restores nothing.
    package var planOnly: Bool

    package init(
        dataset: String, from: String? = nil, at: Instant = .newest, host: String, path: String,
        planOnly: Bool = false
    ) {
        self.dataset = dataset
        self.from = from
        self.at = at
        self.host = host
        self.path = path
        self.planOnly = planOnly
    }
}

/// A disturbance that is made on purpose, and how it ends.
package struct Fault: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Cuts the host off from every host of a site.
        case siteBlock(site: String)
        /// Stops a service by a unit's name, or by commands.
        case serviceStop(stop: [String], start: [String])
    }

    package enum Heal: Hashable, Sendable {
        /// By what the kind knows: the table is dropped, the service is started.
        case auto
        case run([String])
        case script(path: String, arguments: [String])
    }

    package var kind: Kind
    package var host: String
    /// After this the target heals itself, whatever became of the controller.
    package var ttl: Duration
    package var heal: Heal

    package init(kind: Kind, host: String, ttl: Duration, heal: Heal) {
        self.kind = kind
        self.host = host
        self.ttl = ttl
        self.heal = heal
    }

    /// The kind's name in a scenario.
    package var kindName: String {
        switch kind {
        case .siteBlock: "site_block"
        case .serviceStop: "service_stop"
        }
    }

    package static let supportedKinds = ["site_block", "service_stop"]
    package static let plannedKinds = [
        "service_kill", "process_pause", "net_block", "net_delay", "net_loss", "dns_break", "disk_fill",
        "read_only", "cpu_load", "mem_load", "clock_skew", "file_damage", "cred_revoke", "host_off",
        "person_absent", "document_absent", "vault_absent",
    ]
}

/// Proof that the recovered data are the right ones.
package enum Verification: Hashable, Sendable {
    case tree(TreeCheck)
    case canary(CanaryCheck)

    /// Every file at the host against the point's index.
    package struct TreeCheck: Hashable, Sendable {
        package var host: String
        package var path: String
        package var against: Against
        package var spoils: [Spoil]

        package init(host: String, path: String, against: Against, spoils: [Spoil]) {
            self.host = host
            self.path = path
            self.against = against
            self.spoils = spoils
        }
    }

    /// Which point a tree should be.
    package enum Against: Hashable, Sendable {
        /// The point that a restore step brought back.
        case step(String)
        /// A point by name, as a text to be filled.
        case point(String)
    }

    /// A way to spoil a copy, on which the check must go red.
    package enum Spoil: Hashable, Sendable {
        case flipByte(Int)
        case dropFile(Int)

        package var text: String {
            switch self {
            case .flipByte(let count): "flip_byte: \(count)"
            case .dropFile(let count): "drop_file: \(count)"
            }
        }
    }

    /// The canary's file against the acknowledged records.
    package struct CanaryCheck: Hashable, Sendable {
        package var canary: String
        package var host: String
        package var path: String
        package var allowsHoles: Bool

        package init(canary: String, host: String, path: String, allowsHoles: Bool) {
            self.canary = canary
            self.host = host
            self.path = path
            self.allowsHoles = allowsHoles
        }
    }
}

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

    package var role: String
    package var ask: String
    /// Empty when any text will do.
    package var choices: [Choice]
    package var expect: Duration
    package var giveUp: Duration

    package init(role: String, ask: String, choices: [Choice], expect: Duration, giveUp: Duration) {
        self.role = role
        self.ask = ask
        self.choices = choices
        self.expect = expect
        self.giveUp = giveUp
    }
}
