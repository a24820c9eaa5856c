// SPDX-License-Identifier: Apache-2.0

extension ScenarioReader {
    /// The steps of another file in the place of a `call`, in their written order; `nil` for any other step.
    ///
    /// Every name that the file makes (its steps, marks and saved values) gets the id of the call in front, so
    /// that one file can be called twice. Its `vars` are filled in here: what the call gives, else its own.
    func called(_ step: Fields, into steps: inout [Step], in frame: GroupFrame) -> Group? {
        guard let fields = step.fields("call") else { return nil }
        defer { fields.end() }
        let file = fields.requiredText("file")
        let given = fields.pairs("with")
        guard !step.isRecorded, !file.isEmpty else { return nil }
        guard let part = parts[file] else {
            fields.complain(
                "file", "there is no file '\(file)'", hint: "it is looked for beside the scenario")
            return nil
        }
        let id = step.text("id") ?? ""
        let called = CalledPart(part, file: file, list: list)
        for name in given.keys.sorted() where called.variables[name] == nil {
            fields.complain(
                "with", "\(file) has no variable '\(name)'",
                hint: Spelling.suggestion(for: name, among: called.variables.keys.sorted()))
        }
        let nodes = called.steps(named: id, given: given)
        let paths = nodes.indices.map { "\(fields.path) \(file) steps[\($0)]" }
        let members = read(Array(zip(nodes, paths)), .inTurn, into: &steps, in: frame)
        return Group(members: members, need: .all, file: file)
    }
}

extension Node {
    /// The files that the steps of a scenario, or of a called file, call, as they name them.
    package var calledFiles: [String] {
        guard case .mapping(let entries) = value,
            case .sequence(let steps)? = entries.first(where: { $0.key == "steps" })?.value.value
        else { return [] }
        return steps.flatMap { step -> [String] in
            guard case .mapping(let keys) = step.value else { return [] }
            return keys.flatMap { key -> [String] in
                if key.key == "group" { return key.value.calledFiles }
                guard key.key == "call", case .mapping(let call) = key.value.value,
                    case .scalar(let file, _)? = call.first(where: { $0.key == "file" })?.value.value
                else { return [] }
                return [file]
            }
        }
    }
}

/// A file of steps that scenarios call: `part: 1`, an `id`, a `title`, `vars` with what they are unless the
/// call says otherwise, and `steps`.
struct CalledPart {
    let variables: [String: String]
    private let file: String
    private let nodes: [Node]
    private let list: ProblemList

    init(_ node: Node, file: String, list: ProblemList) {
        let fields = Fields(node, path: "", list: list)
        if let version = fields.require("part", fields.integer("part")), version != 1 {
            fields.complain("part", "this program reads parts of version 1, not \(version)")
        }
        _ = (fields.text("id"), fields.text("title"))
        variables = fields.pairs("vars")
        nodes = fields.items("steps")
        if nodes.isEmpty { _ = fields.require("steps", Optional<String>.none) }
        fields.end()
        self.file = file
        self.list = list
    }

    /// Its steps as they stand in the scenario, named after the call.
    func steps(named id: String, given: [String: String]) -> [Node] {
        let rename = Renaming(
            prefix: id, folder: file.lastIndex(of: "/").map { String(file[...$0]) } ?? "",
            steps: Set(nodes.flatMap { Self.ids(in: $0) }), saved: Set(nodes.flatMap { Self.saved(in: $0) }),
            marks: Set(nodes.flatMap { Self.marks(in: $0) }), values: variables.merging(given) { $1 })
        return nodes.map { rename.step($0) }
    }

    private static func entry(_ key: String, of node: Node) -> Node? {
        guard case .mapping(let entries) = node.value else { return nil }
        return entries.first { $0.key == key }?.value
    }

    private static func text(_ node: Node?) -> String? {
        guard case .scalar(let text, _)? = node?.value else { return nil }
        return text
    }

    private static func members(of node: Node) -> [Node] {
        guard let group = entry("group", of: node),
            case .sequence(let items)? = entry("steps", of: group)?.value
        else { return [] }
        return items
    }

    private static func ids(in step: Node) -> [String] {
        [text(entry("id", of: step))].compactMap { $0 } + members(of: step).flatMap { ids(in: $0) }
    }

