// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation
import Operations
import SecureShell
import TestSupport
import Testing

@Suite("A store", .tags(.integration), .needsServer, .mayQueue)
struct StoreAccessTests {
    /// An ordinary store and a vault: the same calls must do.
    enum Kind: CaseIterable {
        case ordinary, vault

        func with(_ body: (StoreAccess, SSHServer) throws -> Void) throws {
            var options = SSHServer.Options()
            options.isVault = self == .vault
            try SSHServer.with(options) { server in
                var site = BenchSite("west", server)
                site.isAppendOnly = self == .vault
                let connector = try connector([site])
                try body(connector.store("west"), server)
            }
        }
    }

    private let folder: StoreFolder

    init() throws {
        folder = try .point("20261122T031500Z-full-4f9c1a", of: "documents")
    }

    @Test("is empty before it was written to", arguments: Kind.allCases)
    func empty(kind: Kind) throws {
        try kind.with { (store, _) throws in
            #expect(try store.datasets() == [])
            #expect(try store.points(of: "documents") == [])
            #expect(try store.names(in: folder) == [])
            #expect(try store.manifests(in: folder) == [])
            #expect(try store.freeSpace().available > 0)
        }
    }

    /// Papers of several sizes, one of them larger than what is read back in one piece.
    private var papers: [NewPaper] {
        [("SHA256SUMS", 100), ("index.zst.age", 2_000_000), ("RESTORE.txt", 5_000)].map { name, size in
            NewPaper(noise(size), as: name)
        }
    }

    @Test("takes several files side by side and proves each", arguments: Kind.allCases)
    func together(kind: Kind) throws {
        try kind.with { store, _ in
            try store.makeFolder(folder)
            let stored = try store.put(together: papers, in: folder)
            #expect(stored.map(\.name) == papers.map(\.name))
            #expect(stored.map(\.sha256) == papers.map(\.sha256))
            #expect(stored.allSatisfy { $0.method == (kind == .vault ? .readBack : .hashAtSite) })
            for paper in papers {
                let bytes = try store.read(paper.name, in: folder, limit: 4 << 20)
                #expect(SHA256Digest.of(bytes) == paper.sha256)
            }
        }
    }

    @Test(
        "writes again, under the next name, what did not get through with the others",
        arguments: Kind.allCases)
    func togetherTaken(kind: Kind) throws {
        try kind.with { store, _ in
            try store.put(noise(7), as: "index.zst.age", in: folder)
            let stored = try store.put(together: papers, in: folder)
            #expect(stored.map(\.name) == ["SHA256SUMS", "index.a2.zst.age", "RESTORE.txt"])
            #expect(stored.map(\.sha256) == papers.map(\.sha256))
            #expect(try store.read("index.zst.age", in: folder).count == 7, "what was there stays")
        }
    }

    @Test func `makes the folder that several files lack, and bears with a lost connection`() throws {
        try SSHServer.with { server in
            try TCPProxy.with(to: server.port) { proxy in
                let connector = try connector([BenchSite("west", server, port: proxy.port)])
                let store = try connector.store("west")
                let early = try store.put(together: Array(papers[..<1]), in: folder)
                #expect(early.map(\.name) == ["SHA256SUMS"])
                proxy.cut(afterUpstream: 500_000)
                let stored = try store.put(together: Array(papers[1...]), in: folder)
                #expect(stored.map(\.sha256) == papers[1...].map(\.sha256))
                #expect(stored[0].name == "index.a2.zst.age", "the first attempt broke off")
            }
        }
    }

    @Test func `is given an index no faster than its bandwidth allows`() throws {
        try SSHServer.with { server in
            var site = BenchSite("west", server)
            site.bandwidth = "4MiB/s"
            let store = try connector([site]).store("west")
            try store.makeFolder(folder)
            let begin = ContinuousClock.now
            _ = try store.put(together: [NewPaper(noise(7_000_000), as: "index.zst.age")], in: folder)
            // Seven million bytes at 4 MiB/s are 1.67 s, a tenth of a second of which goes at once.
            let length = begin.duration(to: .now)
            #expect(length > .milliseconds(1_550), "\(length)")
        }
    }

