// SPDX-License-Identifier: Apache-2.0
import Archiving
import Foundation
import TestSupport
import Testing

@Suite("A hostile archive")
struct HostileTests {
    private static let content = Array("content".utf8)
    private let options = RestoreOptions(isTrusted: true)

    /// Restores, and sees that nothing was made but what is named.
    private func restore(_ forged: ForgedPoint, _ scratch: Scratch, leaving names: [String] = []) throws
        -> RestoreSummary
    {
        let before = try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted()
        let summary = try forged.chain().restore(into: scratch.path("out"), options: options)
        let found = try FileManager.default.subpathsOfDirectory(atPath: scratch.path("out")).sorted()
        #expect(found == names)
        let after = try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted()
        #expect(after == (before + ["out"]).sorted())
        return summary
    }

    @Test(
        "cannot put another member where the index names one",
        arguments: [
            (name: "../escape", type: "0" as Character, link: ""), (name: "/etc/escape", type: "0", link: ""),
            (name: "", type: "0", link: ""), (name: "other", type: "0", link: ""),
            (name: "file", type: "2", link: "/etc/passwd"), (name: "file", type: "1", link: "/etc/passwd"),
            (name: "file", type: "3", link: ""), (name: "file/", type: "5", link: ""),
        ])
    func otherMember(name: String, type: Character, link: String) throws {
        try Scratch.with { scratch in
            let content = type == "0" ? Self.content : []
            let forged = try ForgedPoint(
                scratch, [.init(name: name, type: type, content: content, link: link)],
                [.file("file", Self.content)])
            let summary = try restore(forged, scratch)
            #expect(summary.faults.map(\.path) == [Array("file".utf8)])
            let code = try #require(summary.faults.first?.error.code)
            // libarchive itself gives up at a member without a name.
            #expect(code == .hostile || (name.isEmpty && code == .damaged))
            #expect(summary.faults.first?.error.subject.hasSuffix("forged/00001.tar.zst.age") == true)
            #expect(try !forged.verify().isSound)
        }
    }

    @Test func `cannot hide a member behind one that the index names`() throws {
        try Scratch.with { scratch in
            var record = IndexRecord.file("file", Self.content)
            record.location = .init(frame: 0, offset: 0, length: 2048)
            let forged = try ForgedPoint(
                scratch,
                [.init(name: "file", content: Self.content), .init(name: "hidden", content: Self.content)],
                [record])
            let summary = try restore(forged, scratch, leaving: ["file"])
            #expect(summary.faults.first?.error.code == .hostile)
        }
    }

    @Test func `is found out when it holds a member that the index does not name`() throws {
        try Scratch.with { scratch in
            let forged = try ForgedPoint(
                scratch,
                [.init(name: "file", content: Self.content), .init(name: "hidden", content: Self.content)],
                [.file("file", Self.content)])
            // A restore reads what the index names and nothing else.
            #expect(try restore(forged, scratch, leaving: ["file"]).isWhole)
            let verification = try forged.verify()
            #expect(verification.faults.first?.error.code == .hostile)
        }
    }

    @Test(
        "cannot give a file more or other content than the index says",
        arguments: [
            (content: "content and more", stated: nil as Int?), (content: "CONTENT", stated: nil),
            (content: "conten", stated: nil), (content: "content", stated: 1 << 32),
        ])
    func otherContent(content: String, stated: Int?) throws {
        try Scratch.with { scratch in
            let forged = try ForgedPoint(
                scratch, [.init(name: "file", content: Array(content.utf8), statedSize: stated)],
                [.file("file", Self.content)])
            let summary = try restore(forged, scratch)
            #expect(summary.faultCount == 1 && summary.files == 0)
        }
    }

