// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// Writes and reads the bodies of events: the bytes are those of `CanonicalJSON`, and nothing else.
///
/// The kinds of which there are millions have a codec written by hand, faster than
/// `JSONEncoder` and `JSONDecoder`. Whatever is unusual in a value or in stored bytes (an escape, a key more
/// or less, white space) goes the slow way, so that both ways always agree.
///
/// One codec is used by one thread.
package struct EventCodec {
    private var names = NameCache()

    package init() {}

    /// The canonical bytes of a body.
    package func encode(_ body: EventBody) throws -> Data {
        var writer = FlatWriter()
        switch body {
        case .copyReceipt(let value): value.write(to: &writer)
        case .copyVerification(let value): value.write(to: &writer)
        case .canaryRecord(let value): value.write(to: &writer)
        case .backupRun(let value): value.write(to: &writer)
        case .probeRun(let value): value.write(to: &writer)
        case .copyExpiry(let value): value.write(to: &writer)
        default: return try CanonicalJSON.encode(body.value)
        }
        return writer.isPlain ? Data(writer.bytes) : try CanonicalJSON.encode(body.value)
    }

    /// Reads the body of `kind` from its stored bytes.
    ///
    /// - Throws: `DecodingError` when the bytes are not those of such a body.
    package mutating func decode(_ kind: EventKind, from bytes: UnsafeRawBufferPointer) throws -> EventBody {
        if let body = quick(kind, bytes) { return body }
        return try EventBody(kind: kind, reading: CanonicalReader(data: Data(bytes)))
    }

    /// The same for bytes that are held elsewhere.
    package mutating func decode(_ kind: EventKind, from data: Data) throws -> EventBody {
        try data.withUnsafeBytes { try decode(kind, from: $0) }
    }

    private mutating func quick(_ kind: EventKind, _ bytes: UnsafeRawBufferPointer) -> EventBody? {
        var reader = FlatReader(bytes, names: names)
        do throws(UnusualForm) {
            let body: EventBody
            switch kind {
            case .copyReceipt: body = .copyReceipt(try CopyReceipt(reading: &reader))
            case .copyVerification: body = .copyVerification(try CopyVerification(reading: &reader))
            case .canaryRecord: body = .canaryRecord(try CanaryRecord(reading: &reader))
            case .backupRun: body = .backupRun(try BackupRun(reading: &reader))
            case .probeRun: body = .probeRun(try ProbeRun(reading: &reader))
            case .copyExpiry: body = .copyExpiry(try CopyExpiry(reading: &reader))
            default: return nil
            }
            try reader.end()
            return body
        } catch {
            // Nothing is lost: the caller reads the same bytes the slow way, which says what is wrong.
            return nil
        }
    }
}

private struct CanonicalReader: EventReader {
    let data: Data

    func read<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try CanonicalJSON.decode(type, from: data)
    }
}

/// A value that is written and read as one flat JSON object with its keys in canonical order.
protocol FlatCoded {
    func write(to writer: inout FlatWriter)
    init(reading reader: inout FlatReader) throws(UnusualForm)
}

/// The bytes are not in the one form that the quick way knows.
struct UnusualForm: Error {}

/// Keeps one `String` for each text that comes again and again, in bounded room.
///
/// Short texts need no memory of their own in Swift and are not kept.
final class NameCache {
    private var texts = [String](repeating: "", count: 4_096)

    func text(_ bytes: UnsafeRawBufferPointer) -> String? {
        let count = bytes.count
        // Swift keeps up to 15 bytes inside the value.
        guard count > 15 else { return Self.make(bytes) }
        var hash: UInt64 = UInt64(count) &* 0x9E37_79B9_7F4A_7C15
        var place = 0
        while place + 8 <= count {
            let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            hash = (hash ^ word) &* 0xFF51_AFD7_ED55_8CCD
            hash ^= hash >> 32
            place += 8
        }
        let tail = bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        hash = (hash ^ tail) &* 0xFF51_AFD7_ED55_8CCD
        let slot = Int(truncatingIfNeeded: (hash ^ (hash >> 29)) & 4_095)
        if Self.isSame(texts[slot], bytes) { return texts[slot] }
        guard let text = Self.make(bytes) else { return nil }
        texts[slot] = text
        return text
    }

    private static func isSame(_ text: String, _ bytes: UnsafeRawBufferPointer) -> Bool {
        text.utf8.count == bytes.count
            && text.utf8.withContiguousStorageIfAvailable { known in
                UnsafeRawBufferPointer(known).elementsEqual(bytes)
            } ?? false
    }

    private static func make(_ bytes: UnsafeRawBufferPointer) -> String? {
        String(validating: bytes, as: UTF8.self)
    }
}
