// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite("An incident on the command line")
struct IncidentTests {
    private func lifeboat(_ root: String, _ arguments: [String]) throws -> Command.Result {
        try Command([Program.path] + arguments + ["-w", root]).run()
    }

    private func json(_ result: Command.Result) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(result.output)) as? [String: Any])
    }

    private func workspace(_ work: (String) throws -> Void) throws {
        try Scratch.with { scratch in
            _ = try Command.output(Program.path, "init", scratch.path)
            try work(scratch.path)
        }
    }

    private func open(_ root: String, _ more: String...) throws -> Command.Result {
        try lifeboat(
            root,
            [
                "incident", "open", "disk full", "--id", "INC-1", "--service", "files", "--begun", "90m",
                "--detected", "85m", "--found-by", "monitor",
            ] + more)
    }

    @Test func `goes from open to closed with every time, and measure counts it`() throws {
        try workspace { root in
            #expect(try open(root).status == 0)
            #expect(
                try lifeboat(root, ["incident", "ack", "INC-1", "--as", "omar", "--at", "80m"]).status == 0)
            let recovered = try lifeboat(
                root, ["incident", "recover", "INC-1", "--at", "30m", "--impact", "12m"])
            #expect(recovered.status == 0 && recovered.text.contains("was away for 1h"), "\(recovered.error)")
            #expect(try lifeboat(root, ["incident", "note", "INC-1", "the log was not rotated"]).status == 0)
            #expect(try lifeboat(root, ["incident", "close", "INC-1", "--cause-found", "20m"]).status == 0)
            let list = try lifeboat(root, ["incident", "list", "--json"])
            let one = try #require((try json(list)["incidents"] as? [[String: Any]])?.first)
            for key in ["begun_at", "detected_at", "acknowledged_at", "restored_at", "closed_at"] {
                #expect(one[key] != nil, "\(key)")
            }
            #expect(one["acknowledged_by"] as? String == "omar")
            #expect(try lifeboat(root, ["incident", "list", "--open"]).text.contains("no incident"))
            #expect(
                try lifeboat(root, ["incident", "show", "INC-1"]).text.contains("the log was not rotated"))
            try expectMeasured(root)
        }
    }

    private func expectMeasured(_ root: String) throws {
        let services = try json(try lifeboat(root, ["measure", "--json"]))["services"] as? [[String: Any]]
        let files = try #require(services?.first { $0["service"] as? String == "files" })
        // Each command reads the clock anew, so that lengths are a little longer.
        for (key, expected) in [
            ("time_to_restore", 3_600.0), ("time_to_detect", 300), ("time_to_acknowledge", 300),
            ("time_to_respond", 3_300),
        ] {
            let mean = try #require((files[key] as? [String: Any])?["mean_seconds"] as? Double)
            #expect(mean >= expected && mean < expected + 60, "\(key): \(mean)")
        }
    }

    @Test(
        "is refused",
        arguments: [
            (["recover", "INC-1", "--at", "91m"], "cannot be restored"),
            (["ack", "INC-1", "--as", "omar", "--at", "86m"], "cannot be acknowledged"),
            (["close", "INC-1"], "nobody said when the service was back"),
            (["note", "INC-1", "--detected", "2h"], "cannot be detected"),
            (["open", "again", "--id", "INC-1", "--begun", "1h"], "an incident 'INC-1' already"),
        ])
    func impossible(arguments: [String], words: String) throws {
        try workspace { root in
            #expect(try open(root).status == 0)
            let result = try lifeboat(root, ["incident"] + arguments)
            #expect(result.status == 4, "\(result.error)")
            #expect(result.error.contains(words), "\(result.error)")
        }
    }

    @Test func `is taken once, by somebody the plan knows`() throws {
        try workspace { root in
            #expect(try open(root).status == 0)
            let odd = try lifeboat(root, ["incident", "ack", "INC-1", "--as", "omer"])
            #expect(odd.status == 64 && odd.error.contains("did you mean 'omar'?"), "\(odd.error)")
            #expect(try lifeboat(root, ["incident", "ack", "INC-1", "--as", "omar"]).status == 0)
            #expect(try lifeboat(root, ["incident", "ack", "INC-1", "--as", "petra"]).status == 4)
        }
    }
}
