// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Waits until something is so, looking often; for what another process does.
package func eventually(within limit: Duration = .seconds(120), _ isSo: () throws -> Bool) rethrows -> Bool {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
        if try isSo() { return true }
        Thread.sleep(forTimeInterval: 0.02)
    }
    return false
}
