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

    /// Who looks after the findings of each scenario, and by when: as its newest run says.
    ///
    /// Where the scenario names nobody it is the owner of its first service. A scenario whose runs are not
    /// kept here has no rule of its own.
    package func findingRules() -> [String: After] {
        var rules: [String: After] = [:]
        for summary in runs() {
            // A run whose copies cannot be read any more leaves the rule of an earlier one.
            guard
                let drill = try? PreparedDrill.ofRun(
                    summary.run, runsFolder: runsFolder, toolVersion: "")
            else { continue }
            var after = drill.scenario.after
            after.findingsOwner =
                after.findingsOwner
                ?? drill.scenario.services.compactMap { drill.plan.service($0)?.owner }.first
            rules[summary.scenario] = after
        }
        return rules
    }
}
