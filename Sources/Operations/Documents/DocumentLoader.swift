// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Foundation
import Glibc
import Yams

/// Reads YAML and JSON files into nodes with their places, by the YAML 1.2 core schema.
///
/// Yams resolves `on`, `no` and `17:05` by YAML 1.1, so nothing of its resolution is used: every scalar keeps
/// its text. Anchors, tags and duplicate keys are refused.
package enum DocumentLoader {
    /// Larger than any plan; smaller than what would hurt.
    private static let sizeLimit = 4 << 20

    /// - Throws: `OperationError` with `.badInput` naming file and line, `.noSuchFile`, or `.permissionDenied`
    ///   when others may write to the file: plans and scenarios are code.
    package static func load(_ path: String) throws -> Continuity.Node {
        try refuseForeignWriters(path)
        guard let data = FileManager.default.contents(atPath: path) else {
            throw OperationError(.noSuchFile, "cannot read \(path): \(String(cString: strerror(errno)))")
        }
        guard data.count <= sizeLimit else {
            throw OperationError(.badInput, "\(path) is larger than \(sizeLimit >> 20) MiB")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw OperationError(.badInput, "\(path) is not UTF-8")
        }
        return try parse(text, file: path)
    }

    /// Reads a text that is at hand, such as one shipped with the program.
    package static func parse(_ text: String, file: String) throws -> Continuity.Node {
        do {
            let parser = try Parser(yaml: text, resolver: .basic)
            guard let node = try parser.singleRoot() else {
                throw OperationError(.badInput, "\(file):1: the file is empty")
            }
            // The parser owns the anchors of its nodes, so it must outlive the conversion.
            return try withExtendedLifetime(parser) { try convert(node, file: file, depth: 0) }
        } catch let error as YamlError {
            throw OperationError(.badInput, describe(error, file: file, text: text))
        }
    }

    private static func convert(_ node: Yams.Node, file: String, depth: Int) throws -> Continuity.Node {
        let place = Place(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
        guard depth < 64 else { throw OperationError(.badInput, "\(file):\(place.line): nested too deeply") }
        guard node.anchor == nil else {
            throw OperationError(.badInput, "\(file):\(place.line): anchors and aliases are not used here")
        }
        switch node {
        case .scalar(let scalar):
            return Continuity.Node(
                .scalar(scalar.string, isPlain: scalar.style == .plain || scalar.style == .any), at: place)
        case .sequence(let sequence):
            return Continuity.Node(
                .sequence(try sequence.map { try convert($0, file: file, depth: depth + 1) }), at: place)
        case .mapping(let mapping):
            return Continuity.Node(.mapping(try entries(mapping, file: file, depth: depth)), at: place)
        case .alias:
            throw OperationError(.badInput, "\(file):\(place.line): anchors and aliases are not used here")
        }
    }

    private static func entries(
        _ mapping: Yams.Node.Mapping, file: String, depth: Int
    ) throws -> [Continuity.Node.Entry] {
        try mapping.map { key, value in
            let place = Place(file: file, line: key.mark?.line ?? 1, column: key.mark?.column ?? 1)
            guard case .scalar(let scalar) = key else {
                throw OperationError(.badInput, "\(file):\(place.line): a key must be a text")
            }
            return Continuity.Node.Entry(
                key: scalar.string, place: place, value: try convert(value, file: file, depth: depth + 1))
        }
    }

    private static func describe(_ error: YamlError, file: String, text: String) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "\(file):\(mark.line): \(problem)"
        case .duplicatedKeysInMapping(let keys, let context):
            duplicate(keys.first ?? "", file: file, text: text, from: context.mark.line)
        default:
            "\(file): \(error)"
        }
    }

    /// Yams names the mapping; the person wants the line of the second key.
    private static func duplicate(_ key: String, file: String, text: String, from line: Int) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().dropFirst(
            line - 1)
        let places = lines.filter { $0.element.drop { $0 == " " || $0 == "\"" || $0 == "-" }.hasPrefix(key) }
        let place = (places.dropFirst().first?.offset ?? line - 1) + 1
        return "\(file):\(place): the key '\(key)' stands twice"
    }

    /// Refuses a file that others may change: plans, scenarios and scripts are code.
    static func refuseForeignWriters(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw OperationError(.noSuchFile, "cannot read \(path): \(String(cString: strerror(errno)))")
        }
        guard status.st_mode & 0o022 == 0 else {
            throw OperationError(
                .permissionDenied, "\(path) can be written to by others",
                hint: "it is as good as code: chmod go-w \(path)")
        }
        guard geteuid() != 0 || status.st_uid == 0 else {
            throw OperationError(
                .permissionDenied, "\(path) belongs to another account, and you are root",
                hint: "it is as good as code: chown root \(path)")
        }
    }
}
