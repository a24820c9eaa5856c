// SPDX-License-Identifier: Apache-2.0

/// Puts one JSON object together in canonical form; the caller names the keys in their order.
struct FlatWriter {
    private(set) var bytes: [UInt8] = []
    /// Whether everything so far can be written without an escape; if not, the bytes are worthless.
    private(set) var isPlain = true
    private var isFirst = true

    init() {
        bytes.reserveCapacity(512)
    }

    mutating func begin() {
        bytes.append(UInt8(ascii: "{"))
        isFirst = true
    }

    mutating func end() {
        bytes.append(UInt8(ascii: "}"))
        isFirst = false
    }

    mutating func key(_ key: StaticString) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        bytes.append(UInt8(ascii: "\""))
        key.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    mutating func field(_ name: StaticString, _ value: Int) {
        key(name)
        number(value)
    }

    mutating func field(_ name: StaticString, _ value: Int?) {
        guard let value else { return }
        field(name, value)
    }

    mutating func field(_ name: StaticString, _ value: Bool) {
        key(name)
        bytes.append(contentsOf: value ? "true".utf8 : "false".utf8)
    }

    mutating func field(_ name: StaticString, _ value: String) {
        key(name)
        text(value)
    }

    mutating func field(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        field(name, value)
    }

    mutating func field(_ name: StaticString, _ value: Moment) {
        key(name)
        moment(value)
    }

    mutating func field(_ name: StaticString, _ value: Moment?) {
        guard let value else { return }
        field(name, value)
    }

    mutating func field(_ name: StaticString, _ values: [Int]?) {
        guard let values else { return }
        list(name, values) { writer, value in writer.number(value) }
    }

    mutating func field(_ name: StaticString, _ values: [String]) {
        list(name, values) { writer, value in writer.text(value) }
    }

    mutating func list<Value>(
        _ name: StaticString, _ values: [Value], _ write: (inout FlatWriter, Value) -> Void
    ) {
        key(name)
        bytes.append(UInt8(ascii: "["))
        for (place, value) in values.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            write(&self, value)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    // MARK: - Values

    private mutating func number(_ value: Int) {
        var rest = value.magnitude
        let begin = bytes.count
        repeat {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            bytes.append(UInt8(48 + digit))
            rest = quotient
        } while rest > 0
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        bytes[begin...].reverse()
    }

    private mutating func text(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        let begin = bytes.count
        bytes.append(contentsOf: value.utf8)
        bytes.append(UInt8(ascii: "\""))
        for byte in bytes[begin..<bytes.count - 1]
        where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F {
            isPlain = false
            return
        }
    }

    /// `"2026-11-22T03:15:00.000000000Z"`.
    private mutating func moment(_ value: Moment) {
        let seconds = value.seconds
        let fraction = Int(value.nanoseconds - seconds * 1_000_000_000)
        let civil = CivilTime(value)
        bytes.append(UInt8(ascii: "\""))
        digits(civil.year, 4)
        bytes.append(UInt8(ascii: "-"))
        digits(civil.month, 2)
        bytes.append(UInt8(ascii: "-"))
        digits(civil.day, 2)
        bytes.append(UInt8(ascii: "T"))
        digits(civil.hour, 2)
        bytes.append(UInt8(ascii: ":"))
        digits(civil.minute, 2)
        bytes.append(UInt8(ascii: ":"))
        digits(civil.second, 2)
        bytes.append(UInt8(ascii: "."))
        digits(fraction, 9)
        bytes.append(UInt8(ascii: "Z"))
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func digits(_ value: Int, _ width: Int) {
        var rest = value
        let begin = bytes.count
        for _ in 0..<width {
            bytes.append(UInt8(48 + rest % 10))
            rest /= 10
        }
        bytes[begin...].reverse()
    }
}
