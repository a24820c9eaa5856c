// SPDX-License-Identifier: Apache-2.0

/// The rules that a step must keep as a whole.
extension ScenarioReader {
    /// The rules below, as far as a schema can say them.
    func recordRules(_ fields: Fields) {
        for verb in ["run", "script", "shell"] {
            fields.implies(verb, [["host", "hosts"], ["undo", "reads_only"]])
        }
        fields.implies("sql", [["undo", "reads_only"]])
        fields.implies("clean", [["host", "hosts"]])
        fields.implies("fault", [["confirm"], ["heal"]])
        fields.implies("undo", is: "none", [["because"]])
    }

    func rules(_ step: Step, _ fields: Fields) {
        secretRules(step, fields)
        keyRules(step, fields)
        if case .fault(let fault) = step.verb {
            if !fields.has("confirm") { _ = fields.require("confirm", Optional<String>.none) }
            if fault.ttl == nil, fault.host != nil, step.because == nil {
                fields.complain("because", "is missing: why this fault may never heal by itself")
            }
            if step.undo != nil { fields.complain("undo", "a fault is undone by its heal") }
            return
        }
        let isCleaning = if case .clean = step.verb { true } else { false }
        if step.isMutating, !isCleaning {
            if step.undo == nil {
                list.add(
                    Problem(
                        at: fields.node.place, key: fields.full("undo"), "is missing",
                        hint: "say how to undo it, 'reads_only: true', or 'undo: none' with 'because:'"))
            } else if step.undo == Undo.none, step.because == nil {
                fields.complain("undo", "'none' needs a reason under because")
            }
        }
        if step.isMutating || step.readsOnly || !step.hosts.isEmpty || isCleaning { needsHost(step, fields) }
    }

    private func secretRules(_ step: Step, _ fields: Fields) {
        let (takesFiles, takesInput) =
            switch step.verb {
            case .run, .script, .shell: (true, true)
            case .check: (true, false)
            default: (false, false)
            }
        guard !fields.isRecorded else { return }
        if fields.has("secrets"), !takesFiles {
            let hint = "run, script, shell and check do; sql takes a password"
            fields.complain("secrets", "the verb \(step.verb.name) takes none", hint: hint)
        }
        if fields.has("stdin"), !takesInput {
            fields.complain(
                "stdin", "the verb \(step.verb.name) takes none", hint: "run, script and shell do")
        }
    }

    private func needsHost(_ step: Step, _ fields: Fields) {
        switch step.verb {
        case .run, .script, .shell, .clean:
            if step.hosts.isEmpty { _ = fields.require("host", Optional<String>.none) }
        default:
            if !step.hosts.isEmpty {
                fields.complain("host", "the verb \(step.verb.name) says by itself where it acts")
            }
        }
    }

    /// A key that the verb would not heed is refused: nobody may rely on what is not done.
    private func keyRules(_ step: Step, _ fields: Fields) {
        guard !fields.isRecorded else { return }
        let name = step.verb.name
        if step.confirm != nil, !step.takesConfirmation {
            fields.complain(
                "confirm", "the verb \(name) takes none", hint: "put a check or wait_for step behind it")
        }
        if let undo = step.undo, undo != .none, !step.takesUndo {
            fields.complain("undo", "the verb \(name) changes nothing that could be undone")
        }
        if fields.has("timeout"), !step.takesTimeout {
            fields.complain(
                "timeout", "the verb \(name) takes none",
                hint: step.question != nil ? "people have give_up" : step.verb.timeoutHint)
        }
        if step.isPivot, !step.isMutating {
            fields.complain(
                "pivot", "the verb \(name) changes nothing here, so there is a way back from it",
                hint: "the point of no return is the step that does what cannot be undone")
        }
        if step.readsOnly, !step.mayReadOnly {
            fields.complain("reads_only", "the verb \(name) changes something")
        }
    }
}

extension Step {
    fileprivate var takesConfirmation: Bool {
        switch verb {
        case .run, .script, .shell, .sql, .notify, .clean, .fault: true
        default: false
        }
    }

    fileprivate var takesUndo: Bool {
        switch verb {
        case .run, .script, .shell, .sql, .notify: true
        case .restore(let restore): !restore.planOnly
        // A fault has its own word for it.
        case .fault: true
        default: false
        }
    }

    fileprivate var takesTimeout: Bool {
        switch verb {
        case .run, .script, .shell, .sql, .notify, .clean, .check, .verify: true
        case .restore(let restore): !restore.planOnly
        case .fault(let fault): fault.host != nil
        default: false
        }
    }

    fileprivate var mayReadOnly: Bool {
        switch verb {
        case .clean: false
        case .restore(let restore): restore.planOnly
        case .fault(let fault): fault.host == nil
        default: true
        }
    }
}

extension Verb {
    fileprivate var timeoutHint: String? {
        if case .waitFor = self { "wait_for has a deadline" } else { nil }
    }
}
