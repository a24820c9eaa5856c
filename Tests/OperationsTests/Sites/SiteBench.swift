// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Operations
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

    /// Skips where only root could set the scene.
    static var needsRoot: Self {
        .enabled(if: geteuid() == 0, "only root can mount or switch accounts")
    }
}

extension Trait where Self == TimeLimitTrait {
    /// Stops what hangs; these tests block their threads and wait for one.
    static var mayQueue: Self { .timeLimit(.minutes(40)) }
}

/// One host of a test's plan, and the store on it.
struct BenchSite {
    var id: String
    var server: SSHServer
    var path: String
    /// The proxy's port, when the way is to be bad.
    var port: Int?
    var key: String?
    var pin: String?
    var jump: String?
    var isAppendOnly = false
    var proof: String?
    var bandwidth: String?

    init(_ id: String, _ server: SSHServer, path: String? = nil, port: Int? = nil) {
        self.id = id
        self.server = server
        self.path = path ?? server.files + "/store"
        self.port = port
    }

    var hostLine: String {
        var ssh = "host: \(server.host), port: \(port ?? server.port), user: \(server.user)"
        ssh += ", identity: \(key ?? server.keyPath)"
        if let jump { ssh += ", jump: \(jump)" }
        let line = pin == "" ? "" : ", host_key: \"\(pin ?? server.hostKey)\""
        return "  \(id): {site: here, ssh: {\(ssh)}\(line)}\n"
    }

    var storeLine: String {
        var line = "host: \(id), path: \(path)"
        if isAppendOnly { line += ", append_only: true" }
        if let proof { line += ", proof: \(proof)" }
        if let bandwidth { line += ", bandwidth: \(bandwidth)" }
        return "  \(id): {\(line)}\n"
    }
}

/// A connector by a plan of these hosts, each with a store of its own name.
func connector(
    _ sites: [BenchSite], workspace: String = "/nowhere", patience: Duration = .seconds(20),
    idle: Duration = .seconds(60)
) throws -> SiteConnector {
    let text =
        "lifeboat: 1\nworkspace: bench\nsites: {here: {name: Here}}\nhosts:\n"
        + sites.map(\.hostLine).joined() + "stores:\n" + sites.map(\.storeLine).joined()
        + "datasets: {}\nservices: {}\n"
    let (plan, problems) = Plan.decode(try DocumentLoader.parse(text, file: "plan.yaml"))
    guard let plan else { throw OperationError(.badInput, "\(problems)") }
    return SiteConnector(
        plan: plan, workspace: Workspace(root: workspace), patience: patience, idle: idle)
}

/// The error of a call that must fail at the host.
func remoteFailure(of body: () throws -> Void) throws -> RemoteError {
    try #require(throws: RemoteError.self, performing: body)
}

/// The error of a call that must fail here.
func operationFailure(of body: () throws -> Void) throws -> OperationError {
    try #require(throws: OperationError.self, performing: body)
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
