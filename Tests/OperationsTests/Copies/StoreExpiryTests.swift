// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Ledger
import Operations
import TestSupport
import Testing

@Suite("Expiry at a vault's own site", .tags(.integration), .needsServer, .mayQueue)
struct StoreExpiryTests {
    /// A vault with four full points, seconds apart.
    private func with(_ body: (CopyBench, [String]) throws -> Void) throws {
        try CopyBench.with([.plain("metro"), .vault("west")], dataset: ["keep: {last: 1}"]) { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            var points: [String] = []
            // Seconds apart by the clock too: which of four at one instant is the newest, nobody could say.
            for _ in 0..<4 {
                bench.clock.pass(.seconds(2))
                points.append(try #require(try BackupRunner(bench.desk()).run("documents", .full).point))
            }
            try body(bench, points)
        }
    }

    private func expire(_ bench: CopyBench, _ more: String...) throws -> Command.Result {
        try Command(
            [
                Program.path, "store", "expire", bench.storePath("west"), "documents", "--signers",
                KeyRing(workspace: bench.workspace).allowedSignersPath, "--last", "1",
            ] + more, environment: ["LIFEBOAT_WORKSPACE": "/nowhere"], folder: "/"
        ).run()
    }

    private func left(_ bench: CopyBench) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(bench.storePath("west"))/documents").sorted()
    }

    @Test func `marks first, removes after the quarantine, and the ledger learns of it`() throws {
        try with { bench, points in
            let first = try expire(bench)
            #expect(
                first.status == 0 && first.text.contains("1 marked, 0 removed"), "\(first.text)\(first.error)"
            )
            #expect(try expire(bench).text.contains("0 marked, 0 removed"), "the quarantine is not over")
            #expect(try left(bench) == points)
            let removed = try expire(bench, "--quarantine", "0s")
            #expect(removed.text.contains("1 removed"), "\(removed.text)\(removed.error)")
            #expect(try left(bench) == Array(points.dropFirst()))
            // The orchestrator sees that what the rules let go is gone, and does not heal it.
            _ = try Expirer(bench.desk()).expire()
            let copies = try #require(try bench.book().point(points[0], of: "documents")).copies
            #expect(copies["west"]?.mark?.step == .removed)
            #expect(try Healer(bench.desk()).heal().isEmpty)
        }
    }

    @Test func `removes nothing when the newest point is not whole on the disk`() throws {
        try with { bench, points in
            _ = try expire(bench)
            try bench.flip("west", points[3], "index.zst.age")
            let result = try expire(bench, "--quarantine", "0s")
            #expect(
                result.status == 3 && result.error.contains("nothing is removed"),
                "\(result.text)\(result.error)")
            #expect(try left(bench) == points)
        }
    }

    @Test func `believes no mark that somebody else may have made, and no point of an unknown signer`() throws
    {
        try with { bench, points in
            let folder = "\(bench.storePath("west"))/_expiry"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
            chmod(folder, 0o777)
            let result = try expire(bench, "--quarantine", "0s")
            #expect(result.status == 77 && result.error.contains("belongs to others"), "\(result.error)")
            try FileManager.default.removeItem(atPath: folder)
            let stranger = try bench.folder.write("", to: "nobody")
            let none = try Command.run(
                Program.path, "store", "expire", bench.storePath("west"), "documents", "--signers", stranger,
                "--last", "1")
            #expect(none.text.contains("0 kept, 0 marked"), "\(none.text)\(none.error)")
            #expect(try left(bench) == points)
        }
    }
}
