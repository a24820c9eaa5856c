// SPDX-License-Identifier: Apache-2.0
import FlyingSocks
import Foundation

/// What changes, as server-sent events: `change` whenever there is something new, a comment while there is not.
///
/// With a run, every second counts as new while the run goes on, for its clocks move.
struct LiveEvents: AsyncBufferedSequence, Sendable {
    typealias Element = UInt8

    private let desk: any DashboardDesk
    private let run: String?
    private let blocking: BlockingQueue
    private let period: Duration

    /// Looks once in a period.
    init(desk: any DashboardDesk, run: String?, _ blocking: BlockingQueue, period: Duration = .seconds(1)) {
        self.desk = desk
        self.run = run
        self.blocking = blocking
        self.period = period
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(desk: desk, run: run, blocking: blocking, period: period)
    }

    struct Iterator: AsyncBufferedIteratorProtocol {
        fileprivate let desk: any DashboardDesk
        fileprivate let run: String?
        fileprivate let blocking: BlockingQueue
        fileprivate let period: Duration
        private var seen: Int?
        /// How often nothing was new; every fifteenth time a comment shows whether the reader is still there.
        private var quiet = 0

        fileprivate init(desk: any DashboardDesk, run: String?, blocking: BlockingQueue, period: Duration) {
            self.desk = desk
            self.run = run
            self.blocking = blocking
            self.period = period
        }

        mutating func next() async throws -> UInt8? {
            preconditionFailure("the server reads whole buffers")
        }

        mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
            guard seen != nil else { return try await first() }
            while true {
                try await Task.sleep(for: period)
                let (revision, isMoving) = try await look()
                if revision != seen || isMoving {
                    seen = revision
                    quiet = 0
                    return Array("event: change\ndata: \(revision)\n\n".utf8)
                }
                quiet += 1
                if quiet % 15 == 0 { return Array(": still here\n\n".utf8) }
            }
        }

        /// Says at once where things stand, so that a reader knows that the stream works.
        private mutating func first() async throws -> [UInt8] {
            let (revision, _) = try await look()
            seen = revision
            return Array("retry: 2000\nevent: here\ndata: \(revision)\n\n".utf8)
        }

        private func look() async throws -> (revision: Int, isMoving: Bool) {
            let (desk, run) = (desk, run)
            return try await blocking.run {
                (try desk.revision(), run.map(desk.isRunning) ?? false)
            }
        }
    }
}
