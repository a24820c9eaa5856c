// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc
import Ledger
import Operations
import TestSupport
import Testing

@Suite("The canary writer")
struct CanaryWriterTests {
    private struct Bench {
        let folder: Scratch
        let plan: Plan
        let workspace: Workspace
        let ledger: Ledger
        let reach: FolderReach

        init(_ folder: Scratch, keep: Int = 5_000, host: Bool = false) throws {
            self.folder = folder
            try folder.makeFolder("data")
            let text = PlanFileTests.whole
                .replacingOccurrences(
                    of: "source: {site: hq, path: /srv/files}",
                    with: "source: {site: hq, \(host ? "host: hq1, " : "")path: \(folder.path("data"))}"
                )
                .replacingOccurrences(of: "path: .canary}", with: "path: .canary, keep: \(keep)}")
            plan = try #require(Plan.decode(DocumentLoader.parse(text, file: "p.yaml")).plan)
            workspace = Workspace(root: folder.path("ws"))
            try workspace.makeFolders()
            ledger = try Ledger(path: workspace.ledgerPath)
            reach = FolderReach(folder.path("hosts"))
        }

        var writer: CanaryWriter {
            CanaryWriter(workspace: workspace, plan: plan, ledger: ledger, reach: reach)
        }

        func lines() throws -> [CanaryLine] {
            try folder.text("data/.canary").split(separator: "\n").compactMap { CanaryLine($0) }
        }

        func acknowledged() throws -> [CanaryRecord] {
            try ledger.events(of: [.canaryRecord]).compactMap {
                guard case .canaryRecord(let record) = $0.body else { return nil }
                return record
            }
        }
    }

    @Test("numbers records without gaps and acknowledges each", arguments: [false, true])
    func numbers(host: Bool) throws {
        try Scratch.with { folder in
            let bench = try Bench(folder, host: host)
            for _ in 0..<3 { try bench.writer.write("seq") }
            let lines = try bench.lines()
            #expect(lines.map(\.sequence) == [1, 2, 3])
            let records = try bench.acknowledged()
            #expect(records.map(\.sequence) == [1, 2, 3])
            #expect(records.map(\.sha256) == lines.map { sha256(Array($0.text.utf8)) })
            #expect(records.allSatisfy { $0.writtenAt <= $0.acknowledgedAt })
            #expect(Set(lines.map(\.nonce)).count == 3)
        }
    }

    @Test("acknowledges what a killed run had written, and ends its torn line", arguments: [false, true])
    func killed(host: Bool) throws {
        try Scratch.with { folder in
            let bench = try Bench(folder, host: host)
            try bench.writer.write("seq")
            let line = CanaryLine(
                sequence: 2, writtenAt: Moment(seconds: 1_790_000_000), nonce: "0123456789abcdef")
            let before = try folder.text("data/.canary")
            try folder.write(before + line.text + "\n3 2026-11-2", to: "data/.canary")
            try bench.writer.write("seq")
            #expect(try bench.acknowledged().map(\.sequence) == [1, 2, 3])
            #expect(try bench.acknowledged()[1].writtenAt == line.writtenAt)
            #expect(try bench.lines().map(\.sequence) == [1, 2, 3])
            #expect(try folder.text("data/.canary").split(separator: "\n").count == 4)
        }
    }

    @Test("goes on from the ledger when the file was lost or put back", arguments: [false, true])
    func lost(host: Bool) throws {
        try Scratch.with { folder in
            let bench = try Bench(folder, host: host)
            for _ in 0..<3 { try bench.writer.write("seq") }
            let first = try #require(try bench.lines().first)
            try folder.write(first.text + "\n", to: "data/.canary")
            try bench.writer.write("seq")
            #expect(try bench.lines().map(\.sequence) == [1, 4])
            #expect(try bench.acknowledged().map(\.sequence) == [1, 2, 3, 4])
        }
    }

    @Test("keeps the newest records", arguments: [false, true])
    func keeps(host: Bool) throws {
        try Scratch.with { folder in
            let bench = try Bench(folder, keep: 10, host: host)
            for _ in 0..<26 { try bench.writer.write("seq") }
            let numbers = try bench.lines().map(\.sequence)
            #expect(numbers.count <= 13 && numbers.count >= 10)
            #expect(numbers == Array((27 - numbers.count)...26))
        }
    }

    @Test func `acknowledges nothing that could not be written`() throws {
        try Scratch.with { folder in
            let bench = try Bench(folder)
            rmdir(folder.path("data"))
            let error = #expect(throws: OperationError.self) { try bench.writer.write("seq") }
            #expect(error?.code == .ioFailed)
            #expect(try bench.acknowledged() == [])
        }
    }

    @Test func `knows no canary that the plan does not have`() throws {
        try Scratch.with { folder in
            let bench = try Bench(folder)
            let error = #expect(throws: OperationError.self) { try bench.writer.write("sek") }
            #expect(error?.code == .unknownName && error?.hint?.contains("seq") == true)
        }
    }
}
