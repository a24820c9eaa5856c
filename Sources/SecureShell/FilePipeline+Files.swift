// SPDX-License-Identifier: Apache-2.0

/// A new file, and everything that is to lie in it.
@safe package struct NewContent {
    let path: String
    let size: Int
    let read: (_ offset: Int, _ buffer: UnsafeMutableRawBufferPointer) throws -> Int

    /// Takes a way to read `size` bytes in order.
    package init(
        _ path: String, size: Int,
        read: @escaping (_ offset: Int, _ buffer: UnsafeMutableRawBufferPointer) throws -> Int
    ) {
        self.path = path
        self.size = size
        unsafe self.read = unsafe read
    }
}

extension FilePipeline {
    /// Creates files with mode 0400, writes, syncs and closes them; two round trips for all of them together.
    ///
    /// With `inOrder` a file is written only when the one before it was closed without a fault, and the
    /// others stay empty.
    ///
    /// - Returns: for each file why it is not there whole, `nil` when it is. A name that is taken is
    ///   a `remoteFailure`: the protocol has no word for it.
    /// - Throws: `RemoteError` when the session is over, and whatever reading the content throws.
    package func create(_ files: [NewContent], inOrder: Bool = false) throws -> [RemoteError?] {
        // WRITE, CREAT and EXCL; attributes with permissions only.
        let opens = try files.map { file in
            try ask(3, wire(file.path) + wire(0x2a) + wire(4) + wire(0o400))
        }
        let handles = try zip(files, opens).map { file, number in try handle("create", file.path, number) }
        var faults: [RemoteError?] = handles.map { $0.fault }
        var underWay: [(file: Int, numbers: [Int])] = []
        for (place, file) in files.enumerated() {
            guard case .open(let handle) = handles[place] else { continue }
            let isHeldBack = inOrder && faults[..<place].contains { $0 != nil }
            if isHeldBack { faults[place] = fault("write", file.path, "the file before it was not written") }
            underWay.append((place, try write(isHeldBack ? nil : file, handle)))
            if inOrder { try settle(&underWay, files, &faults) }
        }
        try settle(&underWay, files, &faults)
        return faults
    }

    /// Sends content, sync and close; without a file only the last.
    private func write(_ file: NewContent?, _ handle: [UInt8]) throws -> [Int] {
        var numbers: [Int] = []
        if let file {
            let buffer = Buffer(capacity: chunk)
            var offset = 0
            while offset < file.size {
                let wanted = min(chunk, file.size - offset)
                let count = unsafe try file.read(
                    offset, UnsafeMutableRawBufferPointer(rebasing: buffer.space[..<wanted]))
                guard count > 0 else {
                    throw fault("write", file.path, "its source became shorter while it was sent")
                }
                buffer.fill(count)
                let head = handle + wire(offset >> 32) + wire(offset & 0xffff_ffff) + wire(count)
                numbers.append(unsafe try ask(6, head, bytes: buffer.bytes))
                withExtendedLifetime(buffer) {}
                offset += count
            }
            numbers.append(try ask(200, wire("fsync@openssh.com") + handle))
        }
        numbers.append(try ask(4, handle))
        return numbers
    }

    /// Waits for what was sent; the first fault of a file is kept.
    private func settle(
        _ underWay: inout [(file: Int, numbers: [Int])], _ files: [NewContent], _ faults: inout [RemoteError?]
    ) throws {
        for (place, numbers) in underWay {
            for number in numbers {
                let fault = try status("write", files[place].path, number)
                if faults[place] == nil { faults[place] = fault }
            }
        }
        underWay = []
    }

    /// The answer to a read is one packet, and servers send less than was asked for rather than a larger one.
    private static let readChunk = 32_000

    /// Reads small files whole, a byte more than they should have if there is one.
    ///
    /// Two round trips for all of them together. A file that cannot be read is a failure and not an error.
    package func contents(of files: [(path: String, size: Int)]) throws -> [Result<[UInt8], RemoteError>] {
        let opens = try files.map { try ask(3, wire($0.path) + wire(1) + wire(0)) }
        let handles = try zip(files, opens).map { try handle("read", $0.path, $1) }
        let reads = try zip(files, handles).map { file, handle -> [Int] in
            guard case .open(let handle) = handle else { return [] }
            var numbers = try stride(from: 0, through: file.size, by: Self.readChunk).map { offset in
                let wanted = min(Self.readChunk, file.size + 1 - offset)
                return try ask(5, handle + wire(offset >> 32) + wire(offset & 0xffff_ffff) + wire(wanted))
            }
            numbers.append(try ask(4, handle))
            return numbers
        }
        return try files.indices.map { place in
            if let fault = handles[place].fault { return .failure(fault) }
            return try collect(files[place].path, reads[place])
        }
    }

    private func collect(_ path: String, _ numbers: [Int]) throws -> Result<[UInt8], RemoteError> {
        var bytes: [UInt8] = []
        var fault: RemoteError?
        for number in numbers.dropLast() {
            var answer = try answer(to: number)
            if answer.kind == .data, let more = answer.takeBytes() {
                bytes += more
            } else if let code = answer.takeNumber(), code != 1 {
                fault = self.fault("read", path, answer.takeText() ?? "status \(code)")
            }
        }
        if let last = numbers.last { _ = try answer(to: last) }
        return fault.map { .failure($0) } ?? .success(bytes)
    }
}

// MARK: - Answers

extension FilePipeline {
    /// What became of an attempt to open something.
    enum Opening {
        /// The handle in wire format.
        case open([UInt8])
        case failed(RemoteError)

        var fault: RemoteError? {
            guard case .failed(let error) = self else { return nil }
            return error
        }
    }

    func handle(_ verb: String, _ path: String, _ number: Int) throws(RemoteError) -> Opening {
        var answer = try answer(to: number)
        if answer.kind == .handle, let bytes = answer.takeBytes() {
            return .open(wire(bytes.count) + bytes)
        }
        guard answer.kind == .status, let code = answer.takeNumber() else { throw garbled() }
        return .failed(failure(verb, path, code, answer.takeText()))
    }

    /// Why a request failed; `nil` when it did not.
    func status(_ verb: String, _ path: String, _ number: Int) throws(RemoteError) -> RemoteError? {
        var answer = try answer(to: number)
        guard answer.kind == .status, let code = answer.takeNumber() else { throw garbled() }
        return code == 0 ? nil : failure(verb, path, code, answer.takeText())
    }

    private func failure(_ verb: String, _ path: String, _ code: Int, _ words: String?) -> RemoteError {
        let known: RemoteError.Code =
            switch code {
            case 2, 10: .noSuchFile
            case 3, 12: .permissionDenied
            case 8: .notSupported
            case 11: .exists
            case 14: .diskFull
            case 15: .quotaExceeded
            default: .remoteFailure
            }
        return RemoteError(
            known, operation: "\(verb) \(path)", host: hostLabel, detail: words ?? "SFTP status \(code)")
    }

    func fault(_ verb: String, _ path: String, _ detail: String) -> RemoteError {
        RemoteError(.remoteFailure, operation: "\(verb) \(path)", host: hostLabel, detail: detail)
    }
}
