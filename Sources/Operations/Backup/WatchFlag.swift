// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Says to another thread that it is over.
final class WatchFlag: Sendable {
    private let over = Atomic(false)

    var isOver: Bool { over.load(ordering: .relaxed) }

    func end() {
        over.store(true, ordering: .relaxed)
    }
}
