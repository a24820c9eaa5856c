// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Foundation

/// Makes scenarios of experiments that were written for another tool.
package enum ChaosImport {
    /// - Throws: `OperationError` with `.noSuchFile`, or `.badInput` when it is no experiment.
    package static func translate(_ path: String, choices: ChaosTranslation.Choices) throws
        -> ChaosTranslation
    {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw OperationError(.noSuchFile, "cannot read \(path)")
        }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        do {
            return try ChaosTranslation(try node(data, name), source: name, choices: choices)
        } catch let error as ChaosError {
            throw OperationError(
                .badInput, "\(path) is no Chaos Toolkit experiment: \(error.text)",
                hint: "experiments of version 1.0.0 are read")
        }
    }

    /// JSON is written anew on one line, since not all of its white space and escapes are YAML's.
    private static func node(_ data: Data, _ name: String) throws -> Node {
        if let json = try? JSONSerialization.jsonObject(with: data) {
            let line = try JSONSerialization.data(withJSONObject: json, options: [.withoutEscapingSlashes])
            return try DocumentLoader.parse(String(decoding: line, as: UTF8.self), file: name)
        }
        return try DocumentLoader.parse(String(decoding: data, as: UTF8.self), file: name)
    }

    /// What is wrong with the scenario by the plan.
    package static func problems(of translation: ChaosTranslation, plan: Plan) throws -> [Problem] {
        Scenario.decode(try DocumentLoader.parse(translation.yaml, file: "scenario"), plan: plan).problems
    }

    /// - Throws: `OperationError` with `.refused` when there is such a file already.
    package static func write(_ translation: ChaosTranslation, to path: String) throws {
        try PrivateFile.create(path, translation.yaml, mode: 0o644)
    }
}
