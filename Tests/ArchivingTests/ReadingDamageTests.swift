// SPDX-License-Identifier: Apache-2.0
import Archiving
import Foundation
import Synchronization
import TestSupport
import Testing

private let trusted = RestoreOptions(isTrusted: true)

/// Counts what is read of each file of a folder.
private final class CountingFiles: PointFiles {
    let files: PointDirectory
    let counts = Mutex([String: (reads: Int, bytes: Int)]())

    init(_ path: String) {
        files = PointDirectory(path: path)
    }

    var place: String { files.place }
    func names() throws -> [StoredFile] { try files.names() }

    func open(_ name: String) throws -> any RangedBytes {
        Counted(bytes: try files.open(name), name: name, files: self)
    }

    private struct Counted: RangedBytes {
        let bytes: any RangedBytes
        let name: String
        let files: CountingFiles
        var size: Int { bytes.size }

        func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
            let count = try bytes.read(at: offset, into: buffer)
            files.counts.withLock { counts in
                let before = counts[name] ?? (0, 0)
                counts[name] = (before.reads + 1, before.bytes + count)
            }
            return count
        }
    }
}

@Suite("Reading a point from a store")
struct ReadingDamageTests {
    /// Eight files of 1 MB that do not compress, in frames of 2 MB and parts of about 3 MB.
    private func fixture(_ scratch: Scratch) throws -> PointFixture {
        try scratch.shell(
            "mkdir src; for i in 1 2 3 4 5 6 7 8; do head -c 1000000 /dev/urandom > src/f$i; done")
        let fixture = try PointFixture(scratch)
        fixture.adjust = { settings in
            settings.frameBytes = 2 << 20
            settings.partBytes = 3_000_000
        }
        try fixture.write(TreeSource(root: scratch.path("src")))
        #expect(fixture.points[0].sealed.manifest.parts.count >= 3)
        return fixture
    }

    private func part(_ number: Int, _ fixture: PointFixture) -> String {
        fixture.points[0].folder + "/" + StoreFile(.part(number)).name
    }

    private func verifier(_ fixture: PointFixture) -> PointVerifier {
        PointVerifier(
            ChainPoint(fixture.points[0].sealed, files: PointDirectory(path: fixture.points[0].folder)))
    }

    @Test func `finds a sound point sound at every level`() throws {
        try Scratch.with { scratch in
            let fixture = try fixture(scratch)
            let hashes = try verifier(fixture).hashes()
            #expect(hashes.isSound)
            #expect(hashes.files.count == fixture.points[0].sealed.manifest.parts.count + 1)
            let read = try verifier(fixture).fullRead(identities: [fixture.identity])
            #expect(read.isSound, "\(read.faults) \(read.files)")
            #expect(read.members == 9 && read.contentBytes == 8_000_000)
            #expect(Set(read.files) == Set(hashes.files))
        }
    }

    @Test func `names a part with a flipped byte, and brings back everything else`() throws {
        try Scratch.with { scratch in
            let fixture = try fixture(scratch)
            let path = part(2, fixture)
            try scratch.shell("printf XXXXXXXX | dd of=\(path) bs=1 seek=100000 conv=notrunc status=none")
            let summary = try fixture.chain().restore(into: scratch.path("out"), options: trusted)
            #expect(!summary.isWhole && summary.faultCount < 8)
            #expect(summary.files + summary.faultCount == 8)
            for fault in summary.faults {
                #expect(fault.error.code == .damaged && fault.error.subject == path, "\(fault)")
                #expect(!scratch.contains("out/" + MemberPath.shown(fault.path)))
            }
            try scratch.shell("cd out; for f in f*; do cmp $f ../src/$f; done")
            let hashes = try verifier(fixture).hashes()
            #expect(hashes.files.filter { $0.error != nil }.map(\.name) == [StoreFile(.part(2)).name])
            #expect(hashes.files.compactMap(\.error).map(\.code) == [.damaged])
            let read = try verifier(fixture).fullRead(identities: [fixture.identity])
            #expect(read.files.filter { $0.error != nil }.map(\.name) == [StoreFile(.part(2)).name])
            #expect(read.faults.map(\.path) == summary.faults.map(\.path))
        }
    }

