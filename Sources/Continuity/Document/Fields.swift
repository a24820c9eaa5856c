// SPDX-License-Identifier: Apache-2.0

/// Collects what is wrong with a document, so that one reading names all of it.
package final class ProblemList {
    package private(set) var problems: [Problem] = []
    /// Collects what is asked for while no document is read; `nil` while one is.
    let recorder: ShapeRecorder?

    package init() {
        recorder = nil
    }

    init(recorder: ShapeRecorder) {
        self.recorder = recorder
    }

    package func add(_ problem: Problem) {
        guard recorder == nil else { return }
        problems.append(problem)
    }
}

/// The keys of one mapping, read one by one; what nobody asked for is a problem at the end.
///
/// A missing or wrong value is reported and replaced by a harmless one, so that reading goes on. Call
/// ``end()`` when all keys have been asked for.
package final class Fields {
    package let node: Node
    package let path: String
    package let list: ProblemList
    /// What would be read here; `nil` while a document is read.
    let shape: DocumentShape?
    var asked: [String] = []

    /// `path`: the keys that lead here, joined by dots.
    package init(_ node: Node, path: String, list: ProblemList) {
        self.node = node
        self.path = path
        self.list = list
        shape = list.recorder?.shape(of: node)
        shape?.isMapping = true
        if case .mapping = node.value { return }
        if !node.isNull {
            list.add(Problem(at: node.place, key: path, "must be a mapping, not \(node.kind)"))
        }
    }

    package var entries: [Node.Entry] {
        guard case .mapping(let entries) = node.value else { return [] }
        return entries
    }

    /// The value under a key; `nil` when it is missing or says nothing.
    package func value(_ key: String) -> Node? {
        asked.append(key)
        if let shape, let recorder = list.recorder {
            return recorder.node(for: recorder.property(key, of: shape))
        }
        guard let entry = entries.first(where: { $0.key == key }), !entry.value.isNull else { return nil }
        return entry.value
    }

    /// Whether a key is written; while nothing is read, so that all is asked for, every key is.
    package func has(_ key: String) -> Bool {
        isRecorded || entries.contains { $0.key == key }
    }

    /// Reports a problem with a key of this mapping.
    package func complain(
        _ key: String, _ message: String, hint: String? = nil, severity: Problem.Severity = .error
    ) {
        let place = entries.first { $0.key == key }?.value.place ?? node.place
        list.add(Problem(severity, at: place, key: full(key), message, hint: hint))
    }

    package func full(_ key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }

    /// Reports the keys that nobody asked for, each with the nearest one that exists.
    package func end() {
        for entry in entries where !asked.contains(entry.key) {
            list.add(
                Problem(
                    at: entry.place, key: full(entry.key), "unknown key",
                    hint: hint(for: entry.key)))
        }
    }
}

extension Fields {
    /// A YAML 1.1 parser would read the key 'on' as a truth value, so this format has none.
    private func hint(for key: String) -> String? {
        if key == "on", asked.contains("host") { return "write 'host:'; YAML 1.1 parsers take 'on' for true" }
        return Spelling.suggestion(for: key, among: asked)
    }
}

// MARK: - Scalars

extension Fields {
    /// Reads a scalar by the given rule; a text the rule refuses is a problem that says what was expected.
    package func scalar<Value>(_ key: String, _ expected: String, _ rule: (String) -> Value?) -> Value? {
        scalar(key, expected, as: .pattern("^.*$", expected: expected), rule)
    }

    private func scalar<Value>(
        _ key: String, _ expected: String, as kind: DocumentShape.Scalar, _ rule: (String) -> Value?
    ) -> Value? {
        if let property = recorded(key) {
            property.take(kind)
            return nil
        }
        guard let node = value(key) else { return nil }
        return read(node, full(key), expected, rule)
    }

    package func text(_ key: String) -> String? {
        scalar(key, "a text", as: .text) { $0 }
    }

    package func requiredText(_ key: String) -> String {
        require(key, text(key)) ?? ""
    }

    package func integer(_ key: String) -> Int? {
        scalar(key, "a whole number", as: .integer, Int.init)
    }

    package func bool(_ key: String) -> Bool? {
        scalar(key, "true or false", as: .bool) { $0 == "true" ? true : $0 == "false" ? false : nil }
    }

    package func duration(_ key: String) -> Duration? {
        let expected = "a length of time with its unit, such as 90s, 15m, 2h or 7d"
        let notation = #"^([0-9]*\.?[0-9]+(ms|s|m|h|d|w))+$"#
        return scalar(key, expected, as: .pattern(notation, expected: expected), Duration.init(text:))
    }

    package func size(_ key: String) -> Int? {
        let expected = "a size with its unit, such as 64MiB"
        let notation = "^[0-9]+(B|[KMGT]iB|[kMGT]B)$"
        return scalar(key, expected, as: .pattern(notation, expected: expected), Size.bytes(of:))
    }

    /// A percentage such as `99.9%`, as a share of one.
    package func share(_ key: String) -> Double? {
        let notation = #"^[0-9]+(\.[0-9]+)?%$"#
        let expected = "a percentage, such as 99.9%"
        return scalar(key, expected, as: .pattern(notation, expected: expected)) { text in
            guard text.hasSuffix("%"), let number = Double(text.dropLast()), (0...100).contains(number) else {
                return nil
            }
            return number / 100
        }
    }

