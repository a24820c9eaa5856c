// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Holds several threads together to so many bytes a second.
///
/// A tenth of a second's worth may go at once, so that a rate holds over any second.
final class TokenBucket: @unchecked Sendable {
    // Unchecked: the state is only touched under the lock.
    private let lock = NSLock()
    private let rate: Double
    /// When everything that was let through so far is paid for.
    private var paidUntil = ContinuousClock.now

    /// - Parameter rate: bytes a second.
    init(rate: Int) {
        self.rate = Double(max(1, rate))
    }

    /// How long to wait before these bytes may go; they are counted as gone.
    func take(_ bytes: Int) -> Duration {
        lock.withLock {
            let now = ContinuousClock.now
            let start = max(paidUntil, now - .milliseconds(100))
            paidUntil = start + .seconds(Double(bytes) / rate)
            return max(.zero, now.duration(to: start))
        }
    }
}
