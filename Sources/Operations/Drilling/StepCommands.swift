// SPDX-License-Identifier: Apache-2.0
import Continuity
import SecureShell

/// A command as it goes to a host.
struct PreparedCommand {
    /// For `sh`; a script lies beside it as `./script`.
    var line: String
    var script: [UInt8] = []

    var sha256: String {
        Hex.sha256(Array(line.utf8) + [0] + script)
    }
}

/// Turns the steps of a scenario into exact command lines; the same for a plan and for a run.
struct StepCommands {
    let run: String
    let plan: Plan
    let values: DrillValues
    /// By the path in the scenario.
    let scripts: [String: [UInt8]]

    /// What a step runs at its hosts.
    func command(of step: Step) throws -> PreparedCommand {
        var command: PreparedCommand
        switch step.verb {
        case .run(let arguments): command = try line(arguments)
        case .script(let path, let arguments): command = try script(path, arguments)
        case .shell(let shell):
            command = PreparedCommand(
                line: "exec sh -eu ./script " + shellQuoted(try values.fill(shell.arguments)),
                script: Array((shell.text + "\n").utf8))
        case .sql(let query): command = try sql(query)
        case .notify(let notice): command = try line(notice.command + [notice.text])
        case .clean(let path):
            command = PreparedCommand(
                line: shellQuoted(["sh", "-c", HostScripts.clean, "clean", try values.fill(path), run]))
        default: throw OperationError(.failed, "step \(step.id) has no command")
        }
        command.line = withSecrets(command.line, of: step, input: step.stdin)
        guard case .clean(let path, _)? = step.undo else { return command }
        // The marker is set by the same supervised command, so that no crash can come between.
        let folder = shellQuoted([try values.fill(path)])
        command.line += """

            status=$?
            [ ! -d \(folder) ] || [ -L \(folder) ] || printf '%s\\n' \(shellQuoted([run])) >\(folder)/.lifeboat-drill
            exit "$status"
            """
        return command
    }

    /// The line with the paths of the secrets that lie in the step's own folder.
    ///
    /// Every word with such a path stands in single quotes, since no other word may hold the mark.
    func withSecrets(_ line: String, of step: Step, input: String? = nil) -> String {
        guard !step.secrets.isEmpty || input != nil else { return line }
        let input = input.map { "exec <\"$unit/\(SecretReader.fileName($0))\"\n" } ?? ""
        return "unit=$PWD\n" + input + line.replacing(DrillValues.unit, with: #"'"$unit"'"#)
    }

    func line(_ arguments: [String]) throws -> PreparedCommand {
        PreparedCommand(line: shellQuoted(try values.fill(arguments)))
    }

    func script(_ path: String, _ arguments: [String]) throws -> PreparedCommand {
        guard let bytes = scripts[path] else {
            throw OperationError(.failed, "the script \(path) was not kept with the run")
        }
        return PreparedCommand(
            line: "./script " + shellQuoted(try values.fill(arguments)), script: bytes)
    }

    /// A statement for psql: its values arrive as psql variables, its text as a file.
    func sql(_ query: SQLQuery) throws -> PreparedCommand {
        var words = ["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1"]
        for (name, value) in query.variables.sorted(by: { $0.key < $1.key }) {
            words += ["-v", "\(name)=\(try values.fill(value))"]
        }
        if let database = query.database { words += ["-d", try values.fill(database)] }
        // psql reads its statement from standard input, since its account may not enter this folder.
        let account = try query.account.map(values.fill)
        var line = "exec <./script\n"
        if let password = query.password {
            // Only the file's path is in the environment; -w: nobody is there whom psql could ask.
            line += "PGPASSFILE=$PWD/\(SecretReader.passFileName(password))\nexport PGPASSFILE\n"
            words.append("-w")
        }
        line += Self.become(account, words)
        return PreparedCommand(line: line, script: Array((query.query + "\n").utf8))
    }

    /// A command as another account of the host, or as it is.
    static func become(_ account: String?, _ words: [String]) -> String {
        guard let account else { return shellQuoted(words) }
        return "PATH=$PATH:/usr/sbin:/sbin\ncd / && " + shellQuoted(["runuser", "-u", account, "--"] + words)
    }

    /// How a step will be undone, as its intent says it; `nil` when there is nothing to undo.
    func undoText(of step: Step) throws -> String? {
        guard let undo = try plainUndoText(of: step), let confirm = step.undoConfirm else {
            return try plainUndoText(of: step)
        }
        return "\(undo), and at \(confirm.host) \(shellQuoted(try shown(confirm.arguments))) must confirm it"
    }

    private func plainUndoText(of step: Step) throws -> String? {
        switch step.undo {
        case nil, .some(.none): return nil
        case .run(let arguments, _, _): return "run " + shellQuoted(try shown(arguments))
        case .script(let path, let arguments, _, _):
            return "script \(path) " + shellQuoted(try shown(arguments))
        case .clean(let path, _): return "remove \(try values.fill(path)) if it carries this run's marker"
        }
    }

    /// Arguments with a word where only a shell at the host knows the path.
    private func shown(_ arguments: [String]) throws -> [String] {
        try values.fill(arguments).map { $0.replacing(DrillValues.unit, with: "$unit") }
    }

    /// The command that undoes a step; `nil` when there is nothing to undo.
    func undo(of step: Step) throws -> PreparedCommand? {
        guard var command = try plainUndo(of: step) else { return nil }
        command.line = withSecrets(command.line, of: step)
        return command
    }

    /// The same as it is left at the host for a sweep, which has no secrets.
    func registeredUndo(of step: Step) throws -> PreparedCommand? {
        guard var command = try undo(of: step) else { return nil }
        for name in step.undoSecrets {
            command.line =
                "[ -e \(shellQuoted(["./" + SecretReader.fileName(name)])) ] || "
                + "{ echo 'it needs a secret that only the controller has: drill resume' >&2; exit 1; }\n"
                + command.line
        }
        return command
    }

    private func plainUndo(of step: Step) throws -> PreparedCommand? {
        switch step.undo {
        case nil, .some(.none): nil
        case .run(let arguments, _, _): try line(arguments)
        case .script(let path, let arguments, _, _): try script(path, arguments)
        case .clean(let path, _):
            PreparedCommand(
                line: shellQuoted(["sh", "-c", HostScripts.clean, "clean", try values.fill(path), run]))
        }
    }
}
