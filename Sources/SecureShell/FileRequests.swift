// SPDX-License-Identifier: Apache-2.0

/// Single requests of the file transfer protocol, word by word, for those that libssh2 does not know.
///
/// Slow and without a pipeline: it is there to ask what a server allows, and what it offers.
package final class FileRequests {
    /// What the server said to one request.
    package enum Answer: Hashable, Sendable {
        case done
        /// It said no: not permitted, or a request that it does not know.
        case refused(String)
        /// It failed for another reason, which shows that the request as such is allowed.
        case failed(String)
    }

    /// The server's extensions with their versions, such as `fsync@openssh.com`.
    package let extensions: [String: String]
    private let pipeline: FilePipeline

    package init(_ session: Session) throws(RemoteError) {
        pipeline = try FilePipeline(session)
        try pipeline.greet()
        extensions = pipeline.extensions
    }

    package func setMode(_ path: String, _ mode: Int) throws(RemoteError) -> Answer {
        // SETSTAT with permissions only.
        try ask(9, wire(path) + wire(4) + wire(mode))
    }

    /// Sets the mode through a handle that was opened for reading.
    package func setModeOfOpenFile(_ path: String, _ mode: Int) throws(RemoteError) -> Answer {
        let opened = try pipeline.ask(3, wire(path) + wire(1) + wire(0))
        guard case .open(let handle) = try pipeline.handle("open", path, opened) else {
            return .failed("the file could not be opened for reading")
        }
        let result = try ask(10, handle + wire(4) + wire(mode))
        _ = try ask(4, handle)
        return result
    }

    package func makeLink(_ path: String, to target: String) throws(RemoteError) -> Answer {
        // OpenSSH takes the two names in the other order than the protocol says.
        try ask(20, wire(target) + wire(path))
    }

    package func removeFolder(_ path: String) throws(RemoteError) -> Answer {
        try ask(15, wire(path))
    }

    /// `posix-rename@openssh.com`: replaces what has the new name.
    package func replace(_ path: String, to new: String) throws(RemoteError) -> Answer {
        try extended("posix-rename@openssh.com", wire(path) + wire(new))
    }

    package func makeHardLink(_ path: String, to existing: String) throws(RemoteError) -> Answer {
        try extended("hardlink@openssh.com", wire(existing) + wire(path))
    }

    /// `lsetstat@openssh.com`: sets the mode without following a link.
    package func setModeOfName(_ path: String, _ mode: Int) throws(RemoteError) -> Answer {
        try extended("lsetstat@openssh.com", wire(path) + wire(4) + wire(mode))
    }

    private func extended(_ name: String, _ payload: [UInt8]) throws(RemoteError) -> Answer {
        try ask(200, wire(name) + payload)
    }

    private func ask(_ type: UInt8, _ payload: [UInt8]) throws(RemoteError) -> Answer {
        var answer = try pipeline.answer(to: pipeline.ask(type, payload))
        guard answer.kind == .status, let status = answer.takeNumber() else { throw pipeline.garbled() }
        let words = answer.takeText() ?? "status \(status)"
        switch status {
        case 0: return .done
        case 3, 8: return .refused(words)
        default: return .failed(words)
        }
    }
}
