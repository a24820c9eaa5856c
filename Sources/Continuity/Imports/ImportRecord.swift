// SPDX-License-Identifier: Apache-2.0

/// One record of a file in the words of a register's schema, before it is checked.
package struct ImportRecord: Hashable, Sendable {
    package var line: Int
    package var fields: [String: String]

    package init(line: Int, _ fields: [String: String?]) {
        self.line = line
        self.fields = fields.compactMapValues { $0 }
    }
}

/// Turns records into events, each checked against its schema and the plan.
struct RecordMaker {
    let schema: ImportSchema
    let rules: ImportRules
    let services: [String]
    /// Nothing of a history lies after this.
    let now: Moment

    func event(_ record: ImportRecord) throws(ImportFault) -> EventBody {
        let reader = FieldReader(maker: self, record: prepared(record))
        for field in schema.fields where field.isRequired {
            guard reader.text(field.name) != nil else {
                throw ImportFault(line: record.line, "'\(field.name)' is missing")
            }
        }
        switch schema.name {
        case "incidents": return .incident(try incident(reader))
        case "changes": return .change(try change(reader))
        case "alerts": return .alert(try alert(reader))
        default: return .pipelineRun(try run(reader))
        }
    }

    /// With defaults for what is missing, and their words in ours.
    private func prepared(_ record: ImportRecord) -> ImportRecord {
        var record = record
        for (field, value) in rules.defaults where (record.fields[field] ?? "").isEmpty {
            record.fields[field] = value
        }
        for (field, words) in rules.words {
            guard let value = record.fields[field], let ours = words[value] else { continue }
            record.fields[field] = ours
        }
        return record
    }

    // MARK: - Registers

    private func incident(_ from: FieldReader) throws(ImportFault) -> Incident {
        var made = Incident(id: from.text("id") ?? "", begunAt: try from.requiredTime("begun_at"))
        made.service = try from.service()
        made.title = from.text("title")
        made.severity = from.text("severity")
        made.category = from.text("category")
        made.scenario = from.text("scenario")
        made.detectedAt = try from.time("detected_at")
        made.detectedBy = try from.word("detected_by", Incident.Finder.self)
        made.firstUserReportAt = try from.time("first_user_report_at")
        made.warnedAt = try from.time("warned_at")
        made.registeredAt = try from.time("registered_at")
        made.openedBy = try from.word("opened_by", Incident.Actor.self)
        made.acknowledgedAt = try from.time("acknowledged_at")
        made.firstActionAt = try from.time("first_action_at")
        made.firstActionBy = try from.word("first_action_by", Incident.Actor.self)
        made.usersToldAt = try from.time("users_told_at")
        made.reportedAt = try from.time("reported_at")
        made.restoredAt = try from.time("restored_at")
        made.restoredBy = try from.word("restored_by", Incident.Actor.self)
        made.isAutoDiagnosed = try from.truth("is_auto_diagnosed")
        made.causeFoundAt = try from.time("cause_found_at")
        made.closedAt = try from.time("closed_at")
        made.userImpactSeconds = try from.number("user_impact_seconds")
        made.contingencyPlan = from.text("contingency_plan")
        made.runbook = from.text("runbook")
        made.ticket = from.text("ticket")
        made.problem = from.text("problem")
        made.recurrenceOf = from.text("recurrence_of")
        made.escalations = try from.escalations()
        try from.order("begun_at", "restored_at")
        try from.order("restored_at", "closed_at")
        return made
    }

    private func change(_ from: FieldReader) throws(ImportFault) -> Change {
        try from.order("window_begun_at", "window_ended_at")
        return Change(
            id: from.text("id") ?? "", kind: try from.requiredWord("kind", Change.Kind.self),
            service: try from.service(), approvedAt: try from.time("approved_at"),
            windowBegunAt: try from.time("window_begun_at", isPlan: true),
            windowEndedAt: try from.time("window_ended_at", isPlan: true),
            implementedAt: try from.requiredTime("implemented_at"),
            hasFailedFirst: try from.truth("has_failed_first") ?? false,
            rollback: try from.word("rollback", Change.Rollback.self) ?? .none,
            isRollbackAutomatic: try from.truth("is_rollback_automatic"),
            isAutomated: try from.truth("is_automated"), isAttended: try from.truth("is_attended"),
            rolloutMode: from.text("rollout_mode"),
            userImpactSeconds: try from.number("user_impact_seconds"),
            openedBy: try from.word("opened_by", Incident.Actor.self))
    }

