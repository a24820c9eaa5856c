// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation
import Glibc
import Operations
import SecureShell
import TestSupport
import Testing

/// A vault is proven under an account of its own: root would be let through by every mode.
@Suite("A vault", .tags(.integration), .needsServer, .needsRoot, .mayQueue)
struct VaultTests {
    private static let requests =
        "open,close,read,write,lstat,fstat,stat,opendir,readdir,mkdir,realpath,readlink,fsync,statvfs,fstatvfs,limits"

    /// A server for the account `nobody`, as the documentation says, with something left out or added.
    private func with(
        forwarding: Bool = false, more requests: String = "", command: Bool = false,
        _ body: (BenchSite, StoreReport) throws -> Void
    ) throws {
        var options = SSHServer.Options()
        options.account = "nobody"
        if !forwarding { options.lines.append("DisableForwarding yes") }
        options.lines += ["PermitTTY no"]
        if !command { options.lines.append("ForceCommand internal-sftp -p \(Self.requests)\(requests)") }
        try SSHServer.with(options) { server in
            var site = BenchSite("west", server)
            site.isAppendOnly = true
            let listener = try listen(server.files + "/socket")
            defer { close(listener) }
            let report = try #require(SiteChecker(connector([site])).check(["west"]).first)
            #expect(report.error == nil)
            try body(site, try #require(report.stores.first))
        }
    }

    /// A unix socket that lets anybody in: something for forwarding to be tried on.
    private func listen(_ path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) {
            $0.copyBytes(from: path.utf8CString.map { UInt8(bitPattern: $0) })
        }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(status == 0)
        #expect(Glibc.listen(descriptor, 8) == 0)
        chmod(path, 0o777)
        return descriptor
    }

    @Test func `is proven by refusing every attack, and keeps one canary`() throws {
        try with { site, report in
            #expect(report.vault == .proven, "\(report.attacks)")
            #expect(report.attacks.count == 27)
            #expect(report.lines.allSatisfy { $0.level != .failure })
            let names = try FileManager.default.contentsOfDirectory(atPath: site.path)
            #expect(names == ["canary.bin"])

            let again = try #require(SiteChecker(connector([site])).check(["west"]).first?.stores.first)
            #expect(again.vault == .proven)
            #expect(try FileManager.default.contentsOfDirectory(atPath: site.path) == names)
        }
    }

    @Test(
        "is broken by each request that it should not allow, which is named",
        arguments: [
            (",remove", ["remove"]), (",rename", ["rename"]), (",posix-rename", ["rename over"]),
            (",setstat", ["change the mode", "change the times", "truncate"]),
            (",fsetstat", ["change the mode of an open file"]), (",lsetstat", ["change the mode of a name"]),
            (",symlink", ["make a symbolic link"]), (",hardlink", ["make a hard link"]),
            (",rmdir", ["remove a folder"]),
        ])
    func request(more: String, names: [String]) throws {
        try with(more: more) { site, report in
            #expect(report.vault == .broken)
            let succeeded = report.attacks.filter(\.hasSucceeded).map(\.name)
            #expect(names.allSatisfy(succeeded.contains), "\(succeeded)")
            let line = try #require(report.lines.first { $0.topic == "vault" })
            #expect(line.level == .failure)
            #expect(line.text.contains("this is no vault: its account can "))
            #expect(!report.attacks.contains { $0.name == "forward to a port" && $0.hasSucceeded })
        }
    }

