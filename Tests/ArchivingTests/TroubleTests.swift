// SPDX-License-Identifier: Apache-2.0
import Archiving
import Foundation
import TestSupport
import Testing

/// Drops this thread's right to read everything, for as long as the closure runs.
///
/// The file-system user belongs to the thread, and threads that it begins inherit it (setfsuid(2)).
private func unprivileged<Result>(_ body: () throws -> Result) throws -> Result {
    typealias Call = @convention(c) (UInt32) -> Int32
    let symbol = try #require(dlsym(nil, "setfsuid"))
    let setFileSystemUser = unsafeBitCast(symbol, to: Call.self)
    _ = setFileSystemUser(65_534)
    defer { _ = setFileSystemUser(0) }
    return try body()
}

@Suite("A source in trouble")
struct TroubleTests {
    /// A store whose runs hold the reader back long before the end of a file of 4 MiB.
    private func slowFixture(_ scratch: Scratch, _ onBegin: @escaping () throws -> Void) throws
        -> PointFixture
    {
        let fixture = try PointFixture(scratch)
        fixture.adjust = { settings in
            settings.frameBytes = 64 << 10
            settings.partBytes = 64 << 10
            settings.workers = 1
        }
        fixture.onBegin = { if $0 == 1 { try onBegin() } }
        return fixture
    }