    @Test(
        "refuses to begin without a part that is needed, and names it",
        arguments: ["rm $part", "truncate -s -1 $part", "truncate -s +1 $part"])
    func missingPart(damage: String) throws {
        try Scratch.with { scratch in
            let fixture = try fixture(scratch)
            let path = part(2, fixture)
            try scratch.shell("part=\(path); \(damage)")
            let error = try #require(throws: ArchiveError.self) {
                try fixture.chain().restore(into: scratch.path("out"), options: trusted)
            }
            #expect(error.code == (damage.hasPrefix("rm") ? .missing : .truncated))
            #expect(error.subject == path)
            #expect(!scratch.contains("out"))
            // What does not need it comes back without a word.
            let one = try fixture.chain().restore(
                [Array("f1".utf8)], into: scratch.path("one"), options: trusted)
            #expect(one.isWhole && one.files == 1)
            let gaps = RestoreOptions(isTrusted: true, acceptsGaps: true)
            let summary = try fixture.chain().restore(into: scratch.path("out"), options: gaps)
            #expect(!summary.isWhole && summary.files + summary.faultCount == 8 && summary.files > 0)
            #expect(try verifier(fixture).hashes().files.compactMap(\.error).map(\.subject) == [path])
            let read = try verifier(fixture).fullRead(identities: [fixture.identity])
            #expect(read.files.compactMap(\.error).map(\.subject) == [path])
        }
    }

    @Test func `is not taken in by parts that were swapped or planted`() throws {
        try Scratch.with { scratch in
            let fixture = try fixture(scratch)
            let (first, second) = (part(1, fixture), part(2, fixture))
            // A part of the right size, encrypted to the right key, that is another's: anyone can make one.
            let bytes = fixture.points[0].sealed.manifest.parts[1].bytes
            var plain = bytes - 300
            var planted = try ageEncrypt(patternBytes(plain), to: [fixture.identity.recipient])
            plain += bytes - planted.count
            planted = try ageEncrypt(patternBytes(plain), to: [fixture.identity.recipient])
            #expect(planted.count == bytes)
            try Data(planted).write(to: URL(fileURLWithPath: second))
            let summary = try fixture.chain().restore(into: scratch.path("out"), options: trusted)
            #expect(!summary.isWhole)
            #expect(Set(summary.faults.map(\.error.subject)) == [second])
            try scratch.shell("cd out; for f in f*; do cmp $f ../src/$f; done; mv \(first) \(first).x")
            // Another attempt of the same size beside the right one: the hash tells.
            try scratch.shell("mv \(first).x \(fixture.points[0].folder)/00001.a2.tar.zst.age")
            let size = fixture.points[0].sealed.manifest.parts[0].bytes
            try scratch.shell("head -c \(size) /dev/urandom > \(first)")
            let one = try fixture.chain().restore(
                [Array("f1".utf8)], into: scratch.path("one"), options: trusted)
            #expect(one.isWhole, "\(one.faults)")
        }
    }

    @Test(
        "refuses an index that is not the manifest's",
        arguments: [
            "printf XXXXXXXX | dd of=$i bs=1 seek=300 conv=notrunc status=none", "truncate -s -1 $i", "rm $i",
        ])
    func index(damage: String) throws {
        try Scratch.with { scratch in
            let fixture = try fixture(scratch)
            let path = fixture.points[0].folder + "/index.zst.age"
            try scratch.shell("i=\(path); \(damage)")
            let error = try #require(throws: ArchiveError.self) { try fixture.chain() }
            #expect([.damaged, .truncated, .missing].contains(error.code) && error.subject == path)
            #expect(try verifier(fixture).hashes().files.compactMap(\.error).map(\.subject) == [path])
        }
    }

    @Test func `reads of a large point no more than one file needs`() throws {
        try Scratch.with { scratch in
            let fixture = try fixture(scratch)
            try scratch.shell("echo new > src/f9")
            try fixture.write(TreeSource(root: scratch.path("src")))
            let files = fixture.points.map { CountingFiles($0.folder) }
            let chain = try ChainReader(
                zip(fixture.points, files).map { ChainPoint($0.sealed, files: $1) },
                identities: [fixture.identity])
            let estimate = try chain.estimate([Array("f5".utf8)])
            let summary = try chain.restore([Array("f5".utf8)], into: scratch.path("out"), options: trusted)
            #expect(summary.isWhole && summary.files == 1)
            #expect(estimate.files == 1 && estimate.bytes == 1_000_000)
            let parts = files[0].counts.withLock { $0.filter { $0.key != "index.zst.age" } }
            #expect(parts.count == 1)
            let read = try #require(parts.values.first)
            // One frame of 2 MB with the chunks at its edges, the header and the last chunk.
            #expect(read.bytes < estimate.bytesFetched + 4 * 65_552 + 4096)
            #expect(read.reads <= 5)
            #expect(files[0].counts.withLock { $0["index.zst.age"]?.reads } == 1)
            #expect(files[1].counts.withLock { $0.keys.sorted() } == ["index.zst.age"])
        }
    }

    @Test func `says what was done when it has to end early`() throws {
        try Scratch.with { scratch in
            let fixture = try fixture(scratch)
            let asked = Mutex(0)
            let error = try #require(throws: RestoreInterrupted.self) {
                try fixture.chain(threads: 1).restore(
                    into: scratch.path("out"), options: trusted,
                    isCancelled: {
                        asked.withLock {
                            $0 += 1; return $0 > 14
                        }
                    })
            }
            #expect((error.cause as? ArchiveError)?.code == .cancelled)
            let found = try FileManager.default.contentsOfDirectory(atPath: scratch.path("out"))
            #expect(found.count == error.summary.files && found.count < 8)
            for name in found { try scratch.shell("cmp out/\(name) src/\(name)") }
        }
    }

    @Test func `says what was done when the disk is full`() throws {
        guard geteuid() == 0 else { return }
        try Scratch.with { scratch in
            let fixture = try fixture(scratch)
            try scratch.shell("mkdir disk; mount -t tmpfs -o size=3m lifeboat-test disk")
            defer { try? scratch.shell("umount disk") }
            let error = try #require(throws: RestoreInterrupted.self) {
                try fixture.chain().restore(into: scratch.path("disk"), options: trusted)
            }
            #expect((error.cause as? ArchiveError)?.code == .ioFailed(errno: ENOSPC))
            let found = try FileManager.default.contentsOfDirectory(atPath: scratch.path("disk"))
            #expect(found.count == error.summary.files && found.count < 8)
            for name in found { try scratch.shell("cmp disk/\(name) src/\(name)") }
        }
    }

    @Test func `proves a key with the folder and the key alone`() throws {
        try Scratch.with { scratch in
            let fixture = try fixture(scratch)
            let files = PointDirectory(path: fixture.points[0].folder)
            for number in 1...fixture.points[0].sealed.manifest.parts.count {
                let proof = try KeyProbe.prove(files, identity: fixture.identity, part: number)
                #expect(
                    proof.part == StoreFile(.part(number)).name && proof.members > 0 && proof.contentBytes > 0
                )
                #expect(proof.recipient == fixture.identity.recipient.text)
            }
            let signers = try AllowedSigners(parsing: scratch.text("allowed_signers"))
            #expect(try KeyProbe.prove(files, identity: fixture.identity, among: signers).members > 0)
            let wrong = try #require(throws: ArchiveError.self) {
                try KeyProbe.prove(files, identity: AgeIdentity.generate())
            }
            #expect(wrong.code == .wrongKey)
            try scratch.shell(
                "printf XXXXXXXX | dd of=\(part(1, fixture)) bs=1 seek=5000 conv=notrunc status=none")
            let damaged = try #require(throws: ArchiveError.self) {
                try KeyProbe.prove(files, identity: fixture.identity, part: 1)
            }
            #expect(damaged.code == .damaged && damaged.subject == part(1, fixture))
        }
    }
}

