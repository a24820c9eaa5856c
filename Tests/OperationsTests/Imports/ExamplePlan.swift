// SPDX-License-Identifier: Apache-2.0
import Continuity
import Operations
import Testing

extension ExampleFiles {
    /// The plan that a new workspace begins with.
    static func plan() throws -> Plan {
        let example = all.first { $0.name.hasPrefix("Plans/") }
        return try #require(
            try Plan.decode(DocumentLoader.parse(example?.text ?? "", file: "plan.yaml")).plan)
    }
}
