// SPDX-License-Identifier: Apache-2.0
import Continuity

/// Fills the texts of a scenario.
struct DrillValues {
    private var values: [String: String]
    private let isLenient: Bool
    /// Stands for the step's own folder at the host; only a shell there knows its path.
    static let unit = "\u{2}unit\u{2}"

    /// Fills names by what is known.
    ///
    /// `saved`: what earlier steps of the run said; wins over nothing, since names are unique.
    /// `isLenient`: leaves a name that nothing has set yet as it stands, for a plan.
    init(_ scenario: Scenario, run: String, saved: [String: String], isLenient: Bool = false) {
        self.isLenient = isLenient
        values = saved
        values["run.id"] = run
        values["run.slot"] = run.contains("{{") ? "{{run.slot}}" : Self.slot(of: run)
        for secret in scenario.secrets {
            values["secret.\(secret.id)"] = "\(Self.unit)/\(SecretReader.fileName(secret.id))"
        }
        // Variables may use each other in any order; a circle leaves its names unfilled.
        var left = scenario.variables
        while true {
            let ready = left.compactMapValues { Template($0).filled(values) }
            guard !ready.isEmpty else { break }
            values.merge(ready) { old, _ in old }
            for name in ready.keys { left[name] = nil }
        }
    }

    /// What a replication slot's name begins with when it is a run's: such a name holds nothing but a-z, 0-9 and _.
    static func slot(of run: String) -> String {
        "drill_" + run.replacing("-", with: "_")
    }

    func fill(_ text: String) throws -> String {
        var values = values
        if isLenient {
            for name in Template(text).names where values[name] == nil { values[name] = "{{\(name)}}" }
        }
        guard let filled = Template(text).filled(values) else {
            let missing = Template(text).names.filter { values[$0] == nil }
            throw OperationError(
                .badInput, "'\(text)' needs \(missing.joined(separator: ", ")), which nothing has set yet",
                hint: "vars, what earlier steps save, run.id and run.slot can be used")
        }
        guard !filled.contains("\0") else {
            throw OperationError(.badInput, "'\(text)' would hold a NUL")
        }
        return filled
    }

    func fill(_ texts: [String]) throws -> [String] {
        try texts.map { try fill($0) }
    }
}
