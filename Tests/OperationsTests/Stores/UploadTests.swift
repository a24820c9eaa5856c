// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation
import Operations
import SecureShell
import TestSupport
import Testing

@Suite("An upload", .tags(.integration), .needsServer, .mayQueue)
struct UploadTests {
    /// Runs an upload to the end and gives what came of it.
    private func upload(
        _ bench: UploadBench, to sites: [BenchSite], idle: Duration = .seconds(60),
        settings: UploadSettings = .small(),
        between: (_ part: Int, _ block: Int) throws -> Void = { _, _ in }
    ) throws -> [UploadResult] {
        try Scratch.with { spool in
            let connector = try connector(sites, patience: .seconds(10), idle: idle)
            let uploader = StoreUploader(
                bench.folder, to: try sites.map { try connector.store($0.id) }, spoolFolder: spool.path,
                settings: settings)
            try bench.send(to: uploader, between: between)
            uploader.finish()
            let results = uploader.allResults()
            #expect(try FileManager.default.contentsOfDirectory(atPath: spool.path).isEmpty)
            return results
        }
    }

    private func outcome(_ results: [UploadResult]) -> String {
        results.map { "\($0.store): \($0.error.map { "\($0)" } ?? "complete")" }.joined(separator: "; ")
    }

    @Test func `reaches an ordinary store and a vault, each byte proven`() throws {
        let bench = try UploadBench(parts: 5, of: 2_500_000)
        try SSHServer.with { plain in
            try SSHServer.with(.vault) { vault in
                var west = BenchSite("west", vault)
                west.isAppendOnly = true
                let north = BenchSite("north", plain)
                let results = try upload(bench, to: [north, west])
                #expect(bench.isWhole(try results.of("north"), in: north), "\(outcome(results))")
                #expect(bench.isWhole(try results.of("west"), in: west))
                #expect(try results.of("north").parts[1]?.method == .hashAtSite)
                #expect(try results.of("west").parts[1]?.method == .readBack)
                #expect(try results.of("west").parts.values.map(\.name).sorted().first == "00001.tar.zst.age")
            }
        }
    }

    @Test func `reads back a sample where the plan says so, and asks for the size of the rest`() throws {
        let bench = try UploadBench(parts: 24, of: 50_000)
        try SSHServer.with(.vault) { vault in
            var west = BenchSite("west", vault)
            west.isAppendOnly = true
            west.proof = "sampled"
            let result = try upload(bench, to: [west]).of("west")
            #expect(bench.isWhole(result, in: west))
            #expect(result.parts[1]?.method == .readBack)
            // One in eight is drawn: that of 23 none or all are would be once in twenty and in 10^20 runs.
            let methods = Set(result.parts.values.map(\.method))
            #expect(methods.isSubset(of: [.readBack, .none]) && methods.contains(.none))
        }
    }

