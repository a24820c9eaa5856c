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
    /// Why there is nothing to undo.
    package var because: String?
    package var readsOnly: Bool
    /// Names under which results are kept, for `{{name}}` and for `when:`.
    package var save: [String: String]
    /// Whether the run fails with this step.
    package var isCritical: Bool
    /// Where the step stands in its file.
    package var line: Int

    package init(
        id: String, title: String? = nil, phase: Phase, verb: Verb, hosts: [String] = [],
        needs: [String]? = nil, when: Condition? = nil, modes: Set<DrillMode>? = nil,
        timeout: Duration? = nil, expect: Duration? = nil, confirm: Confirmation? = nil, undo: Undo? = nil,
        because: String? = nil, readsOnly: Bool = false, save: [String: String] = [:],
        isCritical: Bool = true, line: Int = 0
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
        self.because = because
        self.readsOnly = readsOnly
        self.save = save
        self.isCritical = isCritical
        self.line = line
    }

    package var name: String {
        title ?? id
    }

    /// Every host on which the step does or reads something.
    package var touchedHosts: [String] {
        switch verb {
        case .run, .script: hosts
        case .restore(let restore): [restore.host]
        case .fault(let fault): [fault.host]
        case .check(let check): [check.host]
        case .verify(.tree(let tree)): [tree.host]
        case .verify(.canary(let canary)): [canary.host]
        case .waitFor, .mark, .human, .decision: []
        }
    }

    /// Whether the step changes anything outside the controller.
    package var isMutating: Bool {
        switch verb {
        case .run, .script: !readsOnly
        case .restore(let restore): !restore.planOnly
        case .fault: true
        case .check, .waitFor, .verify, .mark, .human, .decision: false
        }
    }
}

/// How a step is proven to have done its work, or a fault to be in force.
package enum Confirmation: Hashable, Sendable {
    case condition(Condition)
    case expectation(Expectation)
}

/// How a step is undone.
package enum Undo: Hashable, Sendable {
    /// `undo: none`, with the step's `because:`.
    case none
    case run([String], host: String?, timeout: Duration?)
    case script(path: String, arguments: [String], host: String?, timeout: Duration?)
    /// Removes a folder that carries the run's marker.
    case clean(path: String, host: String?)
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
