// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Foundation

/// What people did not know when they were asked, so that the next interview asks the rest first.
///
/// It is no evidence of anything, so it stands beside the ledger and not in it. Losing it loses nothing but
/// the order of questions.
package struct InterviewMemory: Sendable {
    private let path: String
    private var askedAt: [String: Moment]

    package init(workspace: Workspace) {
        path = workspace.privateFolder + "/interview.json"
        let data = FileManager.default.contents(atPath: path)
        // A file that cannot be read is as good as none: see above.
        askedAt = data.flatMap { try? JSONDecoder().decode([String: Moment].self, from: $0) } ?? [:]
    }

    /// The criteria that the person did not know of.
    package func unknown(to person: String) -> Set<String> {
        Set(askedAt.keys.filter { $0.hasPrefix(person + " ") }.map { String($0.dropFirst(person.count + 1)) })
    }

    package mutating func note(_ criterion: String, person: String, at now: Moment) throws {
        askedAt["\(person) \(criterion)"] = now
        try PrivateFile.replace(
            path, String(decoding: JSONEncoder().encode(askedAt), as: UTF8.self), mode: 0o600)
    }
}
