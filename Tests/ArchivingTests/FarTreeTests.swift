// SPDX-License-Identifier: Apache-2.0
import Archiving
import Foundation
import TestSupport
import Testing

/// Runs `find` and `tar` here, as they would run at another machine.
private final class NearTar: FarTreeReader {
    let root: String
    /// Called before tar is begun, with how often it was.
    var before: (Int) throws -> Void = { _ in }
    private(set) var packs = 0
    /// The command that tar is run by.
    var prefix: [String] = []

    init(_ root: String) {
        self.root = root
    }

    func pack(_ names: [UInt8], _ body: (_ next: @escaping () throws -> [UInt8]?) throws -> Void) throws
        -> [UInt8]
    {
        packs += 1
        try before(packs)
        let result = try Command(
            prefix + FarCommands.pack, input: names, environment: ["LC_ALL": "C"], folder: root
        ).run()
        var rest = result.output[...]
        try body {
            guard !rest.isEmpty else { return nil }
            // Uneven pieces, as a channel gives them.
            let piece = Array(rest.prefix(7_001))
            rest = rest.dropFirst(piece.count)
            return piece
        }
        return Array(result.error.utf8)
    }

    func tree(excludes: [String] = [], caches: Set<[UInt8]> = [], limit: Int = 7, isWhole: Bool = true) throws
        -> FarTree
    {
        let folder = NSTemporaryDirectory() + "lifeboat-listing-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let sorter = ListingSorter(folder: folder, limit: limit)
        let listed = try Command(
            prefix + FarCommands.list(staysOnFileSystem: true), environment: ["LC_ALL": "C"], folder: root
        ).run()
        try listed.output.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: 333) {
                try sorter.take(
                    UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + 333, bytes.count)]))
            }
        }
        let listing = try FarListing(sorter, excludes: excludes, caches: caches, isWhole: isWhole)
        return FarTree(listing: listing, reader: self, clockOffset: 0)
    }
}

private let trusted = RestoreOptions(isTrusted: true)

@Suite("A tree of another machine")
struct FarTreeTests {
    /// Settles the times, so that nothing is too new to be trusted.
    private func age(_ folder: String) throws {
        // ctime cannot be set; what is older than three seconds is not recent.
        let changed = try Command.output("find", folder, "-printf", "%C@\n")
        let newest = String(decoding: changed, as: UTF8.self).split(separator: "\n").compactMap { Double($0) }
            .max()
        while Date().timeIntervalSince1970 < (newest ?? 0) + 3.2 { usleep(20_000) }
    }

    @Test(.needsRoot)
    func `comes back as it was, by Lifeboat and by its card, after a full point and an incremental`()
        throws
    {
        try Scratch.with { scratch in
            let source = scratch.path("src")
            try DifficultTree.make(at: source)
            let fixture = try PointFixture(scratch)
            fixture.adjust = { $0.frameBytes = 256 << 10 }
            let far = NearTar(source)
            let full = try fixture.write(far: try far.tree())
            #expect(full.outcome == .complete, "\(full.findings)")
            try scratch.shell(
                """
                cd src; echo changed >> d.file; rm byte d/one; mv 'd!' 'renamed!'; mkdir new; echo n > new/file
                ln hard new/hard; rm -r d/inner; echo 'now a file' > d/inner; rm link; mkdir link; echo in > link/in
                touch -d 2001-01-01 d+file; setfattr -n 'user.odd=100%' -v x new; setfattr -n user.%41 -v y new/file; rm z-hard; echo tail >> middle
                """)
            let second = try fixture.write(far: try far.tree())
            #expect(second.outcome == .complete, "\(second.findings)")
            try fixture.writeCards()
            let summary = try fixture.chain().restore(into: scratch.path("out"), options: trusted)
            #expect(summary.isWhole, "\(summary.faults)")
            let card = try fixture.runCard(into: scratch.path("hand"))
            #expect(card.status == 0, "\(card.text)\(card.error)")
            try scratch.shell("touch -r src times; rm src/sock; touch -r times src")
            for restored in ["out", "hand"] {
                let differences = try TreeDescription.differences(source, scratch.path(restored))
                #expect(differences.isEmpty, "\(restored): \(differences.joined(separator: "\n"))")
            }
        }
    }

