// SPDX-License-Identifier: Apache-2.0
import Archiving
import Foundation
import TestSupport
import Testing

extension PointFixture {
    /// Writes each point's card beside its files, as an orchestrator does.
    func writeCards() throws {
        for end in points.indices {
            let chain = points[...end].map { RecoveryCard.Point($0.sealed) }
            let text = try RecoveryCard(chain: chain, writer: "writer").text
            try Data(text.utf8).write(to: URL(fileURLWithPath: points[end].folder + "/RESTORE.txt"))
        }
    }

    /// Runs the newest point's card in a shell that knows nothing else.
    func runCard(into target: String, key: String? = nil, point: Int? = nil) throws -> Command.Result {
        let folder = points[point ?? points.count - 1].folder
        let signers = (store as NSString).deletingLastPathComponent + "/allowed_signers"
        return try Command.run("bash", folder + "/RESTORE.txt", key ?? keyFile, signers, target, folder: "/")
    }
}

@Suite("The recovery card")
struct CardTests {
    /// A full of everything difficult, then an incremental of every kind of change.
    private static func chain(_ scratch: Scratch, parts: Int = 64 << 20) throws -> PointFixture {
        let source = scratch.path("src")
        try DifficultTree.make(at: source)
        let fixture = try PointFixture(scratch)
        fixture.adjust = { settings in
            settings.partBytes = parts
            settings.frameBytes = 256 << 10
        }
        try fixture.write(TreeSource(root: source))
        try Command.output("bash", "-euc", changes, "-", source)
        try fixture.write(TreeSource(root: source))
        try fixture.writeCards()
        try Command.output("rm", source + "/sock")
        try Command.output("touch", "-d", "2022-03-04 05:06:07.000000008 UTC", source)
        return fixture
    }

    private static let changes = #"""
        cd "$1"
        echo changed >> d.file; rm byte d/one; mv 'd!' 'renamed!'; mkdir new; echo n > new/file; ln hard new/hard
        rm -r d/inner; echo 'now a file' > d/inner; rm link; mkdir link; echo in > link/in
        rm -r .hidden; ln -s /etc .hidden; chmod 700 empty; setfattr -x user.bin d.file
        mv "$(printf 'd%.0s' {1..120})" moved; truncate -s 3T terabyte; rm fifo; mkfifo fifo
        touch -d '2022-03-04 05:06:07.000000008 UTC' .
        """#

    @Test(.needsRoot) func `restores a full point`() throws {
        try Scratch.with { scratch in
            let source = scratch.path("src")
            try DifficultTree.make(at: source)
            try Command.output("rm", source + "/sock")
            try Command.output("touch", "-d", "2022-03-04 05:06:07.000000008 UTC", source)
            let fixture = try PointFixture(scratch)
            try fixture.write(TreeSource(root: source))
            try fixture.writeCards()
            let result = try fixture.runCard(into: scratch.path("out"))
            #expect(result.status == 0, "\(result.text)\(result.error)")
            let differences = try TreeDescription.differences(source, scratch.path("out"))
            #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
        }
    }

    @Test(.needsRoot) func `restores a full point and an incremental on top of it`() throws {
        try Scratch.with { scratch in
            let fixture = try Self.chain(scratch)
            let result = try fixture.runCard(into: scratch.path("out"))
            #expect(result.status == 0, "\(result.text)\(result.error)")
            let differences = try TreeDescription.differences(scratch.path("src"), scratch.path("out"))
            #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
        }
    }
}
