// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// A thread of its own that does one piece of blocking work, and its result.
///
/// C libraries that wait on the network must not do so on Swift's cooperative pool, so whatever talks to a
/// site runs here. The work begins at once.
package final class Worker<Value: Sendable>: Sendable {
    private let box = ResultBox<Value>()

    /// `name`: shown by debuggers and `top -H`.
    package init(_ name: String, _ work: @escaping @Sendable () throws -> Value) {
        let box = box
        let thread = Thread { box.fill(Result(catching: work)) }
        thread.name = name
        // libarchive and libssh2 keep large buffers on the stack; 8 MiB is what a main thread has.
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Waits for the end of the work.
    package func join() throws -> Value {
        try box.wait().get()
    }
}

/// Runs the work for every element at once, each on its own thread, and gives the results in order.
func inParallel<Element: Sendable, Value: Sendable>(
    _ elements: [Element], _ name: String, _ work: @escaping @Sendable (Element) throws -> Value
) -> [Result<Value, any Error>] {
    elements.map { element in Worker(name) { try work(element) } }
        .map { worker in Result { try worker.join() } }
}

/// Runs the work for every element on a few threads, in the order of the elements, and gives the results in order.
///
/// After an error no further element is begun; the first error in the order of the elements is thrown once all
/// threads have ended.
func inTurns<Element: Sendable, Value: Sendable>(
    _ elements: [Element], width: Int, _ name: String,
    _ work: @escaping @Sendable (Element) throws -> Value
) throws -> [Value] {
    let state = Mutex((next: 0, results: [Int: Result<Value, any Error>]()))
    _ = inParallel(Array(0..<min(width, elements.count)), name) { _ in
        while true {
            let place = state.withLock { state -> Int? in
                let hasFailed = state.results.values.contains {
                    if case .failure = $0 { true } else { false }
                }
                guard state.next < elements.count, !hasFailed else { return nil }
                defer { state.next += 1 }
                return state.next
            }
            guard let place else { return }
            let result = Result { try work(elements[place]) }
            state.withLock { $0.results[place] = result }
        }
    }
    let results = state.withLock { $0.results }
    return try results.sorted { $0.key < $1.key }.map { try $0.value.get() }
}

/// One result that is filled once and read by any number of waiters.
private final class ResultBox<Value: Sendable>: @unchecked Sendable {
    // Unchecked: `result` is only touched while `condition` is held.
    private let condition = NSCondition()
    private var result: Result<Value, any Error>?

    func fill(_ value: Result<Value, any Error>) {
        condition.lock()
        result = value
        condition.broadcast()
        condition.unlock()
    }

    func wait() -> Result<Value, any Error> {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let result { return result }
            condition.wait()
        }
    }
}
