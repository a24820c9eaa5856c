// SPDX-License-Identifier: Apache-2.0
import CSSH2

/// One open file on another host.
///
/// Writes are a pipeline: ``write(_:)`` returns when the bytes are on their way, and what the server
/// thought of them shows in a later call. A write counts only after ``fsync()`` or ``close()`` has returned.
@safe package final class RemoteFile {
    /// How much may be on its way without an answer: twice the window of OpenSSH's server.
    ///
    /// More brings nothing, the window being the limit.
    private static let underWay = 4 << 20

    /// How much is fetched at once for a reader of small pieces; four times that is under way.
    private static let stride = 1 << 20

    package let path: String
    private let files: FileTransfer
    private let handle: OpaquePointer
    /// Bytes the server has not confirmed, in order; allocated by the first write.
    private var unconfirmed: Buffer?
    /// How many of those libssh2 has already cut into requests.
    private var requested = 0
    /// Whether libssh2 waits for an answer first and would not look at new bytes.
    private var isWaiting = false
    /// Where libssh2 reads next.
    private var position = 0
    /// Where the last read ended, for the caller; -1 before the first.
    private var lastEnd = -1
    /// What was read beyond that, and where it begins.
    private var ahead: Buffer?
    private var aheadStart = 0
    private var fault: RemoteError?
    private var isClosed = false

    init(_ files: FileTransfer, path: String, handle: OpaquePointer) {
        self.files = files
        self.path = path
        unsafe self.handle = unsafe handle
    }

    deinit {
        guard !isClosed else { return }
        // Half a request may be out; what is wrong with it no longer interests anybody.
        if let unconfirmed, files.session.fault == nil { try? push(unconfirmed, until: 0) }
        files.session.release { [handle = unsafe handle] in unsafe libssh2_sftp_close_handle(handle) }
    }
}

// MARK: - Writing

extension RemoteFile {
    /// Writes all these bytes behind the previous ones; any size is fine.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(RemoteError) {
        try checkUsable()
        try files.settle(unless: self)
        files.leaveUnsettled(self)
        let buffer = unconfirmed ?? Buffer(capacity: 6 << 20)
        unconfirmed = buffer
        var rest = unsafe bytes
        files.session.lastHeard = .now
        while rest.count > 0 {
            let count = unsafe buffer.append(rest)
            unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            try push(buffer, until: rest.count > 0 ? buffer.capacity / 2 : Self.underWay)
        }
    }

    /// Waits until the server has confirmed everything written so far.
    package func flush() throws(RemoteError) {
        try checkUsable()
        guard let buffer = unconfirmed else { return }
        files.session.lastHeard = .now
        try push(buffer, until: 0)
    }

    /// Waits until everything written so far is on the server's disk.
    package func fsync() throws(RemoteError) {
        try flush()
        let status = try files.complete("sync \(path)") { unsafe Int(libssh2_sftp_fsync(handle)) }
        guard status == 0 else { throw files.failure("sync", path, status) }
    }

    /// Sends, and takes confirmations until at most `limit` bytes are without one.
    private func push(_ buffer: Buffer, until limit: Int) throws(RemoteError) {
        var isFirst = true
        while buffer.count > limit || (isFirst && !buffer.isEmpty) {
            isFirst = false
            let count =
                isWaiting ? requested : min(buffer.count, requested + files.room(idle: requested == 0))
            let status = try files.session.attempt("write \(path)") {
                unsafe libssh2_sftp_write(
                    handle, buffer.bytes.baseAddress?.assumingMemoryBound(to: CChar.self), count)
            }
            requested = count
            isWaiting = status == nil
            guard let status else {
                if buffer.count > limit { try files.waitForAnswer("write \(path)") }
                continue
            }
            guard status >= 0 else { throw fail(status) }
            buffer.drop(status)
            requested -= status
            if status > 0 { files.session.lastHeard = .now }
        }
    }

    /// Remembers the first failure: after it nobody knows which bytes arrived.
    private func fail(_ status: Int) -> RemoteError {
        unconfirmed = nil
        requested = 0
        let error = files.failure("write", path, status)
        fault = error
        return error
    }

    /// Finishes what is under way, for another call on the same channel.
    func settle() {
        guard !isClosed, fault == nil, let unconfirmed else { return }
        files.session.lastHeard = .now
        // A failure is kept in `fault` and thrown by this file's next call.
        try? push(unconfirmed, until: 0)
    }

    private func checkUsable() throws(RemoteError) {
        precondition(!isClosed, "a closed file was used")
        if let fault { throw fault }
    }
}

