// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// A plan in which restic makes the backups, with the real restic.
@Suite("A dataset that another program backs up")
struct ForeignDatasetTests {
    private static let plan = """
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

    private func place(_ scratch: Scratch, _ change: (String) -> String = { $0 }) throws -> String {
        let root = scratch.path("w")
        _ = try Command.output(Program.path, "init", root)
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(root)/Plans")
        for name in names { try FileManager.default.removeItem(atPath: "\(root)/Plans/\(name)") }
        try scratch.write(change(Self.plan), to: "w/Plans/mail.yaml")
        return root
    }

    private func run(_ root: String, _ words: String...) throws -> Command.Result {
        try Command([Program.path] + words + ["-w", root]).run()
    }

    private func json(_ result: Command.Result) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(result.output)) as? [String: Any], "\(result.error)")
    }

    @Test(.enabled(if: Command.isInstalled("restic"), "restic is not installed"))
    func `is counted, measured and graded by what restic lists and has read`() throws {
        try Scratch.with { scratch in
            let root = try place(scratch)
            let check = try run(root, "plan", "check")
            #expect(check.status == 0, "\(check.text)\(check.error)")
            #expect(try run(root, "plan", "show").text.contains("backed up by restic, counted when read in"))
            let empty = try run(root, "copies", "mail")
            #expect(
                empty.status == 2 && empty.text.contains("repair: 'restic backup', then 'lifeboat import"))
            #expect(try run(root, "status").text.contains("everything would be lost"))

            try resticBackup(scratch)
            let listed = try run(
                root, "import", "restic", scratch.path("snapshots.json"), "--repository", "vault",
                "--dataset", "mail", "--site", "west")
            #expect(listed.status == 0, "\(listed.text)\(listed.error)")
            let unread = try run(root, "copies", "mail")
            #expect(
                unread.status == 2 && unread.text.contains("no check has read its bytes"), "\(unread.text)")
            let read = try run(
                root, "import", "restic_check", scratch.path("check.txt"), "--repository", "vault")
            #expect(read.status == 0, "\(read.text)\(read.error)")

            let copies = try run(root, "copies", "mail")
            #expect(
                copies.status == 0 && copies.text.contains("restic/vault at west, off-site"), "\(copies.text)"
            )
            #expect(copies.text.contains("if site hq gone: 1 left"), "\(copies.text)")
            let status = try run(root, "status", "--json")
            #expect(status.status == 0, "\(status.text)")
            let service = try #require((try json(status)["services"] as? [[String: Any]])?.first)
            #expect((service["exposure_seconds"] as? Double ?? .infinity) < 3_600)
            let measured = try json(try run(root, "measure", "--json", "--curve"))
            let sites = try #require(
                (measured["services"] as? [[String: Any]])?.first?["site_exposures"] as? [[String: Any]])
            #expect(Set(sites.compactMap { $0["site"] as? String }) == ["hq", "west"])
            let curve = sites.first { $0["site"] as? String == "hq" }?["curve"] as? [String: Any]
            #expect((curve?["steps"] as? [[String: Any]])?.last?["recoverable_at"] != nil)
            let grade = try run(root, "grade", "--table", "14", "--json")
            #expect(grade.text.contains("copies are known since"), "\(grade.text.prefix(2_000))")
            #expect(!grade.text.contains("lifeboat backup mail") && !grade.text.contains("heal mail"))
        }
    }

    private func resticBackup(_ scratch: Scratch) throws {
        let environment = [
            "RESTIC_PASSWORD": "x", "RESTIC_REPOSITORY": scratch.path("r"),
            "RESTIC_CACHE_DIR": scratch.path("cache"),
        ]
        func restic(_ words: String...) throws -> String {
            let result = try Command(["restic"] + words, environment: environment, folder: scratch.path).run()
            #expect(result.status == 0, "\(words): \(result.error)")
            return result.text
        }
        try scratch.write(String(repeating: "letter ", count: 9_000), to: "tree/a.txt")
        _ = try restic("init", "-q")
        _ = try restic("backup", "-q", "tree")
        try scratch.write(try restic("snapshots", "--json"), to: "snapshots.json")
        try scratch.write(try restic("check", "--read-data"), to: "check.txt")
    }

    @Test(arguments: [
        ["backup", "mail"], ["verify", "mail"], ["copies", "heal", "mail"], ["expire", "mail"],
        ["restore", "mail", "--to", "/nonexistent/x"], ["ls", "mail"],
    ])
    func `is never touched by Lifeboat itself`(words: [String]) throws {
        try Scratch.with { scratch in
            let root = try place(scratch)
            let result = try Command([Program.path] + words + ["-w", root]).run()
            #expect(result.status == 4, "\(result.text)\(result.error)")
            #expect(result.error.contains("mail is backed up by restic"), "\(result.error)")
            #expect(result.error.contains("hint: 'restic backup', then 'lifeboat import restic"))
        }
    }

    @Test func `is passed over where all datasets are meant`() throws {
        try Scratch.with { scratch in
            let root = try place(scratch)
            let all = try run(root, "backup")
            #expect(
                all.status == 0 && all.error.contains("Lifeboat itself backs up no dataset"), "\(all.error)")
            #expect(try run(root, "tick").status == 0)
        }
    }

    @Test(
        "is refused in a plan with what only Lifeboat's own backups have",
        arguments: [
            ("by: restic,", "by: restic, to: [west],", "not both"),
            ("by: restic,", "by: rustic,", "did you mean 'restic'?"),
            ("by: restic, ", "", "name stores in 'to', or in 'by' the program"),
            (
                "path: /srv/mail}", "path: /srv/mail}\n    schedule: {full: daily 01:00}",
                "restic makes those of mail"
            ),
            ("path: /srv/mail}", "path: /srv/mail, must_be_mount: true}", "must_be_mount"),
            ("path: /srv/mail}", "path: /srv/mail}\n    keep: {daily: 3}", "restic makes those of mail"),
        ])
    func refused(old: String, new: String, words: String) throws {
        try Scratch.with { scratch in
            let root = try place(scratch) { $0.replacingOccurrences(of: old, with: new) }
            let result = try run(root, "plan", "check")
            #expect(result.status == 65, "\(result.text)\(result.error)")
            #expect((result.text + result.error).contains(words), "\(result.text)\(result.error)")
        }
    }
}
