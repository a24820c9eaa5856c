// SPDX-License-Identifier: Apache-2.0

/// A value of a JSON text with the line it begins on, so that a mistake can be found again.
package struct JSONText: Hashable, Sendable {
    package indirect enum Value: Hashable, Sendable {
        case null
        case bool(Bool)
        /// As it was written, so that a large number keeps its digits.
        case number(String)
        case text(String)
        case list([JSONText])
        case object([String: JSONText])
    }

    package var value: Value
    /// From 1.
    package var line: Int

    package init(_ value: Value, line: Int) {
        self.value = value
        self.line = line
    }

    /// Reads every value of a text: one document, JSON lines, or pages put behind one another.
    ///
    /// - Throws: `ImportFault` with the line, for anything that RFC 8259 does not allow, a key that stands
    ///   twice, and nesting deeper than 64.
    package static func all(in text: String) throws(ImportFault) -> [JSONText] {
        var parser = JSONParser(text)
        return try parser.documents()
    }

    // MARK: - Asking

    /// The value under keys, one inside the other; `nil` when one is missing or null.
    package subscript(_ path: String...) -> JSONText? {
        var node = self
        for key in path {
            guard case .object(let keys) = node.value, let next = keys[key] else { return nil }
            node = next
        }
        return node.value == .null ? nil : node
    }

    /// A text, a number or a truth value as text; `nil` for anything else and for an empty text.
    package var scalar: String? {
        switch value {
        case .text(let text): text.isEmpty ? nil : text
        case .number(let text): text
        case .bool(let truth): truth ? "true" : "false"
        default: nil
        }
    }

    /// Its items; `nil` when it is no list.
    package var items: [JSONText]? {
        if case .list(let items) = value { items } else { nil }
    }

    package var keys: [String: JSONText] {
        if case .object(let keys) = value { keys } else { [:] }
    }

    /// The truth value; `nil` when it is none.
    package var truth: Bool? {
        if case .bool(let truth) = value { truth } else { nil }
    }
}

/// Reads JSON by RFC 8259, counting lines.
private struct JSONParser {
    private let bytes: [UInt8]
    private var place = 0
    private var line = 1

    init(_ text: String) {
        var bytes = Array(text.utf8)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        self.bytes = bytes
    }

    mutating func documents() throws(ImportFault) -> [JSONText] {
        var result: [JSONText] = []
        skipSpace()
        while place < bytes.count {
            result.append(try value(depth: 0))
            skipSpace()
        }
        return result
    }

    private func fault(_ words: String) -> ImportFault { ImportFault(line: line, words) }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) {
            if byte == 0x0A { line += 1 }
            place += 1
        }
    }

    private mutating func value(depth: Int) throws(ImportFault) -> JSONText {
        guard depth < 64 else { throw fault("is nested too deeply") }
        skipSpace()
        let start = line
        switch next {
        case UInt8(ascii: "{"): return JSONText(.object(try object(depth)), line: start)
        case UInt8(ascii: "["): return JSONText(.list(try list(depth)), line: start)
        case UInt8(ascii: "\""): return JSONText(.text(try string()), line: start)
        case UInt8(ascii: "t"): return JSONText(try word("true", .bool(true)), line: start)
        case UInt8(ascii: "f"): return JSONText(try word("false", .bool(false)), line: start)
        case UInt8(ascii: "n"): return JSONText(try word("null", .null), line: start)
        case nil: throw fault("the text ends where a value should stand")
        default: return JSONText(.number(try number()), line: start)
        }
    }

    private mutating func word(_ text: String, _ value: JSONText.Value) throws(ImportFault) -> JSONText.Value
    {
        guard bytes[place...].starts(with: text.utf8) else { throw fault("is no JSON") }
        place += text.utf8.count
        return value
    }

    private mutating func number() throws(ImportFault) -> String {
        let start = place
        while let byte = next, (48...57).contains(byte) || "+-.eE".utf8.contains(byte) { place += 1 }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        let isPlain = text.first != "+" && text.last != "." && Double(text) != nil
        guard isPlain else { throw fault("is no JSON") }
        return text
    }

    private mutating func list(_ depth: Int) throws(ImportFault) -> [JSONText] {
        var items: [JSONText] = []
        place += 1
        skipSpace()
        if take("]") { return items }
        while true {
            items.append(try value(depth: depth + 1))
            skipSpace()
            if take("]") { return items }
            guard take(",") else { throw fault("a ',' or ']' is missing") }
        }
    }

    private mutating func object(_ depth: Int) throws(ImportFault) -> [String: JSONText] {
        var keys: [String: JSONText] = [:]
        place += 1
        skipSpace()
        if take("}") { return keys }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw fault("a key is missing") }
            let key = try string()
            skipSpace()
            guard take(":") else { throw fault("a ':' is missing behind '\(key)'") }
            guard keys.updateValue(try value(depth: depth + 1), forKey: key) == nil else {
                throw fault("the key '\(key)' stands twice")
            }
            skipSpace()
            if take("}") { return keys }
            guard take(",") else { throw fault("a ',' or '}' is missing") }
        }
    }

    private mutating func take(_ sign: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: sign) else { return false }
        place += 1
        return true
    }

    // MARK: - Texts

    private mutating func string() throws(ImportFault) -> String {
        place += 1
        var scalars = String.UnicodeScalarView()
        var start = place
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                scalars.append(contentsOf: try plain(start))
                place += 1
                return String(scalars)
            case UInt8(ascii: "\\"):
                scalars.append(contentsOf: try plain(start))
                place += 1
                scalars.append(try escape())
                start = place
            case ..<0x20: throw fault("a control character stands in a text")
            default: place += 1
            }
        }
        throw fault("a text is not closed")
    }

    private func plain(_ start: Int) throws(ImportFault) -> String.UnicodeScalarView {
        guard let text = String(validating: bytes[start..<place], as: UTF8.self) else {
            throw fault("a text is not UTF-8")
        }
        return text.unicodeScalars
    }

    private mutating func escape() throws(ImportFault) -> Unicode.Scalar {
        let sign = next
        place += 1
        switch sign {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicode()
        default: throw fault("a text holds an escape that JSON does not know")
        }
    }

    private mutating func unicode() throws(ImportFault) -> Unicode.Scalar {
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800...0xDBFF).contains(first), take("\\"), take("u") else { return "\u{FFFD}" }
        let second = try hexadecimal()
        guard (0xDC00...0xDFFF).contains(second) else { return "\u{FFFD}" }
        return Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func hexadecimal() throws(ImportFault) -> UInt32 {
        let digits = String(decoding: bytes[place..<min(place + 4, bytes.count)], as: UTF8.self)
        guard digits.utf8.count == 4, digits.allSatisfy(\.isHexDigit), let value = UInt32(digits, radix: 16)
        else { throw fault("a text holds a broken \\u escape") }
        place += 4
        return value
    }
}
