// SPDX-License-Identifier: Apache-2.0

/// The snapshots in another backup program's own listing.
package struct RepositoryReading: Hashable, Sendable {
    package internal(set) var snapshots: [RepositoryListing.Snapshot] = []
    package internal(set) var skipped: [ImportFault] = []
    package internal(set) var notes: [String] = []

    /// Reads a listing.
    ///
    /// `only`: what a snapshot must say to belong to the dataset, by `host`, `path`, `tag`, `name`,
    /// `stanza` and `repo`; `*` at the end stands for anything.
    /// Throws `ImportFault` when the text is no such listing, or a filter is none of that program.
    package init(
        _ text: String, as kind: ImportKind, only: [String: String], rules: ImportRules
    ) throws(ImportFault) {
        let filter = SnapshotFilter(only: only)
        let documents = try JSONText.all(in: text)
        switch kind {
        case .restic: try readRestic(documents, filter)
        case .borg: try readBorg(documents, filter, rules)
        case .pgbackrest: try readPgBackRest(documents, filter)
        default: throw ImportFault(line: 0, "'\(kind.rawValue)' is no listing")
        }
        snapshots.sort { ($0.consistencyAt, $0.id) < ($1.consistencyAt, $1.id) }
    }

    private mutating func skip(_ node: JSONText, _ reason: String) {
        skipped.append(ImportFault(line: node.line, reason))
    }

    private mutating func skipOther(_ node: JSONText, _ id: String) {
        skip(node, "snapshot \(id) is not of this dataset")
    }

    // MARK: - restic

    /// Every snapshot of restic stands for itself: its parent only spares reading.
    private mutating func readRestic(_ documents: [JSONText], _ filter: SnapshotFilter) throws(ImportFault) {
        try filter.allow(["host", "path", "tag"])
        for object in RecordSource.objects(documents).flatMap(Self.ungrouped) {
            guard let id = object["id"]?.scalar, let time = object["time"]?.scalar.flatMap(Moment.init),
                let paths = object["paths"]?.items
            else {
                guard object != documents.first, documents.first?.items == nil || object["id"] != nil else {
                    throw ImportFault(line: object.line, "is no output of 'restic snapshots --json'")
                }
                skip(object, "has no 'id', 'time' or 'paths'")
                continue
            }
            let isWanted =
                filter.takes("host", [object["hostname"]?.scalar])
                && filter.takes("path", paths.map(\.scalar))
                && filter.takes("tag", (object["tags"]?.items ?? []).map(\.scalar))
            guard isWanted else {
                skipOther(object, String(id.prefix(8)))
                continue
            }
            let bytes = object["summary", "total_bytes_processed"]?.scalar.flatMap(Int.init)
            snapshots.append(
                RepositoryListing.Snapshot(id: String(id.prefix(12)), consistencyAt: time, bytes: bytes))
        }
    }

    /// `restic snapshots --group-by … --json` puts snapshots into groups.
    private static func ungrouped(_ object: JSONText) -> [JSONText] {
        object["group_key"] == nil ? [object] : object["snapshots"]?.items ?? []
    }

    // MARK: - Borg

    /// Borg 1 writes local times without a zone.
    private mutating func readBorg(
        _ documents: [JSONText], _ filter: SnapshotFilter, _ rules: ImportRules
    ) throws(ImportFault) {
        try filter.allow(["name"])
        guard let archives = documents.first?["archives"]?.items else {
            throw ImportFault(line: 1, "is no output of 'borg list --json'")
        }
        for archive in archives {
            guard let id = archive["id"]?.scalar, let name = archive["name"]?.scalar,
                let time = archive["start"]?.scalar ?? archive["time"]?.scalar
            else {
                skip(archive, "has no 'id', 'name' or 'start'")
                continue
            }
            guard !name.hasSuffix(".checkpoint"), !name.contains(".checkpoint.") else {
                skip(archive, "\(name) was broken off")
                continue
            }
            guard filter.takes("name", [name]) else {
                skipOther(archive, name)
                continue
            }
            do {
                let at = try rules.moment(time)
                snapshots.append(RepositoryListing.Snapshot(id: String(id.prefix(12)), consistencyAt: at))
            } catch {
                skip(archive, "\(name): \(error.reason)")
            }
        }
        if !snapshots.isEmpty { notes.append("times without a zone were read as those of \(rules.zone)") }
    }

    // MARK: - pgBackRest

    private mutating func readPgBackRest(_ documents: [JSONText], _ filter: SnapshotFilter)
        throws(ImportFault)
    {
        try filter.allow(["stanza", "repo"])
        guard let stanzas = documents.first?.items, stanzas.allSatisfy({ $0["name"] != nil }) else {
            throw ImportFault(line: 1, "is no output of 'pgbackrest info --output=json'")
        }
        let wanted = stanzas.filter { filter.takes("stanza", [$0["name"]?.scalar]) }
        guard wanted.count < 2 else {
            throw ImportFault(line: 1, "holds \(wanted.count) stanzas; --only stanza=NAME says which")
        }
        let backups = wanted.first?["backup"]?.items ?? []
        let places = Set(backups.compactMap { $0["database", "repo-key"]?.scalar })
        guard places.count < 2 || filter.only["repo"] != nil else {
            throw ImportFault(
                line: 1,
                "holds backups in the repositories \(places.sorted().joined(separator: ", ")); --only repo=N "
                    + "says which, and each is imported under a name of its own")
        }
        for backup in backups { read(backup, filter) }
    }

    private mutating func read(_ backup: JSONText, _ filter: SnapshotFilter) {
        guard let label = backup["label"]?.scalar, let type = backup["type"]?.scalar,
            let begun = backup["timestamp", "start"]?.scalar.flatMap(Int64.init)
        else {
            skip(backup, "has no 'label', 'type' or 'timestamp'")
            return
        }
        guard filter.takes("repo", [backup["database", "repo-key"]?.scalar]) else {
            skipOther(backup, label)
            return
        }
        guard backup["error"]?.truth != true else {
            skip(backup, "\(label) holds pages whose checksums are wrong")
            return
        }
        let isFull = type == "full"
        guard isFull || backup["prior"] != nil else {
            skip(backup, "\(label) is '\(type)' and names no 'prior'")
            return
        }
        snapshots.append(
            RepositoryListing.Snapshot(
                id: label, consistencyAt: Moment(seconds: begun), kind: isFull ? .full : .incremental,
                parent: isFull ? nil : backup["prior"]?.scalar,
                bytes: backup["info", "size"]?.scalar.flatMap(Int.init)))
    }
}

