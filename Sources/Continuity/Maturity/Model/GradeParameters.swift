// SPDX-License-Identifier: Apache-2.0

/// A parameter's value.
package enum ParameterValue: Hashable, Sendable {
    case duration(Duration)
    case number(Double)
    case flag(Bool)
    case word(String)

    /// What a text is: a flag, a number, a length of time, else a word.
    package init(text: String) {
        if text == "true" || text == "false" {
            self = .flag(text == "true")
        } else if let number = Double(text) {
            self = .number(number)
        } else if let duration = Duration(text: text) {
            self = .duration(duration)
        } else {
            self = .word(text)
        }
    }

    package var text: String {
        switch self {
        case .duration(let duration): duration.text
        case .number(let number): Self.plain(number)
        case .flag(let flag): flag ? "true" : "false"
        case .word(let word): word
        }
    }

    static func plain(_ number: Double) -> String {
        number == number.rounded() && number.magnitude < 1e15 ? String(Int(number)) : String(number)
    }

    private var kind: String {
        switch self {
        case .duration: "a length of time, such as 90d"
        case .number: "a number"
        case .flag: "true or false"
        case .word: "a word"
        }
    }

    /// Reads a text as the same kind of value; `nil` and what was expected when it is none.
    func sibling(_ text: String) -> (value: ParameterValue?, expected: String) {
        let other = ParameterValue(text: text)
        switch (self, other) {
        case (.duration, .duration), (.number, .number), (.flag, .flag), (.word, .word): return (other, kind)
        default: return (nil, kind)
        }
    }
}

/// The model's parameters with what an organisation changed.
package struct GradeParameters: Hashable, Sendable {
    private var defaults: [String: ParameterValue] = [:]
    private var changes: [String: ParameterValue] = [:]

    package init(_ model: MaturityModel) {
        for parameter in model.parameters { defaults[parameter.name] = parameter.value }
    }

    /// Changes one parameter.
    ///
    /// - Throws: `ModelError` when there is none of that name, or the text is of another kind.
    package mutating func set(_ name: String, _ text: String) throws(ModelError) {
        guard let value = defaults[name] else {
            throw ModelError(
                "no parameter '\(name)'", hint: Spelling.suggestion(for: name, among: defaults.keys))
        }
        let sibling = value.sibling(text)
        guard let new = sibling.value else {
            throw ModelError("parameter '\(name)': '\(text)' is not \(sibling.expected)")
        }
        if case .word = value, !Self.words[name, default: [text]].contains(text) {
            throw ModelError(
                "parameter '\(name)' is one of \(Self.words[name, default: []].joined(separator: ", "))")
        }
        changes[name] = new == value ? nil : new
    }

    /// The words that a parameter may be.
    static let words = ["cadence_mode": ["gap", "bucket"], "drill_cadence": ["per_type", "programme"]]

    package var names: [String] { defaults.keys.sorted() }

    package func has(_ name: String) -> Bool { defaults[name] != nil }

    package subscript(_ name: String) -> ParameterValue? { changes[name] ?? defaults[name] }

    /// Every parameter that is not the default, by name.
    package var changed: [ChangedParameter] {
        changes.keys.sorted().map { name in
            ChangedParameter(
                name: name, value: changes[name]?.text ?? "", defaultValue: defaults[name]?.text ?? "")
        }
    }

    // MARK: - Typed

    package func duration(_ name: String) -> Duration {
        if case .duration(let value) = self[name] { value } else { .zero }
    }

    package func number(_ name: String) -> Double {
        if case .number(let value) = self[name] { value } else { 0 }
    }

    package func flag(_ name: String) -> Bool {
        self[name] == .flag(true)
    }

    package func word(_ name: String) -> String {
        if case .word(let value) = self[name] { value } else { "" }
    }

    /// A bar as a bare number; lengths of time in seconds.
    package func value(of bar: Bar) -> Double {
        switch bar {
        case .number(let number): number
        case .duration(let duration): duration.inSeconds
        case .parameter(let name):
            switch self[name] {
            case .number(let number): number
            case .duration(let duration): duration.inSeconds
            default: 0
            }
        }
    }
}

/// Why a model, a parameter or an attestation cannot be used.
package struct ModelError: Error, Hashable, Sendable, CustomStringConvertible {
    package let message: String
    package let hint: String?

    package init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }

    package var description: String { hint.map { "\(message) (\($0))" } ?? message }
}
