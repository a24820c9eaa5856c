// SPDX-License-Identifier: Apache-2.0

/// The records of the previous merged index, with a look ahead.
final class PreviousIndex {
    private let stream: IndexRecordStream
    private var ahead: IndexRecord?
    private var isAtEnd = false

    /// Opens the merged index that an earlier run wrote.
    init(path: String) throws {
        stream = try IndexReader(FileBytes(path: path)).records()
    }

    /// The next record, which stays.
    func peek() throws -> IndexRecord? {
        if ahead == nil, !isAtEnd {
            ahead = try stream.next()
            isAtEnd = ahead == nil
        }
        return ahead
    }

    /// The next record, which is taken.
    func next() throws -> IndexRecord? {
        let record = try peek()
        ahead = nil
        return record
    }

    /// The next record if it lies below a folder.
    func next(below folder: [UInt8]) throws -> IndexRecord? {
        guard let record = try peek(), MemberPath.isBelow(record.path, folder) else { return nil }
        return try next()
    }
}
