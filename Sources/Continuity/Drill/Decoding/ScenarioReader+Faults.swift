// SPDX-License-Identifier: Apache-2.0

extension ScenarioReader {
    func fault(_ step: Fields) -> Fault {
        guard let fields = step.fields("fault") else {
            _ = step.require("fault", Optional<String>.none)
            return Fault(kind: .dnsBreak, host: nil, ttl: nil, heal: .auto)
        }
        defer { fields.end() }
        let common = ["because", "host", "ttl"]
        fields.variants(of: "kind", Fault.supportedKinds, common: common) { name in
            _ = self.kind(name, fields)
            guard !Fault.peopleKinds.contains(name) else { return }
            _ = (fields.requiredText("host"), ttl(fields))
        }
        let name = fields.isRecorded ? nil : fields.text("kind")
        let kind = fields.require("kind", name).flatMap { self.kind($0, fields) }
        var fault = Fault(kind: kind ?? .dnsBreak, host: nil, ttl: nil, heal: .auto)
        if kind != nil, !Fault.peopleKinds.contains(fault.kindName) {
            fault.host = fields.requiredText("host")
            fault.ttl = ttl(fields)
        }
        // The reason may stand with the fault or with the step.
        fault.because = fields.text("because")
        heal(step, &fault)
        return fault
    }

    private func ttl(_ fields: Fields) -> Duration? {
        guard !fields.isRecorded else {
            fields.alsoText("ttl", ["never"])
            return fields.require("ttl", fields.duration("ttl"))
        }
        guard let text = fields.text("ttl") else {
            _ = fields.require("ttl", Optional<String>.none)
            return .minutes(30)
        }
        if text == "never" { return nil }
        return fields.duration("ttl") ?? .minutes(30)
    }

    private func kind(_ name: String, _ fields: Fields) -> Fault.Kind? {
        switch name {
        case "site_block": return .siteBlock(site: fields.requiredText("site"))
        case "net_block": return .netBlock(required(fields, "addresses"))
        case "net_delay":
            return .netDelay(
                device: fields.requiredText("device"),
                by: fields.require("by", fields.duration("by")) ?? .zero)
        case "net_loss":
            return .netLoss(
                device: fields.requiredText("device"),
                share: fields.require("share", fields.share("share")) ?? 0)
        case "dns_break": return .dnsBreak
        case "service_stop":
            let unit = fields.text("unit")
            let words =
                fields.isRecorded
                ? fields.unbound { serviceWords(fields, unit) } : serviceWords(fields, unit)
            return .serviceStop(stop: words.stop, start: words.start)
        case "service_kill":
            return .serviceKill(pidFile: fields.requiredText("pid_file"), start: required(fields, "start"))
        case "process_pause": return .processPause(pidFile: fields.requiredText("pid_file"))
        case "disk_fill":
            return .diskFill(path: fields.requiredText("path"), leave: fields.size("leave") ?? 0)
        case "read_only": return .readOnly(path: fields.requiredText("path"))
        case "cpu_load": return .cpuLoad(workers: fields.integer("workers") ?? 1)
        case "mem_load":
            return .memLoad(bytes: fields.require("bytes", fields.size("bytes")) ?? 0)
        case "file_damage": return .fileDamage(path: fields.requiredText("path"))
        case "cred_revoke": return .credRevoke(path: fields.requiredText("path"))
        case "host_off": return .hostOff(off: required(fields, "off"), on: required(fields, "on"))
        case "person_absent":
            return .personAbsent(person: fields.requiredText("person"), role: fields.text("role"))
        case "document_absent": return .documentAbsent(fields.requiredText("document"))
        case "vault_absent": return .vaultAbsent(store: fields.requiredText("store"))
        default:
            let reason = Fault.refusedKinds[name]
            fields.complain(
                "kind", reason.map { "the fault \(name) is not made: \($0)" } ?? "'\(name)' is no fault",
                hint: reason != nil
                    ? nil
                    : Spelling.suggestion(for: name, among: Fault.supportedKinds)
                        ?? "one of \(Fault.supportedKinds.joined(separator: ", "))")
            return nil
        }
    }

    private func required(_ fields: Fields, _ key: String) -> [String] {
        let words = fields.texts(key)
        if words.isEmpty { _ = fields.require(key, Optional<String>.none) }
        return words
    }

    /// Stop and start of a service, by its unit's name or by commands.
    private func serviceWords(_ fields: Fields, _ unit: String?) -> (stop: [String], start: [String]) {
        let how = fields.text("how")
        let mask = fields.bool("mask") ?? false
        guard let unit else { return (required(fields, "stop"), required(fields, "start")) }
        if let how, !["clean", "immediate"].contains(how) {
            fields.complain("how", "'\(how)' is not clean or immediate")
        }
        let stop =
            how == "immediate"
            ? "systemctl kill --signal=KILL \"$1\"; systemctl stop \"$1\"" : "systemctl stop \"$1\""
        let before = mask ? "systemctl mask --runtime \"$1\" && " : ""
        let after = mask ? "systemctl unmask --runtime \"$1\" && " : ""
        return (
            ["sh", "-c", before + "{ \(stop); }", "stop", unit],
            ["sh", "-c", after + "systemctl start \"$1\"", "start", unit]
        )
    }

    // MARK: - Heal

