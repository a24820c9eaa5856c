// SPDX-License-Identifier: Apache-2.0
import Archiving
import Foundation
import TestSupport
import Testing

extension PointFixture {
    /// The chain up to a point, read from the store's folders.
    func chain(upTo last: Int? = nil, identities: [AgeIdentity]? = nil, threads: Int? = nil) throws
        -> ChainReader
    {
        let chosen = points.prefix((last ?? points.count - 1) + 1)
        return try ChainReader(
            chosen.map { ChainPoint($0.sealed, files: PointDirectory(path: $0.folder)) },
            identities: identities ?? [identity], threads: threads)
    }
}

private let trusted = RestoreOptions(isTrusted: true)

@Suite("Restoring into a folder")
struct RestoreTests {
    /// A tree with one of everything that an archive can hold.
    static let everything = """
        mkdir -p src/a/b/c src/empty src/ro; cd src
        printf hello > a/b/c/hello; printf '' > a/nothing; head -c 3000000 /dev/urandom > a/big
        ln a/b/c/hello a/zlink; ln a/b/c/hello z-link; ln -s ../nowhere a/soft; ln -s /etc/passwd abs
        ln a/soft soft2 2>/dev/null || true
        mkfifo pipe; mknod null c 1 3; mknod disk b 7 200
        truncate -s 20M hole; printf data | dd of=sparse bs=1 seek=5000000 conv=notrunc status=none
        truncate -s 9000000 sparse
        printf x > $'line\\nfeed'; printf x > $'\\xff\\xfe bytes'; printf x > "$(printf 'n%.0s' {1..255})"
        printf cap > ping; printf s > setid; printf o > owned; chown 1234:4321 owned setid
        chmod 6755 setid; setcap cap_net_raw+ep ping; chmod 1777 empty; chmod 4711 a/nothing
        setfattr -n user.note -v hello a/big; setfattr -n 'user.a=b%41 ü' -v odd a/b/c; setfattr -n user.folder -v x a/b; setfattr -n trusted.t -v t -h abs
        setfacl -m u:1001:rw,g:1002:r owned; setfacl -d -m u:1003:rwx a
        touch -d '1969-12-31 23:59:58.123456789' a/b/c/hello; touch -d '2031-01-02 03:04:05.000000001' a/b
        touch -h -d '2001-02-03 04:05:06.7' abs; touch -d 2002-02-02 null pipe ro; chown -h 5:6 abs; chmod 500 ro
        touch -d 2003-03-03 .
        """

    @Test(.needsRoot) func `brings back every attribute of everything`() throws {
        try Scratch.with { scratch in
            try scratch.shell(Self.everything)
            let fixture = try PointFixture(scratch)
            try fixture.write(TreeSource(root: scratch.path("src")))
            let summary = try fixture.chain().restore(into: scratch.path("out"), options: trusted)
            #expect(summary.isWhole, "\(summary.faults)")
            #expect(summary.leftOut.isEmpty)
            #expect(summary.files == summary.verifiedFiles)
            let source = try TreeListing(scratch.path("src"))
            let restored = try TreeListing(scratch.path("out"))
            #expect(restored == source, "\(restored.difference(from: source))")
            let seen = source.description
            for name in ["security.capability", "posix_acl_access", "posix_acl_default", "trusted.t", "7:c8"]
            {
                #expect(seen.contains(name), "the listing must show \(name)")
            }
            // The hole takes no room.
            let blocks = try Command.output("stat", "-c", "%b", scratch.path("out/hole"))
            #expect(String(decoding: blocks, as: UTF8.self) == "0\n")
        }
    }

    @Test func `brings a hole of a terabyte back as a hole`() throws {
        try Scratch.with { scratch in
            try scratch.shell("mkdir src; truncate -s 1T src/hole; echo end >> src/hole")
            let fixture = try PointFixture(scratch)
            try fixture.write(TreeSource(root: scratch.path("src")))
            let summary = try fixture.chain().restore(into: scratch.path("out"), options: trusted)
            #expect(summary.isWhole && summary.bytes < 10_000, "\(summary.faults)")
            try scratch.shell(
                "test $(stat -c %s out/hole) = 1099511627780; test $(stat -c %b out/hole) -le 16; test $(tail -c 4 out/hole) = end"
            )
        }
    }

