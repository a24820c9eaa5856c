// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite("An attestation")
struct AttestTests {
    private func attest(_ root: String, _ arguments: String...) throws -> Command.Result {
        try Command([Program.path, "attest", "-w", root] + arguments).run()
    }

    /// A day that lies ahead, and not too far: nothing may be attested for longer than a year.
    static let soon = ISO8601DateFormatter.string(
        from: Date(timeIntervalSinceNow: 86_400 * 200), timeZone: .gmt, formatOptions: [.withFullDate])

    private static let good = [
        "t14-plans-process", "--as", "petra", "--role", "continuity_manager", "--until", soon,
    ]

    @Test func `is written down with the hash of its evidence`() throws {
        try Scratch.with { scratch in
            _ = try Command.output(Program.path, "init", scratch.path)
            let file = try scratch.write("the process", to: "process.txt")
            let made = try Command(
                [Program.path, "attest", "-w", scratch.path, "--json", "--evidence", "Process=\(file)"]
                    + Self.good
            ).run()
            #expect(made.status == 0, "\(made.error)")
            let hash = String(decoding: try Command.output("sha256sum", file), as: UTF8.self).prefix(64)
            #expect(made.text.contains("\"sha256\" : \"\(hash)\""))
            #expect(made.text.contains("\"title\" : \"Process\""))
            let list = try attest(scratch.path, "--list")
            #expect(
                list.status == 0 && list.text.contains("t14-plans-process") && list.text.contains("valid"))
        }
    }

    @Test func `can be taken back once`() throws {
        try Scratch.with { scratch in
            _ = try Command.output(Program.path, "init", scratch.path)
            let made = try Command(
                [Program.path, "attest", "-w", scratch.path, "--evidence", "https://wiki.example/process"]
                    + Self.good
            ).run()
            let id = try #require(made.text.split(separator: ":").first.map(String.init))
            #expect(try attest(scratch.path, "--revoke", id).status == 0)
            #expect(try attest(scratch.path, "--list").text.contains("revoked"))
            #expect(try attest(scratch.path, "--revoke", id).status == 4)
        }
    }

    @Test(
        "is refused",
        arguments: [
            (["t", "--as", "petra", "--role", "owner"], Int32(64), "needs CRITERION"),
            (["t", "--as", "petra", "--role", "owner", "--until", "2099-01-01"], 64, "needs --evidence"),
            (
                ["t", "--as", "petro", "--role", "owner", "--until", "2099-01-01", "--not-met"], 64,
                "did you mean 'petra'?"
            ),
            (
                ["t", "--as", "petra", "--role", "king", "--until", "2099-01-01", "--not-met"], 4,
                "no role 'king'"
            ),
            (
                ["t", "--as", "petra", "--role", "owner", "--until", "2001-01-01", "--not-met"], 4,
                "end before it begins"
            ),
            (
                ["t", "--as", "petra", "--role", "owner", "--until", "2099-01-01", "--evidence", "/no/such"],
                64, "cannot read the evidence"
            ),
            (
                [
                    "t", "--as", "petra", "--role", "owner", "--until", "2099-01-01", "--not-met", "--scope",
                    "mars",
                ], 64, "neither 'organisation'"
            ),
            (
                [
                    "t14-plans-proces", "--as", "petra", "--role", "continuity_manager", "--until", soon,
                    "--not-met",
                ], 4, "did you mean 't14-plans-process'?"
            ),
            (
                ["t14-plans-process", "--as", "petra", "--role", "owner", "--until", soon, "--not-met"], 4,
                "the role 'owner' cannot speak for table 14"
            ),
            (
                [
                    "t14-plans-process", "--as", "petra", "--role", "continuity_manager", "--until",
                    "2199-01-01", "--not-met",
                ], 4, "may last 365d at most"
            ),
            (
                [
                    "t14-backup-full-daily", "--as", "petra", "--role", "continuity_manager", "--until", soon,
                    "--not-met",
                ], 4, "nobody's word counts"
            ),
            (["--revoke", "a-1"], 64, "no attestation 'a-1'"),
        ])
    func refused(arguments: [String], status: Int32, words: String) throws {
        try Scratch.with { scratch in
            _ = try Command.output(Program.path, "init", scratch.path)
            let result = try Command([Program.path, "attest", "-w", scratch.path] + arguments).run()
            #expect(result.status == status)
            #expect(result.error.contains(words), "\(result.error)")
        }
    }

    @Test func `is signed by the person's own key, and by no other`() throws {
        try Scratch.with { scratch in
            _ = try Command.output(Program.path, "init", scratch.path)
            for name in ["petra", "other"] {
                _ = try Command.output(
                    "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", scratch.path(name))
            }
            let plan = scratch.path("Plans/example.yaml")
            let own = try scratch.text("petra.pub").split(separator: " ").prefix(2).joined(separator: " ")
            let text = try String(contentsOfFile: plan, encoding: .utf8)
                .split(separator: "\n", omittingEmptySubsequences: false)
                .map {
                    $0.hasPrefix("  petra:")
                        ? "  petra: {roles: [owner, continuity_manager], key: \"\(own)\"}" : String($0)
                }
            try text.joined(separator: "\n").write(toFile: plan, atomically: true, encoding: .utf8)
            let arguments = ["--evidence", "https://wiki.example/process", "--json"] + Self.good
            let wrong = try Command(
                [Program.path, "attest", "-w", scratch.path, "--key", scratch.path("other")] + arguments
            ).run()
            #expect(wrong.status == 4 && wrong.error.contains("not the key that the plan names"))
            let made = try Command(
                [Program.path, "attest", "-w", scratch.path, "--key", scratch.path("petra")] + arguments
            ).run()
            #expect(made.status == 0, "\(made.error)")
            try verify(made.output, by: own, in: scratch)
        }
    }

    @Test func `is listed for renewal before it ends, the first to end first`() throws {
        try Scratch.with { scratch in
            _ = try Command.output(Program.path, "init", scratch.path)
            func day(_ days: Double) -> String {
                ISO8601DateFormatter.string(
                    from: Date(timeIntervalSinceNow: 86_400 * days), timeZone: .gmt,
                    formatOptions: [.withFullDate])
            }
            let ends = [("t14-plans-process", 40.0), ("t14-plans-it-drp", 20), ("t14-plans-bcp", 300)]
            for (criterion, days) in ends {
                let made = try attest(
                    scratch.path, criterion, "--as", "petra", "--role", "continuity_manager", "--until",
                    day(days), "--evidence", "https://wiki.example/\(criterion)")
                #expect(made.status == 0, "\(made.error)")
            }
            let soon = try attest(scratch.path, "--renewals")
            let lines = soon.text.split(separator: "\n").filter { $0.contains("t14-") }
            #expect(lines.count == 2 && lines[0].contains("t14-plans-it-drp"), "\(soon.text)")
            #expect(lines[1].contains("t14-plans-process") && lines[1].contains("valid"))
            let week = try attest(scratch.path, "--renewals", "--within", "7d")
            #expect(!week.text.contains("t14-"))
            #expect(try attest(scratch.path, "--renewals", "--within", "365d").text.contains("t14-plans-bcp"))
        }
    }

    /// Asks ssh-keygen: the signature stands over the canonical statement without the signature itself.
    private func verify(_ json: [UInt8], by key: String, in scratch: Scratch) throws {
        var value = try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
        let signature = try #require(value.removeValue(forKey: "signature") as? String)
        let canonical = try JSONSerialization.data(
            withJSONObject: value, options: [.sortedKeys, .withoutEscapingSlashes])
        try scratch.write(signature, to: "statement.sig")
        try scratch.write("petra \(key)\n", to: "signers")
        let result = try Command.run(
            "ssh-keygen", "-Y", "verify", "-f", scratch.path("signers"), "-I", "petra", "-n",
            "lifeboat-attestation", "-s", scratch.path("statement.sig"), input: [UInt8](canonical))
        #expect(result.status == 0, "\(result.error)\(result.text)")
    }
}
