// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Runs a real program to its end: the other side of an interoperability test.
///
///     let result = try Command.run("age", "-d", "-i", key, input: sealed)
///     #expect(result.status == 0, "\(result.error)")
///
/// Input and outputs are unnamed files and not pipes, so a program that reads or writes much
/// cannot block, and one that leaves a daemon behind cannot keep the test waiting.
package struct Command: Hashable, Sendable {
    /// How the program ended.
    package struct Result: Hashable, Sendable {
        /// The exit status; 128 plus the signal's number when a signal ended it.
        package let status: Int32
        package let output: [UInt8]
        /// What it wrote to standard error.
        package let error: String

        /// Standard output as text.
        package var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// The program, found in PATH unless it is a path, and its arguments.
    package var arguments: [String]
    package var input: [UInt8]
    /// Variables that are added to those of this process, or replace them.
    package var environment: [String: String]
    /// The folder to run in; this process's own if `nil`.
    package var folder: String?

    package init(
        _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:], folder: String? = nil
    ) {
        self.arguments = arguments
        self.input = input
        self.environment = environment
        self.folder = folder
    }

    /// Runs a program and returns how it ended, whatever its status; throws only if it cannot be begun.
    @discardableResult
    package static func run(
        _ arguments: String..., input: [UInt8] = [], environment: [String: String] = [:],
        folder: String? = nil
    ) throws -> Result {
        try Command(arguments, input: input, environment: environment, folder: folder).run()
    }

    /// Runs a program that must succeed, and returns its output; throws with its own words if it does not.
    @discardableResult
    package static func output(
        _ arguments: String..., input: [UInt8] = [], environment: [String: String] = [:],
        folder: String? = nil
    ) throws -> [UInt8] {
        let result = try Command(arguments, input: input, environment: environment, folder: folder).run()
        guard result.status == 0 else {
            throw CommandError("\(arguments) ended with status \(result.status): \(result.error)")
        }
        return result.output
    }

    /// Whether a program of this name is in PATH, for tests that skip themselves without it.
    package static func isInstalled(_ program: String) -> Bool {
        guard let path = getenv("PATH") else { return false }
        return String(cString: path).split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
    }

    /// Runs the program and waits for it.
    package func run() throws -> Result {
        let streams = try (0...2).map { _ in try UnnamedFile() }
        try streams[0].fill(input)
        let child = try spawn(streams.map(\.descriptor))
        var status: Int32 = 0
        while waitpid(child, &status, 0) == -1 {
            guard errno == EINTR else { throw CommandError("cannot wait for \(arguments)", errno) }
        }
        let signal = status & 0x7f
        return Result(
            status: signal == 0 ? (status >> 8) & 0xff : 128 + signal,
            output: try streams[1].contents(),
            error: String(decoding: try streams[2].contents(), as: UTF8.self))
    }

    private func spawn(_ descriptors: [Int32]) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
        }
        // Glibc's module does not show the file action that changes the folder; coreutils' env does it.
        let line = folder.map { ["env", "-C", $0] + arguments } ?? arguments
        var words: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = mergedEnvironment().map { strdup($0) } + [nil]
        defer { (words + variables).forEach { free($0) } }
        // The threads of a test block signals, and a child would inherit that: it could not be interrupted.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var child: pid_t = 0
        let failure = posix_spawnp(&child, line[0], &actions, &attributes, &words, &variables)
        guard failure == 0 else { throw CommandError("cannot run \(arguments)", failure) }
        return child
    }

    private func mergedEnvironment() -> [String] {
        var inherited: [String] = []
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            let name = String(text.prefix { $0 != "=" })
            if environment[name] == nil { inherited.append(text) }
            next += 1
        }
        return inherited + environment.map { "\($0.key)=\($0.value)" }
    }
}

/// Why a program could not be run.
struct CommandError: Error, CustomStringConvertible {
    let description: String

    init(_ words: String, _ number: Int32? = nil) {
        description = number.map { "\(words): \(String(cString: strerror($0)))" } ?? words
    }
}

/// A file without a name, which the kernel drops when it is closed.
private final class UnnamedFile {
    let descriptor: Int32

    init() throws {
        var template = Array("/tmp/lifeboat-command-XXXXXX".utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw CommandError("cannot create an unnamed file", errno) }
        unlink(template)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit {
        close(descriptor)
    }

    /// Writes the bytes and goes back to the beginning, where a reader begins.
    func fill(_ bytes: [UInt8]) throws {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw CommandError("cannot write an unnamed file", errno) }
            done += count
        }
        lseek(descriptor, 0, SEEK_SET)
    }

    func contents() throws -> [UInt8] {
        let size = Int(lseek(descriptor, 0, SEEK_END))
        var bytes = [UInt8](repeating: 0, count: size)
        var done = 0
        while done < size {
            let count = bytes[done...].withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress, $0.count, done)
            }
            guard count > 0 else { throw CommandError("cannot read an unnamed file", errno) }
            done += count
        }
        return bytes
    }
}
