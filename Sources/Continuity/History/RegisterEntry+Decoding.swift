// SPDX-License-Identifier: Apache-2.0

extension RegisterEntry {
    /// Reads a file of entries: `entries:`, a mapping from ids to one of `document`, `training`, `action`, `duty`
    /// or `reading`, naming everything that is wrong with it.
    package static func decode(_ node: Node) -> (entries: [RegisterEntry], problems: [Problem]) {
        let list = ProblemList()
        let top = Fields(node, path: "", list: list)
        if let version = top.require("lifeboat_register", top.integer("lifeboat_register")), version != 1 {
            top.complain("lifeboat_register", "this program reads registers of form 1, not \(version)")
        }
        let entries = top.named("entries").map { id, fields in
            let entry = RegisterEntry(
                id: id, document: fields.fields("document").map(Document.init),
                training: fields.fields("training").map(Training.init),
                action: fields.fields("action").map(ImprovementAction.init),
                duty: fields.fields("duty").map(DutyShift.init),
                reading: fields.fields("reading").map(ReferenceReading.init))
            fields.end()
            return entry
        }
        if entries.isEmpty { top.complain("entries", "has none") }
        top.end()
        return (entries, list.problems)
    }
}

extension Fields {
    /// A time, or a day, which is its first instant in UTC.
    fileprivate func moment(_ key: String) -> Moment? {
        scalar(key, "a time such as 2026-11-22T03:15:00Z, or a day") {
            Moment($0) ?? Moment("\($0)T00:00:00Z")
        }
    }

    fileprivate func requiredMoment(_ key: String) -> Moment {
        require(key, moment(key)) ?? Moment(seconds: 0)
    }

    fileprivate func number(_ key: String) -> Double {
        require(key, scalar(key, "a number", Double.init)) ?? 0
    }
}

extension Document {
    fileprivate init(_ fields: Fields) {
        self.init(
            kind: fields.require("kind", fields.word("kind", Kind.self)) ?? .report,
            title: fields.requiredText("title"), version: fields.text("version"),
            location: fields.text("location"), sha256: fields.text("sha256"),
            approvedAt: fields.moment("approved_at"), approvedBy: fields.text("approved_by"),
            reviewDueAt: fields.moment("review_due"), scenarios: fields.texts("scenarios"),
            services: fields.texts("services"))
        fields.end()
    }
}

extension Training {
    fileprivate init(_ fields: Fields) {
        self.init(
            kind: fields.word("kind", Kind.self) ?? .training, title: fields.requiredText("title"),
            at: fields.requiredMoment("at"), attendees: fields.texts("attendees"),
            isAssessed: fields.bool("assessed") ?? false)
        fields.end()
    }
}

extension ImprovementAction {
    fileprivate init(_ fields: Fields) {
        self.init(
            source: fields.require("source", fields.word("source", Source.self)) ?? .drill,
            title: fields.requiredText("title"), openedAt: fields.requiredMoment("opened_at"),
            dueAt: fields.moment("due"), closedAt: fields.moment("closed_at"), owner: fields.text("owner"),
            origin: fields.text("origin"))
        fields.end()
    }
}

extension DutyShift {
    fileprivate init(_ fields: Fields) {
        self.init(
            team: fields.requiredText("team"), person: fields.requiredText("person"),
            begunAt: fields.requiredMoment("from"), endedAt: fields.requiredMoment("to"),
            isFullTime: fields.bool("full_time") ?? false)
        fields.end()
    }
}

extension ReferenceReading {
    fileprivate init(_ fields: Fields) {
        self.init(
            layer: fields.requiredText("layer"), metric: fields.requiredText("metric"),
            at: fields.requiredMoment("at"), reported: fields.number("reported"),
            reference: fields.number("reference"))
        fields.end()
    }
}
