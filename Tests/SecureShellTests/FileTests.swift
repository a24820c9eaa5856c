// SPDX-License-Identifier: Apache-2.0
import Foundation
import SecureShell
import TestSupport
import Testing

@Suite("Files on another host", .tags(.integration), .needsServer, .mayQueue)
struct FileTests {
    @Test func `come back as they went`() throws {
        try SSHServer.with { server in
            let bytes = noise(40 << 20)
            let path = server.folder.path("big")
            let files = try server.session().files()
            let file = try files.open(path, for: .creating(mode: 0o400))
            try file.write(all: bytes, by: 5_000_001)
            try file.fsync()
            #expect(try file.attributes().size == bytes.count)
            try file.close()
            #expect(try server.folder.read("big") == bytes)
            #expect(try files.lstat(path).permissions == 0o400)

            let reading = try files.open(path, for: .reading)
            #expect(try reading.read(all: bytes.count + 1, by: 3_000_001) == bytes)
            try reading.close()
        }
    }

    @Test func `are read from the middle, and again from before`() throws {
        try SSHServer.with { server in
            let bytes = noise(3 << 20)
            let path = try server.folder.write(bytes, to: "noise")
            let file = try server.session().files().open(path, for: .reading)
            for (offset, count) in [(2_000_000, 65_536), (100, 65_536), (65_636, 1), (3_145_000, 1000)] {
                var buffer = [UInt8](repeating: 0, count: count)
                let got = try buffer.withUnsafeMutableBytes { try file.read(at: offset, into: $0) }
                #expect(got == min(count, bytes.count - offset))
                #expect(buffer[..<got].elementsEqual(bytes[offset..<offset + got]))
            }
        }
    }

    @Test func `are read in small pieces, and across what was fetched ahead`() throws {
        try SSHServer.with { server in
            let bytes = noise(2_500_000)
            let path = try server.folder.write(bytes, to: "noise")
            let file = try server.session().files().open(path, for: .reading)
            #expect(try file.read(all: bytes.count + 1, by: 65_536) == bytes)
            var buffer = [UInt8](repeating: 0, count: 100_000)
            for offset in [0, 100_000, 200_000, 150_000, 250_000, 2_450_000, 2_500_000, 100_000] {
                let got = try buffer.withUnsafeMutableBytes { try file.read(at: offset, into: $0) }
                #expect(got == min(buffer.count, bytes.count - offset))
                #expect(buffer[..<got].elementsEqual(bytes[offset..<offset + got]))
            }
        }
    }

    @Test func `keep their order when two are written in turn and others are asked for`() throws {
        try SSHServer.with { server in
            let files = try server.session().files()
            let names = ["a", "b"]
            let pieces = (0..<6).map { noise(3_000_000, seed: UInt64($0)) }
            let open = try names.map { name in
                try files.open(server.folder.path(name), for: .creating(mode: 0o600))
            }
            for (number, piece) in pieces.enumerated() {
                try open[number % 2].write(all: piece, by: 1_000_000)
                #expect(try files.exists(server.folder.path("a")))
            }
            for file in open { try file.close() }
            #expect(try server.folder.read("a") == pieces[0] + pieces[2] + pieces[4])
            #expect(try server.folder.read("b") == pieces[1] + pieces[3] + pieces[5])
        }
    }

    @Test func `are not made twice`() throws {
        try SSHServer.with { server in
            let path = try server.folder.write("first", to: "there")
            let files = try server.session().files()
            let error = try failure { _ = try files.open(path, for: .creating(mode: 0o600)) }
            #expect(error.code == .exists)
            #expect(try failure { try files.makeFolder(server.files) }.code == .exists)
            #expect(try server.folder.text("there") == "first")
        }
    }

    @Test func `are missed by name`() throws {
        try SSHServer.with { server in
            let files = try server.session().files()
            let path = server.folder.path("missing")
            #expect(try failure { _ = try files.open(path, for: .reading) }.code == .noSuchFile)
            #expect(try failure { _ = try files.stat(path) }.code == .noSuchFile)
            #expect(try failure { _ = try files.list(path) }.code == .noSuchFile)
            #expect(try failure { try files.remove(path) }.code == .noSuchFile)
            #expect(try !files.exists(path))
        }
    }