    private func heal(_ step: Fields, _ fault: inout Fault) {
        guard let fields = step.fields("heal") else {
            _ = step.require("heal", Optional<String>.none)
            return
        }
        fields.exactlyOne(of: ["auto", "run", "script", "before_pivot"])
        if fields.isRecorded { _ = way(fields, fault) }
        defer { fields.end() }
        if let at = fields.text("at"), at != "end" {
            fields.complain("at", "'\(at)' is not end: a fault is healed when the drill ends, or by its ttl")
        }
        if let after = fields.text("after_pivot") {
            if after != "forbidden" { fields.complain("after_pivot", "'\(after)' is not forbidden") }
            fault.isForbiddenAfterPivot = true
        }
        if let before = fields.fields("before_pivot") {
            fault.heal = way(before, fault)
            before.end()
        } else {
            fault.heal = way(fields, fault)
        }
    }

    private func way(_ fields: Fields, _ fault: Fault) -> Fault.Heal {
        let arguments = fields.texts("args")
        let run = fields.has("run") ? fields.texts("run") : nil
        let auto = fields.text("auto")
        if !fields.isRecorded { wayRules(fields, auto, fault) }
        if let path = fields.text("script") { return .script(path: path, arguments: arguments) }
        if fields.isRecorded { return .auto }
        if let run { return .run(run) }
        if auto == nil {
            list.add(
                Problem(
                    at: fields.node.place, key: fields.path, "must be one of auto, run or script"))
        }
        return .auto
    }

    /// What a way to heal says beside the way itself.
    private func wayRules(_ fields: Fields, _ auto: String?, _ fault: Fault) {
        if let auto, auto != fault.automaticHeal {
            fields.complain("auto", "'\(auto)' is not \(fault.automaticHeal), which heals \(fault.kindName)")
        }
        if !fields.has("script"), fields.has("args") {
            fields.complain("args", "goes with script; run holds its own arguments")
        }
        if fault.host == nil, auto == nil {
            fields.complain(
                fields.has("run") ? "run" : "script",
                "\(fault.kindName) touches no host: the engine heals it",
                hint: "write heal: {auto: \(fault.automaticHeal), at: end}")
        }
    }

    // MARK: - Verify

    func verification(_ step: Fields) -> Verification {
        let spoils = step.items("prove_red").compactMap { node -> Verification.Spoil? in
            let fields = Fields(node, path: step.full("prove_red"), list: list)
            defer { fields.end() }
            fields.exactlyOne(of: ["flip_byte", "drop_file"])
            if let count = fields.integer("flip_byte") { return .flipByte(count) }
            if let count = fields.integer("drop_file") { return .dropFile(count) }
            step.complain("prove_red", "must be flip_byte or drop_file")
            return nil
        }
        if !spoils.isEmpty, step.fields("verify")?.has("tree") == false {
            step.complain("prove_red", "spoils a file of a tree, and this verify compares no tree")
        }
        guard let fields = step.fields("verify") else {
            _ = step.require("verify", Optional<String>.none)
            return .canary(Verification.CanaryCheck(canary: "", host: "", path: "", allowsHoles: false))
        }
        defer { fields.end() }
        guard !fields.isRecorded else { return record(verify: fields) }
        if let tree = fields.fields("tree") {
            defer { tree.end() }
            if let level = fields.text("level"), level != "every_hash" {
                fields.complain("level", "'\(level)' is not every_hash")
            }
            return .tree(
                Verification.TreeCheck(
                    host: tree.requiredText("host"), path: tree.requiredText("path"),
                    against: against(fields), spoils: spoils))
        }
        let allowsHoles = fields.bool("no_holes") == false
        if let writes = fields.text("writes") {
            return .writes(
                Verification.WriteCheck(
                    probe: writes, query: sql(nested(fields, "sql"), defaultHost: nil),
                    allowsHoles: allowsHoles))
        }
        if !fields.has("canary") {
            fields.complain("canary", "verify asks one of tree, canary or writes")
        }
        return .canary(
            Verification.CanaryCheck(
                canary: fields.requiredText("canary"), host: fields.requiredText("host"),
                path: fields.requiredText("path"), allowsHoles: allowsHoles))
    }

    /// The three kinds of proof, of which a document has one.
    private func record(verify fields: Fields) -> Verification {
        fields.exactlyOne(of: ["tree", "canary", "writes"])
        fields.implies("tree", [["against"]])
        fields.implies("writes", [["sql"]])
        fields.implies("canary", [["host"], ["path"]])
        fields.unbound {
            for key in ["canary", "host", "path", "writes"] { _ = fields.text(key) }
            _ = (fields.text("level"), fields.bool("no_holes"))
        }
        if let tree = fields.fields("tree") { _ = (tree.requiredText("host"), tree.requiredText("path")) }
        if let against = fields.fields("against") {
            against.exactlyOne(of: ["step", "point"])
            _ = (against.text("step"), against.text("point"))
        }
        _ = sql(nested(fields, "sql"), defaultHost: nil)
        return .canary(Verification.CanaryCheck(canary: "", host: "", path: "", allowsHoles: false))
    }

    private func nested(_ fields: Fields, _ key: String) -> Fields {
        fields.fields(key)
            ?? Fields(Node(.mapping([]), at: fields.node.place), path: fields.full(key), list: list)
    }

    private func against(_ fields: Fields) -> Verification.Against {
        guard let against = fields.fields("against") else {
            _ = fields.require("against", Optional<String>.none)
            return .point("")
        }
        defer { against.end() }
        if let step = against.text("step") { return .step(step) }
        return .point(against.requiredText("point"))
    }
}
