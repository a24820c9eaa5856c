// SPDX-License-Identifier: Apache-2.0
import Continuity
import Ledger

extension DrillRunner {
    /// The runs that are kept here, oldest first, each with whether it is closed.
    ///
    /// A journal that cannot be read counts as open: somebody should look at it.
    package func runs() -> [(run: String, isClosed: Bool)] {
        RunFolder.all(in: runsFolder).map { folder in
            let records = (try? JournalReading(contentsOf: folder.journalPath))?.records ?? []
            return (folder.run, RunState(folding: records).closed != nil)
        }.sorted { $0.run < $1.run }
    }

    /// The one run that is open.
    ///
    /// - Throws: `OperationError` with `.unknownName` when there is none, `.ambiguous` when there are several.
    package func openRun() throws -> String {
        let open = runs().filter { !$0.isClosed }.map(\.run)
        guard let first = open.first else {
            throw OperationError(.unknownName, "no drill is open", hint: "name one with --run")
        }
        guard open.count == 1 else {
            throw OperationError(
                .ambiguous, "several drills are open: \(open.joined(separator: ", "))",
                hint: "name one with --run")
        }
        return first
    }
}