    @Test func `refuses a folder that is not empty before anything is written`() throws {
        try Scratch.with { scratch in
            try scratch.write("x", to: "src/file")
            let fixture = try PointFixture(scratch)
            try fixture.write(TreeSource(root: scratch.path("src")))
            try scratch.write("mine", to: "out/mine")
            let error = try #require(throws: ArchiveError.self) {
                try fixture.chain().restore(into: scratch.path("out"), options: trusted)
            }
            #expect(error.code == .notEmpty)
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path("out")) == ["mine"])
        }
    }

    @Test(.needsRoot) func `leaves out what an unknown signer could abuse, and counts it`() throws {
        try Scratch.with { scratch in
            try scratch.shell(Self.everything)
            let fixture = try PointFixture(scratch)
            try fixture.write(TreeSource(root: scratch.path("src")))
            let summary = try fixture.chain().restore(
                into: scratch.path("out"), options: RestoreOptions(isTrusted: false))
            #expect(summary.isWhole, "\(summary.faults)")
            #expect(summary.leftOut[.device] == 2)
            #expect(summary.leftOut[.capability] == 1)
            #expect(summary.leftOut[.setID] == 2)
            #expect(summary.leftOut[.owner] == 3)
            #expect(summary.leftOut[.attribute] == 1)
            let found = try Command.output(
                "find", scratch.path("out"), "(", "-perm", "/6000", "-o", "-type", "b", "-o", "-type", "c",
                "-o",
                "!", "-uid", "0", ")")
            #expect(found.isEmpty, "\(String(decoding: found, as: UTF8.self))")
            #expect(try Command.output("getcap", scratch.path("out/ping")).isEmpty)
        }
    }

    @Test func `brings back a chain with renames, deletions and changed kinds`() throws {
        try Scratch.with { scratch in
            let fixture = try PointFixture(scratch)
            let steps = [
                """
                mkdir -p src/d/e src/f src/gone/deep; echo 1 > src/d/e/one; echo 2 > src/d/two; echo 3 > src/f/three
                echo x > src/gone/deep/x; ln src/d/two src/d/two-link; echo plain > src/was-file; ln -s d src/soft
                head -c 400000 /dev/urandom > src/large
                """,
                """
                mv src/d/two src/d/renamed; rm -r src/gone; rm src/was-file; mkdir src/was-file; echo in > src/was-file/in
                rm -r src/f; echo now-file > src/f; chmod 700 src/d/e; head -c 400000 /dev/urandom > src/large2
                """,
                """
                ln src/d/two-link src/a-new-first-name; rm src/soft; echo real > src/soft; mkdir src/gone
                echo again > src/gone/again; rm src/was-file/in; touch -d 2011-11-11 src/d/e/one
                """,
                "rm src/d/two-link src/f; mv src/d src/moved; mkdir src/f; echo deep > src/f/deep",
            ]
            for (number, step) in steps.enumerated() {
                try scratch.shell(step)
                try fixture.write(TreeSource(root: scratch.path("src")))
                try scratch.shell("cp -a src want-\(number)")
            }
            for number in steps.indices {
                let chain = try fixture.chain(upTo: number)
                let target = scratch.path("out-\(number)")
                let summary = try chain.restore(into: target, options: trusted)
                #expect(summary.isWhole, "\(number): \(summary.faults)")
                let source = try TreeListing(scratch.path("want-\(number)"))
                let restored = try TreeListing(target)
                #expect(restored == source, "\(number): \(restored.difference(from: source))")
            }
            // The walk of the merged tree is the newest merged index without its places.
            var records: [IndexRecord] = []
            try fixture.chain().records { record in
                var record = record
                record.location = nil
                record.superseded = nil
                records.append(record)
            }
            #expect(records.map(\.text) == (try fixture.mergedRecords().map(\.text)))
            #expect(records.map(\.digest) == (try fixture.mergedRecords().map(\.digest)))
        }
    }

    @Test func `brings back single paths with the folders above them`() throws {
        try Scratch.with { scratch in
            try scratch.shell(
                """
                mkdir -p src/a/b src/c; echo 1 > src/a/b/1; echo 2 > src/a/2; echo 3 > src/c/3; ln src/a/b/1 src/c/link
                ln src/a/b/1 src/c/link2; chmod 710 src/a; touch -d 2001-01-01 src/a/b/1 src/a/b src/a
                """)
            let fixture = try PointFixture(scratch)
            try fixture.write(TreeSource(root: scratch.path("src")))
            let chain = try fixture.chain()
            let one = try chain.restore([Array("a/b/1".utf8)], into: scratch.path("one"), options: trusted)
            #expect(one.isWhole && one.files == 1 && one.folders == 2)
            try scratch.shell(
                "test $(find one | wc -l) = 4; test $(stat -c %a one/a) = 710; cmp one/a/b/1 src/a/b/1")
            try scratch.shell("test $(stat -c %Y one/a/b) = $(stat -c %Y src/a/b)")
            // Both links come back as one file, although the name that holds the content was not asked for.
            let links = try chain.restore([Array("c".utf8)], into: scratch.path("links"), options: trusted)
            #expect(links.isWhole && links.files == 2 && links.hardLinks == 1, "\(links)")
            try scratch.shell(
                "cmp links/c/link src/a/b/1; test links/c/link -ef links/c/link2; test ! -e links/a")
            let error = try #require(throws: ArchiveError.self) {
                try chain.restore([Array("no/such".utf8)], into: scratch.path("none"), options: trusted)
            }
            #expect(error.code == .missing)
            #expect(!scratch.contains("none"))
        }
    }

    @Test func `needs the right key`() throws {
        try Scratch.with { scratch in
            try scratch.write("x", to: "src/file")
            let fixture = try PointFixture(scratch)
            try fixture.write(TreeSource(root: scratch.path("src")))
            let error = try #require(throws: ArchiveError.self) {
                try fixture.chain(identities: [AgeIdentity.generate()])
            }
            #expect(error.code == .wrongKey)
            #expect(error.subject.hasSuffix("/index.zst.age"))
        }
    }

    @Test func `keeps paths that are longer than one system call takes`() throws {
        try Scratch.with { scratch in
            try scratch.shell(
                """
                mkdir src; cd src; name=$(printf 'd%.0s' {1..200})
                for i in {1..30}; do mkdir $name; cd $name; done; echo deep > file; mkdir sub; touch -d 2001-01-01 sub .
                """)
            let fixture = try PointFixture(scratch)
            try fixture.write(TreeSource(root: scratch.path("src")))
            let summary = try fixture.chain().restore(into: scratch.path("out"), options: trusted)
            #expect(summary.isWhole && summary.files == 1 && summary.folders == 31, "\(summary.faults)")
            for tree in ["src", "out"] {
                try scratch.shell(
                    """
                    cd \(tree); for i in {1..30}; do cd d*; done; test $(cat file) = deep
                    test $(stat -c %Y .) = $(date -d 2001-01-01 +%s)
                    """)
            }
        }
    }
}
