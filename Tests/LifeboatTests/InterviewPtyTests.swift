// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import TestSupport
import Testing

/// The real program on a real terminal: a pseudo-terminal whose other end types and reads.
@Suite("An interview on a terminal")
struct InterviewPtyTests {
    /// Makes a workspace in which petra may speak for continuity.
    private func workspace(_ scratch: Scratch) throws {
        _ = try Command.output(Program.path, "init", scratch.path)
        let plan = scratch.path("Plans/example.yaml")
        let text = try String(contentsOfFile: plan, encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("  petra:") ? "  petra: {roles: [continuity manager, owner]}" : String($0) }
        try text.joined(separator: "\n").write(toFile: plan, atomically: true, encoding: .utf8)
        try scratch.write("the process", to: "process.txt")
    }

    private func attested(_ scratch: Scratch) throws -> String {
        try Command.run(Program.path, "attest", "-w", scratch.path, "--list", "--json").text
    }

    @Test func `takes yes, no and unknown down at once, and goes on where it stopped`() throws {
        try Scratch.with { scratch in
            try workspace(scratch)
            let arguments = ["attest", "-w", scratch.path, "--interview", "--as", "petra", "--table", "14"]
            let terminal = try Terminal(arguments)
            var seen = try terminal.read(until: "[y/n/u/?/q] ")
            #expect(seen.contains("most valuable first") && seen.contains("a yes"))
            let first = try #require(seen.firstMatch(of: #/(t14-[a-z0-9-]+);/#)?.1)
            terminal.type("?\n")
            seen = try terminal.read(until: "[y/n/u/?/q] ")
            #expect(seen.contains("usual evidence") && seen.contains("continuity manager"))
            terminal.type("y\n")
            _ = try terminal.read(until: "link: ")
            terminal.type("\n")
            _ = try terminal.read(until: "link: ")
            terminal.type("/no/such/file\n")
            _ = try terminal.read(until: "good until")
            terminal.type("\n")
            seen = try terminal.read(until: "link: ")
            #expect(seen.contains("cannot read the evidence"))
            terminal.type(scratch.path("process.txt") + "\n")
            _ = try terminal.read(until: "good until")
            terminal.type("1999-01-01\n")
            _ = try terminal.read(until: "good until")
            terminal.type("\n")
            seen = try terminal.read(until: "[y/n/u/?/q] ")
            #expect(seen.contains("kept as a-"))
            #expect(try attested(scratch).contains("\"criterion\" : \"\(first)\""))
            terminal.type("n\n")
            _ = try terminal.read(until: "may be empty")
            terminal.type("\n")
            _ = try terminal.read(until: "good until")
            terminal.type("\n")
            seen = try terminal.read(until: "[y/n/u/?/q] ")
            let third = try #require(seen.firstMatch(of: #/(t14-[a-z0-9-]+);/#)?.1)
            terminal.type("u\n")
            _ = try terminal.read(until: "[y/n/u/?/q] ")
            terminal.type("q\n")
            seen = try terminal.read(until: "attest --interview'")
            #expect(seen.contains("1 met, 1 not met, 1 not known"))
            #expect(try terminal.end() == 0)
            let all = try attested(scratch)
            let hash = String(
                decoding: try Command.output("sha256sum", scratch.path("process.txt")), as: UTF8.self)
            #expect(all.contains("\"sha256\" : \"\(hash.prefix(64))\"") && all.contains("\"not_met\""))
            #expect(all.contains("\"role\" : \"continuity manager\""))
            // Taken up again: neither the answered ones, nor first what was not known.
            let again = try Terminal(arguments)
            seen = try again.read(until: "[y/n/u/?/q] ")
            let next = try #require(seen.firstMatch(of: #/(t14-[a-z0-9-]+);/#)?.1)
            #expect(next != first && next != third)
            again.type("\u{3}")
            #expect(try again.end() == 130)
            #expect(try attested(scratch) == all)
        }
    }

    @Test func `takes a link for evidence, and signs with the person's own key`() throws {
        try Scratch.with { scratch in
            try workspace(scratch)
            _ = try Command.output(
                "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", scratch.path("petra"))
            let own = try scratch.text("petra.pub").split(separator: " ").prefix(2).joined(separator: " ")
            let plan = scratch.path("Plans/example.yaml")
            let text = try String(contentsOfFile: plan, encoding: .utf8).replacingOccurrences(
                of: "petra: {roles: [continuity manager, owner]}",
                with: "petra: {roles: [continuity manager, owner], key: \"\(own)\"}")
            try text.write(toFile: plan, atomically: true, encoding: .utf8)
            let terminal = try Terminal([
                "attest", "-w", scratch.path, "--interview", "--as", "petra", "--table", "14", "--key",
                scratch.path("petra"),
            ])
            _ = try terminal.read(until: "[y/n/u/?/q] ")
            terminal.type("y\n")
            _ = try terminal.read(until: "link: ")
            terminal.type("https://wiki.example/process\n")
            _ = try terminal.read(until: "good until")
            terminal.type("\n")
            _ = try terminal.read(until: "kept as a-")
            _ = try terminal.read(until: "[y/n/u/?/q] ")
            terminal.type("q\n")
            #expect(try terminal.end() == 0)
            let all = try attested(scratch)
            #expect(all.contains("\"location\" : \"https://wiki.example/process\""), "\(all)")
            #expect(!all.contains("\"sha256\" :") && all.contains("BEGIN SSH SIGNATURE"), "\(all)")
        }
    }

