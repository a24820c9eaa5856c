// SPDX-License-Identifier: Apache-2.0

/// What is known of the dataset that is measured.
struct DatasetFacts: Sendable {
    let history: CopyHistory
    /// Since when all its runs are known; `nil` when none ever was.
    let known: Moment?
    /// When it came into being; `nil` when it was there before the ledger began.
    let created: Moment?
    let memory = HeldMemory()

    var id: String { history.dataset }

    /// The events of the given points: their runs, their receipts; in their order.
    func evidence(of points: some Sequence<CopyHistory.Point>) -> [Int] {
        Array(Set(points.flatMap(\.events))).sorted()
    }
}