    @Test func `finds a part that came out too short, drawn or not`() throws {
        try SSHServer.with { server in
            var site = BenchSite("west", server)
            site.proof = "sampled"
            let store = try connector([site]).store("west")
            let folder = try StoreFolder.point("20261122T031500Z-full-4f9c1a", of: "documents")
            try store.put(noise(1000, seed: 1), as: "00002.tar.zst.age", in: folder)
            for _ in 0..<20 {
                #expect {
                    try store.prove(
                        "00002.tar.zst.age", in: folder, expecting: .of(noise(1001, seed: 1)), size: 1001,
                        part: 2)
                } throws: { ($0 as? OperationError)?.code == .damaged }
            }
            // Of the right size, other bytes: the first part is always read, one of the others only when drawn.
            let wrong = SHA256Digest.of(noise(1000, seed: 2))
            #expect(throws: OperationError.self) {
                try store.prove("00002.tar.zst.age", in: folder, expecting: wrong, size: 1000, part: 1)
            }
            #expect(throws: OperationError.self) {
                try store.prove("00002.tar.zst.age", in: folder, expecting: wrong, size: 1000)
            }
        }
    }

    @Test func `of nothing is complete everywhere`() throws {
        let bench = try UploadBench(parts: 1, of: 1)
        try SSHServer.with { server in
            try Scratch.with { spool in
                let store = try connector([BenchSite("north", server)]).store("north")
                let uploader = StoreUploader(bench.folder, to: [store], spoolFolder: spool.path)
                uploader.finish()
                let result = try #require(uploader.nextResult())
                #expect(result.isComplete && result.parts.isEmpty)
                #expect(uploader.nextResult() == nil)
            }
        }
    }

    @Test(
        "goes on at the part after the connection was cut, and the others do not notice", arguments: [1, 3])
    func cut(sessions: Int) throws {
        let bench = try UploadBench(parts: 4, of: 5_000_000)
        try SSHServer.with { good in
            try SSHServer.with { bad in
                try TCPProxy.with(to: bad.port) { proxy in
                    let (north, west) = (BenchSite("north", good), BenchSite("west", bad, port: proxy.port))
                    var settings = UploadSettings.small(memory: 40 << 20, window: 16 << 20)
                    settings.sessions = sessions
                    proxy.cut(afterUpstream: 7_000_000)
                    let results = try upload(bench, to: [north, west], settings: settings)
                    #expect(bench.isWhole(try results.of("north"), in: north), "\(outcome(results))")
                    #expect(try results.of("north").reconnects == 0)
                    let result = try results.of("west")
                    #expect(bench.isWhole(result, in: west), "\(outcome(results))")
                    #expect(result.reconnects > 0)
                    #expect(result.parts.values.contains { AttemptName.parse($0.name).attempt == 2 })
                    #expect(result.bytesSent > 20_000_000)
                }
            }
        }
    }

    @Test func `is resumed from the spool when memory no longer holds the part`() throws {
        let bench = try UploadBench(parts: 2, of: 12_000_000)
        try SSHServer.with { server in
            try TCPProxy.with(to: server.port) { proxy in
                let west = BenchSite("west", server, port: proxy.port)
                let settings = UploadSettings.small(memory: 2 << 20, window: 3 << 20)
                let results = try upload(bench, to: [west], settings: settings) { part, block in
                    if part == 1, block == 9 { proxy.cut() }
                }
                let result = try results.of("west")
                #expect(bench.isWhole(result, in: west))
                #expect(result.parts[1]?.name == "00001.a2.tar.zst.age")
            }
        }
    }

    @Test func `leaves out a store that cannot be reached, and says why`() throws {
        let bench = try UploadBench(parts: 3, of: 3_000_000)
        try SSHServer.with { server in
            let (north, dead) = (BenchSite("north", server), BenchSite("west", server, port: freePort()))
            let results = try upload(bench, to: [north, dead])
            #expect(bench.isWhole(try results.of("north"), in: north), "\(outcome(results))")
            #expect(try results.of("west").reason?.code == .unreachable)
            #expect(try results.of("west").parts.isEmpty)
        }
    }

    @Test func `leaves out a store whose host key has changed, without trying again`() throws {
        let bench = try UploadBench(parts: 1, of: 1_000_000)
        try SSHServer.with { good in
            try SSHServer.with { bad in
                let (north, west) = (BenchSite("north", good), BenchSite("west", bad))
                let stores = try connector([north, west])
                try bad.replaceHostKey()
                try Scratch.with { spool in
                    let uploader = StoreUploader(
                        bench.folder, to: [try stores.store("north"), try stores.store("west")],
                        spoolFolder: spool.path)
                    try bench.send(to: uploader)
                    uploader.finish()
                    let results = uploader.allResults()
                    #expect(bench.isWhole(try results.of("north"), in: north), "\(outcome(results))")
                    #expect(try results.of("west").reason?.code == .refused)
                    #expect(try results.of("west").reconnects == 0)
                }
            }
        }
    }

    @Test func `never waits for a store that has fallen silent, which leaves at the spool's bound`() throws {
        let bench = try UploadBench(parts: 12, of: 4_000_000)
        try SSHServer.with { good in
            try SSHServer.with { bad in
                try TCPProxy.with(to: bad.port) { proxy in
                    let (north, west) = (BenchSite("north", good), BenchSite("west", bad, port: proxy.port))
                    let settings = UploadSettings.small(memory: 6 << 20, spool: 16 << 20)
                    let begin = ContinuousClock.now
                    let results = try upload(bench, to: [north, west], settings: settings) { part, block in
                        if part == 2, block == 1 { proxy.freeze() }
                    }
                    // Far below the idle deadline of 60 s that the silent store would cost.
                    #expect(begin.duration(to: .now) < .seconds(55))
                    #expect(bench.isWhole(try results.of("north"), in: north), "\(outcome(results))")
                    let reason = try #require(results.of("west").reason)
                    #expect(reason.detail.contains("fell behind"))
                }
            }
        }
    }

    @Test func `serves a slow store from the spool, whole`() throws {
        let bench = try UploadBench(parts: 6, of: 4_000_000)
        try SSHServer.with { good in
            try SSHServer.with { bad in
                let north = BenchSite("north", good)
                var west = BenchSite("west", bad)
                west.bandwidth = "8MiB/s"
                let begin = ContinuousClock.now
                let results = try upload(bench, to: [north, west], settings: .small(memory: 2 << 20))
                #expect(bench.isWhole(try results.of("north"), in: north), "\(outcome(results))")
                #expect(bench.isWhole(try results.of("west"), in: west))
                // 24 MB at 8 MiB/s are 2.86 s, a tenth of a second of which goes at once.
                #expect(begin.duration(to: .now) > .milliseconds(2700))
            }
        }
    }

    @Test func `ends with every store's reason when none is left`() throws {
        let bench = try UploadBench(parts: 8, of: 4_000_000)
        try SSHServer.with { server in
            let sites = [
                BenchSite("north", server, port: freePort()), BenchSite("west", server, port: freePort()),
            ]
            let error = try operationFailure { _ = try upload(bench, to: sites) }
            #expect(error.code == .unreachable)
            #expect(error.detail.contains("north: ") && error.detail.contains("west: "))
        }
    }

    @Test func `ends at once when it is given up, whatever a store does`() throws {
        let bench = try UploadBench(parts: 1, of: 3_000_000)
        try SSHServer.with { server in
            try TCPProxy.with(to: server.port) { proxy in
                try Scratch.with { spool in
                    let store = try connector([BenchSite("west", server, port: proxy.port)]).store("west")
                    let uploader = StoreUploader(bench.folder, to: [store], spoolFolder: spool.path)
                    try uploader.begin(part: 1)
                    try uploader.append(Block(copying: Array(bench.parts[0][..<1_000_000])))
                    proxy.freeze()
                    try uploader.append(Block(copying: Array(bench.parts[0][1_000_000..<2_000_000])))
                    let begin = ContinuousClock.now
                    uploader.abandon()
                    let result = try #require(uploader.nextResult())
                    #expect(result.reason?.code == .cancelled)
                    // The frozen line itself would cost the idle deadline of 60 s.
                    #expect(begin.duration(to: .now) < .seconds(45))
                    #expect(throws: OperationError.self) { try uploader.begin(part: 2) }
                }
            }
        }
    }

    @Test func `sends a part again that came out wrong, and leaves a store that does it twice`() throws {
        let bench = try UploadBench(parts: 2, of: 2_000_000)
        try Scratch.with { folder in
            // The site's own hash program says that something else lies there.
            try folder.write(
                "#!/bin/sh\ncat >/dev/null\necho \(String(repeating: "0", count: 64)) '*stdin'\n",
                to: "bin/openssl", mode: 0o755)
            var options = SSHServer.Options()
            options.lines = ["SetEnv PATH=\(folder.path("bin")):/usr/bin:/bin"]
            try SSHServer.with(options) { liar in
                try SSHServer.with { good in
                    let (north, west) = (BenchSite("north", good), BenchSite("west", liar))
                    let results = try upload(bench, to: [north, west])
                    #expect(bench.isWhole(try results.of("north"), in: north), "\(outcome(results))")
                    #expect(try results.of("west").reason?.code == .damaged)
                    let left = try FileManager.default.contentsOfDirectory(
                        atPath: ([west.path] + bench.folder.names).joined(separator: "/"))
                    #expect(left.contains { AttemptName.parse($0).attempt == 2 })
                }
            }
        }
    }
}
