// SPDX-License-Identifier: Apache-2.0

/// An experiment of the Chaos Toolkit, as far as a drill can say it.
///
/// Source of the format: the Open Chaos Initiative's experiment, version 1.0.0.
struct ChaosExperiment {
    /// Something that is asked or done.
    struct Activity {
        var name: String
        var isAction: Bool
        var provider: Provider
        /// What a probe must answer, as it is written; `nil` when nothing is said.
        var tolerance: Node?
        var pauseBefore: Double
        var pauseAfter: Double
        var isInBackground: Bool
    }

    enum Provider {
        case http(HTTP)
        case process(words: [String], timeout: Double?)
        /// A function of a Python package, or a provider that nobody knows.
        case foreign(String)
    }

    struct HTTP {
        var url: String
        var method: String
        var headers: [(String, String)]
        var body: String?
        var timeout: Double?
    }

    var title: String
    var description: String
    /// Values for `${name}`; `nil` where the experiment takes one from the environment and names no default.
    var configuration: [(name: String, value: String?)] = []
    var secrets: [String] = []
    var hypothesis: [Activity] = []
    var method: [Activity] = []
    var rollbacks: [Activity] = []
    /// What it holds and this reading leaves out.
    var left: [String] = []
}

extension ChaosExperiment {
    /// - Throws: `ChaosError` when it is no experiment at all.
    init(_ node: Node) throws {
        guard let top = node.entries, top["method"] != nil || top["steady-state-hypothesis"] != nil else {
            throw ChaosError(text: "it has neither a method nor a steady-state-hypothesis")
        }
        title = top["title"]?.plainText ?? "An experiment"
        description = top["description"]?.plainText ?? ""
        readConfiguration(top["configuration"])
        secrets =
            top["secrets"]?.entries?.pairs.flatMap { group, value in
                (value.entries?.pairs ?? []).map { "\(group).\($0.0)" }
            } ?? []
        let probes = top["steady-state-hypothesis"]?.entries?["probes"]?.list ?? []
        hypothesis = probes.compactMap { activity($0) }
        method = (top["method"]?.list ?? []).compactMap { activity($0) }
        rollbacks = (top["rollbacks"]?.list ?? []).compactMap { activity($0) }
        for key in ["controls", "extensions", "contributions", "runtime"] where top[key] != nil {
            left.append("\(key): \(Self.reasons[key] ?? "there is nothing like it here")")
        }
    }

    private static let reasons = [
        "controls": "code around activities; a step's confirm, undo and needs say what it must not miss",
        "contributions": "what it contributes to; objectives of the plan say this",
        "runtime":
            "strategies of rollback and of the hypothesis; a drill always undoes, and fails at the first miss",
    ]

    private mutating func readConfiguration(_ node: Node?) {
        for (name, value) in node?.entries?.pairs ?? [] {
            if let text = value.plainText {
                configuration.append((name, text))
            } else if let fallback = value.entries?["default"]?.plainText {
                configuration.append((name, fallback))
                left.append(
                    "configuration.\(name): taken from \(Self.source(value)); its default stands under vars")
            } else {
                configuration.append((name, nil))
                left.append("configuration.\(name): taken from \(Self.source(value)); say it under vars")
            }
        }
    }

    private static func source(_ node: Node) -> String {
        let type = node.entries?["type"]?.plainText ?? "elsewhere"
        let key = node.entries?["key"]?.plainText.map { " \($0)" } ?? ""
        return type == "env" ? "the environment's\(key)" : type + key
    }

    private mutating func activity(_ node: Node) -> Activity? {
        guard let entries = node.entries else { return nil }
        if let name = entries["ref"]?.plainText {
            let known = (hypothesis + method).first { $0.name == name }
            if known == nil { left.append("ref \(name): no activity before it is called so") }
            return known
        }
        let name = entries["name"]?.plainText ?? "activity"
        for key in ["controls", "secrets", "configuration"] where entries[key] != nil && key == "controls" {
            left.append("\(name): its \(key)")
        }
        let pauses = entries["pauses"]?.entries
        return Activity(
            name: name, isAction: entries["type"]?.plainText == "action",
            provider: provider(entries["provider"]?.entries), tolerance: entries["tolerance"],
            pauseBefore: pauses?["before"]?.number ?? 0, pauseAfter: pauses?["after"]?.number ?? 0,
            isInBackground: entries["background"]?.plainText == "true")
    }

    private func provider(_ entries: Entries?) -> Provider {
        let timeout = entries?["timeout"]?.number ?? entries?["timeout"]?.list?.compactMap(\.number).max()
        switch entries?["type"]?.plainText {
        case "http":
            return .http(
                HTTP(
                    url: entries?["url"]?.plainText ?? "",
                    method: entries?["method"]?.plainText ?? "GET",
                    headers: (entries?["headers"]?.entries?.pairs ?? []).map { ($0.0, $0.1.plainText ?? "") },
                    body: entries?["arguments"]?.plainText, timeout: timeout))
        case "process":
            let words = [entries?["path"]?.plainText ?? ""] + Self.words(entries?["arguments"])
            return .process(words: words, timeout: timeout)
        case "python":
            let module = entries?["module"]?.plainText ?? "?"
            return .foreign("the Python function \(module).\(entries?["func"]?.plainText ?? "?")")
        default: return .foreign("the provider \(entries?["type"]?.plainText ?? "that is missing")")
        }
    }

    /// Arguments as the toolkit reads them: a list, a text that a shell would split, or option and value pairs.
    private static func words(_ node: Node?) -> [String] {
        guard let node else { return [] }
        if let items = node.list { return items.compactMap(\.plainText) }
        if let pairs = node.entries?.pairs { return pairs.flatMap { [$0.0, $0.1.plainText ?? ""] } }
        return split(node.plainText ?? "")
    }

    /// Words as a POSIX shell splits them: quotes and backslashes, and nothing is expanded.
    static func split(_ text: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character == " " || character == "\t" || character == "\n" {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        return words + [word].compactMap { $0 }
    }
}

/// Why a file is no experiment.
package struct ChaosError: Error, Hashable, Sendable {
    package let text: String
}

/// A mapping by its keys.
struct Entries {
    let pairs: [(String, Node)]

    subscript(key: String) -> Node? {
        pairs.first { $0.0 == key }?.1
    }
}

extension Node {
    var entries: Entries? {
        guard case .mapping(let entries) = value else { return nil }
        return Entries(pairs: entries.map { ($0.key, $0.value) })
    }

    var list: [Node]? {
        guard case .sequence(let items) = value else { return nil }
        return items
    }

    var plainText: String? {
        guard case .scalar(let text, _) = value, !isNull else { return nil }
        return text
    }

    var number: Double? { plainText.flatMap { Double($0) } }
}