    @Test func `says of a local tree what the local reader says`() throws {
        try Scratch.with { scratch in
            let source = scratch.path("src")
            try DifficultTree.make(at: source)
            let near = try PointFixture(try scratch.sub("near"))
            try near.write(TreeSource(root: source))
            let far = try PointFixture(try scratch.sub("far"))
            try far.write(far: try NearTar(source).tree())
            let (ours, theirs) = try (near.mergedRecords(), far.mergedRecords())
            #expect(ours.map(\.text) == theirs.map(\.text))
            for (left, right) in zip(ours, theirs) {
                var right = right
                right.location = left.location
                right.isRecent = left.isRecent
                #expect(left == right, "\(left.text)")
            }
        }
    }

    @Test func `holds nothing when nothing has changed, and only what has`() throws {
        try Scratch.with { scratch in
            try scratch.shell(
                "mkdir -p src/a/b src/c; for i in 1 2 3; do echo $i > src/a/b/$i; echo $i > src/c/$i; done")
            try scratch.shell("ln src/a/b/1 src/c/link; setfattr -n user.x -v y src/a")
            try age(scratch.path("src"))
            let fixture = try PointFixture(scratch)
            let far = NearTar(scratch.path("src"))
            try fixture.write(far: try far.tree())
            let nothing = try fixture.write(far: try far.tree())
            #expect(nothing.parts.isEmpty && nothing.deleted == nil && far.packs == 1)
            try scratch.shell("echo new > src/c/2; rm src/a/b/3; touch -d 2001-01-01 src/a/b/2")
            let some = try fixture.write(far: try far.tree())
            #expect(some.counts.added == 0 && some.counts.deleted == 1)
            let records = try fixture.records(ofPoint: 2).map(\.text)
            #expect(records == [".", "a", "a/b", "a/b/2", "c", "c/2"])
            #expect(try fixture.deletions(ofPoint: 2) == ["a/b/3"])
            let summary = try fixture.chain().restore(into: scratch.path("out"), options: trusted)
            #expect(summary.isWhole, "\(summary.faults)")
            #expect(try TreeDescription.differences(scratch.path("src"), scratch.path("out")) == [])
        }
    }