    @Test func `speaks Chinese`() throws {
        try Scratch.with { scratch in
            try workspace(scratch)
            let terminal = try Terminal(
                ["attest", "-w", scratch.path, "--interview", "--as", "petra", "--lang", "zh"])
            #expect(try terminal.read(until: "[y/n/u/?/q] ").contains("最有价值的在前"))
            terminal.type("q\n")
            #expect(try terminal.end() == 0)
        }
    }

    @Test func `is refused without a terminal, and says who may answer`() throws {
        try Scratch.with { scratch in
            try workspace(scratch)
            let refused = try Command.run(
                Program.path, "attest", "-w", scratch.path, "--interview", "--as", "petra")
            #expect(refused.status == 4 && refused.error.contains("needs a terminal"))
            let terminal = try Terminal(["attest", "-w", scratch.path, "--interview", "--as", "omar"])
            #expect(try terminal.read(until: "may: ").contains("no role"))
            #expect(try terminal.end() == 0)
        }
    }
}

/// The near end of a pseudo-terminal, with the program at the far end.
private final class Terminal {
    private let master: Int32
    private let child: pid_t
    private var isOver = false
    private var unread: [UInt8] = []

    init(_ arguments: [String]) throws {
        // Glibc's module shows neither posix_openpt nor ptsname; these are the calls they make (pty(7)).
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var unlocked: Int32 = 0
        var number: UInt32 = 0
        guard master >= 0, ioctl(master, 0x4004_5431, &unlocked) == 0,
            ioctl(master, 0x8004_5430, &number) == 0
        else { throw TerminalError("no pseudo-terminal") }
        // setsid and a first open make it the controlling terminal, so that Ctrl-C reaches the program.
        let path = "/dev/pts/\(number)"
        let words = ["setsid", "--ctty", "--wait", Program.path] + arguments
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, path, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        posix_spawn_file_actions_addclose(&actions, master)
        var list: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { list.forEach { free($0) } }
        var pid: pid_t = 0
        // The threads that tests run on block signals, and a child inherits that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        guard posix_spawnp(&pid, "setsid", &actions, &attributes, &list, environ) == 0 else {
            throw TerminalError("cannot run setsid")
        }
        child = pid
    }

    deinit {
        if !isOver {
            kill(child, SIGKILL)
            waitpid(child, nil, 0)
        }
        close(master)
    }

    func type(_ text: String) {
        _ = Array(text.utf8).withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
    }

    /// All that comes until the words do, and not what follows them: that is for the next call.
    ///
    /// Throws after five minutes, or when the program ends without them.
    func read(until words: String) throws -> String {
        let deadline = ContinuousClock.now + .seconds(300)
        while true {
            if let end = unread.firstRange(of: Array(words.utf8))?.upperBound {
                defer { unread.removeSubrange(..<end) }
                return String(decoding: unread[..<end], as: UTF8.self)
            }
            guard let piece = try more(until: deadline) else { break }
            unread += piece
        }
        throw TerminalError("'\(words)' did not come: \(String(decoding: unread, as: UTF8.self))")
    }

    /// What comes next, or nothing when the program has let go of its terminal; throws at the deadline.
    private func more(until deadline: ContinuousClock.Instant) throws -> [UInt8]? {
        while ContinuousClock.now < deadline {
            var input = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            guard poll(&input, 1, 100) > 0 else { continue }
            var piece = [UInt8](repeating: 0, count: 4_096)
            let count = Glibc.read(master, &piece, piece.count)
            return count > 0 ? Array(piece[..<count]) : nil
        }
        throw TerminalError("nothing comes: \(String(decoding: unread, as: UTF8.self))")
    }

    /// Reads to the end and gives the exit status; throws when five minutes bring no end.
    func end() throws -> Int32 {
        let deadline = ContinuousClock.now + .seconds(300)
        while try more(until: deadline) != nil {}
        var status: Int32 = 0
        guard waitpid(child, &status, 0) == child else { throw TerminalError("nothing to wait for") }
        isOver = true
        return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    }
}

private struct TerminalError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