@Suite("A tar stream for another host")
struct TarStreamTests {
    private func unpack(_ stream: [UInt8], _ scratch: Scratch, _ name: String) throws {
        try scratch.makeFolder(name)
        let result = try Command.run(
            "tar", "-xpf", "-", "-C", scratch.path(name), "--numeric-owner", "--acls", "--xattrs",
            "--xattrs-include=*", "--warning=no-unknown-keyword", input: stream)
        // Times before 1970 and in the future are told of, and kept.
        let words = result.error.split(separator: "\n").filter { !$0.contains("time stamp") }
        #expect(result.status == 0 && words.isEmpty, "\(result.error)")
    }

    @Test(.needsRoot) func `gives GNU tar the merged tree with every attribute`() throws {
        try Scratch.with { scratch in
            try scratch.shell(RestoreTests.everything)
            // libarchive writes names of attributes percent-encoded, which GNU tar does not know: a stated limit.
            try scratch.shell("setfattr -x 'user.a=b%41 ü' src/a/b/c")
            let fixture = try PointFixture(scratch)
            try fixture.write(TreeSource(root: scratch.path("src")))
            try scratch.shell(
                "rm src/ping src/z-link; echo more > src/a/more; setfattr -n user.x -v y src/a/more")
            try fixture.write(TreeSource(root: scratch.path("src")))
            var stream: [UInt8] = []
            let summary = try fixture.chain().writeTar(options: trusted) { stream += $0 }
            #expect(summary.isWhole, "\(summary.faults)")
            try unpack(stream, scratch, "out")
            let source = try TreeListing(scratch.path("src"))
            let restored = try TreeListing(scratch.path("out"))
            #expect(restored == source, "\(restored.difference(from: source))")
        }
    }

