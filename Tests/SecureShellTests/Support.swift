// SPDX-License-Identifier: Apache-2.0
import Foundation
import SecureShell
import TestSupport
import Testing

extension Tag {
    /// Talks to a real sshd on loopback.
    @Tag static var integration: Self
}

extension Trait where Self == ConditionTrait {
    /// Skips where no sshd is installed.
    static var needsServer: Self {
        .enabled(if: SSHServer.isInstalled, "there is no \(SSHServer.program)")
    }
}

extension SSHServer {
    /// How to reach this server; each part can be replaced to make it wrong.
    func endpoint(port: Int? = nil, key: String? = nil, pin: String? = nil) throws -> Endpoint {
        Endpoint(
            host: host, port: port ?? self.port, user: user, identity: .file(key ?? keyPath),
            hostKey: try HostKeyPin(parsing: pin ?? hostKey))
    }

    func session(port: Int? = nil, idle: Duration = .seconds(60)) throws -> Session {
        try Session(connecting: endpoint(port: port), deadline: .seconds(30), idle: idle)
    }
}

extension Trait where Self == TimeLimitTrait {
    /// Stops what hangs.
    ///
    /// These tests block their threads, and a test's clock runs while it waits for one.
    static var mayQueue: Self { .timeLimit(.minutes(40)) }
}

/// The error of a call that must fail.
func failure(of body: () throws -> Void) throws -> RemoteError {
    try #require(throws: RemoteError.self, performing: body)
}

/// The process that `ssh-agent -s` has named.
func agentProcess(_ output: [UInt8]) throws -> pid_t {
    let words = String(decoding: output, as: UTF8.self).split { ";= \n".contains($0) }
    let position = try #require(words.firstIndex(of: "SSH_AGENT_PID"))
    return try #require(words.dropFirst(position + 1).first.flatMap { pid_t($0) })
}

/// Bytes that no compression or accident makes equal.
func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
    return [UInt8](unsafeUninitializedCapacity: count + 8) { buffer, filled in
        let bytes = UnsafeMutableRawBufferPointer(buffer)
        for place in stride(from: 0, to: count, by: 8) {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            bytes.storeBytes(of: state, toByteOffset: place, as: UInt64.self)
        }
        filled = count
    }
}
