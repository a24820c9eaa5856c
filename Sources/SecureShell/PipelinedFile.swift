// SPDX-License-Identifier: Apache-2.0

/// One new file on another host, written without waiting for the server.
///
/// What the server thought of a write shows in a later call, at the latest in ``finish()``; only when that has
/// returned are the bytes on its disk. Several may be open on one ``FilePipeline``.
@safe package final class PipelinedFile {
    package let path: String
    private let pipeline: FilePipeline
    /// As it stands in requests.
    private let handle: [UInt8]
    private var offset = 0
    /// Writes without an answer, in order, and how many of them have got one.
    private var waiting: [Int] = []
    private var settled = 0
    private var fault: RemoteError?
    private var isClosed = false

    fileprivate init(_ pipeline: FilePipeline, path: String, handle: [UInt8]) {
        self.pipeline = pipeline
        self.path = path
        self.handle = handle
    }

    deinit {
        // Given up: the server is told, and nobody waits for what it says.
        guard !isClosed, let number = try? pipeline.ask(4, handle) else { return }
        for number in waiting[settled...] + [number] { pipeline.forget(number) }
    }

    /// Writes all these bytes behind the previous ones; returns when they are on their way.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(RemoteError) {
        precondition(!isClosed, "a finished file was used")
        var rest = unsafe bytes
        while rest.count > 0 {
            if let fault { throw fault }
            let count = min(rest.count, pipeline.chunk)
            let head = handle + wire(offset >> 32) + wire(offset & 0xffff_ffff) + wire(count)
            waiting.append(
                unsafe try pipeline.ask(6, head, bytes: UnsafeRawBufferPointer(rebasing: rest[..<count])))
            unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            offset += count
            try settleArrived()
        }
    }

    /// Has the server bring everything to its disk and close the file; one round trip after the last byte.
    ///
    /// The file is closed also when this throws.
    package func finish() throws(RemoteError) {
        guard !isClosed else { return }
        isClosed = true
        let sync = try pipeline.ask(200, wire("fsync@openssh.com") + handle)
        let close = try pipeline.ask(4, handle)
        for number in waiting[settled...] { note(try pipeline.status("write", path, number)) }
        note(try pipeline.status("sync", path, sync))
        note(try pipeline.status("close", path, close))
        waiting = []
        if let fault { throw fault }
    }

    private func settleArrived() throws(RemoteError) {
        while settled < waiting.count, pipeline.hasAnswer(to: waiting[settled]) {
            note(try pipeline.status("write", path, waiting[settled]))
            settled += 1
        }
        if settled > 256 {
            waiting.removeFirst(settled)
            settled = 0
        }
    }

    /// Keeps the first fault: after it nobody knows which bytes are there.
    private func note(_ fault: RemoteError?) {
        if self.fault == nil { self.fault = fault }
    }
}

extension FilePipeline {
    /// Makes a new file with this mode (the server's umask applies) and opens it for writing.
    ///
    /// A name that is taken is a `remoteFailure`: the protocol has no word for it.
    package func create(_ path: String, mode: Int) throws(RemoteError) -> PipelinedFile {
        // WRITE, CREAT and EXCL; attributes with permissions only.
        let number = try ask(3, wire(path) + wire(0x2a) + wire(4) + wire(mode))
        switch try handle("create", path, number) {
        case .open(let handle): return PipelinedFile(self, path: path, handle: handle)
        case .failed(let error): throw error
        }
    }
}
