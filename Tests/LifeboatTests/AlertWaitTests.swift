// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// One process waits, another brings what the monitoring has sent.
@Suite("A drill that waits for an alert")
struct AlertWaitTests {
    private static let scenario = """
        drill: 1
        id: watched
        title: The monitoring sees it
        exercise: simulation
        mode: sandbox
        services: [mail]
        clock: {mail: {outage_begins: {mark: mail_lost}}}
        roles: {conductor: {people: [dana]}}
        steps:
          - {id: mail_lost, phase: disrupt, mark: mail_lost}
          - id: seen
            phase: detect
            wait_for: {any: [{alert: mail-down}, {alert: mail-slow}], deadline: 2m}

        """

    private static func place(_ scratch: Scratch) throws -> ForeignPlace {
        let place = try ForeignPlace(scratch) { $0 + "people: {dana: {roles: [conductor]}}\n" }
        try scratch.write(scenario, to: "w/Drills/watched.yaml")
        return place
    }

    /// A body as it is kept beside Alertmanager, of an alert that fired at an instant.
    private static func body(_ fingerprint: String, firedAt: Date) -> String {
        func text(_ date: Date) -> String {
            date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        }
        return """
            {"received_at": "\(text(Date()))", "body": {"version": "4", "status": "firing", "alerts": [
              {"status": "firing", "labels": {"alertname": "mail-down", "service": "mail"},
               "startsAt": "\(text(firedAt))", "fingerprint": "\(fingerprint)"}]}}
            """
    }

    private static func journal(_ place: ForeignPlace) throws -> [String] {
        let runs = place.root + "/.lifeboat/runs"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: runs)) ?? []
        guard
            let run = names.first(where: {
                FileManager.default.fileExists(atPath: "\(runs)/\($0)/journal.jsonl")
            })
        else { return [] }
        return try String(contentsOfFile: "\(runs)/\(run)/journal.jsonl", encoding: .utf8)
            .split(separator: "\n").map(String.init)
    }

    @Test func `goes on when another process brings it, and not with one from before`() throws {
        try Scratch.with { scratch in
            let place = try Self.place(scratch)
            let begun = Date()
            let drill = Process()
            drill.executableURL = URL(fileURLWithPath: Program.path)
            drill.arguments = ["drill", "start", "watched", "-w", place.root]
            drill.standardInput = FileHandle.nullDevice
            let output = scratch.path("said")
            _ = FileManager.default.createFile(atPath: output, contents: nil)
            drill.standardOutput = FileHandle(forWritingAtPath: output)
            drill.standardError = drill.standardOutput
            try drill.run()
            defer {
                if drill.isRunning { drill.terminate() }
                drill.waitUntilExit()
            }
            var said: String {
                let journal = (try? Self.journal(place)) ?? []
                return ((try? scratch.text("said")) ?? "") + "\n" + journal.joined(separator: "\n")
            }
            func isWaiting() throws -> Bool {
                try Self.journal(place).contains { $0.contains("\"started\"") && $0.contains("\"seen\"") }
            }
            try #require(try eventually { try isWaiting() || !drill.isRunning })
            try #require(try isWaiting(), "\(said)")

            let old = try scratch.write(Self.body("old", firedAt: begun - 60), to: "old.json")
            let first = try place.run("import", "alertmanager", old)
            #expect(first.status == 0, "\(first.error)")
            // Were it taken for one of now it would count whenever the engine looks: of two the earlier one does.
            let new = try scratch.write(Self.body("new", firedAt: Date()), to: "new.json")
            let second = try place.run("import", "alertmanager", new)
            #expect(second.status == 0, "\(second.error)")
            drill.waitUntilExit()

            let records = try Self.journal(place).filter { $0.contains("\"kind\":\"alert\"") }
            #expect(records.count == 1, "\(said)")
            #expect(records.first?.contains("alertmanager/new/") == true, "\(records)")
            #expect(said.contains("alert mail-down, event "), "\(said)")
            #expect(try Self.journal(place).contains { $0.contains("\"seen\"") && $0.contains("\"passed\"") })
        }
    }
}
