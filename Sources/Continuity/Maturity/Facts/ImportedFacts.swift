// SPDX-License-Identifier: Apache-2.0

extension Alert {
    /// Told again and again until it is over: the first time that somebody was told counts, and any end.
    func merged(with older: Alert) -> Alert {
        var merged = self
        merged.deliveredAt = min(deliveredAt, older.deliveredAt)
        merged.trueAt = trueAt ?? older.trueAt
        merged.firedAt = [firedAt, older.firedAt].compactMap { $0 }.min()
        merged.resolvedAt = [resolvedAt, older.resolvedAt].compactMap { $0 }.max()
        merged.service = service ?? older.service
        return merged
    }
}

/// What was recorded or read in about incidents, changes, pipelines and alerts; withdrawn batches are left out.
struct ImportedFacts: Sendable {
    private(set) var incidents: [Numbered<Incident>] = []
    private(set) var changes: [Numbered<Change>] = []
    private(set) var pipelineRuns: [Numbered<PipelineRun>] = []
    private(set) var alerts: [Numbered<Alert>] = []
    private(set) var batches: [Numbered<ImportBatch>] = []
    private(set) var entries: [Numbered<RegisterEntry>] = []

    /// - Parameter events: in their order; the last event of an id is the last word on it.
    init(_ events: [Event]) {
        var incidents: [String: Numbered<Incident>] = [:]
        var changes: [String: Numbered<Change>] = [:]
        var runs: [String: Numbered<PipelineRun>] = [:]
        var alerts: [String: Numbered<Alert>] = [:]
        var batches: [String: Numbered<ImportBatch>] = [:]
        var entries: [String: Numbered<RegisterEntry>] = [:]
        for event in events {
            if case .importBatch(let value) = event.body {
                batches[value.id] = Numbered(event.sequence, value)
            }
        }
        let withdrawn = Set(batches.values.filter { $0.value.withdrawnAt != nil }.map(\.value.id))
        for event in events {
            switch event.body {
            case .incident(let value) where !withdrawn.contains(value.batch ?? ""):
                incidents[value.id] = Numbered(event.sequence, value)
            case .change(let value) where !withdrawn.contains(value.batch ?? ""):
                changes[value.id] = Numbered(event.sequence, value)
            case .pipelineRun(let value) where !withdrawn.contains(value.batch ?? ""):
                runs[value.id] = Numbered(event.sequence, value)
            case .alert(let value) where !withdrawn.contains(value.batch ?? ""):
                let merged = alerts[value.id].map { value.merged(with: $0.value) } ?? value
                alerts[value.id] = Numbered(event.sequence, merged)
            case .registerEntry(let value) where !withdrawn.contains(value.batch ?? ""):
                entries[value.id] = Numbered(event.sequence, value)
            default: continue
            }
        }
        self.incidents = incidents.values.sorted { $0.number < $1.number }
        self.changes = changes.values.sorted { $0.number < $1.number }
        pipelineRuns = runs.values.sorted { ($0.value.endedAt, $0.number) < ($1.value.endedAt, $1.number) }
        self.alerts = alerts.values.sorted { $0.number < $1.number }
        self.entries = entries.values.filter { $0.value.withdrawnAt == nil }.sorted { $0.number < $1.number }
        self.batches = batches.values.filter { $0.value.withdrawnAt == nil }.sorted { $0.number < $1.number }
    }

    /// The stretches of time for which imports are complete.
    func covered(_ register: ImportBatch.Register) -> [(from: Moment, to: Moment)] {
        batches.compactMap { batch in
            guard batch.value.registers.contains(register), let from = batch.value.coversFrom,
                let to = batch.value.coversTo
            else { return nil }
            return (from, to)
        }
    }

    /// Whether imports and other declarations together cover a stretch of time without a break.
    static func cover(_ spans: [(from: Moment, to: Moment)], from begin: Moment, to end: Moment) -> Bool {
        var reached = begin
        for span in spans.sorted(by: { $0.from < $1.from }) where span.from <= reached {
            reached = max(reached, span.to)
        }
        return reached >= end
    }
}

extension GradeFacts {
    package var incidents: [Numbered<Incident>] { imported.incidents }
    package var changes: [Numbered<Change>] { imported.changes }
    package var pipelineRuns: [Numbered<PipelineRun>] { imported.pipelineRuns }
    package var alerts: [Numbered<Alert>] { imported.alerts }
    package var entries: [Numbered<RegisterEntry>] { imported.entries }

    /// Whether everything of a kind is known for a stretch of time, by imports or by a person's word.
    func isComplete(_ register: ImportBatch.Register, from begin: Moment, to end: Moment) -> Bool {
        var spans = imported.covered(register)
        if register == .incidents {
            spans += claims.map(\.value).filter { $0.register == .incidents }.map { ($0.begunAt, $0.endedAt) }
        }
        return ImportedFacts.cover(spans, from: begin, to: end)
    }
}