    @Test func `are listed with what is known of them`() throws {
        try SSHServer.with { server in
            let names = (0..<2500).map { "file-\($0)-\(String(repeating: "x", count: $0 % 100))" }
            for name in names { try server.folder.write("12345", to: "many/\(name)") }
            let entries = try server.session().files().list(server.folder.path("many"))
            #expect(Set(entries.map(\.name)) == Set(names))
            #expect(entries.count == names.count)
            #expect(entries.allSatisfy { $0.attributes.size == 5 && $0.attributes.kind == .file })
        }
    }

    @Test func `can be changed where the account may`() throws {
        try SSHServer.with { server in
            let files = try server.session().files()
            let path = server.folder.path("a/b/c")
            try files.makeFolders(path)
            try files.makeFolders(path)
            #expect(try files.stat(path).kind == .folder)
            let one = try server.folder.write("12345", to: "a/b/one")
            try files.setMode(one, 0o640)
            try files.truncate(one, to: 2)
            try files.setTimes(one, accessed: 5, modified: 7)
            let status = try files.stat(one)
            #expect(status.permissions == 0o640)
            #expect(status.size == 2)
            #expect(status.modified == 7)
            try files.rename(one, to: path + "/two")
            try files.makeLink(server.folder.path("link"), to: "a/b/c/two")
            #expect(try files.readLink(server.folder.path("link")) == "a/b/c/two")
            #expect(try files.lstat(server.folder.path("link")).kind == .link)
            #expect(try files.realPath(server.folder.path("link")) == path + "/two")
            try files.remove(path + "/two")
            try files.removeFolder(path)
            #expect(!server.folder.contains("a/b/c"))
        }
    }

    @Test func `are out of reach without permission`() throws {
        var options = SSHServer.Options()
        if geteuid() == 0 { options.account = "nobody" }
        try SSHServer.with(options) { server in
            try server.folder.makeFolder("locked")
            chmod(server.folder.path("locked"), 0o555)
            let files = try server.session().files()
            let error = try failure {
                _ = try files.open(server.folder.path("locked/new"), for: .creating(mode: 0o600))
            }
            #expect(error.code == .permissionDenied)
            #expect(error.operation == "create \(server.folder.path("locked/new"))")
            let file = try files.open(server.files + "/new", for: .creating(mode: 0o600))
            try file.close()
        }
    }

    @Test func `tell how much room is left`() throws {
        try SSHServer.with { server in
            let room = try server.session().files().freeSpace(server.files)
            var status = statvfs()
            statvfs(server.files, &status)
            #expect(room.total == Int(status.f_blocks * status.f_frsize))
            #expect(room.available > 0)
        }
    }
}

@Suite("A full disk", .tags(.integration), .needsServer, .mayQueue)
struct FullDiskTests {
    @Test(.enabled(if: geteuid() == 0, "only root can mount a small file system"))
    func `is named as such, and the session goes on`() throws {
        try SSHServer.with { server in
            let place = try server.folder.makeFolder("small")
            let mounted = try Command.run("mount", "-t", "tmpfs", "-o", "size=2m", "none", place)
            try #require(mounted.status == 0, "cannot mount: \(mounted.error)")
            defer { _ = try? Command.run("umount", place) }
            let files = try server.session().files()
            let file = try files.open(place + "/part", for: .creating(mode: 0o600))
            let error = try failure {
                try file.write(all: noise(16 << 20), by: 4 << 20)
                try file.fsync()
            }
            #expect(error.code == .diskFull)
            #expect(try failure { try file.close() }.code == .diskFull)
            try files.remove(place + "/part")
            #expect(try files.list(place).isEmpty)
        }
    }
}

@Suite("A vault", .tags(.integration), .needsServer, .mayQueue)
struct VaultTests {
    @Test func `takes new files and gives them back`() throws {
        try SSHServer.with(.vault) { server in
            let files = try server.session().files()
            try files.makeFolders(server.files + "/a/b")
            let path = server.files + "/a/b/part"
            let bytes = noise(1_000_000)
            let file = try files.open(path, for: .creating(mode: 0o400))
            try file.write(all: bytes, by: bytes.count)
            try file.fsync()
            try file.close()
            let reading = try files.open(path, for: .reading)
            #expect(try reading.read(all: bytes.count, by: bytes.count) == bytes)
            #expect(try files.freeSpace(path).available > 0)
            #expect(try failure { _ = try files.open(path, for: .creating(mode: 0o400)) }.code == .exists)
        }
    }

