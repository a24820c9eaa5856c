// SPDX-License-Identifier: Apache-2.0

extension DrillRunner {
    /// Answers a question of a running drill, from any terminal.
    ///
    /// - Throws: `OperationError` when there is no such run or it is closed. Whether the answer is one is
    ///   for the engine to say, which notes a wrong one in the journal.
    package func answer(
        run: String, step: String, answer: String, text: String? = nil, person: String? = nil
    ) throws {
        try put(.answer(step: step, answer: answer, text: text, person: person), into: run)
    }

    /// Adds a sentence to the journal of a running drill.
    package func note(run: String, _ text: String, person: String? = nil) throws {
        try put(.note(text: text, person: person), into: run)
    }

    /// Asks a running drill to stop and to undo what it did.
    package func abort(run: String, because reason: String, person: String? = nil) throws {
        try put(.abort(reason: reason, person: person), into: run)
    }

    private func put(_ request: DrillRequest, into run: String) throws {
        let folder = RunFolder(run: run, runsFolder: runsFolder)
        guard folder.exists else {
            throw OperationError(.unknownName, "there is no run \(run)", hint: "runs lie in \(runsFolder)")
        }
        try RequestSpool(folder: folder).put(request)
    }
}
