// SPDX-License-Identifier: Apache-2.0

extension ScenarioReader {
    func safety() -> Safety {
        guard let fields = top.fields("safety") else { return Safety() }
        defer { fields.end() }
        return Safety(
            announcement: announcement(fields), hosts: fields.has("hosts") ? fields.texts("hosts") : nil,
            maxDuration: fields.duration("max_duration") ?? .hours(4), approvals: approvals(fields),
            holdsRetention: fields.texts("hold_retention"),
            stopIf: fields.items("stop_if").map { node in
                stopRule(Fields(node, path: fields.full("stop_if"), list: list))
            },
            requires: fields.items("require").compactMap { node in
                requirement(Fields(node, path: fields.full("require"), list: list))
            })
    }

    private func announcement(_ safety: Fields) -> Announcement? {
        guard let fields = safety.fields("announce") else { return nil }
        defer { fields.end() }
        let counts = fields.bool("counts_as_maintenance")
        if counts == false {
            fields.complain(
                "counts_as_maintenance", "an announced outage counts as the plan's maintenance rule says",
                hint: "leave the key out, or write true to begin only inside that rule's window")
        }
        return Announcement(
            before: fields.require("before", fields.duration("before")) ?? .zero, to: fields.texts("to"),
            countsAsMaintenance: counts ?? false)
    }

    private func approvals(_ safety: Fields) -> ApprovalRule? {
        guard let fields = safety.fields("approvals") else { return nil }
        defer { fields.end() }
        let rule = ApprovalRule(
            need: fields.integer("need") ?? 1, from: fields.texts("from"),
            excludesAuthor: fields.bool("not_author") ?? false, valid: fields.duration("valid") ?? .days(7))
        if rule.from.isEmpty { _ = fields.require("from", Optional<String>.none) }
        if rule.need < 1 { fields.complain("need", "must be 1 or more") }
        return rule
    }

    private func stopRule(_ fields: Fields) -> Safety.StopRule {
        let because = fields.requiredText("because")
        let onlyBefore = fields.bool("before_pivot") ?? false
        fields.exactlyOne(of: ["disk_free_below"])
        if fields.isRecorded { _ = condition(fields) }
        if let disk = fields.fields("disk_free_below") {
            defer { disk.end() }
            fields.end()
            let amount = amount(disk, "value")
            return Safety.StopRule(
                .diskFree(
                    host: disk.requiredText("host"), path: disk.requiredText("path"), below: amount),
                onlyBeforePivot: onlyBefore, because: because)
        }
        return Safety.StopRule(
            .condition(condition(fields)), onlyBeforePivot: onlyBefore, because: because)
    }

    private func amount(_ fields: Fields, _ key: String) -> Safety.DiskAmount {
        let expected = "a share such as 10%, or a size such as 5GiB"
        let amount = fields.scalar(key, expected) { text -> Safety.DiskAmount? in
            if let bytes = Size.bytes(of: text) { return .bytes(bytes) }
            guard text.hasSuffix("%"), let number = Double(text.dropLast()), (0...100).contains(number) else {
                return nil
            }
            return .share(number / 100)
        }
        return fields.require(key, amount) ?? .bytes(0)
    }

    private func requirement(_ fields: Fields) -> Safety.Requirement? {
        defer { fields.end() }
        fields.exactlyOne(
            of: [
                "copies_of", "backup_of", "no_open_incident", "clock_bound_below", "step", "check",
                "disk_free",
            ])
        if !fields.has("copies_of") { refuse(["at_sites", "at_least"], fields, "goes with copies_of") }
        if !fields.has("clock_bound_below"), fields.has("step") || fields.has("check") {
            refuse(["hosts"], fields, "goes with clock_bound_below")
        }
        if !fields.has("backup_of") { refuse(["younger_than", "verified"], fields, "goes with backup_of") }
        let sites = fields.texts("at_sites")
        let atLeast = fields.integer("at_least")
        if let dataset = fields.text("copies_of") {
            return .copies(of: dataset, atLeast: atLeast ?? 1, sites: sites)
        }
        let younger = fields.duration("younger_than")
        let verified = fields.bool("verified") ?? false
        if let dataset = fields.text("backup_of") {
            return .backup(of: dataset, youngerThan: younger ?? .hours(24), isVerified: verified)
        }
        if let service = fields.text("no_open_incident") { return .noOpenIncident(service) }
        let hosts = fields.texts("hosts")
        if let bound = fields.duration("clock_bound_below") { return .clockBound(below: bound, hosts: hosts) }
        if let step = fields.text("step") ?? fields.text("check") { return .step(step) }
        if let disk = fields.fields("disk_free") {
            defer { disk.end() }
            return .diskFree(
                host: disk.requiredText("host"), path: disk.requiredText("path"),
                atLeast: amount(disk, "at_least"))
        }
        list.add(
            Problem(
                at: fields.node.place, key: fields.path,
                "must be one of copies_of, backup_of, no_open_incident, clock_bound_below, disk_free or step")
        )
        return nil
    }
}
