// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// A plan in which restic makes the backups, with the real restic.
@Suite("A dataset that another program backs up")
struct ForeignDatasetTests {
    @Test(.enabled(if: Command.isInstalled("restic"), "restic is not installed"))
    func `is counted, measured and graded by what restic lists and has read`() throws {
        try Scratch.with { scratch in
            let place = try ForeignPlace(scratch)
            let check = try place.run("plan", "check")
            #expect(check.status == 0, "\(check.text)\(check.error)")
            #expect(try place.run("plan", "show").text.contains("backed up by restic, counted when read in"))
            let empty = try place.run("copies", "mail")
            #expect(
                empty.status == 2 && empty.text.contains("repair: 'restic backup', then 'lifeboat import"))
            #expect(try place.run("status").text.contains("everything would be lost"))

            let restic = Restic(scratch: scratch)
            try scratch.write(String(repeating: "letter ", count: 9_000), to: "tree/a.txt")
            try restic("init", "-q")
            try restic("backup", "-q", "tree")
            let listing = try restic("snapshots", "--json")
            try place.read("restic", listing: listing, check: try restic("check"))
            let unread = try place.run("copies", "mail")
            #expect(
                unread.status == 2 && unread.text.contains("no check has read its bytes"), "\(unread.text)")
            try place.read("restic", listing: listing, check: try restic("check", "--read-data"))

            let copies = try place.run("copies", "mail")
            #expect(
                copies.status == 0 && copies.text.contains("restic/vault at west, off-site"), "\(copies.text)"
            )
            #expect(copies.text.contains("if site hq gone: 1 left"), "\(copies.text)")
            let status = try place.run("status", "--json")
            #expect(status.status == 0, "\(status.text)")
            let service = try #require((try place.json(status)["services"] as? [[String: Any]])?.first)
            #expect((service["exposure_seconds"] as? Double ?? .infinity) < 3_600)
            let measured = try place.json(try place.run("measure", "--json", "--curve"))
            let sites = try #require(
                (measured["services"] as? [[String: Any]])?.first?["site_exposures"] as? [[String: Any]])
            #expect(Set(sites.compactMap { $0["site"] as? String }) == ["hq", "west"])
            let curve = sites.first { $0["site"] as? String == "hq" }?["curve"] as? [String: Any]
            #expect((curve?["steps"] as? [[String: Any]])?.last?["recoverable_at"] != nil)
            let grade = try place.run("grade", "--table", "14", "--json")
            #expect(grade.text.contains("copies are known since"), "\(grade.text.prefix(2_000))")
            #expect(!grade.text.contains("lifeboat backup mail") && !grade.text.contains("heal mail"))
        }
    }

    @Test(.enabled(if: Command.isInstalled("borg"), "borg is not installed"))
    func `is counted by what Borg lists and has read`() throws {
        try Scratch.with { scratch in
            let place = try ForeignPlace(scratch) {
                $0.replacingOccurrences(of: "by: restic", with: "by: borg")
            }
            let empty = try place.run("copies", "mail")
            #expect(
                empty.status == 2 && empty.text.contains("repair: 'borg create', then 'lifeboat import borg"))
            let environment = ["BORG_PASSPHRASE": "x", "BORG_BASE_DIR": scratch.path("home"), "TZ": "UTC"]
            func borg(_ words: String...) throws -> Command.Result {
                let result = try Command(["borg"] + words, environment: environment, folder: scratch.path)
                    .run()
                #expect(result.status == 0, "\(words): \(result.error)")
                return result
            }
            try scratch.write(String(repeating: "letter ", count: 9_000), to: "tree/a.txt")
            _ = try borg("init", "-e", "repokey", "b")
            _ = try borg("create", "b::mail-1", "tree")
            try place.read(
                "borg", listing: try borg("list", "--json", "b").text,
                check: try borg("check", "-v", "b").error)
            try expectCounted(place, by: "borg")
        }
    }

    @Test(
        .enabled(
            if: BackRestCluster.isPossible, "pgbackrest or PostgreSQL is not installed, or this is not root"))
    func `is counted by what pgBackRest lists and has verified`() throws {
        try Scratch.with { scratch in
            let place = try ForeignPlace(scratch) {
                $0.replacingOccurrences(of: "by: restic", with: "by: pgbackrest")
            }
            let cluster = try BackRestCluster(scratch)
            defer { cluster.stop() }
            try cluster.step("backup")
            try place.read(
                "pgbackrest", listing: try cluster.step("info"), check: try cluster.step("verify"),
                checkKind: "pgbackrest_verify")
            try expectCounted(place, by: "pgbackrest")
        }
    }

    /// One proven copy away from production, in copies, status and grade.
    private func expectCounted(_ place: ForeignPlace, by tool: String) throws {
        let copies = try place.run("copies", "mail")
        #expect(
            copies.status == 0 && copies.text.contains("\(tool)/vault at west, off-site"), "\(copies.text)")
        #expect(copies.text.contains("if site west gone: 0 left, EVERYTHING WOULD BE LOST"))
        let status = try place.run("status", "--json")
        #expect(status.status == 0, "\(status.text)")
        let service = try #require((try place.json(status)["services"] as? [[String: Any]])?.first)
        #expect((service["exposure_seconds"] as? Double ?? .infinity) < 3_600)
        let grade = try place.run("grade", "--table", "14", "--lang", "zh")
        #expect(grade.text.contains("解决办法：补全自 "), "\(grade.text)")
        #expect(!grade.text.contains("lifeboat backup mail"))
    }

    @Test(arguments: [
        ["backup", "mail"], ["verify", "mail"], ["copies", "heal", "mail"], ["expire", "mail"],
        ["restore", "mail", "--to", "/nonexistent/x"], ["ls", "mail"],
    ])
    func `is never touched by Lifeboat itself`(words: [String]) throws {
        try Scratch.with { scratch in
            let place = try ForeignPlace(scratch)
            let result = try Command([Program.path] + words + ["-w", place.root]).run()
            #expect(result.status == 4, "\(result.text)\(result.error)")
            #expect(result.error.contains("mail is backed up by restic"), "\(result.error)")
            #expect(result.error.contains("hint: 'restic backup', then 'lifeboat import restic"))
        }
    }

    @Test func `is passed over where all datasets are meant`() throws {
        try Scratch.with { scratch in
            let place = try ForeignPlace(scratch)
            let all = try place.run("backup")
            #expect(
                all.status == 0 && all.error.contains("Lifeboat itself backs up no dataset"), "\(all.error)")
            #expect(try place.run("tick").status == 0)
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
            let place = try ForeignPlace(scratch) { $0.replacingOccurrences(of: old, with: new) }
            let result = try place.run("plan", "check")
            #expect(result.status == 65, "\(result.text)\(result.error)")
            #expect((result.text + result.error).contains(words), "\(result.text)\(result.error)")
        }
    }
}
