// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Foundation
import Operations

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "The keys that read and sign: make, rotate, put away, prove.",
        subcommands: [
            KeyNewCommand.self, KeyListCommand.self, KeyAcceptCommand.self, KeyRotateCommand.self,
            KeyEscrowCommand.self, KeyDrillCommand.self,
        ])
}

struct KeyNewCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Make the workspace's identity and signer.",
        discussion: "Nothing that exists is overwritten. Secret halves are never printed.")

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> ExitStatus {
        let made = try common.open(console).keys.create(at: TimeSource.system.now())
        try console.print(made) {
            """
            recipient  \(made.recipient)
            signer     \(made.principal), \(made.signerFingerprint)
            """
        }
        console.say("lifeboat: hint: put a second recipient away with 'lifeboat key escrow --to FILE'")
        return .success
    }
}

struct KeyListCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Which datasets are encrypted to whom, and which points need which key.")

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> ExitStatus {
        let keys = try common.open(console).keys.list()
        try console.print(KeyListOutput(datasets: keys)) {
            keys.flatMap { entry -> [String] in
                let state =
                    entry.needsAcceptance ? ", CHANGED: runs are refused until 'lifeboat key accept'" : ""
                return ["\(entry.dataset): \(entry.recipients.count) recipients\(state)"]
                    + entry.uses.map { Self.line($0, of: entry) }
            }.joined(separator: "\n")
        }
        return keys.contains { $0.needsAcceptance || !$0.untried.isEmpty } ? .partial : .success
    }

    private static func line(_ use: KeyDesk.RecipientUse, of keys: KeyDesk.DatasetKeys) -> String {
        var words: [String] = []
        switch (use.oldest, use.newest) {
        case (let oldest?, let newest?) where use.points > 1:
            words.append(
                "\(use.points) points, \(oldest.text(decimals: 0)) to \(newest.text(decimals: 0))")
        case (let only?, _): words.append("1 point, \(only.text(decimals: 0))")
        default: words.append("no point")
        }
        if !keys.recipients.contains(use.recipient) { words.append("not for new points") }
        words.append(use.triedAt.map { "tried \($0.text(decimals: 0))" } ?? "never tried by a key drill")
        if keys.untried.contains(use.recipient) { words.append("NEW COPIES DO NOT COUNT until it is") }
        return "  \(use.recipient): \(words.joined(separator: ", "))"
    }
}

private struct KeyListOutput: Encodable {
    var datasets: [KeyDesk.DatasetKeys]
}

struct KeyAcceptCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Take responsibility for a changed set of recipients.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The dataset.")
    var dataset: String

    @Option(name: .customLong("as"), help: "Who accepts it, a person of the plan.")
    var person: String

    @Option(help: "Why it changed.")
    var reason: String

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        for dataset in try place.plan.chosenOwn([dataset]) {
            try place.keys.accept(dataset, person: person, reason: reason, at: TimeSource.system.now())
        }
        console.say("\(dataset): its new recipients are accepted by \(person)")
        return .success
    }
}

struct KeyRotateCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Add a new identity for new points; old ones still read old points.")

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> ExitStatus {
        let recipient = try common.open(console).keys.rotate()
        try console.print(RecipientOutput(recipient: recipient)) { "recipient  \(recipient)" }
        console.say("lifeboat: hint: accept it for each dataset with 'lifeboat key accept'")
        return .success
    }
}

struct KeyEscrowCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "escrow",
        abstract: "Make an identity that is kept away, and print what to keep with it.",
        discussion: """
            Its secret half goes to the file alone, which must lie outside the workspace. Printed are its
            public half and the public keys of the signers: keep them on paper with it.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "The new file for its secret half, such as on a medium that goes into a safe.")
    var to: String

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let path = URL(fileURLWithPath: to).standardizedFileURL.path
        let recipient = try place.keys.makeEscrow(secretAt: path)
        let signers = try place.keys.allowedSigners()
        try console.print(EscrowOutput(recipient: recipient, secretAt: path, allowedSigners: signers)) {
            """
            recipient        \(recipient)
            secret half      \(path)
            allowed_signers, to be kept with it:
            \(signers)
            """
        }
        console.say("lifeboat: hint: accept it for each dataset with 'lifeboat key accept'")
        return .success
    }
}

private struct RecipientOutput: Encodable {
    var recipient: String
}

private struct EscrowOutput: Encodable {
    var recipient: String
    var secretAt: String
    var allowedSigners: String
}

extension Place {
    var keys: KeyDesk { KeyDesk(workspace: workspace, plan: plan, ledger: ledger) }
}
