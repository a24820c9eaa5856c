// SPDX-License-Identifier: Apache-2.0
import Archiving
import Foundation
import TestSupport
import Testing

@Suite("The recovery card refuses")
struct CardDamageTests {
    /// What is done to the store, in bash: `$1` is the full's folder, `$2` the incremental's, `$3` another signer.
    private static let damages: [(name: String, script: String)] = [
        ("a part that is missing", "rm $1/00002.tar.zst.age"),
        ("the last part missing and taken out of the list", "rm $1/$last; sed -i \"/$last/d\" $1/SHA256SUMS"),
        (
            "a part with one byte changed",
            "printf xxxxxxxx | dd of=$1/00002.tar.zst.age bs=1 seek=1000 conv=notrunc status=none"
        ),
        ("a part that ends early", "truncate -s -1 $1/00001.tar.zst.age"),
        (
            "a planted part",
            "cp $1/00001.tar.zst.age $1/99999.tar.zst.age; cd $1; sha256sum 99999.tar.zst.age >> SHA256SUMS"
        ),
        (
            "a part planted in the place of another",
            "echo evil > $1/00001.tar.zst.age; cd $1; sed -i 1d SHA256SUMS; sha256sum 00001.tar.zst.age | cat - SHA256SUMS > s; mv s SHA256SUMS"
        ),
        (
            "two parts that changed places",
            "cd $1; mv 00001.tar.zst.age x; mv 00002.tar.zst.age 00001.tar.zst.age; mv x 00002.tar.zst.age; "
                + "sed -i '1{h;d};2{G}' SHA256SUMS; sed -i '1s/00002/00001/;2s/00001/00002/' SHA256SUMS"
        ),
        ("a part of the incremental changed", "echo x >> $2/00001.tar.zst.age"),
        ("a list of deletions that is missing", "rm $2/deleted.zst.age"),
        ("a list of deletions from elsewhere", "cp $2/index.zst.age $2/deleted.zst.age"),
        ("another point's manifest", "cp $1/manifest.json $1/manifest.json.sig $2/"),
        ("a manifest that was edited", "sed -i 's/\"files\":/\"filez\":/' $1/manifest.json"),
        ("a signature that is missing", "rm $2/manifest.json.sig"),
        (
            "a signature by somebody else",
            "rm $1/manifest.json.sig; ssh-keygen -q -Y sign -f $3 -n lifeboat-manifest $1/manifest.json"
        ),
        ("the full point gone", "rm -r $1"),
    ]

    @Test("whatever is not as it was written, and unpacks nothing", arguments: damages)
    func damage(name: String, script: String) throws {
        try Scratch.with { scratch in
            let source = scratch.path("src")
            try Command.output(
                "bash", "-euc",
                "mkdir \(source); cd \(source); head -c 900000 /dev/urandom > a; head -c 700000 /dev/urandom > b; echo c > c"
            )
            let fixture = try PointFixture(scratch)
            fixture.adjust = { settings in
                settings.partBytes = 300_000
                settings.frameBytes = 256 << 10
            }
            try fixture.write(TreeSource(root: source))
            try Command.output("bash", "-euc", "cd \(source); rm c; echo d > d")
            try fixture.write(TreeSource(root: source))
            try fixture.writeCards()
            let (full, incremental) = (fixture.points[0], fixture.points[1])
            try #require(full.written.parts.count > 3 && incremental.written.deleted != nil)
            let copy = try fixture.runCard(into: scratch.path("whole"))
            try #require(copy.status == 0, "\(copy.error)")
            let stranger = SSHSigningKey.generate(comment: "x").openSSHPrivateKey
            let key = try scratch.write(stranger, to: "stranger", mode: 0o600)
            let last = StoreFile(.part(full.written.parts.count)).name
            try Command.output(
                "bash", "-euc", "last=\(last); \(script)", "-", full.folder, incremental.folder, key)
            let target = try scratch.makeFolder("out")
            let result = try fixture.runCard(into: target)
            #expect(result.status != 0, "\(name)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: target) == [])
        }
    }

    @Test func `a key that opens nothing, and a target that is not empty`() throws {
        try Scratch.with { scratch in
            try scratch.write("x", to: "src/a")
            let fixture = try PointFixture(scratch)
            try fixture.write(TreeSource(root: scratch.path("src")))
            try fixture.writeCards()
            let other = try scratch.write(AgeIdentity.generate().fileText, to: "other.txt", mode: 0o600)
            #expect(try fixture.runCard(into: scratch.path("out"), key: other).status != 0)
            try scratch.write("mine", to: "full/file")
            let result = try fixture.runCard(into: scratch.path("full"))
            #expect(result.status != 0 && result.error.contains("is not empty"))
            #expect(try scratch.text("full/file") == "mine")
        }
    }

    @Test func `a chain that does not hang together`() throws {
        let key = SSHSigningKey.generate(comment: "writer")
        let full = try RecoveryCard.Point(SealedManifest(sampleManifest(), signedBy: key))
        let stray = try RecoveryCard.Point(SealedManifest(sampleManifest(kind: .incremental), signedBy: key))
        for chain in [[], [stray], [full, stray], [full, full]] {
            #expect(throws: ArchiveError.self) { try RecoveryCard(chain: chain, writer: "writer") }
        }
        for writer in ["", "a'b", "-f", "a\nb"] {
            #expect(throws: ArchiveError.self) { try RecoveryCard(chain: [full], writer: writer) }
        }
        #expect(
            try RecoveryCard(chain: [full], writer: "writer").text.contains(
                "bash RESTORE.txt KEY SIGNERS TARGET"))
    }
}
