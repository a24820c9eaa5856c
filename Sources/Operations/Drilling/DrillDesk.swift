// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation
import Ledger

extension DrillRunner {
    /// Answers a question of a running drill, from any terminal.
    ///
    /// `attachment`: a file that goes with the answer; it is kept with the run.
    /// `key`: the file of the person's private key, to sign the answer with.
    /// Throws `OperationError` when there is no such run or it is closed. Whether the answer is one is
    /// for the engine to say, which notes a wrong one in the journal.
    package func answer(
        run: String, step: String, answer: String, text: String? = nil, person: String? = nil,
        attachment: String? = nil, key: String? = nil
    ) throws {
        var given = DrillRequest.Given(step: step, answer: answer, text: text, person: person)
        let folder = try open(run)
        if let attachment {
            guard let data = FileManager.default.contents(atPath: attachment) else {
                throw OperationError(.noSuchFile, "cannot read \(attachment)")
            }
            let name = attachment.split(separator: "/").last.map(String.init) ?? "attachment"
            let sha256 = Hex.sha256(data)
            try folder.keep([UInt8](data), as: "\(folder.outputFolder)/\(sha256.prefix(12))-\(name)")
            given.attachment = DrillFact.Attachment(name: name, sha256: sha256)
        }
        if let key {
            let signer = try SSHSigningKey(openSSHPrivateKey: PrivateFile.read(key))
            given.signature = signer.sign(
                given.statement(run: run), namespace: SignaturePurpose.approval.namespace)
        }
        try RequestSpool(folder: folder).put(.answer(given))
    }

    /// What became of an answer that was given from another terminal.
    package enum AnswerFate: Hashable, Sendable {
        case taken
        /// Why it does not count.
        case refused(String)
        /// The step does not ask now; it is kept until it does.
        case waiting
    }

    /// How many records a run's journal has.
    package func recordCount(of run: String) throws -> Int {
        try JournalReading(contentsOf: RunFolder(run: run, runsFolder: runsFolder).journalPath).records.count
    }

    /// Looks in the journal for what became of an answer, for a moment.
    ///
    /// - Parameters:
    ///   - step: the step that asks.
    ///   - run: the run.
    ///   - person: who answered.
    ///   - count: how many records there were before.
    ///   - patience: for how long the controller is waited for.
    /// - Returns: `.waiting` when the journal says nothing of it.
    /// - Throws: `LedgerError` when the journal cannot be read.
    package func fate(
        ofAnswerTo step: String, in run: String, by person: String?, after count: Int,
        patience: Duration = .seconds(3)
    ) throws -> AnswerFate {
        let path = RunFolder(run: run, runsFolder: runsFolder).journalPath
        let end = ContinuousClock.now + patience
        while true {
            for record in try JournalReading(contentsOf: path).records.dropFirst(count)
            where record.step == step {
                switch record.fact {
                case .answer(let answer) where person == nil || answer.person == person: return .taken
                case .note(let note) where note.person == person && !Question.isReminder(note.text):
                    return .refused(note.text)
                default: break
                }
            }
            guard ContinuousClock.now < end, isRunning(run) else { return .waiting }
            Thread.sleep(forTimeInterval: 0.05)
        }
    }

    /// Adds a sentence to the journal of a running drill.
    package func note(run: String, _ text: String, person: String? = nil) throws {
        try put(.note(text: text, person: person), into: run)
    }

    /// Sets a mark, such as the moment at which somebody noticed.
    package func mark(run: String, _ name: String, person: String? = nil) throws {
        try put(.mark(name: name, person: person), into: run)
    }

    /// Lets no further step begin until it is released; the clock goes on.
    package func hold(run: String, because reason: String, person: String? = nil) throws {
        try put(.hold(reason: reason, person: person), into: run)
    }

    package func release(run: String, because reason: String, person: String? = nil) throws {
        try put(.release(reason: reason, person: person), into: run)
    }

    /// Says that somebody who must be there is there.
    package func present(run: String, person: String) throws {
        try put(.present(person: person), into: run)
    }

    /// Asks a running drill to stop and to undo what it did.
    package func abort(run: String, because reason: String, person: String? = nil) throws {
        try put(.abort(reason: reason, person: person), into: run)
    }

    /// A real incident wins: the drill ends at once, and its faults are healed first.
    package func real(run: String, because reason: String, person: String? = nil) throws {
        try put(.real(reason: reason, person: person), into: run)
    }

    private func put(_ request: DrillRequest, into run: String) throws {
        try RequestSpool(folder: open(run)).put(request)
    }

    private func open(_ run: String) throws -> RunFolder {
        let folder = RunFolder(run: run, runsFolder: runsFolder)
        guard folder.exists else {
            throw OperationError(.unknownName, "there is no run \(run)", hint: "runs lie in \(runsFolder)")
        }
        guard RunState(folding: try JournalReading(contentsOf: folder.journalPath).records).closed == nil
        else {
            throw OperationError(
                .refused, "\(run) is closed: nothing can be said to it any more",
                hint: "'lifeboat drill report \(run)' shows what came of it")
        }
        return folder
    }
}
