// SPDX-License-Identifier: Apache-2.0

/// Running programs on the other host, without a terminal.
extension Session {
    /// Begins a command and hands its streams to the caller.
    package func begin(_ command: String) throws(RemoteError) -> RemoteCommand {
        try RemoteCommand(self, command)
    }

    /// Runs a command and passes its streams through closures.
    ///
    /// `input` fills the buffer and returns how much, 0 at the end; without it the input is
    /// empty. Output that nobody asked for is dropped. An error of a closure closes the channel and
    /// is thrown as it is; everything else is a ``RemoteError``. `deadline` limits the
    /// whole command, and passing it ends the session; without it a program may run for
    /// hours, as long as the server answers.
    package func run(
        _ command: String,
        deadline: Duration? = nil,
        input: ((UnsafeMutableRawBufferPointer) throws -> Int)? = nil,
        onOutput: ((UnsafeRawBufferPointer) throws -> Void)? = nil,
        onError: ((UnsafeRawBufferPointer) throws -> Void)? = nil
    ) throws -> ExitStatus {
        self.deadline = deadline.map(Deadline.init(in:))
        defer { self.deadline = nil }
        let operation = "run '\(command.prefix(60))\(command.count > 60 ? "…" : "")'"
        let channel = try Channel(self, operation: operation)
        try channel.exec(command, operation: operation)
        var feed = unsafe Feed(channel: channel, operation: operation, source: input)
        let buffer = Buffer(capacity: 256 << 10)
        lastHeard = .now
        while true {
            var hasMoved = try feed.step()
            for stream in [Channel.Stream.output, .errors] {
                guard let count = unsafe try channel.receive(stream, into: buffer.space, operation) else {
                    continue
                }
                hasMoved = true
                buffer.fill(count)
                unsafe try (stream == .output ? onOutput : onError)?(buffer.bytes)
            }
            if hasMoved {
                // Whoever takes the bytes may be slow; that is no silence of the other side.
                lastHeard = .now
                continue
            }
            if channel.hasEnded { break }
            if channel.hasOutput || feed.canGoOn { continue }
            try wait(operation, keepingAlive: true)
        }
        return try channel.exitStatus(operation)
    }

    /// Runs a command to its end and keeps what it printed, up to `limit` bytes of each stream.
    package func capture(
        _ command: String, input: [UInt8] = [], limit: Int = 16 << 20, deadline: Duration? = nil
    ) throws(RemoteError) -> Captured {
        var output: [UInt8] = []
        var errors: [UInt8] = []
        var rest = input[...]
        func keep(_ bytes: UnsafeRawBufferPointer, in kept: inout [UInt8]) throws(RemoteError) {
            guard kept.count + bytes.count <= limit else {
                throw RemoteError(
                    .outputTooLarge(limit: limit), operation: "run '\(command.prefix(60))'",
                    host: endpoint.label, detail: "it printed more than \(limit) bytes")
            }
            unsafe kept.append(contentsOf: bytes)
        }
        do {
            let status = unsafe try run(
                command, deadline: deadline,
                input: { buffer in
                    let count = min(buffer.count, rest.count)
                    unsafe buffer.copyBytes(from: rest.prefix(count))
                    rest = rest.dropFirst(count)
                    return count
                },
                onOutput: { unsafe try keep($0, in: &output) },
                onError: { unsafe try keep($0, in: &errors) })
            return Captured(status: status, output: output, error: errors)
        } catch let error as RemoteError {
            throw error
        } catch {
            throw ended(.protocolFailure, "run '\(command.prefix(60))'", "\(error)")
        }
    }
}

/// The way of a closure's bytes into a program.
@safe private struct Feed {
    private let channel: Channel
    private let operation: String
    private let source: ((UnsafeMutableRawBufferPointer) throws -> Int)?
    private let buffer = Buffer(capacity: 256 << 10)
    private var hasEnded = false

    init(
        channel: Channel, operation: String, source: ((UnsafeMutableRawBufferPointer) throws -> Int)?
    ) {
        self.channel = channel
        self.operation = operation
        unsafe self.source = unsafe source
    }

    /// Whether more of what it holds would be taken now.
    var canGoOn: Bool { !hasEnded && !buffer.isEmpty && channel.hasRoom }

    /// Moves what can be moved now; returns whether anything was.
    mutating func step() throws -> Bool {
        // A program that has ended reads no more; its status says whether that was wrong.
        guard !hasEnded, !channel.hasEnded else { return false }
        if buffer.isEmpty {
            let count = unsafe try source?(buffer.space) ?? 0
            guard count > 0 else {
                hasEnded = true
                try channel.endInput(operation)
                return true
            }
            buffer.fill(count)
        }
        var hasMoved = false
        while !buffer.isEmpty, let count = unsafe try channel.send(buffer.bytes, operation) {
            buffer.drop(count)
            hasMoved = true
        }
        return hasMoved
    }
}
