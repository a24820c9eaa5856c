// SPDX-License-Identifier: Apache-2.0
import SecureShell
import TestSupport
import Testing

@Suite("The resident shell", .tags(.integration), .needsServer, .mayQueue)
struct ShellTests {
    @Test func `runs one command after another, each by itself`() throws {
        try SSHServer.with { server in
            let shell = try RemoteShell(server.session())
            #expect(try shell.capture("echo one").outputText == "one\n")
            #expect(try shell.capture("printf two").outputText == "two")
            let third = try shell.capture("x=1; cd /; echo err >&2; exit 9")
            #expect(third.status == .exited(9))
            #expect(third.errorText == "err\n")
            #expect(try shell.capture("echo \"[$x]\"").outputText == "[]\n")
            #expect(try shell.capture("cat").outputText == "")
        }
    }

    @Test(arguments: ["echo 'open", "if true", "fi", "kill -KILL $$; :"])
    func `survives or reports`(command: String) throws {
        try SSHServer.with { server in
            let shell = try RemoteShell(server.session())
            do {
                #expect(try !shell.capture(command).status.isSuccess)
                #expect(try shell.capture("echo on").outputText == "on\n")
            } catch let error as RemoteError {
                #expect(error.code == .refused)
                #expect(command.hasPrefix("kill"))
            }
        }
    }

    @Test func `brings back a megabyte of any bytes`() throws {
        try SSHServer.with { server in
            let bytes = noise(1 << 20)
            try server.folder.write(bytes, to: "noise")
            let shell = try RemoteShell(server.session())
            #expect(try shell.capture("cat \(server.folder.path("noise"))").output == bytes)
        }
    }

    @Test func `hashes a file where it lies`() throws {
        try SSHServer.with { server in
            let path = try server.folder.write("abc", to: "it's a file")
            let shell = try RemoteShell(server.session())
            #expect(
                try shell.sha256(of: path)
                    == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
            let error = try failure { _ = try shell.sha256(of: server.folder.path("missing")) }
            #expect(error.code == .noSuchFile)
        }
    }

    @Test func `knows how far the clocks are apart`() throws {
        try SSHServer.with { server in
            let shell = try RemoteShell(server.session())
            let sample = try shell.clockSample()
            // One machine, one clock: the truth is zero and must lie within the bound.
            #expect(abs(sample.offset) <= sample.bound)
            #expect(sample.bound < .seconds(10))
            #expect(sample.roundTrip <= sample.bound * 2)
        }
    }

    @Test func `is refused where only files are served`() throws {
        try SSHServer.with(.vault) { server in
            let error = try failure { _ = try RemoteShell(server.session()) }
            #expect(error.code == .refused)
        }
    }

    private func abs(_ duration: Duration) -> Duration { duration < .zero ? .zero - duration : duration }
}
