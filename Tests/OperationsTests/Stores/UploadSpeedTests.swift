// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation
import Operations
import TestSupport
import Testing

/// Measures the links alone, against OpenSSH's own `cat >`, side by side.
///
/// Not part of an ordinary run: `LIFEBOAT_MEASURE=links swift test --filter UploadSpeedTests`. Prints MB/s.
@Suite(
    "The speed of an upload", .serialized, .needsServer,
    .enabled(
        if: ProcessInfo.processInfo.environment["LIFEBOAT_MEASURE"] == "links", "set LIFEBOAT_MEASURE=links"))
struct UploadSpeedTests {
    private static let partSize = 16 << 20

    /// One block again and again: making bytes must not be what is measured.
    private let block = Block(copying: noise(Block.capacity))

    private var sha256: SHA256Digest {
        var hasher = SHA256Hasher()
        for _ in 0..<Self.partSize / Block.capacity { block.withUnsafeBytes { hasher.update($0) } }
        return hasher.finalize()
    }

    private func upload(_ parts: Int, to sites: [BenchSite], sessions: Int?, spool: String) throws -> Double {
        let connector = try connector(sites)
        let folder = try StoreFolder.point("p\(UInt32.random(in: .min ... .max))", of: "speed")
        var settings = UploadSettings()
        settings.sessions = sessions
        let stores = try sites.map { try connector.store($0.id) }
        let digest = sha256
        let begin = ContinuousClock.now
        let uploader = StoreUploader(folder, to: stores, spoolFolder: spool, settings: settings)
        for number in 1...parts {
            try uploader.begin(part: number)
            for _ in 0..<Self.partSize / Block.capacity { try uploader.append(block) }
            try uploader.end(part: PartSummary(number: number, bytes: Self.partSize, sha256: digest))
        }
        uploader.finish()
        let results = uploader.allResults()
        let seconds = begin.duration(to: .now) / .seconds(1)
        for result in results {
            #expect(result.isComplete && result.parts.count == parts, "\(result.error.debugDescription)")
        }
        for site in sites { try? FileManager.default.removeItem(atPath: site.path + "/speed") }
        return Double(parts * Self.partSize) / seconds / 1e6
    }

    private func pipeline(_ parts: Int, _ server: SSHServer, port: Int) throws -> Double {
        let begin = ContinuousClock.now
        let size = parts * Self.partSize
        let options =
            "-F none -i \(server.keyPath) -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"
        try Command.output(
            "sh", "-c",
            "head -c \(size) /dev/zero | ssh \(options) -p \(port) \(server.user)@\(server.host) 'cat >\(server.files)/piped && sync \(server.files)/piped' 2>/dev/null"
        )
        let seconds = begin.duration(to: .now) / .seconds(1)
        try FileManager.default.removeItem(atPath: server.files + "/piped")
        return Double(size) / seconds / 1e6
    }

    @Test func `on loopback, to one store and to three`() throws {
        try SSHServer.with { one in
            try SSHServer.with { two in
                try SSHServer.with { three in
                    let sites = [BenchSite("one", one), BenchSite("two", two), BenchSite("three", three)]
                    for round in 1...3 {
                        let piped = try pipeline(16, one, port: one.port)
                        var line = "loopback round \(round): ssh cat \(Int(piped))"
                        for sessions in [1, 2] {
                            line +=
                                ", one store \(sessions) sessions \(Int(try upload(16, to: [sites[0]], sessions: sessions, spool: one.folder.path)))"
                        }
                        line +=
                            ", three stores \(Int(try upload(16, to: sites, sessions: nil, spool: one.folder.path))) each"
                        print(line)
                    }
                }
            }
        }
    }

    @Test func `at 50 ms, by the number of sessions`() throws {
        try SSHServer.with { server in
            try TCPProxy.with(to: server.port, delay: .milliseconds(25)) { proxy in
                let site = BenchSite("far", server, port: proxy.port)
                for round in 1...3 {
                    let piped = try pipeline(8, server, port: proxy.port)
                    var line = "50 ms round \(round): ssh cat \(Int(piped))"
                    for sessions in [1, 2, 4] {
                        line +=
                            ", \(sessions) sessions \(Int(try upload(8, to: [site], sessions: sessions, spool: server.folder.path)))"
                    }
                    print(line)
                }
            }
        }
    }
}
