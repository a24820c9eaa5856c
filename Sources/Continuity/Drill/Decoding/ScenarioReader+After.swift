// SPDX-License-Identifier: Apache-2.0

extension ScenarioReader {
    func after() -> After {
        guard let fields = top.fields("after") else { return After() }
        defer { fields.end() }
        var after = After(report: report(fields))
        if let observations = fields.fields("observations") {
            after.observers = observations.texts("roles")
            after.observationsWithin = observations.duration("deadline")
            only(["PSMU"], observations, "scale", "what was seen is rated P, S, M or U")
            after.ratesEachObjective = observations.word("per", Rated.self) == .objective
            observations.end()
        }
        if let findings = fields.fields("findings") {
            after.findingsOwner = findings.text("owner")
            after.findingsDue = findings.duration("due") ?? .days(30)
            let isSaid = findings.has("auto")
            let kinds = findings.words("auto", FindingKind.self)
            if isSaid { after.findingKinds = FindingKind.optional.intersection(kinds) }
            after.retest = retest(findings)
            findings.end()
        }
        return after
    }

    private enum Rated: String, CaseIterable {
        case run
        case objective
    }

    private func report(_ after: Fields) -> DrillReporting? {
        guard let fields = after.fields("report") else { return nil }
        defer { fields.end() }
        let forms = fields.words("formats", DrillReporting.Form.self)
        only(["ssh_key"], fields, "sign", "every report is signed, by the workspace's own SSH key")
        only(["aar-ip"], fields, "template", "a report is an after-action report with its improvement plan")
        return DrillReporting(
            forms: fields.has("formats") && !forms.isEmpty ? Set(forms) : Set(DrillReporting.Form.allCases),
            destinations: fields.items("to").compactMap { destination($0, fields) })
    }

    private func destination(_ node: Node, _ report: Fields) -> DrillReporting.Destination? {
        report.alsoText("to")
        if case .scalar(let path, _) = node.value {
            if !path.hasPrefix("/") {
                report.complain(
                    "to", "'\(path)' is no place for a report",
                    hint: "give a folder such as /mnt/audit, or {host: NAME, path: /srv/audit}")
            }
            return .folder(path)
        }
        let place = Fields(node, path: report.full("to"), list: list)
        defer { place.end() }
        let (host, path) = (place.requiredText("host"), place.requiredText("path"))
        if !path.isEmpty, !path.hasPrefix("/") { place.complain("path", "must begin with '/'") }
        return .host(host, path: path)
    }

    private func retest(_ fields: Fields) -> Retest? {
        fields.alsoText("retest", ["within_next_cycle"])
        if !fields.isRecorded, fields.text("retest") == "within_next_cycle" { return .withinNextCycle }
        return fields.duration("retest").map { .within($0) }
    }

    /// Reads a word of which there is only one, so that another is not taken for it in silence.
    func only(_ words: [String], _ fields: Fields, _ key: String, _ reason: String) {
        let expected = words.joined(separator: " or ")
        guard let word = fields.scalar(key, expected, { $0 }), !words.contains(word) else { return }
        fields.complain(key, "'\(word)' is not \(expected): \(reason)")
    }

    // MARK: - Pace

    func pace() -> StoryPace? {
        guard let fields = top.fields("pace") else { return nil }
        defer { fields.end() }
        let driver = fields.require("driven_by", fields.text("driven_by")) ?? "clock"
        let clock = fields.word("story_clock", StoryPace.Clock.self) ?? .real
        let scale = fields.scalar("scale", "a number, such as 6 for six minutes of story in one") { text in
            Double(text).flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
        }
        if clock == .compressed, scale == nil { _ = fields.require("scale", scale) }
        if clock == .compressed, let scale, scale <= 1 {
            fields.complain("scale", "must be more than 1: a compressed story runs faster than the table")
        }
        if clock == .real, scale.map({ $0 != 1 }) == true, !fields.isRecorded {
            fields.complain("scale", "goes with story_clock: compressed")
        }
        return StoryPace(driver: driver == "clock" ? nil : driver, scale: scale ?? 1)
    }
}
