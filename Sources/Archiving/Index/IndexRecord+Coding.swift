// SPDX-License-Identifier: Apache-2.0

/// Which optional fields a record has.
private struct RecordFlags: OptionSet {
    let rawValue: UInt16

    static let names = RecordFlags(rawValue: 1)
    static let link = RecordFlags(rawValue: 2)
    static let device = RecordFlags(rawValue: 4)
    static let attributes = RecordFlags(rawValue: 8)
    static let digest = RecordFlags(rawValue: 16)
    static let location = RecordFlags(rawValue: 32)
    static let superseded = RecordFlags(rawValue: 64)
    static let changedWhileRead = RecordFlags(rawValue: 128)
    static let incomplete = RecordFlags(rawValue: 256)
    static let recent = RecordFlags(rawValue: 512)
    static let holes = RecordFlags(rawValue: 1024)
    static let all = RecordFlags(rawValue: 2047)
}

/// Writes records one after the other; each path shares its beginning with the one before.
struct IndexRecordEncoder {
    private(set) var encoder = IndexEncoder(capacity: IndexFormat.blockLimit)
    private var previousPath: [UInt8] = []
    private(set) var count = 0

    mutating func removeAll() {
        encoder.removeAll()
        previousPath = []
        count = 0
    }

    mutating func append(_ record: IndexRecord) {
        let shared = Self.sharedCount(previousPath, record.path)
        let flags = Self.flags(of: record)
        encoder.append(record.kind.rawValue)
        encoder.append(count: Int(flags.rawValue))
        encoder.append(count: shared)
        encoder.append(count: record.path.count - shared)
        encoder.append(raw: record.path[shared...])
        encoder.append(count: record.size)
        append(record.modified)
        append(record.changed)
        encoder.append(number: record.inode)
        encoder.append(count: Int(record.permissions))
        encoder.append(count: Int(record.user))
        encoder.append(count: Int(record.group))
        if flags.contains(.names) {
            encoder.append(string: record.userName)
            encoder.append(string: record.groupName)
        }
        if flags.contains(.link) { encoder.append(string: record.linkTarget) }
        if let device = record.device {
            encoder.append(count: Int(device.major))
            encoder.append(count: Int(device.minor))
        }
        if let attributes = record.attributes { encoder.append(raw: attributes.bytes) }
        if let digest = record.digest { encoder.append(raw: digest.bytes) }
        if record.holes > 0 { encoder.append(count: record.holes) }
        if let location = record.location { append(location) }
        if let superseded = record.superseded { append(superseded) }
        previousPath = record.path
        count += 1
    }

    private mutating func append(_ time: FileTime) {
        // Zigzag: small numbers on both sides of 1970 stay short.
        encoder.append(number: UInt64(bitPattern: time.seconds << 1 ^ time.seconds >> 63))
        encoder.append(count: Int(time.nanoseconds))
    }

    private mutating func append(_ location: IndexRecord.Location) {
        encoder.append(count: location.frame)
        encoder.append(count: location.offset)
        encoder.append(count: location.length)
    }

    private static func flags(of record: IndexRecord) -> RecordFlags {
        var flags: RecordFlags = []
        if !record.userName.isEmpty || !record.groupName.isEmpty { flags.insert(.names) }
        if !record.linkTarget.isEmpty { flags.insert(.link) }
        if record.device != nil { flags.insert(.device) }
        if record.attributes != nil { flags.insert(.attributes) }
        if record.digest != nil { flags.insert(.digest) }
        if record.location != nil { flags.insert(.location) }
        if record.superseded != nil { flags.insert(.superseded) }
        if record.changedWhileRead { flags.insert(.changedWhileRead) }
        if record.isIncomplete { flags.insert(.incomplete) }
        if record.isRecent { flags.insert(.recent) }
        if record.holes > 0 { flags.insert(.holes) }
        return flags
    }

    private static func sharedCount(_ left: [UInt8], _ right: [UInt8]) -> Int {
        let count = min(left.count, right.count)
        var place = 0
        while place < count, left[place] == right[place] { place += 1 }
        return place
    }
}

/// Reads the records of one block, in order, checking each against every rule.
struct IndexRecordDecoder {
    private var decoder: IndexDecoder
    private var previous: IndexRecord?
    private var left: Int

    /// Takes a block's raw bytes and how many records the directory says there are.
    init(_ bytes: [UInt8], count: Int) {
        decoder = IndexDecoder(bytes)
        left = count
    }

