// SPDX-License-Identifier: Apache-2.0
package import Continuity
package import Ledger

/// Takes files into the ledger, and takes them back.
///
/// What a file holds and the batch that says so are written in one transaction: all of it or nothing.
package struct ImportDesk: Sendable {
    let plan: Plan
    let ledger: Ledger

    package init(plan: Plan, ledger: Ledger) {
        self.plan = plan
        self.ledger = ledger
    }

    /// What became of a file.
    package struct Outcome: Hashable, Sendable, Encodable {
        package var batch: ImportBatch
        /// Whether the very same file was taken before in the same way, so that nothing was written.
        package var isRepeated = false
        /// Records that replace what was known of their id.
        package var updated = 0
        package var skipped: [ImportFault] = []
        package var notes: [String] = []

        private enum CodingKeys: String, CodingKey {
            case batch, isRepeated, updated, skipped, notes
        }

        private struct Skipped: Encodable {
            var line: Int
            var reason: String
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(batch, forKey: .batch)
            try container.encode(isRepeated, forKey: .isRepeated)
            try container.encode(updated, forKey: .updated)
            try container.encode(
                skipped.map { Skipped(line: $0.line, reason: $0.reason) }, forKey: .skipped)
            try container.encode(notes, forKey: .notes)
        }
    }

    /// The time for which somebody says that a file is complete.
    package struct Coverage: Hashable, Sendable {
        package var from: Moment
        package var to: Moment
        /// The person of the plan who says so.
        package var person: String

        package init(from: Moment, to: Moment, person: String) {
            self.from = from
            self.to = to
            self.person = person
        }
    }

    /// Skipped lines that a batch's event keeps; all are counted.
    static let keptReasons = 100

    // MARK: - Records

    /// Reads records into the ledger.
    ///
    /// - Throws: `OperationError` with `.badInput` naming file and line when the whole file is of no use,
    ///   `.unknownName` for a person the plan does not know.
    package func take(
        _ file: ImportFile, as kind: ImportKind, rules: ImportRules, coverage: Coverage?, at now: Moment
    ) throws -> Outcome {
        try check(coverage, at: now)
        let reading: ImportReading
        do throws(ImportFault) {
            reading = try ImportReading(
                file.text, as: kind, rules: rules, services: plan.services.map(\.id), now: now)
        } catch {
            throw Self.bad(file, error)
        }
        if let known = try repeated(file, kind, rules.summary, coverage) {
            return Outcome(batch: known, isRepeated: true, skipped: reading.skipped, notes: reading.notes)
        }
        let book = try RecordBook(ledger.events(of: Self.recordKinds))
        let fresh = reading.events.filter { !book.holds($0) }
        var batch = self.batch(
            file, kind, registers: Self.registers(kind, reading.events), coverage, rules.summary, at: now)
        batch.taken = fresh.count
        batch.known = reading.events.count - fresh.count + reading.repeated
        Self.note(reading.skipped, in: &batch)
        // What is known already is written again with this batch: when the other is withdrawn, this one stays.
        try ledger.append(
            reading.events.map { $0.inBatch(batch.id) } + [.importBatch(batch)], at: now)
        return Outcome(
            batch: batch, updated: fresh.count { book.knows($0) }, skipped: reading.skipped,
            notes: reading.notes)
    }

    static let recordKinds: Set<EventKind> = [.incident, .change, .pipelineRun, .alert, .importBatch]

    private static func registers(_ kind: ImportKind, _ events: [EventBody]) -> [ImportBatch.Register] {
        switch kind.schema?.name {
        case "incidents": return [.incidents]
        case "changes": return [.changes]
        case "alerts": return [.alerts]
        default:
            let kinds = Set(
                events.compactMap { event in
                    if case .pipelineRun(let run) = event { run.kind } else { nil }
                })
            let both: [(PipelineRun.Kind, ImportBatch.Register)] = [
                (.build, .builds), (.deployment, .deployments),
            ]
            return both.filter { kinds.contains($0.0) }.map(\.1)
        }
    }

    // MARK: - Batches

    /// Every batch with its newest state, oldest first.
    package func all() throws -> [ImportBatch] {
        var order: [String] = []
        var newest: [String: ImportBatch] = [:]
        for event in try ledger.events(of: [.importBatch]) {
            guard case .importBatch(let batch) = event.body else { continue }
            if newest.updateValue(batch, forKey: batch.id) == nil { order.append(batch.id) }
        }
        return order.compactMap { newest[$0] }
    }

    /// Takes a batch back: from now on everything is as if the file had never come.
    ///
    /// - Throws: `OperationError` with `.unknownName` when there is no such batch, `.refused` when it is
    ///   withdrawn already.
    package func withdraw(_ id: String, at now: Moment) throws -> ImportBatch {
        let all = try all()
        guard var batch = all.first(where: { $0.id == id }) else {
            throw OperationError(
                .unknownName, "there is no import '\(id)'",
                hint: Spelling.suggestion(for: id, among: all.map(\.id))
                    ?? "'lifeboat import list' names them")
        }
        guard batch.withdrawnAt == nil else {
            throw OperationError(.refused, "'\(id)' is withdrawn already")
        }
        batch.withdrawnAt = now
        try ledger.append(try repositoryEvents(of: id, withdrawnAt: now) + [.importBatch(batch)], at: now)
        return batch
    }

    // MARK: - Parts

    static func bad(_ file: ImportFile, _ fault: ImportFault) -> OperationError {
        let place = fault.line > 0 ? "\(file.path):\(fault.line)" : file.path
        return OperationError(
            .badInput, "\(place): \(fault.reason)", hint: "'lifeboat import forms' tells what each kind holds"
        )
    }

    func check(_ coverage: Coverage?, at now: Moment) throws {
        guard let coverage else { return }
        guard plan.person(coverage.person) != nil else {
            throw OperationError(
                .unknownName, "the plan has no person '\(coverage.person)'",
                hint: Spelling.suggestion(for: coverage.person, among: plan.people.map(\.id)))
        }
        guard coverage.from < coverage.to, coverage.to <= now else {
            throw OperationError(
                .refused, "a file cannot be complete from \(coverage.from) to \(coverage.to)",
                hint: "the end must lie behind the begin, and not in the future")
        }
    }

    /// The batch that took the same bytes in the same way and still counts.
    func repeated(
        _ file: ImportFile, _ kind: ImportKind, _ rules: String, _ coverage: Coverage?
    ) throws -> ImportBatch? {
        try all().last { batch in
            batch.withdrawnAt == nil && batch.sha256 == file.sha256 && batch.reader == kind.rawValue
                && batch.rules == rules && batch.coversFrom == coverage?.from
                && batch.coversTo == coverage?.to
        }
    }

    func batch(
        _ file: ImportFile, _ kind: ImportKind, registers: [ImportBatch.Register], _ coverage: Coverage?,
        _ rules: String, at now: Moment
    ) -> ImportBatch {
        ImportBatch(
            id: "b-\(now.compact.lowercased())-\(String(UInt16.random(in: 0 ... .max), radix: 16))",
            reader: kind.rawValue, file: file.path, sha256: file.sha256, registers: registers,
            coversFrom: coverage?.from, coversTo: coverage?.to, taken: 0, person: coverage?.person,
            rules: rules)
    }

    static func note(_ skipped: [ImportFault], in batch: inout ImportBatch) {
        batch.skipped = skipped.prefix(keptReasons).map(\.description)
        batch.skippedCount = skipped.count
    }
}

