// SPDX-License-Identifier: Apache-2.0

/// What a step does.
package enum Verb: Hashable, Sendable {
    /// A command line, never read by a shell.
    case run([String])
    case script(path: String, arguments: [String])
    case shell(ShellText)
    case sql(SQLQuery)
    case backup(Backup)
    case restore(Restore)
    case fault(Fault)
    case check(Expectation)
    case waitFor(Condition, deadline: Duration)
    case verify(Verification)
    case clean(path: String)
    case mark(String)
    case human(Question)
    case decision(Question)
    case approve(Approval)
    case inject(Inject)
    case notify(Notice)
    case group(Group)

    /// The verb's key in a scenario.
    package var name: String {
        switch self {
        case .run: "run"
        case .script: "script"
        case .shell: "shell"
        case .sql: "sql"
        case .backup: "backup"
        case .restore: "restore"
        case .fault: "fault"
        case .check: "check"
        case .waitFor: "wait_for"
        case .verify: "verify"
        case .clean: "clean"
        case .mark: "mark"
        case .human: "human"
        case .decision: "decision"
        case .approve: "approve"
        case .inject: "inject"
        case .notify: "notify"
        case .group(let group): group.file == nil ? "group" : "call"
        }
    }

    /// The verbs of the format.
    package static let supported = [
        "run", "script", "shell", "sql", "backup", "restore", "fault", "check", "wait_for", "verify", "clean",
        "mark", "human", "decision", "approve", "inject", "notify", "call", "group",
    ]
}

/// One more point of a dataset.
package struct Backup: Hashable, Sendable {
    package var dataset: String
    package var isFull: Bool

    package init(dataset: String, isFull: Bool) {
        self.dataset = dataset
        self.isFull = isFull
    }
}
