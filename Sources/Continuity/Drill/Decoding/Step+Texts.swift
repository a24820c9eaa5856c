// SPDX-License-Identifier: Apache-2.0

extension Step {
    /// Every text of the step that is filled in before it is used.
    package var texts: [String] {
        var texts = verbTexts + undoTexts
        switch confirm {
        case .expectation(let expectation): texts += expectation.texts
        case .sql(let query): texts += query.texts
        case .condition, nil: break
        }
        return texts
    }

    /// The secrets whose files the undo of the step names.
    package var undoSecrets: [String] {
        let names = Set(undoTexts.flatMap { Template($0).names })
        return secrets.filter { names.contains("secret.\($0)") }
    }

    var undoTexts: [String] {
        undoWords + (undoConfirm?.texts ?? [])
    }

    private var undoWords: [String] {
        switch undo {
        case .run(let arguments, _, _): arguments
        case .script(_, let arguments, _, _): arguments
        case .clean(let path, _): [path]
        case nil, .some(.none): []
        }
    }

    private var verbTexts: [String] {
        switch verb {
        case .run(let arguments): arguments
        case .script(_, let arguments): arguments
        case .shell(let shell): shell.arguments
        case .sql(let query): query.texts
        case .restore(let restore): [restore.path] + (restore.acceptance?.texts ?? [])
        case .fault(let fault): fault.texts
        case .check(let check): check.texts
        case .verify(.tree(let tree)):
            if case .point(let point) = tree.against { [tree.path, point] } else { [tree.path] }
        case .verify(.canary(let canary)): [canary.path]
        case .verify(.writes(let writes)): writes.query.texts
        case .clean(let path): [path]
        case .human(let question), .decision(let question): [question.ask]
        case .approve(let approval): [approval.ask]
        case .inject(let inject): [inject.text]
        case .notify(let notice): [notice.text] + notice.command
        case .backup, .waitFor, .mark, .group: []
        }
    }
}

extension Restore.Acceptance {
    var texts: [String] {
        switch question {
        case .run(let arguments): arguments
        case .script(_, let arguments): arguments
        }
    }
}

extension Expectation {
    var texts: [String] {
        arguments + [output, outputContains].compactMap { $0 }
    }
}

extension SQLQuery {
    var texts: [String] {
        Array(variables.values) + [account, database].compactMap { $0 } + (expectedRow ?? [])
    }
}

extension Fault {
    var texts: [String] {
        var texts: [String] = []
        switch kind {
        case .serviceStop(let stop, let start): texts = stop + start
        case .serviceKill(let file, let start): texts = [file] + start
        case .netBlock(let addresses): texts = addresses
        case .processPause(let path), .diskFill(let path, _), .readOnly(let path), .fileDamage(let path),
            .credRevoke(let path):
            texts = [path]
        case .hostOff(let off, let on): texts = off + on
        default: break
        }
        switch heal {
        case .auto: break
        case .run(let arguments): texts += arguments
        case .script(_, let arguments): texts += arguments
        }
        return texts
    }
}