    @Test func `whose file is written to while it is read keeps both readings, and the second counts`() throws
    {
        try Scratch.with { scratch in
            let path = try scratch.write(patternBytes(4 << 20), to: "src/big")
            try scratch.write("after", to: "src/c")
            let fixture = try slowFixture(scratch) {
                let file = try #require(FileHandle(forWritingAtPath: path))
                try file.seek(toOffset: 4 << 20 - 10)
                try file.write(contentsOf: Data("replaced".utf8))
                try file.close()
            }
            let written = try fixture.write(TreeSource(root: scratch.path("src")))
            #expect(written.outcome == .completeWithChanges)
            #expect(written.counts.changedWhileRead == 1)
            #expect(
                written.findings.map(\.kind) == [.changed] && written.findings[0].path == Array("big".utf8))
            let record = try #require(fixture.records(ofPoint: 0).first { $0.text == "big" })
            #expect(record.superseded != nil && !record.changedWhileRead)
            #expect(try record.digest == .of(FileBytes(path: path).allBytes()))
            // tar unpacks one reading after the other; the second stays.
            try fixture.writeCards()
            #expect(try fixture.runCard(into: scratch.path("out")).status == 0)
            #expect(
                try FileBytes(path: scratch.path("out/big")).allBytes() == FileBytes(path: path).allBytes())
            #expect(try scratch.text("out/c") == "after")
        }
    }

    @Test func `whose file becomes shorter keeps a whole archive`() throws {
        try Scratch.with { scratch in
            let path = try scratch.write(patternBytes(4 << 20), to: "src/big")
            try scratch.write("after", to: "src/c")
            let fixture = try slowFixture(scratch) { truncate(path, 3 << 20) }
            let written = try fixture.write(TreeSource(root: scratch.path("src")))
            #expect(written.outcome == .completeWithChanges)
            try fixture.writeCards()
            let result = try fixture.runCard(into: scratch.path("out"))
            #expect(result.status == 0, "\(result.error)")
            #expect(
                try FileBytes(path: scratch.path("out/big")).allBytes() == FileBytes(path: path).allBytes())
            #expect(try scratch.text("out/c") == "after")
        }
    }

    @Test func `whose file vanishes says so and goes on`() throws {
        try Scratch.with { scratch in
            try scratch.write(patternBytes(4 << 20), to: "src/big")
            try scratch.write("gone", to: "src/c")
            try scratch.write("gone", to: "src/d/e")
            try scratch.write("stays", to: "src/z")
            let fixture = try slowFixture(scratch) {
                try FileManager.default.removeItem(atPath: scratch.path("src/c"))
                try FileManager.default.removeItem(atPath: scratch.path("src/d"))
            }
            let written = try fixture.write(TreeSource(root: scratch.path("src")))
            #expect(written.outcome == .completeWithChanges)
            #expect(written.findings.map(\.kind) == [.vanished, .vanished] && written.counts.vanished == 2)
            #expect(try fixture.records(ofPoint: 0).map(\.text) == [".", "big", "z"])
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can lay aside a right"))
    func `whose paths cannot be read is partial, names them, and keeps what was there before`() throws {
        try Scratch.with { scratch in
            for name in ["a", "open/x", "shut/inner/y", "shut/z", "w"] {
                try scratch.write(name, to: "src/" + name)
            }
            let fixture = try PointFixture(scratch)
            try fixture.write(TreeSource(root: scratch.path("src")))
            try Command.output(
                "bash", "-euc",
                "cd \(scratch.path("src")); echo changed > w; chmod 0 w; chmod 0 shut; echo b > b")
            try Command.output("chmod", "-R", "a+rwX", scratch.path("store"), scratch.path("work"))
            try Command.output("chmod", "a+rx", scratch.path)
            let second = try unprivileged { try fixture.write(TreeSource(root: scratch.path("src"))) }
            #expect(second.outcome == .partial)
            #expect(
                second.findings.map(\.kind) == [.unreadable, .unreadable] && second.counts.unreadable == 2)
            #expect(second.findings.map { MemberPath.shown($0.path) } == ["shut", "w"])
            #expect(second.findings.allSatisfy { $0.detail == "Permission denied" })
            #expect(second.deleted == nil)
            let paths = try fixture.mergedRecords().map(\.text)
            #expect(
                paths == [
                    ".", "a", "b", "open", "open/x", "shut", "shut/inner", "shut/inner/y", "shut/z", "w",
                ])
            // Once it can be read again, the change is caught up.
            try Command.output("chmod", "-R", "a+rwX", scratch.path("src"))
            let third = try fixture.write(TreeSource(root: scratch.path("src")))
            #expect(third.outcome == .complete)
            let held = try fixture.records(ofPoint: 2).map(\.text)
            #expect(held.contains("w") && held.contains("shut"))
        }
    }

    @Test func `that is not there, or is a file, is an error`() throws {
        try Scratch.with { scratch in
            let fixture = try PointFixture(scratch)
            let missing = try #require(throws: ArchiveError.self) {
                try fixture.write(TreeSource(root: scratch.path("no")))
            }
            #expect(missing.code == .ioFailed(errno: ENOENT))
            let file = try scratch.write("x", to: "file")
            let wrong = try #require(throws: ArchiveError.self) { try fixture.write(TreeSource(root: file)) }
            #expect(wrong.code == .ioFailed(errno: ENOTDIR))
        }
    }

    @Test func `ends when it is cancelled or its sink fails, and leaves nothing half done`() throws {
        try Scratch.with { scratch in
            try scratch.write(patternBytes(4 << 20), to: "src/big")
            let full = ArchiveError(.ioFailed(errno: ENOSPC), "write", detail: "no space")
            let failing = try slowFixture(scratch) { throw full }
            #expect(throws: full) { try failing.write(TreeSource(root: scratch.path("src"))) }
            let left = try FileManager.default.contentsOfDirectory(atPath: scratch.path("work/run-1"))
            #expect(left == ["parts"])
            #expect(!FileManager.default.fileExists(atPath: scratch.path("work/merged-1")))
        }
        try Scratch.with { scratch in
            try scratch.write("x", to: "src/a")
            let fixture = try PointFixture(scratch)
            let error = try #require(throws: ArchiveError.self) {
                try fixture.write(TreeSource(root: scratch.path("src")), isCancelled: { true })
            }
            #expect(error.code == .cancelled)
        }
    }
}

@Suite("What a source leaves out")
struct ExcludeTests {
    private static let rules: [(rules: [String], path: String, isFolder: Bool, isOut: Bool)] = [
        (["*.o"], "a.o", false, true), (["*.o"], "d/a.o", false, true), (["*.o"], "a.o.c", false, false),
        (["/a"], "a", false, true), (["/a"], "d/a", false, false), (["d/a"], "d/a", false, true),
        (["d/a"], "x/d/a", false, false), (["cache/"], "cache", true, true),
        (["cache/"], "cache", false, false),
        (["cache/"], "x/cache", true, true), (["**/tmp"], "tmp", true, true),
        (["**/tmp"], "a/b/tmp", true, true),
        (["a/**/z"], "a/z", false, true), (["a/**/z"], "a/b/c/z", false, true),
        (["a/**"], "a/b", false, true),
        (["a/**"], "a", true, false), (["a?c"], "abc", false, true), (["a?c"], "a/c", false, false),
        (["a*c"], "a/c", false, false), (["/a*/c"], "ab/c", false, true), (["[a-c]x"], "bx", false, true),
        (["[!a-c]x"], "bx", false, false), (["[!a-c]x"], "dx", false, true), (["[]x]y"], "]y", false, true),
        (["*.log", "!keep.log"], "keep.log", false, false),
        (["*.log", "!keep.log"], "other.log", false, true),
        (["!a", "a"], "a", false, true), (["# a"], "# a", false, false), (["\\#a"], "#a", false, true),
        (["\\!a"], "!a", false, true), (["a "], "a", false, true), (["a\\ "], "a ", false, true),
        ([""], "a", false, false),
        (["*"], "anything", true, true), (["a**b"], "axxb", false, true),
        (["*a*a*a*b"], "aaaaaaaaaaaaaaaaaaaa", false, false),
    ]