/// Which snapshots of a repository belong to a dataset.
struct SnapshotFilter {
    let only: [String: String]

    func allow(_ names: [String]) throws(ImportFault) {
        for name in only.keys.sorted() where !names.contains(name) {
            throw ImportFault(
                line: 0, "such snapshots have no '\(name)'; known are \(names.joined(separator: ", "))")
        }
    }

    func takes(_ name: String, _ values: [String?]) -> Bool {
        guard let wanted = only[name] else { return true }
        return values.contains { value in value.map { ImportRules.matches($0, [wanted]) } ?? false }
    }
}

/// What another backup program's check proved.
package struct RepositoryCheckReading: Hashable, Sendable {
    package var level: RepositoryCheck.Level
    package var passed: Bool
    package var detail: String?

    /// Reads what a check put out, on both streams.
    ///
    /// A program's exit status does not stand in its output, so a check counts as passed only by the words
    /// that the program says at the very end of a good one; anything else is a failure.
    ///
    /// - Throws: `ImportFault` when the text is not of such a check.
    package init(_ text: String, as kind: ImportKind) throws(ImportFault) {
        let lines = text.split(whereSeparator: \.isNewline).map(String.init)
        func has(_ words: String) -> Bool { lines.contains { $0.contains(words) } }
        switch kind {
        case .resticCheck:
            if let summary = Self.resticSummary(lines) {
                self = summary
                return
            }
            guard has("load indexes") || has("check all packs") else {
                throw ImportFault(line: 1, "is no output of 'restic check'")
            }
            // A subset reads some packs only; which of the snapshots they hold it does not say.
            level = lines.contains("read all data") ? .bytes : .structure
            passed = has("no errors were found")
        case .borgCheck:
            guard has("repository check") || has("archive consistency check") else {
                throw ImportFault(line: 1, "is no output of 'borg check --verbose'")
            }
            let isData = has("Finished cryptographic data integrity verification")
            // Of the whole repository every byte is read and compared with its CRC.
            let isWhole = has("Finished full repository check") || has("Completed repository check")
            level = isData || isWhole ? .bytes : .structure
            let isClean = !isData || has("with 0 integrity errors")
            passed =
                isClean && has("no problems found") && !has("problems found, but")
                && !has("errors found") && !has("Error")
        default:
            guard has("stanza:") else {
                throw ImportFault(
                    line: 1, "is no output of 'pgbackrest verify --output=text --verbose'")
            }
            level = .bytes
            passed = has("status: ok")
        }
        detail = passed ? nil : Self.complaint(lines)
    }

    private init(level: RepositoryCheck.Level, passed: Bool, detail: String?) {
        self.level = level
        self.passed = passed
        self.detail = detail
    }

    /// restic 0.17 and later say it in JSON; whether all data was read stands nowhere in it.
    private static func resticSummary(_ lines: [String]) -> RepositoryCheckReading? {
        guard let line = lines.last(where: { $0.contains("\"message_type\":\"summary\"") }),
            let object = try? JSONText.all(in: line).first, let errors = object["num_errors"]?.scalar
        else { return nil }
        return RepositoryCheckReading(
            level: .structure, passed: errors == "0", detail: errors == "0" ? nil : "\(errors) errors")
    }

    /// The line that says what is wrong, for the person.
    private static func complaint(_ lines: [String]) -> String {
        let words = ["error", "fatal", "problem", "missing", "damaged", "invalid", "mismatch"]
        let found = lines.first { line in
            let line = line.lowercased()
            return words.contains { line.contains($0) }
        }
        return String((found ?? lines.last ?? "it ended early").prefix(200))
    }
}
