// SPDX-License-Identifier: Apache-2.0
import Foundation
import SecureShell
import TestSupport
import Testing

extension NewContent {
    fileprivate init(_ path: String, _ bytes: [UInt8]) {
        self.init(path, size: bytes.count) { offset, buffer in
            let count = min(buffer.count, bytes.count - offset)
            buffer.copyBytes(from: bytes[offset..<offset + count])
            return count
        }
    }
}

@Suite("Several files at once on another host", .tags(.integration), .needsServer, .mayQueue)
struct FilePipelineTests {
    private static let sizes = [0, 1, 31_999, 32_000, 32_001, 3_000_000]

    @Test(
        "come back as they went, also from a vault",
        arguments: [SSHServer.Options(), .vault])
    func whole(options: SSHServer.Options) throws {
        try SSHServer.with(options) { server in
            let pipeline = try FilePipeline(server.session())
            let files = Self.sizes.enumerated().map { number, size in
                (path: "\(server.files)/\(number)", bytes: noise(size, seed: UInt64(number + 1)))
            }
            let faults = try pipeline.create(files.map { NewContent($0.path, $0.bytes) })
            #expect(faults.allSatisfy { $0 == nil }, "\(faults)")
            for file in files {
                let path = URL(fileURLWithPath: file.path)
                #expect(try [UInt8](Data(contentsOf: path)) == file.bytes)
                let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
                #expect(attributes[.posixPermissions] as? Int == 0o400)
            }
            let back = try pipeline.contents(of: files.map { ($0.path, $0.bytes.count) })
            for (file, content) in zip(files, back) { #expect(try content.get() == file.bytes) }
        }
    }

    @Test func `fail one by one, and the others are written`() throws {
        try SSHServer.with { server in
            try server.folder.write("mine", to: "files/taken")
            let pipeline = try FilePipeline(server.session())
            let faults = try pipeline.create([
                NewContent(server.files + "/a", noise(50_000)),
                NewContent(server.files + "/taken", [1]),
                NewContent(server.files + "/nowhere/b", [1]),
                NewContent(server.files + "/c", [7]),
            ])
            #expect(faults.map { $0?.code } == [nil, .remoteFailure, .noSuchFile, nil])
            #expect(try server.folder.read("files/taken") == Array("mine".utf8))
            #expect(try server.folder.read("files/c") == [7])
            let back = try pipeline.contents(of: [(server.files + "/gone", 3), (server.files + "/c", 1)])
            #expect(throws: RemoteError.self) { try back[0].get() }
            #expect(try back[1].get() == [7])
        }
    }

    @Test func `are held back behind one that failed, where the order counts`() throws {
        try SSHServer.with { server in
            try server.folder.write("mine", to: "files/taken")
            let pipeline = try FilePipeline(server.session())
            let faults = try pipeline.create(
                [
                    NewContent(server.files + "/a", [1]), NewContent(server.files + "/taken", [1]),
                    NewContent(server.files + "/last", [7]),
                ], inOrder: true)
            #expect(faults.map { $0 == nil } == [true, false, false])
            #expect(try server.folder.read("files/a") == [1])
            #expect(try server.folder.read("files/last") == [], "it is opened, and nothing is written")
        }
    }

    @Test func `say that a file is longer than it should be`() throws {
        try SSHServer.with { server in
            let path = try server.folder.write("four", to: "files/a")
            let back = try FilePipeline(server.session()).contents(of: [(path, 3)])
            #expect(try back[0].get() == Array("four".utf8))
        }
    }

    @Test func `cost a few round trips, however many they are`() throws {
        try SSHServer.with { server in
            try TCPProxy.with(to: server.port) { proxy in
                let pipeline = try FilePipeline(server.session(port: proxy.port))
                _ = try pipeline.look(listing: [server.files])
                proxy.setDelay(.milliseconds(100))
                let before = proxy.rounds
                let faults = try pipeline.create(
                    (0..<20).map { NewContent("\(server.files)/\($0)", noise(10_000)) })
                #expect(faults.allSatisfy { $0 == nil })
                // All are opened, then all are written and closed; one after the other they would be eighty.
                let rounds = proxy.rounds - before
                #expect((1...6).contains(rounds), "\(rounds)")
            }
        }
    }

    @Test func `are listed together with folders that are made`() throws {
        try SSHServer.with { server in
            for number in 0..<450 { try server.folder.write("x", to: "files/many/\(number)") }
            let pipeline = try FilePipeline(server.session())
            let found = try pipeline.look(
                making: [server.files + "/new", server.files + "/many", server.files + "/new/er"],
                listing: [server.files + "/many", server.files + "/none", server.files + "/new"])
            #expect(found.made == [true, false, true])
            #expect(found.listed[0]?.count == 450)
            #expect(
                found.listed[0]?.allSatisfy { $0.attributes.size == 1 && $0.attributes.kind == .file } == true
            )
            #expect(found.listed[1] == nil)
            #expect(found.listed[2]?.map(\.name) == ["er"])
            #expect(found.listed[2]?.first?.attributes.permissions == 0o700)
            #expect(try pipeline.look(listing: [server.files]).listed[0]?.count == 2)
        }
    }

    @Test func `end with the connection`() throws {
        try SSHServer.with { server in
            try TCPProxy.with(to: server.port) { proxy in
                let pipeline = try FilePipeline(server.session(port: proxy.port))
                proxy.cut(afterUpstream: 500_000)
                let error = try failure {
                    _ = try pipeline.create([NewContent(server.files + "/a", noise(5_000_000))])
                }
                #expect(error.code == .connectionLost)
            }
        }
    }

    @Test func `are refused by an account without file transfer`() throws {
        var options = SSHServer.Options()
        options.lines = ["ForceCommand /bin/true"]
        try SSHServer.with(options) { server in
            let session = try server.session()
            let error = try failure { _ = try FilePipeline(session).look(listing: ["/"]) }
            #expect([.refused, .protocolFailure].contains(error.code), "\(error)")
        }
    }
}

@Suite("Hashes of several files at once", .tags(.integration), .needsServer, .mayQueue)
struct ManyHashTests {
    @Test func `are those that each file has on its own`() throws {
        try SSHServer.with { server in
            let shell = try RemoteShell(server.session())
            let paths = try (0..<5).map { try server.folder.write("file \($0)", to: "files/f \($0)") }
            let each = try paths.map { try shell.sha256(of: $0) }
            #expect(try shell.sha256(of: paths) == each)
            #expect(Set(each).count == 5)
        }
    }

    @Test func `are none when one file cannot be hashed or told apart`() throws {
        try SSHServer.with { server in
            let shell = try RemoteShell(server.session())
            let path = try server.folder.write("file", to: "files/f")
            #expect(try shell.sha256(of: [path, server.files + "/gone"]) == nil)
            #expect(try shell.sha256(of: ["relative"]) == nil)
            #expect(try shell.sha256(of: ["/with\nline"]) == nil)
            #expect(try shell.sha256(of: [] as [String]) == [])
            #expect(try shell.sha256(of: [path])?.count == 1, "the shell goes on")
        }
    }
}
