// SPDX-License-Identifier: Apache-2.0

/// Single requests of the file transfer protocol, word by word, for those that libssh2 does not know.
///
/// Slow and without a pipeline: it is there to ask what a server allows, and what it offers.
package final class FileRequests {
    /// What the server said to one request.
    package enum Answer: Hashable, Sendable {
        case done
        /// It said no: not permitted, or a request that it does not know.
        case refused(String)
        /// It failed for another reason, which shows that the request as such is allowed.
        case failed(String)
    }

    /// The server's extensions with their versions, such as `fsync@openssh.com`.
    package let extensions: [String: String]
    private let channel: Channel
    private var number = 0
    private static let operation = "ask about file transfer"

    package init(_ session: Session) throws(RemoteError) {
        channel = try Channel(session, operation: Self.operation)
        try channel.begin(subsystem: "sftp", operation: Self.operation)
        // INIT, version 3; the answer is VERSION with pairs of texts.
        try Self.send(channel, [1] + wire(3))
        var answer = try Self.receive(channel)
        guard answer.byte() == 2, answer.number() != nil else { throw Self.garbled(channel) }
        var found: [String: String] = [:]
        while let name = answer.text(), let version = answer.text() { found[name] = version }
        extensions = found
    }

    package func setMode(_ path: String, _ mode: Int) throws(RemoteError) -> Answer {
        // SETSTAT with permissions only.
        try ask(9, wire(path) + wire(4) + wire(mode))
    }

    /// Sets the mode through a handle that was opened for reading.
    package func setModeOfOpenFile(_ path: String, _ mode: Int) throws(RemoteError) -> Answer {
        number += 1
        try Self.send(channel, [3] + wire(number) + wire(path) + wire(1) + wire(0))
        var answer = try Self.receive(channel)
        guard answer.byte() == 102, answer.number() != nil, let handle = answer.bytes() else {
            return .failed("the file could not be opened for reading")
        }
        let result = try ask(10, wire(handle.count) + handle + wire(4) + wire(mode))
        _ = try ask(4, wire(handle.count) + handle)
        return result
    }

    package func makeLink(_ path: String, to target: String) throws(RemoteError) -> Answer {
        // OpenSSH takes the two names in the other order than the protocol says.
        try ask(20, wire(target) + wire(path))
    }

    package func removeFolder(_ path: String) throws(RemoteError) -> Answer {
        try ask(15, wire(path))
    }

    /// `posix-rename@openssh.com`: replaces what has the new name.
    package func replace(_ path: String, to new: String) throws(RemoteError) -> Answer {
        try extended("posix-rename@openssh.com", wire(path) + wire(new))
    }

    package func makeHardLink(_ path: String, to existing: String) throws(RemoteError) -> Answer {
        try extended("hardlink@openssh.com", wire(existing) + wire(path))
    }

    /// `lsetstat@openssh.com`: sets the mode without following a link.
    package func setModeOfName(_ path: String, _ mode: Int) throws(RemoteError) -> Answer {
        try extended("lsetstat@openssh.com", wire(path) + wire(4) + wire(mode))
    }

    private func extended(_ name: String, _ payload: [UInt8]) throws(RemoteError) -> Answer {
        try ask(200, wire(name) + payload)
    }

    private func ask(_ type: UInt8, _ payload: [UInt8]) throws(RemoteError) -> Answer {
        number += 1
        try Self.send(channel, [type] + wire(number) + payload)
        var answer = try Self.receive(channel)
        guard answer.byte() == 101, answer.number() == number, let status = answer.number() else {
            throw Self.garbled(channel)
        }
        let words = answer.text() ?? "status \(status)"
        switch status {
        case 0: return .done
        case 3, 8: return .refused(words)
        default: return .failed(words)
        }
    }

    // MARK: - Packets

    private static func garbled(_ channel: Channel) -> RemoteError {
        channel.session.ended(.protocolFailure, operation, "the server answered something else")
    }

    private static func send(_ channel: Channel, _ body: [UInt8]) throws(RemoteError) {
        let buffer = Buffer(wire(body.count) + body)
        channel.session.lastHeard = .now
        while !buffer.isEmpty {
            if let count = unsafe try channel.send(buffer.bytes, operation) {
                buffer.drop(count)
            } else {
                try channel.session.wait(operation, keepingAlive: false)
            }
        }
    }

    private static func receive(_ channel: Channel) throws(RemoteError) -> Packet {
        var bytes: [UInt8] = []
        channel.session.lastHeard = .now
        while true {
            if let more = try channel.take(.output, operation) { bytes += more }
            if bytes.count >= 4 {
                let length = bytes[..<4].reduce(0) { $0 << 8 | Int($1) }
                // A quarter of a megabyte is the largest packet of OpenSSH's server.
                guard length <= 256 << 10 else { throw garbled(channel) }
                if bytes.count >= 4 + length { return Packet(rest: bytes[4..<4 + length]) }
            }
            guard !channel.hasEnded else {
                throw RemoteError(
                    .refused, operation: operation, host: channel.session.endpoint.label,
                    detail: "the account has no file transfer")
            }
            try channel.session.wait(operation, keepingAlive: false)
        }
    }

    /// One answer, read from its beginning.
    private struct Packet {
        var rest: ArraySlice<UInt8>

        mutating func byte() -> UInt8? { rest.popFirst() }

        mutating func number() -> Int? {
            guard rest.count >= 4 else { return nil }
            let value = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            return value
        }

        mutating func bytes() -> [UInt8]? {
            guard let length = number(), rest.count >= length else { return nil }
            let bytes = rest.prefix(length)
            rest = rest.dropFirst(length)
            return Array(bytes)
        }

        mutating func text() -> String? {
            bytes().map { String(decoding: $0, as: UTF8.self) }
        }
    }
}