    /// One of the words of an enumeration.
    package func word<Word: RawRepresentable & CaseIterable>(_ key: String, _ type: Word.Type) -> Word?
    where Word.RawValue == String {
        if let property = recorded(key) {
            property.take(.words(Word.allCases.map(\.rawValue)))
            return nil
        }
        guard let node = value(key) else { return nil }
        return word(node, full(key), type)
    }

    package func words<Word: RawRepresentable & CaseIterable>(_ key: String, _ type: Word.Type) -> [Word]
    where Word.RawValue == String {
        if let property = recorded(key) {
            property.take(.words(Word.allCases.map(\.rawValue)))
            property.isList = true
            return []
        }
        return items(key).compactMap { word($0, full(key), type) }
    }

    /// A list of texts; a single text counts as a list of one.
    package func texts(_ key: String) -> [String] {
        if let property = recorded(key) {
            property.take(.text)
            property.isList = true
            return []
        }
        return items(key).compactMap { read($0, full(key), "a text") { $0 } }
    }

    /// The value, after a complaint when it is missing.
    package func require<Value>(_ key: String, _ value: Value?) -> Value? {
        if let shape {
            if list.recorder?.optionalDepth == 0, !shape.required.contains(key) { shape.required.append(key) }
            return value
        }
        if value == nil, self.entries.first(where: { $0.key == key })?.value.isNull ?? true {
            list.add(Problem(at: node.place, key: full(key), "is missing"))
        }
        return value
    }

    /// The shape of what stands under a key; `nil` while a document is read.
    private func recorded(_ key: String) -> DocumentShape? {
        guard let shape, let recorder = list.recorder else { return nil }
        asked.append(key)
        return recorder.property(key, of: shape)
    }

    private func word<Word: RawRepresentable & CaseIterable>(_ node: Node, _ path: String, _ type: Word.Type)
        -> Word?
    where Word.RawValue == String {
        let words = Word.allCases.map(\.rawValue)
        guard case .scalar(let text, _) = node.value, let word = Word(rawValue: text) else {
            var hint: String?
            if case .scalar(let text, _) = node.value { hint = Spelling.suggestion(for: text, among: words) }
            list.add(
                Problem(
                    at: node.place, key: path, "must be one of \(words.joined(separator: ", "))", hint: hint))
            return nil
        }
        return word
    }

    private func read<Value>(_ node: Node, _ path: String, _ expected: String, _ rule: (String) -> Value?)
        -> Value?
    {
        guard case .scalar(let text, _) = node.value else {
            list.add(Problem(at: node.place, key: path, "must be \(expected), not \(node.kind)"))
            return nil
        }
        guard let value = rule(text) else {
            list.add(Problem(at: node.place, key: path, "'\(text)' is not \(expected)"))
            return nil
        }
        return value
    }
}

// MARK: - Structure

extension Fields {
    /// The items of a list; a single value counts as a list of one, a missing one as empty.
    package func items(_ key: String) -> [Node] {
        guard let node = value(key) else { return [] }
        if let shape = list.recorder?.shape(of: node) { shape.isList = true }
        if case .sequence(let items) = node.value { return items }
        return [node]
    }

    /// A mapping below a key.
    package func fields(_ key: String) -> Fields? {
        value(key).map { Fields($0, path: full(key), list: list) }
    }

    /// A mapping below a key that must be there; a missing one is reported and read as an empty one.
    package func requiredFields(_ key: String) -> Fields {
        require(key, fields(key))
            ?? Fields(Node(.mapping([]), at: node.place), path: full(key), list: ProblemList())
    }

    /// A mapping from names to texts, such as `vars`.
    package func pairs(_ key: String) -> [String: String] {
        guard let fields = fields(key) else { return [:] }
        if let shape = fields.shape, let recorder = list.recorder {
            let named = recorder.shape()
            named.take(.text)
            shape.named = named
        }
        var pairs: [String: String] = [:]
        for entry in fields.entries {
            if !Spelling.isName(entry.key) {
                fields.complain(
                    entry.key, "is no name: use letters, digits, '-' and '_', and begin with a letter")
            }
            pairs[entry.key] = fields.text(entry.key) ?? ""
        }
        fields.end()
        return pairs
    }

    /// The entries of a mapping from names to mappings, such as `sites`, each with its own fields.
    package func named(_ key: String) -> [(id: String, fields: Fields)] {
        guard let fields = fields(key) else { return [] }
        if let shape = fields.shape, let recorder = list.recorder {
            let named = recorder.shape()
            shape.named = named
            return [("name", Fields(recorder.node(for: named), path: fields.full("name"), list: list))]
        }
        return fields.entries.map { entry in
            if !Spelling.isName(entry.key) {
                list.add(
                    Problem(
                        at: entry.place, key: fields.full(entry.key),
                        "is no name: use letters, digits, '-' and '_', and begin with a letter"))
            }
            return (entry.key, Fields(entry.value, path: fields.full(entry.key), list: list))
        }
    }
}

/// Sizes in plans: always with a unit, powers of 1024 or of 1000.
package enum Size {
    private static let units: [String: Int] = [
        "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40, "kB": 1_000, "MB": 1_000_000,
        "GB": 1_000_000_000, "TB": 1_000_000_000_000,
    ]

    package static func bytes(of text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), let unit = units[String(text.dropFirst(digits.count))] else {
            return nil
        }
        let (bytes, isTooLarge) = number.multipliedReportingOverflow(by: unit)
        return isTooLarge ? nil : bytes
    }
}
