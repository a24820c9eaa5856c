// SPDX-License-Identifier: Apache-2.0

/// What a reader tells the schema beside the keys that it asks for; nothing happens while a document is read.
extension Fields {
    /// Whether no document is read, but what would be read is collected.
    package var isRecorded: Bool { shape != nil }

    /// Says that a scalar of these words, or any text, may stand under a key instead of a mapping or list.
    package func alsoText(_ key: String, _ words: [String] = []) {
        guard let shape, let recorder = list.recorder else { return }
        recorder.property(key, of: shape).take(words.isEmpty ? .text : .words(words))
    }

    /// Says that exactly one of these keys, and of those said before, must be there.
    package func exactlyOne(of keys: [String]) {
        shape?.choice += keys
    }

    /// Says that a key, or one value of it, asks for at least one key of each list.
    package func implies(_ key: String, is value: String? = nil, _ needs: [[String]]) {
        shape?.implications.append(DocumentShape.Implication(key: key, value: value, needs: needs))
    }

    /// Says that a shape of the schema's own names stands under a key, or each item of a list does.
    ///
    /// - Returns: whether this was recorded, so that a reader that calls itself comes to an end.
    package func refer(_ key: String, to name: String, isList: Bool, requiring keys: [String] = []) -> Bool {
        guard let shape, let recorder = list.recorder else { return false }
        let property = recorder.property(key, of: shape)
        property.reference = (name, keys)
        property.isList = isList
        return true
    }

    /// Collects what a body asks for without insisting on any of it.
    package func unbound<Value>(_ body: () -> Value) -> Value {
        list.recorder?.optionalDepth += 1
        defer { list.recorder?.optionalDepth -= 1 }
        return body()
    }

    /// Collects what each value of a key asks for, and that each takes nothing else.
    package func variants(of key: String, _ values: [String], common: [String], _ body: (String) -> Void) {
        guard let shape, let recorder = list.recorder else { return }
        recorder.property(key, of: shape).take(.words(values))
        for value in values {
            let before = shape.required
            let mark = Set(asked)
            asked = []
            body(value)
            let own = asked
            let insisted = shape.required.filter { !before.contains($0) }
            shape.required = before
            shape.implications.append(
                DocumentShape.Implication(
                    key: key, value: value, needs: insisted.map { [$0] }, allowed: common + [key] + own))
            asked = Array(mark) + own
        }
    }
}
