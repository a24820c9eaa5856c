// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Ledger
import Operations
import TestSupport
import Testing

/// What the program is doing when it is ended or the disk fails.
private enum Work: String, CaseIterable, CustomTestStringConvertible {
    case backup, heal, expire

    var testDescription: String { rawValue }

    var words: [String] {
        switch self {
        case .backup: ["backup", "documents"]
        case .heal: ["copies", "heal", "documents"]
        case .expire: ["expire", "documents", "--quarantine", "0s"]
        }
    }

    /// A workspace in which the work has something to do.
    func prepare(_ bench: CopyBench) throws {
        try bench.fillSource(files: 3, noiseBytes: 1_500_000)
        // Not through the bench's clock: the program has only the machine's.
        func backUp() throws { _ = try BackupRunner(bench.desk()).run("documents", .full) }
        try backUp()
        switch self {
        case .backup:
            try bench.folder.write("second", to: "data/second.txt")
        case .heal:
            bench.servers["north"]?.stop()
            try bench.folder.write("second", to: "data/second.txt")
            try backUp()
            try bench.servers["north"]?.restart()
        case .expire:
            for number in 0..<3 {
                try bench.folder.write("\(number)", to: "data/number.txt")
                try backUp()
            }
            // The first run marks, the one that is looked at removes.
            #expect(try bench.lifeboat(words).status == 0)
        }
    }
}

extension CopyBench {
    /// Runs the real program in the bench's workspace.
    func lifeboat(_ words: [String], environment: [String: String] = [:]) throws -> Command.Result {
        try folder.write(planText, to: "workspace/Plans/plan.yaml", mode: 0o644)
        return try Command(
            [Program.path] + words,
            environment: environment.merging(["LIFEBOAT_WORKSPACE": workspace.root]) { old, _ in old }
        ).run()
    }
}

@Suite(
    "The program, ended or failed by the disk at any of its calls", .tags(.integration), .needsServer,
    .mayQueue)
struct KilledProgramTests {
    private static let isLong = ProcessInfo.processInfo.environment["LIFEBOAT_LONG"] != nil
    private static let lines = ["keep: {last: 1}"]

    /// The calls at which it is ended: a few in a short run, up to sixty in a long one, always the last ones.
    private static func places(of count: Int) -> [Int] {
        let wanted = isLong ? 60 : 1
        let spread = stride(from: max(1, count / (2 * wanted)), through: count, by: max(1, count / wanted))
            .map(\.self)
        return Array(Set(spread.prefix(wanted) + [count])).sorted()
    }

    @Test(
        "loses nothing, lists no half point and goes on by itself when it is killed", arguments: Work.allCases
    )
    private func killed(work: Work) throws {
        let count = try Scratch.with { tools in
            let faults = try FaultyCalls(in: tools)
            return try CopyBench.with(dataset: Self.lines) { bench in
                try work.prepare(bench)
                return try faults.count { environment in
                    let result = try bench.lifeboat(work.words, environment: environment)
                    #expect(result.status <= 1, "\(result.text)\(result.error)")
                }
            }
        }
        try #require(count > 20, "the calls are counted")
        for place in Self.places(of: count) { try kill(work, at: place) }
    }

    private func kill(_ work: Work, at place: Int) throws {
        try Scratch.with { tools in
            let faults = try FaultyCalls(in: tools)
            try CopyBench.with(dataset: Self.lines) { bench in
                try work.prepare(bench)
                let committed = try bench.book().points(of: "documents").filter { point in
                    !point.copies.values.contains { $0.mark != nil }
                }
                let killed = try bench.lifeboat(work.words, environment: faults.environment(.kill, at: place))
                // A run may take fewer calls than the one that was counted.
                #expect([137, 0, 1].contains(killed.status), "\(place): \(killed.status) \(killed.error)")
                try checkGoesOn(bench, work, committed.map(\.name), "killed at call \(place)")
            }
        }
    }

    @Test(
        "says so when its own disk is full or broken, and goes on when it is not any more",
        arguments: [FaultyCalls.Fault.full, .broken], Work.allCases)
    private func failing(fault: FaultyCalls.Fault, work: Work) throws {
        try Scratch.with { tools in
            let faults = try FaultyCalls(in: tools)
            try CopyBench.with(dataset: Self.lines) { bench in
                try work.prepare(bench)
                let committed = try bench.book().points(of: "documents").filter { point in
                    !point.copies.values.contains { $0.mark != nil }
                }
                for place in Self.isLong ? [1, 3, 5, 8, 12, 20, 30] : [6] {
                    let failed = try bench.lifeboat(
                        work.words, environment: faults.environment(fault, at: place))
                    #expect(
                        failed.status != 139 && failed.status != 132 && failed.status != 134,
                        "it crashed: \(failed.error)")
                    if failed.status > 1 {
                        let words = failed.error + failed.text
                        #expect(
                            ["No space", "full", "error", "cannot", "i/o", "disk"].contains(
                                where: words.contains),
                            "\(place): \(words)")
                    }
                }
                try checkGoesOn(bench, work, committed.map(\.name), "the disk was \(fault)")
            }
        }
    }

    private func checkGoesOn(_ bench: CopyBench, _ work: Work, _ committed: [String], _ when: Comment) throws
    {
        let next = try bench.lifeboat(work.words)
        #expect(next.status <= 1, "\(when): \(next.text)\(next.error)")
        if work != .expire {
            let healed = try bench.lifeboat(["copies", "heal", "documents"])
            #expect(healed.status <= 1, "\(when): \(healed.text)\(healed.error)")
            #expect(try bench.judgeNow().violations == [], when)
        }
        #expect(try bench.ledger.check() == [], when)
        let book = try bench.book()
        for name in committed { #expect(book.point(name, of: "documents") != nil, when) }
        for point in book.points(of: "documents")
        where !point.copies.values.contains(where: { $0.mark != nil }) {
            let folder = bench.folder.path("back-\(UInt32.random(in: 0 ... .max))")
            let run = try Restorer(bench.desk()).restore(
                RestoreRequest(dataset: "documents", to: .folder(folder), point: point.name))
            #expect(run.succeeded, "\(when): \(point.name): \(run.detail ?? "")")
            try FileManager.default.removeItem(atPath: folder)
        }
        // What expiry has begun to remove is gone, or still whole; never half.
        for store in ["metro", "north"] {
            let names =
                (try? FileManager.default.contentsOfDirectory(atPath: "\(bench.storePath(store))/documents"))
                ?? []
            for name in names {
                let files = try bench.names(store, name)
                guard files.contains("manifest.json"), let point = book.point(name, of: "documents") else {
                    continue
                }
                #expect(point.copies[store]?.mark?.step != .removed, when)
            }
        }
    }
}

extension CopyBench {
    /// The standing by the machine's own clock.
    func judgeNow() throws -> DatasetCopies {
        let plan = try plan()
        return try book().judge(
            try #require(plan.dataset("documents")), in: plan, at: TimeSource.system.now())
    }
}
