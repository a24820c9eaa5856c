// SPDX-License-Identifier: Apache-2.0

/// File requests that do not wait for one another's answers.
///
/// libssh2 sends a request and waits; five small files would cost twenty-five round trips. Here all that
/// do not need each other's answers leave together. The server works them off in the order in which they come
/// (OpenSSH's does, and the protocol asks for it within one file), so writes, sync and close may be sent at once.
///
/// On a channel of its own, beside a ``FileTransfer``; used by one thread at a time, like its session.
package final class FilePipeline {
    /// The server's extensions with their versions, such as `fsync@openssh.com`; empty before its first answer.
    package private(set) var extensions: [String: String] = [:]
    /// How long the server took for the last small question.
    package internal(set) var roundTrip: Duration?

    private let channel: Channel
    private var lastNumber = 0
    /// What has arrived, and how much of it has been looked at.
    private var arrived: [UInt8] = []
    private var consumed = 0
    /// Answers that nobody has asked for yet.
    private var answers: [Int: FileAnswer] = [:]
    /// Requests whose answers nobody wants.
    private var unwanted: Set<Int> = []

    private static let operation = "transfer files"
    /// A quarter of a megabyte is the largest packet of OpenSSH's server.
    private static let packetLimit = 256 << 10

    var hostLabel: String { channel.session.endpoint.label }

    /// Begins file transfer; the server's greeting is waited for together with the first answer.
    package init(_ session: Session) throws(RemoteError) {
        channel = try Channel(session, operation: Self.operation)
        try channel.begin(subsystem: "sftp", operation: Self.operation)
        // INIT, version 3.
        let greeting = Buffer(wire(5) + [1] + wire(3))
        unsafe try send(greeting.bytes)
        withExtendedLifetime(greeting) {}
    }

    /// Waits for the server's greeting.
    func greet() throws(RemoteError) {
        if extensions.isEmpty { _ = try answer(to: 0) }
    }

    /// How many bytes of content go into one request: what every server takes, and with OpenSSH since 8.5 (which names
    /// its limits) eight times as many, each of which costs an answer.
    var chunk: Int { extensions["limits@openssh.com"] == nil ? 32_000 : 252 << 10 }

    /// Sends a request and returns its number.
    func ask(_ type: UInt8, _ payload: [UInt8]) throws(RemoteError) -> Int {
        unsafe try ask(type, payload, bytes: UnsafeRawBufferPointer(start: nil, count: 0))
    }

    /// Sends a request with content behind it, and returns its number.
    func ask(
        _ type: UInt8, _ payload: [UInt8], bytes: UnsafeRawBufferPointer
    ) throws(RemoteError) -> Int {
        lastNumber += 1
        let head = Buffer(wire(5 + payload.count + bytes.count) + [type] + wire(lastNumber) + payload)
        unsafe try send(head.bytes)
        withExtendedLifetime(head) {}
        unsafe try send(bytes)
        return lastNumber
    }

    /// Whether the answer to a request has come; looks no further than what has arrived here.
    func hasAnswer(to number: Int) -> Bool { answers[number] != nil }

    /// Drops the answer to a request when it comes.
    func forget(_ number: Int) {
        unwanted.insert(number)
    }

    /// Waits for the answer to a request.
    func answer(to number: Int) throws(RemoteError) -> FileAnswer {
        channel.session.lastHeard = .now
        while true {
            if let answer = answers.removeValue(forKey: number) { return answer }
            if try receive() { continue }
            guard !channel.hasEnded else { throw ended() }
            try channel.session.wait(Self.operation, keepingAlive: false)
        }
    }

    private func ended() -> RemoteError {
        guard extensions.isEmpty else {
            return channel.session.ended(
                .connectionLost, Self.operation, "the server's file service has ended")
        }
        return RemoteError(
            .refused, operation: Self.operation, host: hostLabel, detail: "the account has no file transfer")
    }

    /// Sends everything; what arrives meanwhile is kept, since a server that cannot answer stops reading.
    private func send(_ bytes: UnsafeRawBufferPointer) throws(RemoteError) {
        var rest = unsafe bytes
        channel.session.lastHeard = .now
        while rest.count > 0 {
            if let count = unsafe try channel.send(rest, Self.operation) {
                unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            } else if try !receive() {
                guard !channel.hasEnded else { throw ended() }
                if channel.hasRoom { continue }
                try channel.session.wait(Self.operation, keepingAlive: false)
            }
        }
    }

    /// Takes what has arrived, and says whether anything had.
    private func receive() throws(RemoteError) -> Bool {
        var hasArrived = false
        // What a server writes to its standard error says nothing about a request, and must not fill the window.
        // The answers come last: whatever the calls before them took in is then found.
        while try channel.take(.errors, Self.operation) != nil { hasArrived = true }
        while let more = try channel.take(.output, Self.operation) {
            arrived += more
            hasArrived = true
            while let answer = try nextArrival() {
                if unwanted.remove(answer.number) == nil { answers[answer.number] = answer }
            }
        }
        return hasArrived
    }

    private func nextArrival() throws(RemoteError) -> FileAnswer? {
        let waiting = arrived[consumed...]
        guard waiting.count >= 4 else { return nil }
        let length = waiting.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard length <= Self.packetLimit else { throw garbled() }
        guard waiting.count >= 4 + length else { return nil }
        let packet = Array(waiting.dropFirst(4).prefix(length))
        consumed += 4 + length
        if consumed == arrived.count || consumed > 1 << 20 {
            arrived.removeFirst(consumed)
            consumed = 0
        }
        guard let answer = FileAnswer(packet[...]) else { throw garbled() }
        if answer.kind == .version { readExtensions(answer) }
        return answer
    }

    private func readExtensions(_ answer: FileAnswer) {
        var answer = answer
        // The protocol's own version stands for a server without extensions.
        extensions = ["version": "3"]
        while let name = answer.takeText(), let version = answer.takeText() { extensions[name] = version }
    }

    func garbled() -> RemoteError {
        channel.session.ended(.protocolFailure, Self.operation, "the server answered something else")
    }
}