    /// The next record; `nil` at the end of the block.
    mutating func next() throws(ArchiveError) -> IndexRecord? {
        guard left > 0 else {
            guard decoder.isAtEnd else {
                throw IndexFormat.malformed("a block has bytes after its last record")
            }
            return nil
        }
        left -= 1
        let record = try record()
        if let previous, MemberPath.compare(previous.path, record.path) >= 0 {
            throw IndexFormat.malformed("\(MemberPath.shown(record.path)) is out of order or there twice")
        }
        previous = record
        return record
    }

    private mutating func record() throws(ArchiveError) -> IndexRecord {
        guard let kind = IndexRecord.Kind(rawValue: try decoder.byte()) else {
            throw IndexFormat.malformed("a record is of an unknown kind")
        }
        let flags = RecordFlags(rawValue: UInt16(try decoder.count(upTo: Int(RecordFlags.all.rawValue))))
        var record = IndexRecord(path: try path(), kind: kind)
        record.size = try decoder.count(upTo: .max)
        record.modified = try time()
        record.changed = try time()
        record.inode = try decoder.number()
        record.permissions = UInt16(try decoder.count(upTo: 0o7777))
        record.user = try decoder.narrow(UInt32.self)
        record.group = try decoder.narrow(UInt32.self)
        if flags.contains(.names) {
            record.userName = reused(try decoder.string(upTo: IndexFormat.nameLimit), previous?.userName)
            record.groupName = reused(try decoder.string(upTo: IndexFormat.nameLimit), previous?.groupName)
        }
        if flags.contains(.link) { record.linkTarget = Array(try decoder.string(upTo: MemberPath.limit)) }
        if flags.contains(.device) {
            record.device = IndexRecord.Device(
                major: try decoder.narrow(UInt32.self), minor: try decoder.narrow(UInt32.self))
        }
        if flags.contains(.attributes) {
            record.attributes = SHA256Digest(bytes: try decoder.raw(SHA256Digest.size))
        }
        if flags.contains(.digest) { record.digest = SHA256Digest(bytes: try decoder.raw(SHA256Digest.size)) }
        if flags.contains(.holes) { record.holes = try decoder.count(upTo: record.size) }
        if flags.contains(.location) { record.location = try location() }
        if flags.contains(.superseded) { record.superseded = try location() }
        record.changedWhileRead = flags.contains(.changedWhileRead)
        record.isIncomplete = flags.contains(.incomplete)
        record.isRecent = flags.contains(.recent)
        try check(record)
        return record
    }

    private mutating func path() throws(ArchiveError) -> [UInt8] {
        let before = previous?.path ?? []
        let shared = try decoder.count(upTo: before.count)
        let rest = try decoder.string(upTo: MemberPath.limit - shared)
        var path: [UInt8] = []
        path.reserveCapacity(shared + rest.count)
        path += before[..<shared]
        path += rest
        try MemberPath.check(path)
        return path
    }

    private mutating func time() throws(ArchiveError) -> FileTime {
        let folded = try decoder.number()
        let seconds = Int64(bitPattern: folded >> 1) ^ -Int64(bitPattern: folded & 1)
        return FileTime(seconds: seconds, nanoseconds: UInt32(try decoder.count(upTo: 999_999_999)))
    }

    private mutating func location() throws(ArchiveError) -> IndexRecord.Location {
        IndexRecord.Location(
            frame: try decoder.count(upTo: IndexFormat.countLimit),
            offset: try decoder.count(upTo: DataFrame.rawLimit),
            length: try decoder.count(upTo: .max))
    }

    /// The name before if it is the same: a million records then share a few names.
    private func reused(_ bytes: ArraySlice<UInt8>, _ before: [UInt8]?) -> [UInt8] {
        if let before, before.elementsEqual(bytes) { return before }
        return Array(bytes)
    }

    private func check(_ record: IndexRecord) throws(ArchiveError) {
        let isLink = record.kind == .symbolicLink || record.kind == .hardLink
        let isDevice = record.kind == .characterDevice || record.kind == .blockDevice
        guard isLink != record.linkTarget.isEmpty, isDevice == (record.device != nil),
            !record.linkTarget.contains(0), record.kind == .file || record.size == 0,
            record.kind == .file || record.digest == nil,
            !record.path.isEmpty || record.kind == .folder,
            record.superseded == nil || record.location != nil
        else {
            throw IndexFormat.malformed("the record of \(MemberPath.shown(record.path)) contradicts itself")
        }
        // A hard link leads to another place in the tree; a symbolic link may say what it likes.
        if record.kind == .hardLink {
            try MemberPath.check(record.linkTarget)
            guard record.linkTarget != record.path else {
                throw IndexFormat.malformed("\(MemberPath.shown(record.path)) is a hard link to itself")
            }
        }
    }
}