    @Test("follows the rules of gitignore", arguments: rules)
    func rule(rules: [String], path: String, isFolder: Bool, isOut: Bool) {
        #expect(ExcludeRules(rules).exclude(Array(path.utf8), isFolder: isFolder) == isOut)
    }

    @Test func `agrees with git itself`() throws {
        try Scratch.with { scratch in
            try Command.output("git", "init", "-q", scratch.path)
            for scene in Self.rules where !scene.path.hasSuffix(" ") {
                try Command.output(
                    "bash", "-c", "cd \"$1\" && find . -mindepth 1 -not -path './.git*' -delete", "-",
                    scratch.path)
                try scratch.write(scene.rules.joined(separator: "\n") + "\n", to: ".git/info/exclude")
                if scene.isFolder {
                    try scratch.makeFolder(scene.path)
                } else {
                    try scratch.write("x", to: scene.path)
                }
                let status = try Command.run(
                    "git", "-C", scratch.path, "check-ignore", "-q", "--", scene.path
                ).status
                #expect((status == 0) == scene.isOut, "\(scene)")
            }
        }
    }

    @Test func `takes a path that is excluded from now on out of the next point`() throws {
        try Scratch.with { scratch in
            for name in ["a", "logs/1", "logs/2"] { try scratch.write(name, to: "src/" + name) }
            let fixture = try PointFixture(scratch)
            try fixture.write(TreeSource(root: scratch.path("src")))
            try fixture.write(TreeSource(root: scratch.path("src"), excludes: ["logs/"]))
            #expect(try fixture.deletions(ofPoint: 1) == ["logs/1", "logs/2", "logs"])
            #expect(try fixture.mergedRecords().map(\.text) == [".", "a"])
        }
    }

    @Test func `keeps of a folder of caches only its tag`() throws {
        try Scratch.with { scratch in
            let tag = "Signature: 8a477f597d28d172789f06886806bc55\nmore"
            try scratch.write(tag, to: "src/cache/CACHEDIR.TAG")
            try scratch.write("big", to: "src/cache/big/file")
            try scratch.write("no signature", to: "src/other/CACHEDIR.TAG")
            try scratch.write("kept", to: "src/other/file")
            let fixture = try PointFixture(scratch)
            try fixture.write(TreeSource(root: scratch.path("src"), excludesCaches: true))
            #expect(
                try fixture.mergedRecords().map(\.text) == [
                    ".", "cache", "cache/CACHEDIR.TAG", "other", "other/CACHEDIR.TAG", "other/file",
                ])
        }
    }

    @Test func `walks paths longer than the kernel takes in one call`() throws {
        try Scratch.with { scratch in
            let script = """
                mkdir -p \(scratch.path("src")); cd \(scratch.path("src"))
                for i in {1..90}; do mkdir "$(printf 'x%.0s' {1..100})"; cd x*; done; echo deep > file; echo e > g
                """
            try Command.output("bash", "-euc", script)
            let fixture = try PointFixture(scratch)
            let written = try fixture.write(TreeSource(root: scratch.path("src")))
            #expect(written.outcome == .complete, "\(written.findings)")
            let records = try fixture.records(ofPoint: 0)
            #expect(records.count == 93 && records.last?.path.count == 90 * 101 + 1)
            #expect(written.counts.longPaths == 93 - 1 - 40)
            #expect(try fixture.write(TreeSource(root: scratch.path("src"))).parts.isEmpty)
            try fixture.writeCards()
            let card = try fixture.runCard(into: scratch.path("out"), point: 0)
            #expect(
                card.status == 0 && card.error.contains("File name too long"), "\(card.error.suffix(300))")
            try Command.output("rm", "-rf", scratch.path("src"), scratch.path("out"))
        }
    }
}
