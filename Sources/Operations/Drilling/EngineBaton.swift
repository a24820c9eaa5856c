// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation

/// Lets one thread at a time into a drill's engine.
///
/// Each step under way has a thread of its own. Whoever waits for the world outside - a host, a person, a
/// disk - gives the baton away meanwhile, so what the engine knows is only ever touched by one thread, and
/// steps run side by side although nothing in the engine does (Decisions/0091).
final class EngineBaton: @unchecked Sendable {
    // Unchecked: the condition is the lock itself.
    private let condition = NSCondition()

    /// Runs a body as the only one in the engine.
    func hold<Value>(_ body: () throws -> Value) rethrows -> Value {
        condition.lock()
        defer { condition.unlock() }
        return try body()
    }

    /// Lets others in while a body waits; only for a thread that holds the baton.
    func outside<Value>(_ body: () throws -> Value) rethrows -> Value {
        condition.unlock()
        defer { condition.lock() }
        return try body()
    }

    /// Lets others in until one of them says that something has changed, or the time is over.
    func wait(atMost length: Duration) {
        _ = condition.wait(until: Date(timeIntervalSinceNow: length.inSeconds))
    }

    /// Wakes whoever waits.
    func sayChanged() {
        condition.broadcast()
    }
}

/// The shells at one host, as many as there are threads that use it at the same moment.
///
/// Every session is proven to lead to the right machine before anything runs over it. Only to be used by a
/// thread that holds the baton, which is away while a script runs.
final class SharedShell: HostShell {
    let host: String
    private let baton: EngineBaton
    private let open: () throws -> any HostShell
    private var idle: [any HostShell] = []

    /// `open`: opens a shell and proves it; called without the baton.
    init(host: String, baton: EngineBaton, open: @escaping () throws -> any HostShell) {
        self.host = host
        self.baton = baton
        self.open = open
    }

    func run(_ script: String, _ arguments: [String], input: [UInt8]) throws -> ShellResult {
        try lend { try $0.run(script, arguments, input: input) }
    }

    /// Lends a shell for a longer piece of work, which is done without the baton.
    func lend<Value>(_ body: (any HostShell) throws -> Value) throws -> Value {
        let shell = try idle.popLast() ?? baton.outside(open)
        // A shell that has lost its connection opens another when it is used again.
        defer { idle.append(shell) }
        return try baton.outside { try body(shell) }
    }
}
