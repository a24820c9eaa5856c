// SPDX-License-Identifier: Apache-2.0
import Continuity

/// The first sessions to a run's stores, which log in while the run still looks at its source.
///
/// Nothing is written at a store: a run that is refused leaves nothing behind.
struct StoreGreeting: Sendable {
    private let greetings: [String: Worker<Void>]

    /// Begins to log in everywhere.
    ///
    /// - Throws: `OperationError` for a store that the plan does not have.
    init(_ stores: [String], connector: SiteConnector) throws {
        var greetings: [String: Worker<Void>] = [:]
        for name in stores {
            let access = try connector.store(name)
            greetings[name] = Worker("greet \(name)") {
                try access.pool.with { _ = try $0.pipeline() }
            }
        }
        self.greetings = greetings
    }

    /// Waits until a store has answered.
    ///
    /// - Throws: why it did not.
    func wait(for store: String) throws {
        try greetings[store]?.join()
    }
}
