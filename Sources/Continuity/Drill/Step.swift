// SPDX-License-Identifier: Apache-2.0

/// One step of a scenario: common keys and exactly one verb.
package struct Step: Hashable, Sendable {
    package var id: String
    package var title: String?
    package var phase: Phase
    package var verb: Verb
    /// Where the verb acts; empty for what happens in the controller or names its host itself.
    package var hosts: [String]
    /// `nil` means: after the step written before it.
    package var needs: [String]?
    package var when: Condition?
    /// `nil` means: in every mode.
    package var modes: Set<DrillMode>?
    package var timeout: Duration?
    package var expect: Duration?
    package var confirm: Confirmation?
    package var undo: Undo?
    /// How the undo is proven to have done its work, where its exit status is not enough.
    package var undoConfirm: Expectation?
    /// Why there is nothing to undo.
    package var because: String?
    package var readsOnly: Bool
    /// The secrets that lie as files beside the command while it runs.
    package var secrets: [String]
    /// The secret that the command reads as its standard input.
    package var stdin: String?
    /// Names under which results are kept, for `{{name}}` and for `when:`.
    package var save: [String: String]
    /// Whether the run fails with this step.
    package var isCritical: Bool
    /// The point of no return: before it an abort goes back, after it the way forward is the way home.
    package var isPivot: Bool
    /// Who may let the run go on although the step failed.
    package var onFail: Approval?
    /// Where the step stands in its file.
    package var line: Int

    package init(
        id: String, title: String? = nil, phase: Phase, verb: Verb, hosts: [String] = [],
        needs: [String]? = nil, when: Condition? = nil, modes: Set<DrillMode>? = nil,
        timeout: Duration? = nil, expect: Duration? = nil, confirm: Confirmation? = nil, undo: Undo? = nil,
        undoConfirm: Expectation? = nil, because: String? = nil, readsOnly: Bool = false,
        secrets: [String] = [], stdin: String? = nil,
        save: [String: String] = [:],
        isCritical: Bool = true, isPivot: Bool = false, onFail: Approval? = nil, line: Int = 0
    ) {
        self.id = id
        self.title = title
        self.phase = phase
        self.verb = verb
        self.hosts = hosts
        self.needs = needs
        self.when = when
        self.modes = modes
        self.timeout = timeout
        self.expect = expect
        self.confirm = confirm
        self.undo = undo
        self.undoConfirm = undoConfirm
        self.because = because
        self.readsOnly = readsOnly
        self.secrets = secrets
        self.stdin = stdin
        self.save = save
        self.isCritical = isCritical
        self.isPivot = isPivot
        self.onFail = onFail
        self.line = line
    }

    package var name: String {
        title ?? id
    }

    /// Every host on which the step does or reads something.
    package var touchedHosts: [String] {
        switch verb {
        case .run, .script, .shell, .clean: hosts
        case .restore(let restore): restore.planOnly ? [] : [restore.host]
        case .fault(let fault): fault.host.map { [$0] } ?? []
        case .check(let check): [check.host]
        case .sql(let query): [query.host]
        case .notify(let notice): notice.host.map { [$0] } ?? []
        case .verify(.tree(let tree)): [tree.host]
        case .verify(.canary(let canary)): [canary.host]
        case .verify(.writes(let writes)): [writes.query.host]
        case .waitFor, .mark, .human, .decision, .approve, .inject, .backup, .group: []
        }
    }

    /// The hosts at which the step is undone.
    package var undoHosts: [String] {
        switch undo {
        case .run(_, let host?, _), .script(_, _, let host?, _), .clean(_, let host?): [host]
        default: touchedHosts
        }
    }

    /// The hosts that the step changes, by itself or by its undo.
    package var changedHosts: [String] {
        let undone = undo == nil || undo == Undo.none ? [] : undoHosts
        return Set((isMutating ? touchedHosts : []) + undone).sorted()
    }

    /// Every host that the step, its confirmation or its undo has to do with.
    package var reachedHosts: [String] {
        var hosts = touchedHosts + changedHosts + [undoConfirm?.host].compactMap { $0 }
        switch confirm {
        case .expectation(let expectation): hosts.append(expectation.host)
        case .sql(let query): hosts.append(query.host)
        case .condition, nil: break
        }
        return Set(hosts).sorted()
    }

    /// The dataset that the step brings back from a store; `nil` when it does no such thing.
    package var restoredDataset: String? {
        if case .restore(let restore) = verb, !restore.planOnly { restore.dataset } else { nil }
    }

    /// What the step asks a person, if it does.
    package var question: Question? {
        switch verb {
        case .human(let question), .decision(let question): question
        default: nil
        }
    }

    /// The secrets that hold the passwords of databases the step asks.
    package var passwords: [String] {
        var found: [String?] = []
        switch verb {
        case .sql(let query): found.append(query.password)
        case .verify(.writes(let check)): found.append(check.query.password)
        default: break
        }
        if case .sql(let query)? = confirm { found.append(query.password) }
        return Set(found.compactMap { $0 }).sorted()
    }

    /// Whether the step changes anything outside the controller.
    package var isMutating: Bool {
        switch verb {
        case .run, .script, .shell, .sql: !readsOnly
        case .restore(let restore): !restore.planOnly
        case .fault(let fault): fault.host != nil
        case .clean: true
        case .check, .waitFor, .verify, .mark, .human, .decision, .approve, .inject, .notify, .backup, .group:
            false
        }
    }

    /// Whether the step is carried out by the program and not by people at a table.
    package var isExecuting: Bool {
        switch verb {
        case .human, .decision, .approve, .inject, .mark, .group: false
        case .fault(let fault): fault.host != nil
        case .run, .script, .shell, .sql, .restore, .clean, .check, .waitFor, .verify, .notify, .backup: true
        }
    }
}

/// How a step is proven to have done its work, or a fault to be in force.
package enum Confirmation: Hashable, Sendable {
    case condition(Condition)
    case expectation(Expectation)
    case sql(SQLQuery)
}

/// How a step is undone.
package enum Undo: Hashable, Sendable {
    /// `undo: none`, with the step's `because:`.
    case none
    case run([String], host: String?, timeout: Duration?)
    case script(path: String, arguments: [String], host: String?, timeout: Duration?)
    /// Removes a folder that carries the run's marker.
    case clean(path: String, host: String?)

    /// How long it may take; `nil` where nothing is said.
    package var timeout: Duration? {
        switch self {
        case .run(_, _, let timeout), .script(_, _, _, let timeout): timeout
        case .none, .clean: nil
        }
    }
}

/// A command whose end and output say yes or no.
package struct Expectation: Hashable, Sendable {
    package var host: String
    package var arguments: [String]
    package var exit: Int
    package var output: String?
    package var outputContains: String?

    package init(
        host: String, arguments: [String], exit: Int = 0, output: String? = nil, outputContains: String? = nil
    ) {
        self.host = host
        self.arguments = arguments
        self.exit = exit
        self.output = output
        self.outputContains = outputContains
    }
}