    @Test func `believes no store that hashes something else, also of several files`() throws {
        try Scratch.with { scratch in
            // The site's own hash program says that something else lies there.
            try scratch.write(
                """
                #!/bin/sh
                shift 2
                for file; do echo "\(String(repeating: "0", count: 64)) *$file"; done
                """, to: "bin/openssl", mode: 0o755)
            var options = SSHServer.Options()
            options.lines = ["SetEnv PATH=\(scratch.path("bin")):/usr/bin:/bin"]
            try SSHServer.with(options) { server in
                let store = try connector([BenchSite("west", server)]).store("west")
                try store.makeFolder(folder)
                #expect(throws: (any Error).self) { try store.put(together: papers, in: folder) }
                #expect(try store.names(in: folder).map(\.name).contains("SHA256SUMS.a2"))
            }
        }
    }

    @Test("takes a file, proves it, lists it and gives it back", arguments: Kind.allCases)
    func put(kind: Kind) throws {
        try kind.with { store, _ in
            let bytes = noise(3_000_000)
            let stored = try store.put(bytes, as: "index.zst.age", in: folder)
            #expect(stored.method == (kind == .vault ? .readBack : .hashAtSite))
            #expect(stored.sha256 == SHA256Digest.of(bytes))
            #expect(try store.names(in: folder) == [StoredName(name: "index.zst.age", size: bytes.count)])
            #expect(try store.points(of: "documents") == ["20261122T031500Z-full-4f9c1a"])
            #expect(try store.read("index.zst.age", in: folder, limit: 4 << 20) == bytes)
            let attributes = try FileManager.default.attributesOfItem(
                atPath: store.path(of: "index.zst.age", in: folder))
            #expect(attributes[.posixPermissions] as? Int == 0o400)
        }
    }

    @Test("never writes over a name, but takes the next", arguments: Kind.allCases)
    func attempts(kind: Kind) throws {
        try kind.with { store, _ in
            let names = try (1...3).map {
                try store.put([UInt8($0)], as: "manifest.json.sig", in: folder).name
            }
            #expect(names == ["manifest.json.sig", "manifest.a2.json.sig", "manifest.a3.json.sig"])
            #expect(try names.map { try store.read($0, in: folder) } == [[1], [2], [3]])
            #expect(names.map { StoreFile(name: $0)?.attempt } == [1, 2, 3])
        }
    }

    @Test func `gives every attempt at a manifest`() throws {
        try Kind.ordinary.with { store, _ in
            for text in ["half", "whole"] { try store.put(Array(text.utf8), as: "manifest.json", in: folder) }
            try store.put([7], as: "manifest.json.sig", in: folder)
            let found = try store.manifests(in: folder).sorted { $0.attempt < $1.attempt }
            #expect(found.map { String(decoding: $0.bytes, as: UTF8.self) } == ["half", "whole"])
            #expect(found.map(\.signatures) == [[[7]], [[7]]])
        }
    }

    @Test("reads ranges from several threads at once", arguments: Kind.allCases)
    func ranges(kind: Kind) throws {
        try kind.with { store, _ in
            let bytes = noise(5_000_000)
            try store.put(bytes, as: "00001.tar.zst.age", in: folder)
            let file = try store.open("00001.tar.zst.age", in: folder)
            DispatchQueue.concurrentPerform(iterations: 6) { turn in
                for step in 0..<10 {
                    let start = (turn * 700_001 + step * 90_001) % bytes.count
                    let range = start..<min(bytes.count, start + 65_552)
                    #expect((try? file.bytes(in: range)) == Array(bytes[range]))
                }
            }
            #expect(try file.bytes(in: bytes.count - 3..<bytes.count) == Array(bytes.suffix(3)))
            #expect(throws: ArchiveError.self) { try file.bytes(in: bytes.count - 3..<bytes.count + 1) }
        }
    }