    @Test func `is broken by forwarding, in each of its four ways`() throws {
        try with(forwarding: true) { _, report in
            #expect(report.vault == .broken)
            let succeeded = Set(report.attacks.filter(\.hasSucceeded).map(\.name))
            #expect(
                succeeded.isSuperset(of: [
                    "forward to a port", "listen on a port", "forward to a unix socket",
                    "listen on a unix socket",
                ])
            )
        }
    }

    @Test func `is broken by an account that runs commands`() throws {
        var options = SSHServer.Options()
        options.lines = ["DisableForwarding yes"]
        try SSHServer.with(options) { server in
            var site = BenchSite("west", server)
            site.isAppendOnly = true
            let report = try #require(SiteChecker(connector([site])).check(["west"]).first?.stores.first)
            let succeeded = report.attacks.filter(\.hasSucceeded).map(\.name)
            #expect(report.vault == .broken)
            #expect(
                Set(succeeded).isSuperset(of: ["run a command", "use the rights of root", "remove", "rename"])
            )
        }
    }

    @Test func `loses nothing to a stolen key, whatever it tries`() throws {
        var options = SSHServer.Options.vault
        options.account = "nobody"
        try SSHServer.with(options) { server in
            var site = BenchSite("west", server)
            site.isAppendOnly = true
            let connector = try connector([site])
            let bench = try UploadBench(parts: 2, of: 300_000)
            let store = try connector.store("west")
            let uploader = StoreUploader(bench.folder, to: [store], spoolFolder: server.folder.path)
            try bench.send(to: uploader)
            uploader.finish()
            let result = try #require(uploader.nextResult())
            try store.put(Array("the manifest".utf8), as: "manifest.json", in: bench.folder)
            let before = try hashes(of: site.path)
            #expect(before.count == 3)

            try attack(store, bench.folder, result.parts.values.map(\.name) + ["manifest.json"])
            attackWithPrograms(server, store.path(in: bench.folder))

            // The thief may add files, as the vault must let him; every byte from before is still there.
            let after = try hashes(of: site.path)
            for (path, hash) in before { #expect(after[path] == hash, "\(path)") }
            #expect(bench.isWhole(result, in: site))
        }
    }

    /// Every file below a folder with its hash, by the machine's own program.
    private func hashes(of folder: String) throws -> [String: String] {
        let text = String(
            decoding: try Command.output("sh", "-c", "find \"$0\" -type f -exec sha256sum {} +", folder),
            as: UTF8.self)
        return Dictionary(
            uniqueKeysWithValues: text.split(separator: "\n").map {
                (String($0.dropFirst(66)), String($0.prefix(64)))
            })
    }

    /// Everything libssh2 can send, against each file and each folder.
    private func attack(_ store: StoreAccess, _ folder: StoreFolder, _ names: [String]) throws {
        let paths =
            names.map { store.path(of: $0, in: folder) }
            + [store.path(in: folder), store.path(in: .root), store.path(in: try .dataset("documents"))]
        for path in paths {
            let attempts: [(FileTransfer) throws -> Void] = [
                { try $0.remove(path) }, { try $0.removeFolder(path) },
                { try $0.rename(path, to: path + ".x") },
                { try $0.setMode(path, 0o777) }, { try $0.truncate(path, to: 0) },
                { try $0.setTimes(path, accessed: 1, modified: 1) },
                { try $0.makeLink(path + ".link", to: path) }, { try $0.makeLink(path, to: "/dev/null") },
                { try $0.open(path, for: .overwriting).close() },
                { try $0.open(path, for: .appending).close() },
                { try $0.open(path, for: .truncating).close() },
                { try $0.open(path, for: .creating(mode: 0o600)).close() },
            ]
            for attempt in attempts {
                #expect(throws: RemoteError.self) { try store.pool.with { try attempt($0.files()) } }
            }
            try store.pool.with { session in
                let requests = try FileRequests(session.session)
                let answers = [
                    try requests.replace(path, to: path + ".x"),
                    try requests.replace(path + ".none", to: path),
                    try requests.makeHardLink(path + ".hard", to: path),
                    try requests.setModeOfName(path, 0o777),
                    try requests.removeFolder(path),
                ]
                #expect(!answers.contains(.done))
            }
        }
    }

    /// OpenSSH's own programs, which know requests that libssh2 does not.
    private func attackWithPrograms(_ server: SSHServer, _ folder: String) {
        let options = [
            "-F", "none", "-i", server.keyPath, "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o",
            "UserKnownHostsFile=/dev/null",
        ]
        let target = "\(server.user)@\(server.host)"
        for line in [
            "rm *", "rm manifest.json", "rename manifest.json x", "chmod 777 manifest.json",
            "chown 0 manifest.json",
            "put /etc/hostname manifest.json", "put -a /etc/hostname manifest.json", "ln manifest.json y",
            "symlink manifest.json z", "copy manifest.json 00001.tar.zst.age", "rmdir .",
        ] {
            _ = try? Command(
                ["sftp", "-P", "\(server.port)"] + options + ["-b", "-", target],
                input: Array("cd \(folder)\n-\(line)\n".utf8)
            ).run()
        }
        for command in [
            "rm -rf \(folder)", "sh -c 'rm -rf \(folder)'", "scp -t \(folder)",
            "dd of=\(folder)/manifest.json",
        ] {
            _ = try? Command(["ssh", "-p", "\(server.port)"] + options + [target, command]).run()
        }
    }
}