    @Test func `cannot write through a symbolic link of its own`() throws {
        try Scratch.with { scratch in
            try scratch.makeFolder("victim")
            let link = IndexRecord(
                path: Array("dir".utf8), kind: .symbolicLink, linkTarget: Array("../victim".utf8))
            let forged = try ForgedPoint(
                scratch,
                [
                    .init(name: "dir", type: "2", link: "../victim"),
                    .init(name: "dir/file", content: Self.content),
                ],
                [link, .file("dir/file", Self.content)])
            let summary = try restore(forged, scratch, leaving: ["dir"])
            #expect(summary.faults.map(\.error.code) == [.hostile])
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path("victim")).isEmpty)
        }
    }

    @Test(
        "is refused for a record that leads out of the tree",
        arguments: ["../x", "/x", "a//b", "a/./b", "a/../b"])
    func badPath(path: String) throws {
        try Scratch.with { scratch in
            let forged = try ForgedPoint(
                scratch, [.init(name: "x", content: Self.content)], [.file(path, Self.content)])
            let error = try #require(throws: (any Error).self) {
                try forged.chain().restore(into: scratch.path("out"), options: options)
            }
            let cause = (error as? RestoreInterrupted)?.cause ?? error
            #expect((cause as? ArchiveError)?.code == .hostile)
        }
    }

    @Test(
        "is refused for a hard link out of the tree, and has one without a file as a fault",
        arguments: [
            (target: "../../etc/passwd", isRefused: true), (target: "/etc/passwd", isRefused: true),
            (target: "none", isRefused: false),
        ])
    func hardLink(target: String, isRefused: Bool) throws {
        try Scratch.with { scratch in
            let link = IndexRecord(path: Array("link".utf8), kind: .hardLink, linkTarget: Array(target.utf8))
            let forged = try ForgedPoint(scratch, [.init(name: "link", type: "1", link: target)], [link])
            let result = Result { try forged.chain().restore(into: scratch.path("out"), options: options) }
            switch result {
            case .success(let summary):
                #expect(!isRefused && summary.faultCount == 1 && summary.hardLinks == 0)
            case .failure(let error):
                let cause = (error as? RestoreInterrupted)?.cause ?? error
                #expect(isRefused && (cause as? ArchiveError)?.code == .hostile)
            }
        }
    }

    @Test func `cannot expand beyond what its index says`() throws {
        try Scratch.with { scratch in
            let bomb = try Command.output("bash", "-c", "head -c 2000000000 /dev/zero | zstd -q -c")
            #expect(bomb.count < 1_000_000)
            let large = patternBytes(3_000_000)
            let forged = try ForgedPoint(
                scratch, [.init(name: "file", content: large)], [.file("file", large)]
            ) { compressed, frame in
                compressed = bomb
                frame.compressedSize = bomb.count
            }
            let summary = try restore(forged, scratch)
            #expect(summary.faults.map(\.error.code) == [.damaged])
        }
    }

    @Test(
        "cannot name frames that are not there",
        arguments: [
            IndexRecord.Location(frame: 1, offset: 0, length: 1024),
            .init(frame: 1 << 39, offset: 0, length: 1024), .init(frame: 0, offset: 30 << 20, length: 1024),
            .init(frame: 0, offset: 0, length: .max), .init(frame: 0, offset: 512, length: 0),
        ])
    func badLocation(location: IndexRecord.Location) throws {
        try Scratch.with { scratch in
            var record = IndexRecord.file("file", Self.content)
            record.location = location
            let forged = try ForgedPoint(scratch, [.init(name: "file", content: Self.content)], [record])
            #expect(try restore(forged, scratch).faults.map(\.error.code) == [.hostile])
            #expect(try !forged.verify().isSound)
        }
    }

    @Test func `cannot pass another manifest off as its parent`() throws {
        try Scratch.with { scratch in
            try scratch.write("x", to: "src/file")
            let fixture = try PointFixture(scratch)
            for _ in 0..<3 {
                try scratch.shell("date +%N >> src/file")
                try fixture.write(TreeSource(root: scratch.path("src")))
            }
            let points = fixture.points.map { ChainPoint($0.sealed, files: PointDirectory(path: $0.folder)) }
            for wrong in [[0, 2], [1], [1, 2], [0, 0], []] {
                let error = try #require(throws: ArchiveError.self) {
                    try ChainReader(wrong.map { points[$0] }, identities: [fixture.identity])
                }
                #expect(error.code == .malformed)
            }
            var manifest = fixture.points[0].sealed.manifest
            manifest.toolVersion = "another"
            let other = ChainPoint(
                try SealedManifest(manifest, signedBy: fixture.signer),
                files: PointDirectory(path: points[0].files.place))
            let error = try #require(throws: ArchiveError.self) {
                try ChainReader([other, points[1]], identities: [fixture.identity])
            }
            #expect(error.code == .hostile)
        }
    }
}
