// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// From what the providers' own lists say to the figures that table 15 asks for.
@Suite("Repairs of builds and deployments that are read in")
struct RepairImportTests {
    /// A time some days ago, as the providers write it.
    private static func time(_ daysAgo: Int, minutes: Int = 0) -> String {
        let date = Date(timeIntervalSinceNow: Double(minutes * 60 - daysAgo * 86_400))
        return ISO8601DateFormatter.string(from: date, timeZone: .gmt, formatOptions: [.withInternetDateTime])
    }

    private static func gitlab(_ id: Int, _ status: String, _ branch: String, minutes: Int) -> String {
        """
        {"id": \(id), "project_id": 7, "ref": "\(branch)", "status": "\(status)",
         "created_at": "\(time(9, minutes: minutes - 5))", "updated_at": "\(time(9, minutes: minutes))"}
        """
    }

    private static func deployment(_ id: Int, _ status: String, _ place: String, minutes: Int) -> String {
        """
        {"id": \(id), "status": "\(status)", "environment": {"name": "\(place)"}, "created_at": "\(time(9))",
         "deployable": {"started_at": "\(time(9, minutes: minutes - 5))",
           "finished_at": "\(time(9, minutes: minutes))", "commit": {"created_at": "\(time(10))"},
           "pipeline": {"web_url": "https://git.example/shop/web/-/pipelines/1"}}}
        """
    }

    private static func github(_ id: Int, _ conclusion: String, _ branch: String, minutes: Int) -> String {
        """
        {"id": \(id), "name": "ci", "head_branch": "\(branch)", "status": "completed",
         "conclusion": "\(conclusion)", "run_started_at": "\(time(9, minutes: minutes - 5))",
         "updated_at": "\(time(9, minutes: minutes))", "repository": {"full_name": "shop/web"}}
        """
    }

    private static func jenkins(_ number: Int, _ result: String, minutes: Int) -> String {
        let begun = Int(Date(timeIntervalSinceNow: Double(minutes * 60 - 9 * 86_400)).timeIntervalSince1970)
        return """
            {"number": \(number), "result": "\(result)", "timestamp": \((begun - 300) * 1_000),
             "duration": 300000, "url": "https://ci.example/job/shop/\(number)/"}
            """
    }

    private func imported(_ kind: String, _ text: String, in scratch: Scratch, _ options: [String] = [])
        throws
        -> String
    {
        let file = try scratch.write(text, to: "\(kind).json")
        let result = try Command(
            [Program.path, "import", kind, file, "--json", "-w", scratch.path("w")] + options
        ).run()
        #expect(result.status <= 1, "\(result.text)\(result.error)")
        let json = try JSONSerialization.jsonObject(with: Data(result.output)) as? [String: Any]
        let batch = try #require(json?["batch"] as? [String: Any] ?? json, "\(result.text)")
        return try #require(batch["id"] as? String, "\(batch)")
    }

    private func repair(_ kind: String, in scratch: Scratch) throws -> [String: Any] {
        let result = try Command([Program.path, "measure", "--json", "-w", scratch.path("w")]).run()
        let json = try JSONSerialization.jsonObject(with: Data(result.output)) as? [String: Any]
        let all = try #require(json?["repairs"] as? [[String: Any]], "\(result.error)")
        return try #require(all.first { $0["kind"] as? String == kind })
    }

    private func mean(_ kind: String, in scratch: Scratch) throws -> Double? {
        (try repair(kind, in: scratch)["time_to_repair"] as? [String: Any])?["mean_seconds"] as? Double
    }

    /// Red, red again, red for ever on a side branch, green after ninety minutes.
    private static let lists: [(kind: String, text: String)] = [
        (
            "gitlab",
            "["
                + [
                    gitlab(1, "failed", "main", minutes: 0), gitlab(2, "failed", "main", minutes: 20),
                    gitlab(3, "failed", "topic", minutes: 40), gitlab(4, "success", "main", minutes: 90),
                    gitlab(5, "running", "main", minutes: 95),
                ].joined(separator: ",") + "]"
        ),
        (
            "github",
            "{\"workflow_runs\": ["
                + [
                    github(1, "failure", "main", minutes: 0), github(2, "timed_out", "main", minutes: 20),
                    github(3, "failure", "topic", minutes: 40), github(4, "success", "main", minutes: 90),
                    github(5, "cancelled", "main", minutes: 95),
                ].joined(separator: ",") + "]}"
        ),
        (
            "jenkins",
            "{\"fullName\": \"shop\", \"builds\": ["
                + [
                    jenkins(1, "FAILURE", minutes: 0), jenkins(2, "UNSTABLE", minutes: 20),
                    jenkins(4, "SUCCESS", minutes: 90),
                ].joined(separator: ",") + "]}"
        ),
    ]