    @Test func `keeps rules and caches out`() throws {
        try Scratch.with { scratch in
            try scratch.shell(
                "mkdir -p src/keep src/cache/deep src/tmp.d; cd src; touch a.tmp keep/b.tmp keep/c tmp.d/x cache/y cache/deep/z cache/CACHEDIR.TAG"
            )
            let fixture = try PointFixture(scratch)
            try fixture.write(
                far: try NearTar(scratch.path("src")).tree(
                    excludes: ["*.tmp", "tmp.d/"], caches: [Array("cache".utf8)]))
            #expect(
                try fixture.mergedRecords().map(\.text) == [
                    ".", "cache", "cache/CACHEDIR.TAG", "keep", "keep/c",
                ])
        }
    }

    // MARK: - Trouble

    @Test func `marks a file that vanishes, and one that something else takes the place of`() throws {
        try Scratch.with { scratch in
            try scratch.shell("mkdir src; echo 1 > src/a; echo 2 > src/b; echo 3 > src/c")
            let fixture = try PointFixture(scratch)
            let far = NearTar(scratch.path("src"))
            far.before = { _ in try scratch.shell("rm src/a src/c; mkdir src/c") }
            let written = try fixture.write(far: try far.tree())
            #expect(
                written.findings.map { "\($0.kind) \(MemberPath.shown($0.path))" } == [
                    "vanished a", "unreadable c",
                ])
            #expect(written.outcome == .partial)
            #expect(try fixture.mergedRecords().map(\.text) == [".", "b"])
        }
    }

    @Test func `reads a file that changes once more, and points to the second reading`() throws {
        try Scratch.with { scratch in
            try scratch.shell("mkdir src; head -c 30000000 /dev/urandom > src/big; echo z > src/z")
            let fixture = try PointFixture(scratch)
            let far = NearTar(scratch.path("src"))
            // As long as tar runs somebody writes; in the second reading nobody does.
            far.prefix = [
                "bash", "-c",
                #"case "$0" in tar) [ -e ../quiet ] || { touch ../quiet; (while kill -0 $$ 2>/dev/null; do echo x >> big; done) & };; esac; exec "$0" "$@""#,
            ]
            let written = try fixture.write(far: try far.tree())
            #expect(written.outcome == .completeWithChanges, "\(written.findings)")
            #expect(written.findings.map(\.kind) == [.changed] && far.packs == 2)
            let record = try #require(try fixture.records(ofPoint: 0).first { $0.text == "big" })
            #expect(record.superseded != nil && !record.changedWhileRead)
            let summary = try fixture.chain().restore(into: scratch.path("out"), options: trusted)
            #expect(summary.isWhole, "\(summary.faults)")
            try scratch.shell("cmp src/big out/big; cmp src/z out/z")
        }
    }

    @Test(.enabled(if: geteuid() == 0, "root is needed to be somebody else"))
    func `keeps what it cannot read now as it was, and says so`() throws {
        try Scratch.with { scratch in
            try scratch.shell(
                "chmod 755 .; mkdir -p src/open src/shut/deep; echo 1 > src/open/a; echo 2 > src/open/b; echo 3 > src/shut/deep/c"
            )
            let fixture = try PointFixture(scratch)
            let far = NearTar(scratch.path("src"))
            try fixture.write(far: try far.tree())
            try scratch.shell("chmod 700 src/shut; chmod 600 src/open/a; echo new > src/open/b")
            far.prefix = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
            let second = try fixture.write(far: try far.tree())
            #expect(second.outcome == .partial && second.deleted == nil)
            #expect(second.findings.map { MemberPath.shown($0.path) }.sorted() == ["open/a", "shut"])
            let summary = try fixture.chain().restore(into: scratch.path("out"), options: trusted)
            #expect(summary.isWhole, "\(summary.faults)")
            try scratch.shell(
                "test $(cat out/shut/deep/c) = 3; test $(cat out/open/a) = 1; test $(cat out/open/b) = new")
        }
    }

    @Test func `deletes nothing by a listing that is not whole, and is partial`() throws {
        try Scratch.with { scratch in
            try scratch.shell("mkdir src; echo 1 > src/a; echo 2 > src/b")
            let fixture = try PointFixture(scratch)
            let far = NearTar(scratch.path("src"))
            try fixture.write(far: try far.tree())
            try scratch.shell("rm src/a")
            let second = try fixture.write(far: try far.tree(isWhole: false))
            #expect(second.outcome == .partial && second.deleted == nil)
            #expect(try fixture.mergedRecords().map(\.text) == [".", "a", "b"])
        }
    }

    @Test(
        "refuses a listing that lies",
        arguments: [
            (
                fields: ["f 644 0 0 1 1.0 1.0 5 6 1 8", "root", "root", "../out", ""],
                code: ArchiveError.Code.hostile
            ),
            (fields: ["f 644 0 0 1 1.0 1.0 5 6 1 8", "root", "root", "nowhere/file", ""], code: .hostile),
            (fields: ["f 644 0 0 -5 1.0 1.0 5 6 1 8", "root", "root", "file", ""], code: .malformed),
            (fields: ["f 644 0 0 1", "root", "root", "file", ""], code: .malformed),
            (fields: ["f 644 0 0 1 1.0 1.0 5 6 1 8", "root", "root", "file"], code: .truncated),
        ])
    func lies(fields: [String], code: ArchiveError.Code) throws {
        try Scratch.with { scratch in
            try scratch.makeFolder("src")
            let sorter = ListingSorter(folder: scratch.path)
            let root = ["d 755 0 0 4096 1.0 1.0 4 6 2 8", "root", "root", "", ""]
            let bytes: [UInt8] = (root + fields).flatMap { text -> [UInt8] in Array(text.utf8) + [0] }
            try bytes.withUnsafeBytes { try sorter.take($0) }
            let error = try #require(throws: ArchiveError.self) {
                let listing = try FarListing(sorter, excludes: [], caches: [], isWhole: true)
                let fixture = try PointFixture(scratch)
                try fixture.write(
                    far: FarTree(listing: listing, reader: NearTar(scratch.path("src")), clockOffset: 0))
            }
            #expect(error.code == code, "\(error)")
        }
    }
}