    private func alert(_ from: FieldReader) throws(ImportFault) -> Alert {
        try from.order("true_at", "delivered_at")
        try from.order("true_at", "resolved_at")
        try from.order("true_at", "fired_at")
        try from.order("fired_at", "resolved_at")
        return Alert(
            id: from.text("id") ?? "", rule: from.text("rule") ?? "", service: try from.service(),
            isImportant: try from.truth("is_important") ?? false,
            isPrediction: try from.truth("is_prediction") ?? false, trueAt: try from.time("true_at"),
            firedAt: try from.time("fired_at"), deliveredAt: try from.requiredTime("delivered_at"),
            resolvedAt: try from.time("resolved_at"))
    }

    private func run(_ from: FieldReader) throws(ImportFault) -> PipelineRun {
        try from.order("begun_at", "ended_at")
        try from.order("requested_at", "ended_at")
        return PipelineRun(
            id: from.text("id") ?? "", kind: try from.requiredWord("kind", PipelineRun.Kind.self),
            subject: from.text("subject") ?? "", isMain: try from.truth("is_main") ?? false,
            succeeded: try from.truth("succeeded") ?? false, begunAt: try from.requiredTime("begun_at"),
            endedAt: try from.requiredTime("ended_at"), requestedAt: try from.time("requested_at"),
            isRollback: try from.truth("is_rollback") ?? false)
    }
}

/// The fields of one record, each read by its form.
struct FieldReader {
    let maker: RecordMaker
    let record: ImportRecord

    func fault(_ reason: String) -> ImportFault { ImportFault(line: record.line, reason) }

    func text(_ name: String) -> String? {
        guard let text = record.fields[name]?.trimmingBlanks, !text.isEmpty else { return nil }
        return String(text)
    }

    func service() throws(ImportFault) -> String? {
        guard let name = text("service") else { return nil }
        guard maker.services.contains(name) else {
            let guess = Spelling.suggestion(for: name, among: maker.services).map { ", \($0)" } ?? ""
            throw fault(
                "the plan has no service '\(name)'\(guess); --word service:\(name)=OURS says which it is, "
                    + "and nothing behind the '=' that it is none")
        }
        return name
    }

    /// `isPlan`: whether it may lie in the future.
    func time(_ name: String, isPlan: Bool = false) throws(ImportFault) -> Moment? {
        guard let text = text(name) else { return nil }
        let moment: Moment
        do {
            moment = try maker.rules.moment(text)
        } catch {
            throw fault("'\(name)': \(error.reason)")
        }
        guard isPlan || moment <= maker.now + .minutes(5) else {
            throw fault("'\(name)' lies in the future: \(moment.text(decimals: 0))")
        }
        return moment
    }

    func requiredTime(_ name: String) throws(ImportFault) -> Moment {
        guard let moment = try time(name) else { throw fault("'\(name)' is missing") }
        return moment
    }

    func truth(_ name: String) throws(ImportFault) -> Bool? {
        guard let text = text(name) else { return nil }
        switch text.lowercased() {
        case "true", "yes", "1": return true
        case "false", "no", "0": return false
        default: throw fault("'\(name)' must be true or false, not '\(text)'")
        }
    }

    func number(_ name: String) throws(ImportFault) -> Double? {
        guard let text = text(name) else { return nil }
        guard let number = Double(text), number.isFinite, number >= 0 else {
            throw fault("'\(name)' must be a number of at least 0, not '\(text)'")
        }
        return number
    }

    func word<Word: RawRepresentable & CaseIterable>(_ name: String, _ type: Word.Type) throws(ImportFault)
        -> Word? where Word.RawValue == String
    {
        guard let text = text(name) else { return nil }
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw fault(
                "'\(name)' must be one of \(words), not '\(text)'; --word \(name):\(text)=OURS maps it")
        }
        return word
    }

    func requiredWord<Word: RawRepresentable & CaseIterable>(_ name: String, _ type: Word.Type)
        throws(ImportFault) -> Word where Word.RawValue == String
    {
        guard let word = try word(name, type) else { throw fault("'\(name)' is missing") }
        return word
    }

    func order(_ first: String, _ second: String) throws(ImportFault) {
        guard let one = try time(first, isPlan: true), let other = try time(second, isPlan: true), one > other
        else { return }
        throw fault("'\(second)' lies before '\(first)'")
    }

    func escalations() throws(ImportFault) -> [Incident.Escalation] {
        guard let text = text("escalations") else { return [] }
        var result: [Incident.Escalation] = []
        for part in text.split(separator: ";") {
            let pair = part.split(separator: "@", maxSplits: 1).map { String($0.trimmingBlanks) }
            guard pair.count == 2, let kind = Incident.Escalation.Kind(rawValue: pair[0]),
                let at = try? maker.rules.moment(pair[1])
            else { throw fault("'escalations' must look like call@TIME;deputy@TIME, not '\(part)'") }
            result.append(Incident.Escalation(kind: kind, at: at))
        }
        return result
    }
}
