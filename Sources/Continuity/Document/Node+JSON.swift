// SPDX-License-Identifier: Apache-2.0
package import Foundation

extension Node {
    /// Reads JSON in which every scalar is a text, as ``json(indented:)`` writes it.
    ///
    /// The order of keys is lost; all places are line 0 of `file`.
    ///
    /// - Throws: what `JSONSerialization` says, or `ModelError` for a number, a truth value or null.
    package init(json data: Data, file: String) throws {
        self = try Self.node(JSONSerialization.jsonObject(with: data, options: [.fragmentsAllowed]), file)
    }

    private static func node(_ value: Any, _ file: String) throws -> Node {
        let place = Place(file: file, line: 0)
        switch value {
        case let text as String: return Node(.scalar(text, isPlain: true), at: place)
        case let items as [Any]: return Node(.sequence(try items.map { try node($0, file) }), at: place)
        case let keys as [String: Any]:
            let entries = try keys.sorted { $0.key < $1.key }.map { key, value in
                Entry(key: key, place: place, value: try node(value, file))
            }
            return Node(.mapping(entries), at: place)
        default: throw ModelError("\(file): every value must be a text, a list or a mapping")
        }
    }

    /// The same as JSON, every scalar a text, keys in their order.
    ///
    /// `depth`: down to this depth each item stands on its own line; below, everything is one line.
    package func json(linesTo depth: Int) -> String {
        json(depth: depth, level: 0)
    }

    private func json(depth: Int, level: Int) -> String {
        let opens = level < depth
        let separator = opens ? ",\n" : ","
        let edge = opens ? "\n" : ""
        switch value {
        case .scalar(let text, _): return Self.quoted(text)
        case .sequence(let items):
            return "[" + edge
                + items.map { $0.json(depth: depth, level: level + 1) }
                .joined(separator: separator) + "]"
        case .mapping(let entries):
            return "{" + edge
                + entries.map { Self.quoted($0.key) + ":" + $0.value.json(depth: depth, level: level + 1) }
                .joined(separator: separator) + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
