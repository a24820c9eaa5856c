// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc
import Synchronization

/// A program of this machine that is run for a backup: a hook, or a command whose output is the data.
///
/// It has a process group of its own, so that ending it ends what it has started. Input is empty. What it
/// says on standard error is kept, the last 64 KiB of it; the other streams are what the caller asks for.
final class ChildProcess: @unchecked Sendable {
    // Unchecked: one thread uses it; only `interrupt` is called from others, and it reads what never changes.

    /// Where a stream of the child goes.
    enum Stream {
        case dropped
        /// To a pipe that is read through ``output`` or ``notes``.
        case piped
    }

    struct Exit: Hashable {
        /// The exit status, or 128 plus the number of the signal that ended it.
        var status: Int
        var error: String

        var reason: String {
            let words = error.trimmingCharacters(in: .whitespacesAndNewlines)
            return words.isEmpty ? "exit status \(status)" : "exit status \(status): \(words.suffix(400))"
        }
    }

    let words: [String]
    private let process: pid_t
    /// The child's standard output, when it was asked for.
    private(set) var output: Pipe?
    /// What the child writes to descriptor 3, when it was asked for.
    private(set) var notes: Pipe?
    private let errors: Pipe
    private let errorReader: Worker<[UInt8]>
    private var ended: Int?

    /// The reading end of a pipe.
    final class Pipe: Sendable {
        let descriptor: Int32
        private let isLeft = Mutex(false)

        init(descriptor: Int32) {
            self.descriptor = descriptor
        }

        deinit {
            close(descriptor)
        }

        /// Reads some bytes; 0 at the end.
        func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
            while true {
                let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                if count >= 0 { return count }
                guard errno == EINTR else {
                    throw OperationError(.ioFailed, "cannot read a pipe: \(PrivateFile.reason())")
                }
            }
        }

        /// Says that the child has ended: what has not come by now comes from something it left behind.
        func leave() {
            isLeft.withLock { $0 = true }
        }

        /// Everything until the end, or until the child has ended and nothing more is there; only the last
        /// `limit` bytes are kept.
        func all(limit: Int) throws -> [UInt8] {
            var kept: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 16 << 10)
            while true {
                var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                let isLast = isLeft.withLock { $0 }
                guard poll(&wanted, 1, isLast ? 0 : 50) != 0 else {
                    if isLast { return kept }
                    continue
                }
                let count = try buffer.withUnsafeMutableBytes { try read(into: $0) }
                guard count > 0 else { return kept }
                kept += buffer[..<count]
                if kept.count > limit { kept.removeFirst(kept.count - limit) }
            }
        }
    }

    /// Begins a program, looked for in PATH.
    init(_ words: [String], output: Stream, notes: Stream, environment: [String: String] = [:]) throws {
        self.words = words
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        var writers: [Int32] = []
        defer { for descriptor in writers { close(descriptor) } }
        func connect(_ number: Int32, _ stream: Stream) throws -> Pipe? {
            guard case .piped = stream else {
                posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_WRONLY, 0)
                return nil
            }
            let (reader, writer) = try Self.pipe()
            writers.append(writer)
            posix_spawn_file_actions_adddup2(&actions, writer, number)
            return Pipe(descriptor: reader)
        }
        self.output = try connect(1, output)
        let errorPipe = try connect(2, .piped)
        self.notes = try connect(3, notes)
        guard let errorPipe else { throw OperationError(.failed, "no pipe for the errors of \(words[0])") }
        errors = errorPipe
        process = try Self.spawn(words, &actions, environment)
        errorReader = Worker("errors") { try errorPipe.all(limit: 64 << 10) }
    }

    deinit {
        if ended == nil { _ = end() }
    }

    /// A pipe whose ends no other child inherits, above the descriptors that children know by number.
    ///
    /// Glibc's module does not show `pipe2`, and a plain pipe could leak into a child that another thread is
    /// just forking, which would then hold it open; a fifo is opened closed-on-exec from its beginning.
    private static func pipe() throws -> (reader: Int32, writer: Int32) {
        var template = Array("/tmp/lifeboat-pipe-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw pipeFailure() }
        let folder = String(decoding: template.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
        let path = folder + "/pipe"
        defer {
            unlink(path)
            rmdir(folder)
        }
        guard mkfifo(path, 0o600) == 0 else { throw pipeFailure() }
        let reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard reader >= 0 else { throw pipeFailure() }
        let writer = open(path, O_WRONLY | O_CLOEXEC)
        guard writer >= 0, fcntl(reader, F_SETFL, 0) == 0 else {
            let error = pipeFailure()
            close(reader)
            if writer >= 0 { close(writer) }
            throw error
        }
        let high = [reader, writer].map { fcntl($0, F_DUPFD_CLOEXEC, 10) }
        close(reader)
        close(writer)
        guard high[0] >= 0, high[1] >= 0 else { throw pipeFailure() }
        return (high[0], high[1])
    }

    private static func pipeFailure() -> OperationError {
        OperationError(.ioFailed, "cannot make a pipe: \(PrivateFile.reason())")
    }

    private static func spawn(
        _ words: [String], _ actions: inout posix_spawn_file_actions_t, _ environment: [String: String]
    ) throws -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
        let variables = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        let arguments = words.map { strdup($0) } + [nil]
        let settings = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + settings { free(text) } }
        var child = pid_t()
        let failure = posix_spawnp(&child, words[0], &actions, &attributes, arguments, settings)
        guard failure == 0 else {
            throw OperationError(.failed, "cannot run \(words[0]): \(PrivateFile.reason(failure))")
        }
        return child
    }

    // MARK: - Ending

    /// Waits for the end, and ends the whole group when the time is over or somebody asks to stop.
    func wait(
        within timeout: Duration? = nil, isCancelled: @Sendable () -> Bool = { false }
    ) throws -> Exit {
        let limit = timeout.map { ContinuousClock.now + $0 }
        var pause = 1
        while true {
            if let status = try reap() { return Exit(status: status, error: words(try errorReader.join())) }
            if let limit, ContinuousClock.now >= limit {
                _ = end()
                throw OperationError(
                    .failed,
                    "\(words.joined(separator: " ").prefix(80)) took longer than \(timeout?.text ?? "")")
            }
            if isCancelled() {
                _ = end()
                throw OperationError(.cancelled, "\(words[0]) was stopped")
            }
            poll(nil, 0, Int32(pause))
            pause = min(pause * 2, 50)
        }
    }

    /// Asks the child with everything in its group to end, from any thread; nobody waits.
    nonisolated func interrupt() {
        kill(-process, SIGTERM)
    }

    /// Ends the child with everything in its group and waits for it.
    func end() -> Int {
        kill(-process, SIGTERM)
        for _ in 0..<100 {
            if let status = try? reap() { return status }
            poll(nil, 0, 20)
        }
        kill(-process, SIGKILL)
        while true {
            if let status = (try? reap()) ?? nil { return status }
            if errno == ECHILD { return 0 }
            poll(nil, 0, 5)
        }
    }

    private func reap() throws -> Int? {
        if let ended { return ended }
        var status: Int32 = 0
        let found = waitpid(process, &status, WNOHANG)
        if found < 0, errno != EINTR {
            throw OperationError(.failed, "cannot wait for \(words[0]): \(PrivateFile.reason())")
        }
        guard found == process else { return nil }
        let signal = status & 0x7f
        let result = signal == 0 ? Int(status >> 8) & 0xff : 128 + Int(signal)
        ended = result
        errors.leave()
        notes?.leave()
        return result
    }

    private func words(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
