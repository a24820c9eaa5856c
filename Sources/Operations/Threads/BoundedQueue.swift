// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A first-in first-out queue between two threads, bounded by the weight of what waits in it.
///
/// A full queue makes its writer wait: this is how a slow store holds back the reading of the source.
final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
    // Unchecked: all state is only touched while `condition` is held.
    private let condition = NSCondition()
    private let limit: Int
    private var waiting: [(element: Element, weight: Int)] = []
    private var first = 0
    private var weight = 0
    private var isClosed = false
    private var failure: (any Error)?

    /// - Parameter limit: the weight at which writers begin to wait; one element is always let in.
    init(limit: Int) {
        self.limit = limit
    }

    /// Adds an element, waiting for room.
    ///
    /// - Throws: the error with which the reader gave up.
    func put(_ element: Element, weight added: Int) throws {
        condition.lock()
        defer { condition.unlock() }
        while failure == nil, weight > 0, weight + added > limit { condition.wait() }
        if let failure { throw failure }
        waiting.append((element, added))
        weight += added
        condition.broadcast()
    }

    /// Says that nothing more will come.
    func close() {
        condition.lock()
        isClosed = true
        condition.broadcast()
        condition.unlock()
    }

    /// Takes the next element, waiting for one; `nil` when the queue was closed and is empty.
    ///
    /// - Throws: the error with which the other side gave up.
    func take() throws -> Element? {
        condition.lock()
        defer { condition.unlock() }
        while failure == nil, first == waiting.count, !isClosed { condition.wait() }
        if let failure { throw failure }
        guard first < waiting.count else { return nil }
        let (element, taken) = waiting[first]
        first += 1
        weight -= taken
        if first > 64 {
            waiting.removeFirst(first)
            first = 0
        }
        condition.broadcast()
        return element
    }

    /// Gives up from either side: whatever waits is dropped and both sides get the error.
    func fail(_ error: any Error) {
        condition.lock()
        if failure == nil { failure = error }
        waiting.removeAll()
        first = 0
        weight = 0
        condition.broadcast()
        condition.unlock()
    }
}
