// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// A workspace whose one dataset another program backs up.
struct ForeignPlace {
    let scratch: Scratch
    var root: String { scratch.path("w") }

    static let plan = """
        lifeboat: 1
        workspace: mail
        zone: UTC
        orchestrator: {site: ops}
        sites:
          hq: {facility: A, city: CNSHA, production: true}
          ops: {facility: B, city: CNSHA}
          west: {facility: E, city: CNCTU}
        datasets:
          mail:
            source: {site: hq, path: /srv/mail}
            copies: {by: restic, at_least: 1, offsite: 1, verified_within: 30d}
        services:
          mail: {tier: core, standby: cold, datasets: [mail], objectives: {rpo: 1d, rto: 4h}}

        """

    init(_ scratch: Scratch, _ change: (String) -> String = { $0 }) throws {
        self.scratch = scratch
        _ = try Command.output(Program.path, "init", scratch.path("w"))
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(root)/Plans")
        for name in names { try FileManager.default.removeItem(atPath: "\(root)/Plans/\(name)") }
        try scratch.write(change(Self.plan), to: "w/Plans/mail.yaml")
    }

    @discardableResult
    func run(_ words: String...) throws -> Command.Result {
        try Command([Program.path] + words + ["-w", root]).run()
    }

    func json(_ result: Command.Result) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(result.output)) as? [String: Any], "\(result.error)")
    }

    /// Reads in what a program lists and what its check says, each of which must be taken.
    func read(_ tool: String, listing: String, check: String, checkKind: String? = nil) throws {
        let list = try scratch.write(listing, to: "listing")
        let listed = try run(
            "import", tool, list, "--repository", "vault", "--dataset", "mail", "--site", "west")
        #expect(listed.status == 0, "\(listed.text)\(listed.error)")
        let said = try scratch.write(check, to: "check")
        let checked = try run("import", checkKind ?? "\(tool)_check", said, "--repository", "vault")
        #expect(checked.status == 0, "\(checked.text)\(checked.error)")
    }
}

/// The real restic with a repository in a scratch folder.
struct Restic {
    let scratch: Scratch
    var environment: [String: String] {
        [
            "RESTIC_PASSWORD": "x", "RESTIC_REPOSITORY": scratch.path("r"),
            "RESTIC_CACHE_DIR": scratch.path("cache"),
        ]
    }

    @discardableResult
    func callAsFunction(_ words: String...) throws -> String {
        let result = try Command(["restic"] + words, environment: environment, folder: scratch.path).run()
        #expect(result.status == 0, "\(words): \(result.error)")
        return result.text
    }
}
