// SPDX-License-Identifier: Apache-2.0
import Archiving
import Foundation
import TestSupport
import Testing

@Suite("An incremental point")
struct IncrementalTests {
    private static func settle(_ folder: String) throws {
        // Times of long ago, as far as they can be set: ctime stays new, which is what a fresh file looks like.
        try Command.output(
            "find", folder, "-exec", "touch", "-h", "-d", "2020-01-01 00:00:00.5 UTC", "{}", "+")
    }

    /// One change of a tree, and what the incremental must then hold and delete.
    private static let changes: [(name: String, script: String, members: [String], deleted: [String])] = [
        ("nothing", ":", [], []),
        ("a new file", "echo n > sub/new", [".", "sub", "sub/new"], []),
        ("new content", "echo other > sub/x", [".", "sub", "sub/x"], []),
        (
            "content of the same size and mtime",
            "cp -p sub/x t; printf 2 | dd of=sub/x conv=notrunc status=none; touch -r t sub/x; rm t",
            [".", "sub", "sub/x"], []
        ),
        ("a new mode", "chmod 600 a", [".", "a"], []),
        ("a new attribute", "setfattr -n user.q -v 1 a", [".", "a"], []),
        ("a folder's mode", "chmod 700 sub", [".", "sub"], []),
        ("a file deleted", "rm sub/x", [".", "sub"], ["sub/x"]),
        ("a folder deleted", "rm -r sub", ["."], ["sub/inner/y", "sub/inner", "sub/x", "sub"]),
        ("a file renamed", "mv a b", [".", "b"], ["a"]),
        (
            "a folder renamed", "mv sub zub", [".", "zub", "zub/inner", "zub/inner/y", "zub/x"],
            ["sub/inner/y", "sub/inner", "sub/x", "sub"]
        ),
        (
            "a folder that became a file", "rm -r sub; echo f > sub", [".", "sub"],
            ["sub/inner/y", "sub/inner", "sub/x", "sub"]
        ),
        ("a file that became a folder", "rm a; mkdir a; echo f > a/f", [".", "a", "a/f"], ["a"]),
        ("a file that became a link", "ln -sf sub a", [".", "a"], []),
        ("an old file put back", "echo old > o; touch -d 1999-01-01 o; mv o a", [".", "a"], []),
        ("a change deep down", "echo more >> sub/inner/y", [".", "sub", "sub/inner", "sub/inner/y"], []),
        ("a new name for an old file", "ln a h", [".", "a", "h"], []),
        ("one name of two gone", "rm z2", [".", "z1"], ["z2"]),
        ("content of a file with two names", "echo more >> z1", [".", "z1", "z2"], []),
        (
            "a folder with one of two names renamed", "mv lnk mnk", [".", "m2", "mnk", "mnk/l1"],
            ["lnk/l1", "lnk"]
        ),
        ("a folder with the second of two names renamed", "mv p q", [".", "q", "q/f2"], ["p/f2", "p"]),
        (
            "a folder with the first of two names renamed behind the second", "mv lnk zzz",
            [".", "m2", "zzz", "zzz/l1"], ["lnk/l1", "lnk"]
        ),
    ]

    @Test(
        "fails and does not hang when the index of the point before is damaged", arguments: [0.02, 0.5, 0.98])
    func damaged(place: Double) throws {
        try Scratch.with { scratch in
            // Several blocks and many batches, so that the walk is well under way.
            for number in 0..<6_000 { try scratch.write("x", to: "src/\(number / 100)/file-\(number)") }
            let fixture = try PointFixture(scratch)
            try fixture.write(TreeSource(root: scratch.path("src")))
            var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: fixture.mergedIndex)))
            bytes[Int(Double(bytes.count) * place)] ^= 0x55
            try Data(bytes).write(to: URL(fileURLWithPath: fixture.mergedIndex))
            let before = fixture.mergedIndex
            #expect(throws: ArchiveError.self) {
                try fixture.write(TreeSource(root: scratch.path("src")))
            }
            #expect(fixture.mergedIndex == before, "no point was made")
            #expect(!scratch.contains("work/merged-2"), "half an index is of use to nobody")
        }
    }

    @Test("holds what changed and deletes what is gone, and the card restores it", arguments: changes)
    func change(name: String, script: String, members: [String], deleted: [String]) throws {
        try Scratch.with { scratch in
            let source = scratch.path("src")
            try Command.output(
                "bash", "-euc",
                "mkdir -p \(source)/sub/inner; cd \(source); echo 1 > a; echo x > sub/x; echo y > sub/inner/y; echo z > z1; ln z1 z2; mkdir lnk; echo l > lnk/l1; ln lnk/l1 m2; mkdir p; echo f > f1; ln f1 p/f2"
            )
            try Self.settle(source)
            let fixture = try PointFixture(scratch)
            try fixture.write(TreeSource(root: source))
            try Command.output("bash", "-euc", "cd \(source); \(script)")
            let written = try fixture.write(TreeSource(root: source))
            #expect(written.outcome == .complete)
            #expect(try fixture.records(ofPoint: 1).map(\.text) == members, "\(name)")
            #expect(try fixture.deletions(ofPoint: 1) == deleted, "\(name)")
            #expect(written.parts.isEmpty == members.isEmpty)
            // What the next run compares with is what a full would have written.
            let merged = try fixture.mergedRecords().map(\.text)
            try Scratch.with { other in
                let fresh = try PointFixture(other)
                try fresh.write(TreeSource(root: source))
                #expect(try merged == fresh.mergedRecords().map(\.text))
            }
            try fixture.writeCards()
            let result = try fixture.runCard(into: scratch.path("out"))
            #expect(result.status == 0, "\(result.error)")
            let differences = try TreeDescription.differences(source, scratch.path("out"))
            #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
            // A third point without any change holds nothing.
            #expect(try fixture.write(TreeSource(root: source)).parts.isEmpty)
        }
    }

    @Test func `tells a change within one tick of the clock by content`() throws {
        try Scratch.with { scratch in
            try scratch.write("one", to: "src/a")
            let fixture = try PointFixture(scratch)
            try fixture.write(TreeSource(root: scratch.path("src")))
            let record = try #require(fixture.mergedRecords().last)
            #expect(record.isRecent && record.text == "a")
            let second = try fixture.write(TreeSource(root: scratch.path("src")))
            #expect(second.parts.isEmpty && second.counts.bytesRead == 3)
        }
    }

    @Test func `counts what it added, changed and deleted`() throws {
        try Scratch.with { scratch in
            try Command.output(
                "bash", "-euc",
                "mkdir \(scratch.path("src")); cd \(scratch.path("src")); echo a > a; echo b > b; echo c > c")
            let fixture = try PointFixture(scratch)
            let full = try fixture.write(TreeSource(root: scratch.path("src")))
            #expect(full.counts.totalFiles == 3 && full.counts.totalBytes == 6 && full.counts.files == 3)
            try Command.output(
                "bash", "-euc", "cd \(scratch.path("src")); rm a; echo bb > b; echo d > d; echo e > e")
            let counts = try fixture.write(TreeSource(root: scratch.path("src"))).counts
            #expect(counts.added == 2 && counts.deleted == 1 && counts.files == 3 && counts.totalFiles == 4)
            // b, and the root folder, whose times changed.
            #expect(counts.changed == 2 && counts.folders == 1)
        }
    }
}
