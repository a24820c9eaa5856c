// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation
import Operations
import SecureShell
import TestSupport
import Testing

@Suite("A store that takes no more", .tags(.integration), .needsServer, .needsRoot, .mayQueue)
struct FullStoreTests {
    /// Runs an upload to a good store and to one on a file system of its own.
    private func upload(
        mounted options: String, _ prepare: (_ path: String) throws -> Void = { _ in },
        _ check: (UploadResult) throws -> Void
    ) throws {
        let bench = try UploadBench(parts: 5, of: 4_000_000)
        try SSHServer.with { server in
            let mount = try server.folder.makeFolder("mount")
            try Command.output("mount", "-t", "tmpfs", "-o", options, "lifeboat-test", mount)
            defer { _ = try? Command.run("umount", "-l", mount) }
            try prepare(mount)
            let (north, west) = (
                BenchSite("north", server), BenchSite("west", server, path: mount + "/store")
            )
            try check(upload(bench, north, west, spoolFolder: server.folder.path))
        }
    }

    /// Sends everything to both; north must come out whole, and what became of west is returned.
    private func upload(_ bench: UploadBench, _ north: BenchSite, _ west: BenchSite, spoolFolder: String)
        throws -> UploadResult
    {
        let connector = try connector([north, west])
        let uploader = StoreUploader(
            bench.folder, to: [try connector.store("north"), try connector.store("west")],
            spoolFolder: spoolFolder, settings: .small(memory: 64 << 20, window: 64 << 20))
        try bench.send(to: uploader)
        uploader.finish()
        let results = uploader.allResults()
        #expect(bench.isWhole(try results.of("north"), in: north))
        let result = try results.of("west")
        #expect(result.reconnects == 0)
        return result
    }

    @Test func `for its disk is full, leaves alone and says so`() throws {
        try upload(mounted: "size=6m") { result in
            #expect((result.error as? RemoteError)?.code == .diskFull)
            #expect(result.parts.count <= 1)
        }
    }

    @Test func `for it can make no more files, leaves alone and says so`() throws {
        try upload(mounted: "size=64m,nr_inodes=5") { result in
            #expect((result.error as? RemoteError)?.code == .diskFull)
        }
    }

    /// The server's own writes are told that the quota is used up, which SFTP cannot say.
    @Test func `for its quota is used up, leaves alone and says what it may be`() throws {
        let bench = try UploadBench(parts: 5, of: 4_000_000)
        try SSHServer.with { good in
            let faults = try FaultyCalls(in: good.folder).environment(.quota, at: 6)
            var options = SSHServer.Options()
            options.fileTransfer =
                "/usr/bin/env " + faults.map { "\($0.key)=\($0.value) " }.sorted().joined()
                + "/usr/lib/openssh/sftp-server"
            try SSHServer.with(options) { bad in
                let (north, west) = (BenchSite("north", good), BenchSite("west", bad))
                let result = try upload(bench, north, west, spoolFolder: good.folder.path)
                let error = try #require(result.error as? RemoteError)
                #expect(error.code == .remoteFailure && error.hint?.contains("quota") == true, "\(error)")
                #expect(result.parts.isEmpty)
            }
        }
    }

    @Test func `for it is read-only, leaves alone and says so`() throws {
        try upload(mounted: "size=64m", { try Command.output("mount", "-o", "remount,ro", $0) }) { result in
            let error = try #require(result.error as? RemoteError)
            #expect(error.code == .permissionDenied || error.code == .remoteFailure)
            #expect(error.hint?.contains("read-only") == true || error.code == .permissionDenied)
            #expect(result.parts.isEmpty)
        }
    }
}
