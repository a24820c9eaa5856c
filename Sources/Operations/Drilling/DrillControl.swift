// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation

/// The hand on a running drill: stops it from a signal handler's thread or from anywhere else.
package final class DrillControl: @unchecked Sendable {
    // Unchecked: `reason` is only touched while `condition` is held.
    private let condition = NSCondition()
    private var reason: String?

    package init() {}

    /// Asks the drill to begin nothing new and to undo what it did; the first reason counts.
    package func abort(_ text: String) {
        condition.withLock {
            if reason == nil { reason = text }
            condition.broadcast()
        }
    }

    /// Why the drill was asked to stop; `nil` while it was not.
    package var abortReason: String? {
        condition.withLock { reason }
    }

    /// Waits, but not beyond an abort.
    func pause(_ length: Duration) {
        let end = Date(timeIntervalSinceNow: length.inSeconds)
        condition.withLock {
            while reason == nil, condition.wait(until: end) {}
        }
    }

    /// Waits also when the drill was aborted: for what must still be undone.
    static func pauseAnyway(_ length: Duration) {
        Thread.sleep(forTimeInterval: length.inSeconds)
    }
}