    @Test(
        "count from the first red build of a main branch to its next green one", arguments: lists.map(\.kind))
    func builds(kind: String) throws {
        try Scratch.with { scratch in
            _ = try Command.output(Program.path, "init", scratch.path("w"))
            #expect(try mean("builds", in: scratch) == nil)
            let text = try #require(Self.lists.first { $0.kind == kind }?.text)
            let batch = try imported(kind, text, in: scratch)
            let found = try #require(try mean("builds", in: scratch))
            #expect(abs(found - 5_400) <= 1, "\(found)")
            #expect(try repair("builds", in: scratch)["population"] as? Int == 3)
            // The same file once more changes nothing; taken back, it is as if it had never come.
            _ = try imported(kind, text, in: scratch)
            #expect(try repair("builds", in: scratch)["population"] as? Int == 3)
            let grade = try Command([
                Program.path, "grade", "--table", "15", "--json", "-w", scratch.path("w"),
            ]).run()
            #expect(grade.text.contains("\"1h 30m\""))
            let back = try Command([Program.path, "import", "withdraw", batch, "-w", scratch.path("w")]).run()
            #expect(back.status == 0, "\(back.error)")
            #expect(try mean("builds", in: scratch) == nil)
        }
    }

    @Test func `count deployments into production alone`() throws {
        try Scratch.with { scratch in
            _ = try Command.output(Program.path, "init", scratch.path("w"))
            let text = [
                Self.deployment(1, "failed", "production", minutes: 0),
                Self.deployment(2, "success", "staging", minutes: 10),
                Self.deployment(3, "success", "production", minutes: 30),
                Self.deployment(4, "failed", "production", minutes: 60),
            ].joined(separator: ",")
            _ = try imported("gitlab", "[\(text)]", in: scratch)
            let repair = try repair("deployments", in: scratch)
            #expect(repair["population"] as? Int == 3)
            let spread = try #require(repair["time_to_repair"] as? [String: Any])
            #expect(spread["count"] as? Int == 1 && spread["open"] as? Int == 1, "\(spread)")
            // The one that is still open is nine days old and raises the mean.
            #expect((spread["mean_seconds"] as? Double ?? 0) > 300_000)
            #expect((spread["least_seconds"] as? Double).map { abs($0 - 1_800) <= 1 } == true)
        }
    }

    @Test func `take a table of another program, and say what they left out`() throws {
        try Scratch.with { scratch in
            _ = try Command.output(Program.path, "init", scratch.path("w"))
            let file = try scratch.write(
                """
                Run;Art;Was;Haupt;Gut;Von;Bis
                1;Bau;web@main;ja;nein;\(Self.time(5));\(Self.time(5, minutes: 10))
                2;Bau;web@main;ja;ja;\(Self.time(5, minutes: 60));\(Self.time(5, minutes: 70))
                3;Bau;web@main;vielleicht;ja;\(Self.time(5));\(Self.time(5, minutes: 10))

                """, to: "runs.csv")
            let columns = [
                "id=Run", "kind=Art", "subject=Was", "is_main=Haupt", "succeeded=Gut", "begun_at=Von",
            ]
            let words = ["kind:Bau=build", "is_main:ja=true", "succeeded:ja=true", "succeeded:nein=false"]
            let options =
                (columns + ["ended_at=Bis"]).flatMap { ["--column", $0] } + words.flatMap { ["--word", $0] }
            let result = try Command(
                [Program.path, "import", "pipelines", file, "-w", scratch.path("w")] + options
            ).run()
            #expect(result.status == 1, "\(result.text)\(result.error)")
            #expect(result.text.contains("2 taken") && result.text.contains("1 left out"), "\(result.text)")
            #expect(result.text.contains("vielleicht"), "\(result.text)")
            let found = try #require(try mean("builds", in: scratch))
            #expect(abs(found - 3_600) <= 1)
        }
    }
}