// MARK: - Reading and closing

extension RemoteFile {
    /// Reads at a place; returns less than asked for only at the end of the file, 0 behind it.
    ///
    /// Reading on where the last call ended is answered from requests that are already under way, in pieces
    /// of a megabyte, however small the buffer is. A jump asks for little more than what it needs.
    package func read(
        at offset: Int, into buffer: UnsafeMutableRawBufferPointer
    ) throws(RemoteError) -> Int {
        try checkUsable()
        try files.settle()
        let readsOn = offset == lastEnd && buffer.count < Self.stride
        var filled = 0
        while filled < buffer.count {
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            var count = unsafe takeAhead(at: offset + filled, into: rest)
            if count == 0, readsOn {
                if try fetchAhead(at: offset + filled) == 0 { break }
                continue
            }
            if count == 0 { count = unsafe try fetch(at: offset + filled, into: rest) }
            if count == 0 { break }
            filled += count
        }
        lastEnd = offset + filled
        return filled
    }

    /// Reads once, where the server's answers may already be waiting.
    private func fetch(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(RemoteError) -> Int
    {
        if offset != position {
            unsafe libssh2_sftp_seek64(handle, UInt64(offset))
            position = offset
        }
        let count = try files.complete("read \(path)") {
            unsafe libssh2_sftp_read(
                handle, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count)
        }
        guard count >= 0 else { throw files.failure("read", path, count) }
        position += count
        return count
    }

    private func fetchAhead(at offset: Int) throws(RemoteError) -> Int {
        let buffer = ahead ?? Buffer(capacity: Self.stride)
        ahead = buffer
        buffer.fill(0)
        let count = unsafe try fetch(at: offset, into: buffer.space)
        buffer.fill(count)
        aheadStart = offset
        return count
    }

    /// Serves from what was fetched ahead; bytes before the place are let go.
    private func takeAhead(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let ahead, offset >= aheadStart, offset < aheadStart + ahead.count else { return 0 }
        ahead.drop(offset - aheadStart)
        let count = min(ahead.count, buffer.count)
        unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: ahead.bytes[..<count]))
        ahead.drop(count)
        aheadStart = offset + count
        return count
    }

    /// What the server says about the open file.
    package func attributes() throws(RemoteError) -> FileAttributes {
        try flush()
        var raw = LIBSSH2_SFTP_ATTRIBUTES()
        let status = try files.complete("look at \(path)") {
            unsafe Int(libssh2_sftp_fstat_ex(handle, &raw, 0))
        }
        guard status == 0 else { throw files.failure("look at", path, status) }
        return FileAttributes(raw)
    }

    /// Waits for the last confirmations and closes the file.
    ///
    /// The file is closed also when this throws.
    package func close() throws(RemoteError) {
        guard !isClosed else { return }
        var first: RemoteError?
        do { try flush() } catch { first = error }
        isClosed = true
        unconfirmed = nil
        if files.session.fault != nil {
            files.session.release { [handle = unsafe handle] in unsafe libssh2_sftp_close_handle(handle) }
            throw first ?? files.session.fault ?? closedWithoutSession
        }
        let status = try files.complete("close \(path)") { unsafe Int(libssh2_sftp_close_handle(handle)) }
        if let first { throw first }
        guard status == 0 else { throw files.failure("close", path, status) }
    }

    private var closedWithoutSession: RemoteError {
        RemoteError(
            .connectionLost, operation: "close \(path)", host: files.session.endpoint.label,
            detail: "the session is over")
    }
}
