// SPDX-License-Identifier: Apache-2.0
import CSSH2

/// What came of an attempt to use an account for more than files.
package enum ForwardingAttempt: Hashable, Sendable {
    /// The server forbids it.
    case refused(detail: String)
    /// The server would do it.
    case allowed(detail: String)
    /// The answer fits both; try a target that is known to be there.
    case undecided(detail: String)
}

/// Attempts that a well-kept store refuses.
///
/// Each wants a session of its own, thrown away afterwards. Two attacks are missing because
/// libssh2 1.10 cannot send them: `streamlocal-forward@openssh.com` (a unix socket that listens at the
/// server; `ssh -R /path:…` can) and `hardlink@openssh.com`.
extension Session {
    /// Has the server connect somewhere for us (`ssh -L`).
    package func attemptForwarding(toHost host: String, port: Int) throws(RemoteError) -> ForwardingAttempt {
        try attemptChannel(
            "direct-tcpip", wire(host) + wire(port) + wire("127.0.0.1") + wire(0),
            "forward to \(host):\(port)")
    }

    /// Has the server connect to one of its unix sockets for us (`ssh -L port:/path`).
    ///
    /// OpenSSH gives a prohibition and a missing socket the same answer, so only one that listens decides.
    package func attemptForwarding(toSocket path: String) throws(RemoteError) -> ForwardingAttempt {
        try attemptChannel(
            "direct-streamlocal@openssh.com", wire(path) + wire("") + wire(0), "forward to \(path)",
            saysWhy: false)
    }

    /// Has the server listen for us (`ssh -R`); port 0 lets it choose.
    package func attemptListening(onPort port: Int = 0) throws(RemoteError) -> ForwardingAttempt {
        let operation = "listen on port \(port)"
        let handle = unsafe self.handle
        var bound: Int32 = 0
        do {
            let listener = unsafe try make(operation) {
                unsafe libssh2_channel_forward_listen_ex(handle, "127.0.0.1", Int32(port), &bound, 1)
            }
            release { unsafe libssh2_channel_forward_cancel(listener) }
            return .allowed(detail: "listens on port \(bound)")
        } catch  where error.code == .refused {
            return .refused(detail: error.detail)
        }
    }

    /// A target that cannot be reached was tried all the same: only a prohibition counts as refusal.
    private func attemptChannel(
        _ type: String, _ message: [UInt8], _ operation: String, saysWhy: Bool = true
    ) throws(RemoteError) -> ForwardingAttempt {
        do {
            _ = try Channel(self, type: type, message: message, operation: operation)
            return .allowed(detail: "connected")
        } catch  where error.code == .refused {
            guard error.detail.contains("connect failed") else { return .refused(detail: error.detail) }
            return saysWhy ? .allowed(detail: error.detail) : .undecided(detail: error.detail)
        }
    }
}

/// A string in SSH wire format.
func wire(_ text: String) -> [UInt8] { wire(text.utf8.count) + Array(text.utf8) }

/// A 32-bit number in SSH wire format.
func wire(_ number: Int) -> [UInt8] {
    stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
}