    private static func saved(in step: Node) -> [String] {
        var names: [String] = []
        if case .mapping(let entries)? = entry("save", of: step)?.value { names = entries.map(\.key) }
        return names + members(of: step).flatMap { saved(in: $0) }
    }

    private static func marks(in step: Node) -> [String] {
        [text(entry("mark", of: step))].compactMap { $0 } + members(of: step).flatMap { marks(in: $0) }
    }
}

/// Puts a call's id in front of the names that a called file makes, and its values in place of its variables.
private struct Renaming {
    let prefix: String
    /// The called file's folder, beside which its scripts lie.
    let folder: String
    let steps: Set<String>
    let saved: Set<String>
    let marks: Set<String>
    let values: [String: String]

    func step(_ node: Node) -> Node {
        guard case .mapping(let entries) = node.value else { return node }
        var renamed = entries.map { entry -> Node.Entry in
            var entry = entry
            switch entry.key {
            case "id": entry.value = named(entry.value, in: steps)
            case "save": entry.value = saves(entry.value)
            case "group": entry.value = group(entry.value)
            case "call": entry.value = call(entry.value)
            default: entry.value = inside(entry.value, under: entry.key)
            }
            return entry
        }
        // Begins with the call, as far as the file is concerned.
        renamed.removeAll { entry in
            if case .sequence(let items) = entry.value.value {
                entry.key == "needs" && items.isEmpty
            } else {
                false
            }
        }
        return Node(.mapping(renamed), at: node.place)
    }

    private func group(_ node: Node) -> Node {
        guard case .mapping(let entries) = node.value else { return node }
        return Node(
            .mapping(
                entries.map { entry in
                    var entry = entry
                    if entry.key == "steps", case .sequence(let items) = entry.value.value {
                        entry.value = Node(.sequence(items.map(step)), at: entry.value.place)
                    }
                    return entry
                }), at: node.place)
    }

    /// A call in a called file names its own file from there.
    private func call(_ node: Node) -> Node {
        guard case .mapping(let entries) = node.value else { return node }
        return Node(
            .mapping(
                entries.map { entry in
                    guard entry.key == "file", case .scalar(let text, let isPlain) = entry.value.value else {
                        return Node.Entry(
                            key: entry.key, place: entry.place, value: inside(entry.value, under: entry.key))
                    }
                    return Node.Entry(
                        key: entry.key, place: entry.place,
                        value: Node(.scalar(folder + text, isPlain: isPlain), at: entry.value.place))
                }), at: node.place)
    }

    private func saves(_ node: Node) -> Node {
        guard case .mapping(let entries) = node.value else { return node }
        return Node(
            .mapping(
                entries.map { Node.Entry(key: "\(prefix)-\($0.key)", place: $0.place, value: $0.value) }),
            at: node.place)
    }

    /// Anything below a step; what a text means depends on the key that it stands under.
    private func inside(_ node: Node, under key: String) -> Node {
        switch node.value {
        case .sequence(let items):
            return Node(.sequence(items.map { inside($0, under: key) }), at: node.place)
        case .mapping(let entries):
            return Node(
                .mapping(
                    entries.map {
                        Node.Entry(key: $0.key, place: $0.place, value: inside($0.value, under: $0.key))
                    }), at: node.place)
        case .scalar(let text, let isPlain):
            switch key {
            case "needs", "step": return named(node, in: steps)
            case "mark": return named(node, in: marks)
            case "answer": return named(node, in: saved)
            case "script" where !text.hasPrefix("/"):
                return Node(.scalar(folder + text, isPlain: isPlain), at: node.place)
            default: break
            }
            return Node(.scalar(filled(text), isPlain: isPlain), at: node.place)
        }
    }

    private func named(_ node: Node, in names: Set<String>) -> Node {
        guard case .scalar(let text, let isPlain) = node.value, names.contains(text) else { return node }
        return Node(.scalar("\(prefix)-\(text)", isPlain: isPlain), at: node.place)
    }

    /// Names that the file itself sets are replaced; the others are left to the scenario.
    private func filled(_ text: String) -> String {
        let template = Template(text)
        var known: [String: String] = [:]
        for name in template.names {
            known[name] =
                values[name] ?? (saved.contains(name) ? "{{\(prefix)-\(name)}}" : "{{\(name)}}")
        }
        return template.filled(known) ?? text
    }
}
