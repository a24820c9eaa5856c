// SPDX-License-Identifier: Apache-2.0

/// A part that a person plays in the drill.
package struct Role: Hashable, Sendable {
    package var id: String
    package var people: [String]
    /// Who stands in when none of `people` can.
    package var deputies: [String]
    package var mayAct: Bool
    /// After so long without a sign of life of this role the run is held; `nil` when nobody need be there.
    package var heartbeat: Duration?

    package init(
        id: String, people: [String], deputies: [String] = [], mayAct: Bool = true,
        heartbeat: Duration? = nil
    ) {
        self.id = id
        self.people = people
        self.deputies = deputies
        self.mayAct = mayAct
        self.heartbeat = heartbeat
    }

    /// Who may speak for the role while some are away: the people of the role, else the deputies.
    package func holders(without absent: Set<String> = []) -> [String] {
        let present = people.filter { !absent.contains($0) }
        return present.isEmpty ? deputies.filter { !absent.contains($0) } : present
    }
}

/// Something that a tabletop is to show, and in what time.
package struct DrillObjective: Hashable, Sendable {
    package var id: String
    package var text: String
    package var target: Duration?

    package init(id: String, text: String, target: Duration? = nil) {
        self.id = id
        self.text = text
        self.target = target
    }
}