    @Test func `goes on reading after the connection was lost`() throws {
        try SSHServer.with { server in
            let store = try connector([BenchSite("west", server)]).store("west")
            let bytes = noise(300_000)
            try store.put(bytes, as: "a", in: folder)
            let file = try store.open("a", in: folder)
            #expect(try file.bytes(in: 0..<100) == Array(bytes[..<100]))
            server.killConnections()
            #expect(try file.bytes(in: 100..<300_000) == Array(bytes[100...]))
        }
    }

    @Test func `sees bytes that are not those that were sent`() throws {
        try Kind.ordinary.with { store, server in
            let stored = try store.put(noise(100_000), as: "a", in: folder)
            let path = store.path(of: "a", in: folder)
            try Command.output(
                "sh", "-c", "chmod 600 \"$0\"; printf xxxxxxxx | dd of=\"$0\" bs=1 seek=777 conv=notrunc",
                path)
            let error = try operationFailure {
                _ = try store.prove("a", in: folder, expecting: stored.sha256, size: stored.size)
            }
            #expect(error.code == .damaged)
            #expect(try store.digest(of: "a", in: folder).0 != stored.sha256)
        }
    }

    @Test func `refuses a file that is larger than it may be`() throws {
        try Kind.ordinary.with { store, _ in
            try store.put(noise(2000), as: "manifest.json", in: folder)
            let error = try operationFailure { _ = try store.read("manifest.json", in: folder, limit: 1999) }
            #expect(error.code == .damaged)
        }
    }

    @Test func `shows neither links nor names that it would not write`() throws {
        try Kind.ordinary.with { store, _ in
            try store.put([1], as: "a", in: folder)
            let path = store.path(in: folder)
            symlink("/etc/passwd", path + "/link")
            mkfifo(path + "/fifo", 0o600)
            for name in [".hidden", "two words", "esc\u{1b}[2J"] {
                try Data([1]).write(to: URL(fileURLWithPath: path + "/" + name))
            }
            #expect(try store.names(in: folder).map(\.name) == ["a"])
            #expect(throws: OperationError.self) { try store.open("link", in: folder) }
            #expect(throws: OperationError.self) { try store.open("../a", in: folder) }
        }
    }

    @Test(
        "has no folder by a name that could lead elsewhere",
        arguments: [
            "", ".", "..", ".lifeboat", "a/b", "/etc", "a b", "a\nb", "ä", String(repeating: "a", count: 201),
        ])
    func folders(name: String) throws {
        #expect(try operationFailure { _ = try StoreFolder(["documents", name]) }.code == .badInput)
    }

    @Test(
        "names attempts after the part before the first dot",
        arguments: [
            ("00002.tar.zst.age", 1, "00002.tar.zst.age"), ("00002.tar.zst.age", 2, "00002.a2.tar.zst.age"),
            ("manifest.json", 12, "manifest.a12.json"), ("SHA256SUMS", 2, "SHA256SUMS.a2"),
        ])
    func names(base: String, attempt: Int, name: String) {
        #expect(AttemptName.of(base, attempt: attempt) == name)
        #expect(AttemptName.parse(name) == (base, attempt))
    }

    // MARK: - Removing

    private struct Right: RemovalLease {
        var isLost = false
        func confirm() throws {
            if isLost { throw OperationError(.refused, "somebody else has it") }
        }
    }

    @Test func `removes under a lease that holds, and only then`() throws {
        try Kind.ordinary.with { store, _ in
            try store.put([1], as: "a", in: folder)
            #expect(throws: OperationError.self) {
                try store.remove("a", in: folder, under: Right(isLost: true))
            }
            #expect(try store.names(in: folder).count == 1)
            try store.remove("a", in: folder, under: Right())
            try store.removeFolder(folder, under: Right())
            #expect(try store.points(of: "documents") == [])
        }
    }

    @Test func `does not even try to remove from a vault`() throws {
        try Kind.vault.with { store, _ in
            try store.put([1], as: "a", in: folder)
            let error = try operationFailure { try store.remove("a", in: folder, under: Right()) }
            #expect(error.code == .refused)
            #expect(try store.read("a", in: folder) == [1])
        }
    }
}
