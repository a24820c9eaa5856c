// SPDX-License-Identifier: Apache-2.0
import Dispatch
import FlyingFox
import FlyingSocks
import Foundation

/// The same things as in the terminal, in a browser: status, drills, the board on the wall, the report.
///
/// It reads, and writes nothing but requests to a running drill, and those only where it was told that it may. Pages
/// carry no script of others and load nothing from elsewhere.
package final class Dashboard: Sendable {
    package struct Settings: Hashable, Sendable {
        /// An IPv4 address of this machine.
        package var address: String
        /// 0 for any that is free.
        package var port: UInt16
        /// Whether answers, notes and holds are taken.
        package var takesRequests: Bool

        package init(address: String = "127.0.0.1", port: UInt16 = 8470, takesRequests: Bool = false) {
            self.address = address
            self.port = port
            self.takesRequests = takesRequests
        }
    }

    private let server: HTTPServer
    private let running: Task<Void, any Error>
    /// Where it listens.
    package let address: String
    package let port: UInt16

    /// The address to open once in a browser, with the token in it.
    package let entry: String

    /// Begins to listen and to serve.
    ///
    /// - Throws: `DashboardError.cannotListen` when the address is in use or not one of this machine.
    package init(_ settings: Settings, token: AccessToken, desk: any DashboardDesk) async throws {
        let socket: any SocketAddress
        do {
            socket = try sockaddr_in.inet(ip4: settings.address, port: settings.port)
        } catch {
            throw DashboardError.cannotListen("'\(settings.address)' is not an IPv4 address")
        }
        let handler = DashboardHandler(desk: desk, token: token, settings: settings)
        let server = HTTPServer(
            config: .init(address: socket, timeout: 30, logger: DisabledLogger()), handler: handler)
        let running = Task { try await server.run() }
        do {
            try await server.waitUntilListening(timeout: 10)
        } catch {
            running.cancel()
            let reason = await Result { try await running.value }
            throw DashboardError.cannotListen(
                "cannot listen at \(settings.address):\(settings.port): \(Self.reason(reason, error))")
        }
        guard case .ip4(let address, let port) = await server.listeningAddress else {
            throw DashboardError.cannotListen("cannot listen at \(settings.address):\(settings.port)")
        }
        self.server = server
        self.running = running
        self.address = address
        self.port = port
        entry = "http://\(address):\(port)/?token=\(token.text)"
    }

    private static func reason(_ result: Result<Void, any Error>, _ other: any Error) -> String {
        guard case .failure(let error) = result, !(error is CancellationError) else { return "\(other)" }
        if case .failed(_, _, let message) = error as? SocketError { return message }
        return "\(error)"
    }

    /// Ends: no new connections, and those that are open are closed.
    package func stop() async {
        await server.stop(timeout: 0)
        running.cancel()
        _ = await running.result
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

private struct DisabledLogger: Logging {
    func logDebug(_ debug: @autoclosure () -> String) {}
    func logInfo(_ info: @autoclosure () -> String) {}
    func logWarning(_ warning: @autoclosure () -> String) {}
    func logError(_ error: @autoclosure () -> String) {}
    func logCritical(_ critical: @autoclosure () -> String) {}
}

/// A thread for calls that block; Swift's own pool must never wait for a disk.
struct BlockingQueue: Sendable {
    private let queue = DispatchQueue(label: "lifeboat.dashboard")

    func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }
}
