// SPDX-License-Identifier: Apache-2.0
import Archiving
import Foundation
import TestSupport
import Testing

@Suite("Writing a point")
struct WritingTests {
    /// Unpacks one point's parts with age, zstd and tar.
    private func unpack(_ fixture: PointFixture, point: Int = 0, into target: String) throws {
        let (sealed, folder, _) = fixture.points[point]
        let parts = sealed.manifest.parts.map { folder + "/" + StoreFile(.part($0.number)).name }
        let script = """
            set -euo pipefail; target=$1; key=$2; shift 2
            for p in "$@"; do age -d -i "$key" "$p"; done | zstd -d |
              tar -C "$target" -xpf - --numeric-owner --acls --xattrs --xattrs-include='*' --warning=no-unknown-keyword
            """
        let result = try Command(["bash", "-c", script, "-", target, fixture.keyFile] + parts).run()
        #expect(result.status == 0, "\(result.error)")
    }

    @Test func `keeps a tree that age, zstd and tar bring back`() throws {
        try Scratch.with { scratch in
            try scratch.write("hello", to: "src/a/b.txt")
            try scratch.write("", to: "src/a.txt")
            try scratch.write(patternBytes(300_000), to: "src/z")
            let fixture = try PointFixture(scratch)
            let written = try fixture.write(TreeSource(root: scratch.path("src")))
            #expect(written.outcome == .complete)
            #expect(written.counts.files == 3)
            #expect(try fixture.records(ofPoint: 0).map(\.text) == [".", "a", "a/b.txt", "a.txt", "z"])
            let target = try scratch.makeFolder("out")
            try unpack(fixture, into: target)
            try Command.output("diff", "-r", scratch.path("src"), target)
        }
    }

    @Test(.needsRoot) func `keeps everything that a file system can hold`() throws {
        try Scratch.with { scratch in
            let source = scratch.path("src")
            try DifficultTree.make(at: source)
            let fixture = try PointFixture(scratch)
            let written = try fixture.write(TreeSource(root: source))
            #expect(written.outcome == .complete, "\(written.findings)")
            #expect(written.counts.skippedSockets == 1)
            #expect(written.parts.count == 1)
            let target = try scratch.makeFolder("out")
            try unpack(fixture, into: target)
            try Command.output("rm", "-f", source + "/sock")
            try Command.output("touch", "-d", "2022-03-04 05:06:07.000000008 UTC", source)
            let differences = try TreeDescription.differences(source, target)
            #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
        }
    }
}