    @Test func `refuses every change`() throws {
        try SSHServer.with(.vault) { server in
            let path = try server.folder.write("kept", to: "files/kept")
            let files = try server.session().files()
            let attacks: [(String, () throws -> Void)] = [
                ("remove", { try files.remove(path) }),
                ("removeFolder", { try files.removeFolder(server.files) }),
                ("rename", { try files.rename(path, to: path + "2") }),
                ("setMode", { try files.setMode(path, 0o600) }),
                ("truncate", { try files.truncate(path, to: 0) }),
                ("setTimes", { try files.setTimes(path, accessed: 1, modified: 1) }),
            ]
            for (name, attack) in attacks {
                #expect(try failure { try attack() }.code == .permissionDenied, "\(name)")
            }
            let link = try failure { try files.makeLink(path + "2", to: path) }
            #expect(link.code == .remoteFailure)
            #expect(try server.folder.text("files/kept") == "kept")
            #expect(try files.list(server.files).map(\.name) == ["kept"])
        }
    }

    @Test func `refuses to write into a file of mode 0400 again`() throws {
        var options = SSHServer.Options.vault
        if geteuid() == 0 { options.account = "nobody" }
        try SSHServer.with(options) { server in
            let files = try server.session().files()
            let path = server.files + "/part"
            try files.open(path, for: .creating(mode: 0o400)).close()
            for purpose in [OpenPurpose.overwriting, .truncating, .appending] {
                let error = try failure { _ = try files.open(path, for: purpose) }
                #expect(error.code == .permissionDenied, "\(purpose)")
            }
        }
    }

    @Test func `forwards nothing and runs nothing`() throws {
        try SSHServer.with(.vault) { server in
            for attack in attacks(on: server) {
                let session = try server.session()
                #expect(try attack(session).isRefused)
            }
            _ = try server.session().capture("echo out > \(server.files)/ran")
            #expect(!server.folder.contains("files/ran"))
        }
    }

    @Test func `would be noticed if it forwarded`() throws {
        try SSHServer.with { server in
            for attack in attacks(on: server) {
                let session = try server.session()
                #expect(try attack(session).isAllowed)
            }
        }
    }

    @Test(arguments: [true, false])
    func `shows whether a unix socket is in reach`(isVault: Bool) throws {
        var options = SSHServer.Options()
        options.isVault = isVault
        try SSHServer.with(options) { server in
            let path = server.folder.path("socket")
            let agent = try Command.output("ssh-agent", "-s", "-a", path)
            let process = try agentProcess(agent)
            defer { kill(process, SIGKILL) }
            let session = try server.session()
            let attempt = try session.attemptForwarding(toSocket: path)
            #expect(attempt.isAllowed == !isVault)
            #expect(!attempt.isRefused)
        }
    }

    private func attacks(on server: SSHServer) -> [(Session) throws -> ForwardingAttempt] {
        [
            { try $0.attemptForwarding(toHost: server.host, port: server.port) },
            { try $0.attemptForwarding(toHost: server.host, port: freePort()) },
            { try $0.attemptListening() },
        ]
    }
}

extension ForwardingAttempt {
    fileprivate var isRefused: Bool {
        if case .refused = self { true } else { false }
    }

    fileprivate var isAllowed: Bool {
        if case .allowed = self { true } else { false }
    }
}

extension RemoteFile {
    /// Writes all bytes in pieces of this size.
    func write(all bytes: [UInt8], by size: Int) throws {
        for start in stride(from: 0, to: bytes.count, by: size) {
            try bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { try write($0) }
        }
    }

    /// Reads up to this many bytes from the beginning, in pieces.
    func read(all count: Int, by size: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: size)
        while bytes.count < count {
            let got = try piece.withUnsafeMutableBytes { try read(at: bytes.count, into: $0) }
            if got == 0 { break }
            bytes += piece[..<got]
        }
        return bytes
    }
}
