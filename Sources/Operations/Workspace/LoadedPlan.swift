// SPDX-License-Identifier: Apache-2.0
import Archiving
package import Continuity
import Foundation

/// A plan as it was read from its file.
package struct LoadedPlan: Sendable {
    package let plan: Plan
    package let path: String
    /// SHA-256 of the file's bytes, in hex; it enters every run's record.
    package let sha256: String
    /// Warnings, and promises that cannot be kept.
    package let problems: [Problem]

    /// Reads and checks the plan of a workspace.
    ///
    /// - Returns: the plan, or `nil` with the problems that make it unusable.
    package static func read(_ path: String) throws -> (loaded: LoadedPlan?, problems: [Problem]) {
        let node = try DocumentLoader.load(path)
        let (plan, problems) = Plan.decode(node)
        guard let plan else { return (nil, problems) }
        let bytes = Array(FileManager.default.contents(atPath: path) ?? Data())
        let all = problems + plan.promises(in: node)
        return (LoadedPlan(plan: plan, path: path, sha256: SHA256Digest.of(bytes).hex, problems: all), all)
    }
}
