// SPDX-License-Identifier: Apache-2.0

/// What a file of records came to: the events in it, and what was left out.
///
/// A pure function of the text and the rules: no record is taken half, and none is left out unsaid.
package struct ImportReading: Hashable, Sendable {
    /// Without a batch yet, in the file's order, each once.
    package private(set) var events: [EventBody] = []
    /// Records that stood in the file before, word for word.
    package private(set) var repeated = 0
    package private(set) var skipped: [ImportFault] = []
    /// What a person should know of how it was read.
    package private(set) var notes: [String] = []

    /// Reads a file.
    ///
    /// - Throws: `ImportFault` when the whole file cannot be read, or is something else.
    package init(
        _ text: String, as kind: ImportKind, rules: ImportRules, services: [String], now: Moment
    ) throws(ImportFault) {
        guard let schema = kind.schema else {
            throw ImportFault(line: 0, "'\(kind.rawValue)' holds backups, not records")
        }
        try Self.check(rules, schema)
        var source = try RecordSource(text, kind: kind, schema: schema, rules: rules)
        notes = source.notes
        skipped = source.skipped
        source.skipped = []
        let maker = RecordMaker(schema: schema, rules: rules, services: services, now: now)
        var seen: Set<EventBody> = []
        for record in source.records {
            do throws(ImportFault) {
                let event = try maker.event(record)
                if seen.insert(event).inserted { events.append(event) } else { repeated += 1 }
            } catch {
                skipped.append(error)
            }
        }
        skipped.sort { $0.line < $1.line }
    }

    private static func check(_ rules: ImportRules, _ schema: ImportSchema) throws(ImportFault) {
        let names = Set(rules.columns.keys).union(rules.words.keys).union(rules.defaults.keys)
        for name in names.sorted() where schema.field(name) == nil {
            let guess =
                Spelling.suggestion(for: name, among: schema.fields.map(\.name)).map { ", \($0)" } ?? ""
            throw ImportFault(line: 0, "\(schema.name) have no field '\(name)'\(guess)")
        }
    }
}

/// The records of a file in the words of the schema, whatever wrote it.
struct RecordSource {
    var records: [ImportRecord] = []
    var skipped: [ImportFault] = []
    var notes: [String] = []

    init(_ text: String, kind: ImportKind, schema: ImportSchema, rules: ImportRules) throws(ImportFault) {
        let start = text.unicodeScalars.first { !" \t\r\n\u{FEFF}".unicodeScalars.contains($0) }
        guard let start else { throw ImportFault(line: 1, "the file is empty") }
        guard start == "{" || start == "[" else {
            guard kind.isOwn else {
                throw ImportFault(line: 1, "is no JSON; asked for is \(kind.meaning)")
            }
            try read(CSVText(text), schema, rules)
            return
        }
        let documents = try JSONText.all(in: text)
        switch kind {
        case .alertmanager: AlertmanagerReader(rules: rules).read(documents, into: &self)
        case .gitlab: GitLabReader(rules: rules).read(documents, into: &self)
        case .github: GitHubReader(rules: rules).read(documents, into: &self)
        case .jenkins: JenkinsReader(rules: rules).read(documents, into: &self)
        case .pagerduty: PagerDutyReader().read(documents, into: &self)
        default: read(documents, schema, rules)
        }
        guard !records.isEmpty || !skipped.isEmpty || Self.isEmptyList(documents) else {
            throw ImportFault(line: 1, "holds nothing that looks like \(kind.meaning)")
        }
    }

    private static func isEmptyList(_ documents: [JSONText]) -> Bool {
        documents.allSatisfy { document in
            document.items?.isEmpty ?? document.keys.values.contains { $0.items?.isEmpty ?? false }
        }
    }

    mutating func skip(_ node: JSONText, _ reason: String) {
        skipped.append(ImportFault(line: node.line, reason))
    }

    /// The objects of a list, of pages that hold one under `key`, or one by one.
    static func objects(_ documents: [JSONText], under key: String? = nil) -> [JSONText] {
        documents.flatMap { document -> [JSONText] in
            if let items = document.items { return objects(items, under: key) }
            if let key, let items = document[key]?.items { return items }
            return [document]
        }
    }

    // MARK: - Lifeboat's own form

    private mutating func read(_ table: CSVText, _ schema: ImportSchema, _ rules: ImportRules)
        throws(ImportFault)
    {
        var places: [String: Int] = [:]
        for field in schema.fields {
            let column = rules.columns[field.name] ?? field.name
            guard let place = table.header.firstIndex(of: column) else {
                guard rules.columns[field.name] == nil else {
                    let guess = Spelling.suggestion(for: column, among: table.header).map { ", \($0)" } ?? ""
                    throw ImportFault(line: 1, "there is no column '\(column)'\(guess)")
                }
                continue
            }
            places[field.name] = place
        }
        for field in schema.fields
        where field.isRequired && places[field.name] == nil && rules.defaults[field.name] == nil {
            throw ImportFault(
                line: 1, "there is no column '\(field.name)'; --column \(field.name)=THEIRS names it")
        }
        noteUnused(table.header.filter { name in !places.values.contains { table.header[$0] == name } })
        for row in table.rows {
            guard row.cells.count == table.header.count else {
                skipped.append(
                    ImportFault(
                        line: row.line, "has \(row.cells.count) cells, the header has \(table.header.count)"))
                continue
            }
            records.append(ImportRecord(line: row.line, places.mapValues { row.cells[$0] }))
        }
    }

    private mutating func read(_ documents: [JSONText], _ schema: ImportSchema, _ rules: ImportRules) {
        var unused: Set<String> = []
        for object in Self.objects(documents, under: schema.name) {
            guard case .object(let keys) = object.value else {
                skip(object, "is no object")
                continue
            }
            var fields: [String: String?] = [:]
            var used: Set<String> = []
            for field in schema.fields {
                let key = rules.columns[field.name] ?? field.name
                guard let value = keys[key], value.value != .null else { continue }
                used.insert(key)
                fields[field.name] = field.form == .escalations ? Self.escalations(value) : value.scalar
            }
            unused.formUnion(keys.filter { $0.value.value != .null }.keys.filter { !used.contains($0) })
            records.append(ImportRecord(line: object.line, fields))
        }
        noteUnused(unused.sorted())
    }

    private static func escalations(_ node: JSONText) -> String? {
        guard let items = node.items else { return node.scalar }
        return items.map { "\($0["kind"]?.scalar ?? "?")@\($0["at"]?.scalar ?? "?")" }.joined(separator: ";")
    }

    private mutating func noteUnused(_ names: [String]) {
        let names = names.filter { !$0.isEmpty }
        guard !names.isEmpty else { return }
        notes.append("not used: \(names.prefix(12).joined(separator: ", "))\(names.count > 12 ? " …" : "")")
    }
}
