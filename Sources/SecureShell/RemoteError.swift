// SPDX-License-Identifier: Apache-2.0

/// Why a host could not do what was asked of it.
package struct RemoteError: Error, Hashable, Sendable {
    /// What went wrong, for code that decides what to do next.
    package enum Code: Hashable, Sendable {
        /// No connection: name, route, port or firewall.
        case unreachable
        /// Nothing is pinned for this host; `found` is what it showed.
        case hostKeyUnknown(HostKeyPin)
        /// The host showed another key than the pinned one.
        case hostKeyChanged(expected: HostKeyPin, found: HostKeyPin)
        /// The two sides share no acceptable algorithm.
        case negotiationFailed
        /// The key file or the agent cannot be used.
        case identityUnusable
        case authenticationFailed
        case permissionDenied
        case noSuchFile
        case exists
        case diskFull
        case quotaExceeded
        /// The server does not know this request.
        case notSupported
        /// The server would not open this channel or run this command.
        case refused
        /// A program printed more than the caller wanted to keep.
        case outputTooLarge(limit: Int)
        /// Silence for too long, or a deadline passed. The session is over.
        case timedOut(after: Duration)
        /// The connection broke. The session is over.
        case connectionLost
        /// Somebody on this side cut the session (``SessionCutter``).
        case cut
        /// The other side does not speak as it should. The session is over.
        case protocolFailure
        /// The server said no and gave no reason.
        case remoteFailure
    }

    package let code: Code
    /// What was tried.
    package let operation: String
    /// Where, as `host:port`.
    package let host: String
    /// The other side's words, or the library's.
    package let detail: String
    /// What the reader may do about it, if we know.
    package let hint: String?

    package init(_ code: Code, operation: String, host: String, detail: String, hint: String? = nil) {
        self.code = code
        self.operation = operation
        self.host = host
        self.detail = detail
        self.hint = hint
    }

    /// Whether the same call may go through later, on a new session.
    package var isTransient: Bool {
        switch code {
        case .unreachable, .timedOut, .connectionLost: true
        case .hostKeyUnknown, .hostKeyChanged, .negotiationFailed, .identityUnusable, .authenticationFailed,
            .permissionDenied, .noSuchFile, .exists, .diskFull, .quotaExceeded, .notSupported, .refused,
            .outputTooLarge, .cut, .protocolFailure, .remoteFailure:
            false
        }
    }
}

extension RemoteError: CustomStringConvertible {
    package var description: String { "cannot \(operation) on \(host): \(detail)" }
}
