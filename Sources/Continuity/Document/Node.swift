// SPDX-License-Identifier: Apache-2.0

/// A piece of a YAML or JSON document, with the place where it stands.
///
/// Scalars keep their text: what a text means is decided by whoever reads it, so that `on`, `no` and `17:05`
/// stay what the person wrote (YAML 1.2 core schema).
package struct Node: Hashable, Sendable {
    /// What stands there.
    package indirect enum Value: Hashable, Sendable {
        /// A text; `isPlain` when it stood without quotes.
        case scalar(String, isPlain: Bool)
        case sequence([Node])
        case mapping([Entry])
    }

    /// A key and its value, in the order of the document.
    package struct Entry: Hashable, Sendable {
        package var key: String
        package var place: Place
        package var value: Node

        package init(key: String, place: Place, value: Node) {
            self.key = key
            self.place = place
            self.value = value
        }
    }

    package var value: Value
    package var place: Place

    package init(_ value: Value, at place: Place) {
        self.value = value
        self.place = place
    }

    /// Whether it says nothing: an empty plain scalar, `null` or `~`.
    package var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = value else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// What it is, for messages.
    package var kind: String {
        switch value {
        case .scalar: "a text"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// A place in a file.
package struct Place: Hashable, Sendable, Codable {
    package var file: String
    /// From 1; 0 when the whole file is meant.
    package var line: Int
    package var column: Int

    package init(file: String, line: Int, column: Int = 1) {
        self.file = file
        self.line = line
        self.column = column
    }
}

/// Something wrong with a document.
package struct Problem: Hashable, Sendable, Codable {
    /// Whether the document can be used at all.
    package enum Severity: String, Hashable, Sendable, Codable {
        case error
        case warning
    }

    package var severity: Severity
    package var place: Place
    /// The keys that lead there, such as `datasets.documents.copies.to`.
    package var key: String
    package var message: String
    package var hint: String?

    package init(
        _ severity: Severity = .error, at place: Place, key: String, _ message: String, hint: String? = nil
    ) {
        self.severity = severity
        self.place = place
        self.key = key
        self.message = message
        self.hint = hint
    }
}

extension Problem: CustomStringConvertible {
    /// `FILE:LINE: KEY: message`.
    package var description: String {
        key.isEmpty
            ? "\(place.file):\(place.line): \(message)" : "\(place.file):\(place.line): \(key): \(message)"
    }
}

extension Sequence<Problem> {
    package var errors: [Problem] {
        filter { $0.severity == .error }
    }
}
