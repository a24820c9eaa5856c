// SPDX-License-Identifier: Apache-2.0
import CSSH2

/// One answer of a server's file service, read from its beginning.
struct FileAnswer {
    /// The kinds of answer of SFTP version 3.
    enum Kind: UInt8 {
        case version = 2
        case status = 101
        case handle = 102
        case data = 103
        case names = 104
        case attributes = 105
    }

    let kind: Kind
    /// The request that it answers; 0 for the version.
    let number: Int
    private var rest: ArraySlice<UInt8>

    /// Takes a packet without its length; `nil` for one that no server sends.
    init?(_ packet: ArraySlice<UInt8>) {
        guard let kind = packet.first.flatMap(Kind.init(rawValue:)) else { return nil }
        var answer = FileAnswer(kind: kind, number: 0, rest: packet.dropFirst())
        guard let number = answer.takeNumber() else { return nil }
        // A version's number is the protocol's own.
        self.init(kind: kind, number: kind == .version ? 0 : number, rest: answer.rest)
    }

    private init(kind: Kind, number: Int, rest: ArraySlice<UInt8>) {
        self.kind = kind
        self.number = number
        self.rest = rest
    }

    mutating func takeNumber() -> Int? {
        guard rest.count >= 4 else { return nil }
        let value = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(4)
        return value
    }

    mutating func takeBytes() -> ArraySlice<UInt8>? {
        guard let length = takeNumber(), rest.count >= length else { return nil }
        let bytes = rest.prefix(length)
        rest = rest.dropFirst(length)
        return bytes
    }

    mutating func takeText() -> String? {
        takeBytes().map { String(decoding: $0, as: UTF8.self) }
    }

    /// What the server says about a file.
    mutating func takeAttributes() -> FileAttributes? {
        guard let flags = takeNumber() else { return nil }
        var raw = LIBSSH2_SFTP_ATTRIBUTES()
        raw.flags = UInt(flags & 0xf)
        if flags & 1 != 0 {
            guard let high = takeNumber(), let low = takeNumber() else { return nil }
            raw.filesize = UInt64(high) << 32 | UInt64(low)
        }
        if flags & 2 != 0 {
            guard let owner = takeNumber(), let group = takeNumber() else { return nil }
            (raw.uid, raw.gid) = (UInt(owner), UInt(group))
        }
        if flags & 4 != 0 {
            guard let mode = takeNumber() else { return nil }
            raw.permissions = UInt(mode)
        }
        if flags & 8 != 0 {
            guard let accessed = takeNumber(), let modified = takeNumber() else { return nil }
            (raw.atime, raw.mtime) = (UInt(accessed), UInt(modified))
        }
        if flags & 0x8000_0000 != 0 {
            guard let pairs = takeNumber() else { return nil }
            for _ in 0..<pairs { guard takeBytes() != nil, takeBytes() != nil else { return nil } }
        }
        return FileAttributes(raw)
    }
}
