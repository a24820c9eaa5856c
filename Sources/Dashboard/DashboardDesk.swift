// SPDX-License-Identifier: Apache-2.0
package import Continuity
package import Reporting

/// What the dashboard asks the rest of the program for.
///
/// Every call may block; none is made on Swift's own pool.
package protocol DashboardDesk: Sendable {
    /// The plan's zone, which times are shown in.
    var zone: String { get }
    /// Now, as labels have it.
    func now() -> Moment
    /// A number that changes when anything is new in the ledger or among the runs; cheap, asked every second.
    func revision() throws -> Int
    func status() throws -> StatusReport
    /// The runs that are kept here, oldest first.
    func runs() throws -> [RunLine]
    /// Whether a run goes on now; cheap, asked every second.
    func isRunning(_ run: String) -> Bool
    /// The board of a run.
    ///
    /// - Throws: `DashboardError.notFound` when there is no such run.
    func board(of run: String) throws -> BoardPage
    /// The audit report of the last 365 days as one HTML page; nothing is written.
    func report(_ language: ReportLanguage) throws -> String
    /// Leaves a request for the engine of a running drill, which decides what becomes of it.
    func put(_ request: DashboardRequest, into run: String) throws
}

/// What a browser may ask a running drill for: the same words as from a second terminal.
package enum DashboardRequest: Hashable, Sendable {
    case answer(step: String, answer: String, person: String?)
    case note(text: String, person: String?)
    case hold(reason: String, person: String?)
    case release(reason: String, person: String?)
}

package enum DashboardError: Error, Hashable {
    case notFound(String)
    case badRequest(String)
    /// The address is in use or not this machine's.
    case cannotListen(String)
}

extension DashboardError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notFound(let what), .badRequest(let what), .cannotListen(let what): what
        }
    }
}
