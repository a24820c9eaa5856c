// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Ledger

extension DrillRunner {
    /// Enters a closed run into the ledger, once.
    ///
    /// A controller that dies between the last line of the journal and this leaves a run that is closed and
    /// not yet history; `drill report` enters it then.
    ///
    /// - Returns: the event, or `nil` when the ledger holds the run already.
    @discardableResult
    package func record(_ end: End) throws -> Event? {
        for event in try ledger.events(of: [.drillRun]) {
            if case .drillRun(let known) = event.body, known.run == end.run.run,
                known.journalSha256 == end.run.journalSha256
            {
                return nil
            }
        }
        return try ledger.append([.drillRun(end.run)], at: time.now()).first
    }

    /// The number of the event that keeps a closed run; `nil` when the ledger has none.
    package func event(of run: String) throws -> Int? {
        try ledger.events(of: [.drillRun]).last { event in
            if case .drillRun(let known) = event.body { known.run == run } else { false }
        }?.sequence
    }
}