    @Test(.needsRoot) func `gives single paths, and leaves out what needs trust`() throws {
        try Scratch.with { scratch in
            try scratch.shell(RestoreTests.everything)
            let fixture = try PointFixture(scratch)
            try fixture.write(TreeSource(root: scratch.path("src")))
            var stream: [UInt8] = []
            let paths = ["z-link", "setid", "ping", "null", "soft2"].map { Array($0.utf8) }
            let summary = try fixture.chain().writeTar(paths, options: RestoreOptions(isTrusted: false)) {
                stream += $0
            }
            #expect(summary.files == 3, "\(summary)")
            #expect(summary.leftOut == [.device: 1, .setID: 1, .capability: 1, .owner: 1])
            try unpack(stream, scratch, "out")
            try scratch.shell(
                """
                test $(cat out/z-link) = hello; test $(stat -c %a out/setid) = 755; test $(stat -c %u out/setid) = 0
                test -z "$(getcap out/ping)"; test ! -e out/null
                """)
        }
    }

    @Test func `leaves a damaged file out and says so`() throws {
        try Scratch.with { scratch in
            try scratch.shell(
                "mkdir src; head -c 100000 /dev/urandom > src/a; echo b > src/b; ln src/a src/c")
            let fixture = try PointFixture(scratch)
            fixture.adjust = { $0.frameBytes = 64 << 10 }
            try fixture.write(TreeSource(root: scratch.path("src")))
            try scratch.shell(
                "printf XXXXXXXX | dd of=\(fixture.points[0].folder)/00001.tar.zst.age bs=1 seek=70000 conv=notrunc status=none"
            )
            var stream: [UInt8] = []
            let summary = try fixture.chain().writeTar(options: trusted) { stream += $0 }
            #expect(summary.faults.map { MemberPath.shown($0.path) }.contains("a"))
            #expect(summary.faults.map { MemberPath.shown($0.path) }.contains("c"))
            try unpack(stream, scratch, "out")
            #expect(!scratch.contains("out/a") && !scratch.contains("out/c"))
        }
    }

    @Test func `hands on what its output throws`() throws {
        try Scratch.with { scratch in
            try scratch.shell("mkdir src; head -c 1000000 /dev/urandom > src/a")
            let fixture = try PointFixture(scratch)
            try fixture.write(TreeSource(root: scratch.path("src")))
            let closed = ArchiveError(.ioFailed(errno: EPIPE), "write", detail: "closed")
            let error = try #require(throws: RestoreInterrupted.self) {
                try fixture.chain().writeTar(options: trusted) { _ in throw closed }
            }
            #expect(error.cause as? ArchiveError == closed)
        }
    }
}