/// The records that count now, each with the last word on it.
private struct RecordBook {
    private var newest: [String: EventBody] = [:]

    init(_ events: [Event]) {
        var withdrawn: Set<String> = []
        for event in events {
            guard case .importBatch(let batch) = event.body else { continue }
            if batch.withdrawnAt != nil { withdrawn.insert(batch.id) }
        }
        for event in events {
            guard let name = event.body.recordName, !withdrawn.contains(event.body.batch ?? "") else {
                continue
            }
            newest[name] = event.body.inBatch(nil)
        }
    }

    /// Whether it is known, word for word.
    func holds(_ record: EventBody) -> Bool { record.recordName.map { newest[$0] == record } ?? false }

    /// Whether something of its id is known.
    func knows(_ record: EventBody) -> Bool { record.recordName.map { newest[$0] != nil } ?? false }
}

extension EventBody {
    /// What an imported record is the last word on.
    var recordName: String? {
        switch self {
        case .incident(let value): "incident \(value.id)"
        case .change(let value): "change \(value.id)"
        case .pipelineRun(let value): "pipeline_run \(value.id)"
        case .alert(let value): "alert \(value.id)"
        default: nil
        }
    }

    var batch: String? {
        switch self {
        case .incident(let value): value.batch
        case .change(let value): value.batch
        case .pipelineRun(let value): value.batch
        case .alert(let value): value.batch
        default: nil
        }
    }

    func inBatch(_ batch: String?) -> EventBody {
        switch self {
        case .incident(var value):
            value.batch = batch
            return .incident(value)
        case .change(var value):
            value.batch = batch
            return .change(value)
        case .pipelineRun(var value):
            value.batch = batch
            return .pipelineRun(value)
        case .alert(var value):
            value.batch = batch
            return .alert(value)
        default: return self
        }
    }
}
