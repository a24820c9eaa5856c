// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Foundation

/// The hand on a running drill: stops it from a signal handler's thread or from anywhere else.
package final class DrillControl: @unchecked Sendable {
    // Unchecked: everything mutable is only touched while `condition` is held.
    private let condition = NSCondition()
    private var stop: DrillFact.Stop?
    private var hasPassedPivot = false

    package init() {}

    /// Asks the drill to begin nothing new and to undo what it did; the first reason counts.
    package func abort(_ text: String) {
        stop(DrillFact.Stop(cause: .aborted, text: text))
    }

    func stop(_ reason: DrillFact.Stop) {
        condition.withLock {
            if stop == nil { stop = reason }
            condition.broadcast()
        }
    }

    /// Why the drill was asked to stop; `nil` while it was not.
    package var stopReason: DrillFact.Stop? {
        condition.withLock { stop }
    }

    /// Takes note of the reason, so that the way back may go on; another one stops that, too.
    func acknowledge() {
        condition.withLock { stop = nil }
    }

    /// Says that the point of no return lies behind.
    func passPivot() {
        condition.withLock { hasPassedPivot = true }
    }

    var isBeforePivot: Bool {
        condition.withLock { !hasPassedPivot }
    }

    /// Waits, but not beyond a stop.
    func pause(_ length: Duration) {
        let end = Date(timeIntervalSinceNow: length.inSeconds)
        condition.withLock {
            while stop == nil, condition.wait(until: end) {}
        }
    }

    /// Waits also when the drill was stopped: for what must still be undone.
    static func pauseAnyway(_ length: Duration) {
        Thread.sleep(forTimeInterval: length.inSeconds)
    }
}
