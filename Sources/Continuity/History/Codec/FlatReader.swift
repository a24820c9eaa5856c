// SPDX-License-Identifier: Apache-2.0

/// Reads one JSON object in canonical form, the keys in the order in which the caller asks for them.
///
/// Valid while the bytes it was given are.
struct FlatReader {
    private let bytes: UnsafeRawBufferPointer
    private let names: NameCache
    private var place = 0
    private var isFirst = true

    init(_ bytes: UnsafeRawBufferPointer, names: NameCache) {
        self.bytes = bytes
        self.names = names
    }

    mutating func begin() throws(UnusualForm) {
        try demand(UInt8(ascii: "{"))
        isFirst = true
    }

    mutating func endObject() throws(UnusualForm) {
        try demand(UInt8(ascii: "}"))
        isFirst = false
    }

    /// Nothing may follow.
    func end() throws(UnusualForm) {
        guard place == bytes.count else { throw UnusualForm() }
    }

    // MARK: - Fields

    mutating func text(_ key: StaticString) throws(UnusualForm) -> String {
        try demandKey(key)
        return try string()
    }

    mutating func textIfAny(_ key: StaticString) throws(UnusualForm) -> String? {
        hasKey(key) ? try string() : nil
    }

    mutating func integer(_ key: StaticString) throws(UnusualForm) -> Int {
        try demandKey(key)
        return try number()
    }

    mutating func integerIfAny(_ key: StaticString) throws(UnusualForm) -> Int? {
        hasKey(key) ? try number() : nil
    }

    mutating func flag(_ key: StaticString) throws(UnusualForm) -> Bool {
        try demandKey(key)
        if skip("true") { return true }
        guard skip("false") else { throw UnusualForm() }
        return false
    }

    mutating func moment(_ key: StaticString) throws(UnusualForm) -> Moment {
        try demandKey(key)
        return try moment()
    }

    mutating func momentIfAny(_ key: StaticString) throws(UnusualForm) -> Moment? {
        hasKey(key) ? try moment() : nil
    }

    mutating func word<Value: RawRepresentable>(_ key: StaticString) throws(UnusualForm) -> Value
    where Value.RawValue == String {
        guard let value = Value(rawValue: try text(key)) else { throw UnusualForm() }
        return value
    }

    mutating func wordIfAny<Value: RawRepresentable>(_ key: StaticString) throws(UnusualForm) -> Value?
    where Value.RawValue == String {
        guard hasKey(key) else { return nil }
        guard let value = Value(rawValue: try string()) else { throw UnusualForm() }
        return value
    }

    mutating func integersIfAny(_ key: StaticString) throws(UnusualForm) -> [Int]? {
        guard hasKey(key) else { return nil }
        return try elements { (reader: inout FlatReader) throws(UnusualForm) in try reader.number() }
    }

    mutating func texts(_ key: StaticString) throws(UnusualForm) -> [String] {
        try demandKey(key)
        return try elements { (reader: inout FlatReader) throws(UnusualForm) in try reader.string() }
    }

    mutating func values<Value: FlatCoded>(_ key: StaticString) throws(UnusualForm) -> [Value] {
        try demandKey(key)
        return try elements { (reader: inout FlatReader) throws(UnusualForm) in
            try Value(reading: &reader)
        }
    }

    mutating func value<Value: FlatCoded>(_ key: StaticString) throws(UnusualForm) -> Value {
        try demandKey(key)
        return try Value(reading: &self)
    }

    mutating func valueIfAny<Value: FlatCoded>(_ key: StaticString) throws(UnusualForm) -> Value? {
        hasKey(key) ? try Value(reading: &self) : nil
    }

    // MARK: - Pieces

    private mutating func elements<Value>(
        _ read: (inout FlatReader) throws(UnusualForm) -> Value
    ) throws(UnusualForm) -> [Value] {
        try demand(UInt8(ascii: "["))
        if skip("]") { return [] }
        var values: [Value] = []
        while true {
            values.append(try read(&self))
            if skip("]") { return values }
            try demand(UInt8(ascii: ","))
        }
    }

    private mutating func demandKey(_ key: StaticString) throws(UnusualForm) {
        guard hasKey(key) else { throw UnusualForm() }
    }

