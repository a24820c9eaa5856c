// SPDX-License-Identifier: Apache-2.0

/// One program on another host whose three streams the caller holds.
///
/// There is no terminal. The server's login shell runs the command line. While one side is
/// served the other is not forgotten: what the program prints during ``write(_:)`` is kept.
package final class RemoteCommand {
    /// Enough for what a program says while it is fed; a program that prints more must be read.
    private static let keptOutputLimit = 16 << 20
    private static let keptErrorLimit = 64 << 10

    private let channel: Channel
    private let operation: String
    private var kept: [UInt8] = []
    private var keptStart = 0
    /// The first 64 KiB of standard error, as far as they have arrived.
    package private(set) var errorOutput: [UInt8] = []

    init(_ session: Session, _ command: String) throws(RemoteError) {
        operation = "run '\(command.prefix(60))\(command.count > 60 ? "…" : "")'"
        channel = try Channel(session, operation: operation)
        try channel.exec(command, operation: operation)
    }

    /// Gives all these bytes to the program's standard input.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(RemoteError) {
        var rest = unsafe bytes
        channel.session.lastHeard = .now
        while rest.count > 0 {
            let count = unsafe try channel.send(rest, operation)
            if let count { unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...]) }
            let hasArrived = try keepArrivals()
            guard count == nil, !hasArrived else { continue }
            guard !channel.hasEnded else {
                throw RemoteError(
                    .remoteFailure, operation: operation, host: channel.session.endpoint.label,
                    detail: "the program ended before it had read everything")
            }
            if channel.hasRoom { continue }
            try channel.session.wait(operation, keepingAlive: true)
        }
    }

    /// Ends the program's standard input.
    package func closeInput() throws(RemoteError) {
        try channel.endInput(operation)
    }

    /// Reads standard output; waits for at least one byte, returns 0 at the end.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(RemoteError) -> Int {
        if keptStart < kept.count {
            let count = min(buffer.count, kept.count - keptStart)
            unsafe buffer.copyBytes(from: kept[keptStart..<keptStart + count])
            keptStart += count
            if keptStart == kept.count { (kept, keptStart) = ([], 0) }
            return count
        }
        channel.session.lastHeard = .now
        while true {
            if let count = unsafe try channel.receive(.output, into: buffer, operation) { return count }
            if try keepErrors() || channel.hasOutput { continue }
            if channel.hasEnded { return 0 }
            try channel.session.wait(operation, keepingAlive: true)
        }
    }

    /// Ends the input, skips what was not read, and waits for the program's end.
    package func finish() throws(RemoteError) -> ExitStatus {
        try closeInput()
        let scratch = Buffer(capacity: 64 << 10)
        while unsafe try read(into: scratch.space) > 0 {}
        return try channel.exitStatus(operation)
    }

    private func keepArrivals() throws(RemoteError) -> Bool {
        var hasArrived = try keepErrors()
        while let bytes = try take(.output) {
            kept += bytes
            hasArrived = true
            guard kept.count - keptStart <= Self.keptOutputLimit else {
                throw channel.session.ended(
                    .outputTooLarge(limit: Self.keptOutputLimit), operation,
                    "the program prints more than is read")
            }
        }
        return hasArrived
    }

    private func keepErrors() throws(RemoteError) -> Bool {
        var hasArrived = false
        while let bytes = try take(.errors) {
            errorOutput += bytes.prefix(Self.keptErrorLimit - errorOutput.count)
            hasArrived = true
        }
        return hasArrived
    }

    private func take(_ stream: Channel.Stream) throws(RemoteError) -> [UInt8]? {
        try channel.take(stream, operation)
    }
}

extension Channel {
    /// Takes up to 32 KiB of what has arrived; `nil` if nothing has.
    func take(_ stream: Stream, _ operation: String) throws(RemoteError) -> [UInt8]? {
        unsafe try withUnsafeTemporaryAllocation(byteCount: 32 << 10, alignment: 16) {
            buffer throws(RemoteError) -> [UInt8]? in
            guard let count = unsafe try receive(stream, into: buffer, operation) else { return nil }
            return unsafe [UInt8](UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