    /// Goes past `,"key":` (the comma not at the start) when it comes next.
    private mutating func hasKey(_ key: StaticString) -> Bool {
        let count = key.utf8CodeUnitCount
        let begin = isFirst ? place : place + 1
        guard begin + count + 3 <= bytes.count, isFirst || bytes[place] == UInt8(ascii: ","),
            bytes[begin] == UInt8(ascii: "\""), isSame(key, at: begin + 1),
            bytes[begin + count + 1] == UInt8(ascii: "\""), bytes[begin + count + 2] == UInt8(ascii: ":")
        else { return false }
        place = begin + count + 3
        isFirst = false
        return true
    }

    private func isSame(_ text: StaticString, at begin: Int) -> Bool {
        let start = text.utf8Start
        for index in 0..<text.utf8CodeUnitCount where bytes[begin + index] != start[index] { return false }
        return true
    }

    private mutating func skip(_ text: StaticString) -> Bool {
        guard place + text.utf8CodeUnitCount <= bytes.count, isSame(text, at: place) else { return false }
        place += text.utf8CodeUnitCount
        return true
    }

    private mutating func demand(_ byte: UInt8) throws(UnusualForm) {
        guard place < bytes.count, bytes[place] == byte else { throw UnusualForm() }
        place += 1
    }

    private mutating func string() throws(UnusualForm) -> String {
        try demand(UInt8(ascii: "\""))
        let begin = place
        while place < bytes.count {
            let byte = bytes[place]
            if byte == UInt8(ascii: "\"") {
                let piece = UnsafeRawBufferPointer(rebasing: bytes[begin..<place])
                place += 1
                guard let text = names.text(piece) else { throw UnusualForm() }
                return text
            }
            guard byte >= 0x20, byte != UInt8(ascii: "\\") else { throw UnusualForm() }
            place += 1
        }
        throw UnusualForm()
    }

    private mutating func number() throws(UnusualForm) -> Int {
        let isNegative = skip("-")
        let begin = place
        var value = 0
        while place < bytes.count, case let digit = bytes[place], digit >= 48, digit <= 57 {
            value = value &* 10 &+ Int(digit &- 48)
            place += 1
        }
        // 18 digits always fit; what is longer, empty, led by zeros or goes on as a fraction is unusual.
        guard place > begin, place - begin <= 18, place < bytes.count,
            bytes[begin] != 48 || place - begin == 1
        else { throw UnusualForm() }
        let next = bytes[place]
        guard next == UInt8(ascii: ",") || next == UInt8(ascii: "}") || next == UInt8(ascii: "]") else {
            throw UnusualForm()
        }
        return isNegative ? -value : value
    }

    /// `"2026-11-22T03:15:00.000000000Z"`, 32 bytes with its quotes.
    private mutating func moment() throws(UnusualForm) -> Moment {
        guard place + 32 <= bytes.count else { throw UnusualForm() }
        for (offset, mark) in Self.marks where bytes[place + offset] != mark { throw UnusualForm() }
        let year = try digits(1, 4)
        let month = try digits(6, 2)
        let day = try digits(9, 2)
        let hour = try digits(12, 2)
        let minute = try digits(15, 2)
        let second = try digits(18, 2)
        let fraction = try digits(21, 9)
        guard (1678...2261).contains(year), (1...12).contains(month),
            (1...CivilTime.daysInMonth(month, of: year)).contains(day), hour < 24, minute < 60, second < 60
        else { throw UnusualForm() }
        place += 32
        let days = CivilTime.days(year: year, month: month, day: day)
        return Moment(
            seconds: Int64(days * 86_400 + hour * 3_600 + minute * 60 + second), nanoseconds: Int64(fraction))
    }

    private static let marks: [(Int, UInt8)] = [
        (0, UInt8(ascii: "\"")), (5, UInt8(ascii: "-")), (8, UInt8(ascii: "-")), (11, UInt8(ascii: "T")),
        (14, UInt8(ascii: ":")), (17, UInt8(ascii: ":")), (20, UInt8(ascii: ".")), (30, UInt8(ascii: "Z")),
        (31, UInt8(ascii: "\"")),
    ]

    private func digits(_ offset: Int, _ width: Int) throws(UnusualForm) -> Int {
        var value = 0
        for index in place + offset..<place + offset + width {
            let digit = bytes[index]
            guard digit >= 48, digit <= 57 else { throw UnusualForm() }
            value = value &* 10 &+ Int(digit &- 48)
        }
        return value
    }
}
