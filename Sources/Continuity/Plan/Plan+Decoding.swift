// SPDX-License-Identifier: Apache-2.0
import Foundation

extension Plan {
    /// Reads a plan, naming everything that is wrong with it.
    ///
    /// - Returns: the plan, or `nil` when a problem is an error; the problems in the order of the file.
    package static func decode(_ node: Node) -> (plan: Plan?, problems: [Problem]) {
        let list = ProblemList()
        let plan = read(Fields(node, path: "", list: list))
        PlanReferences(plan: plan, top: Fields(node, path: "", list: list)).check()
        let problems = list.problems.sorted {
            ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column)
        }
        return (problems.errors.isEmpty ? plan : nil, problems)
    }

    /// Collects what would be read, for the schema.
    static func record(_ top: Fields) {
        _ = read(top)
    }

    private static func read(_ top: Fields) -> Plan {
        if let version = top.require("lifeboat", top.integer("lifeboat")), version != 1 {
            top.complain("lifeboat", "this program reads plans of version 1, not \(version)")
        }
        let plan = Plan(
            workspace: top.requiredText("workspace"), organisation: top.text("organisation") ?? "",
            zone: zone(top), orchestrator: orchestrator(top), sites: top.named("sites").map(Site.init),
            hosts: top.named("hosts").map(Host.init), stores: top.named("stores").map(Store.init),
            datasets: top.named("datasets").map(Dataset.init),
            services: top.named("services").map(Service.init),
            probes: top.named("probes").map { Probe(id: $0.id, fields: $0.fields) },
            canaries: top.named("canaries").map(Canary.init),
            people: top.named("people").map(Person.init), calendar: calendar(top),
            maintenance: maintenance(top), blackouts: blackouts(top),
            severities: top.named("severities").map(Severity.init),
            teams: top.named("teams").map(Team.init), scenarios: top.texts("scenarios"),
            holidays: days(top, "holidays"), extraWorkdays: days(top, "extra_workdays"))
        top.end()
        return plan
    }

    private static func zone(_ top: Fields) -> String {
        let name = top.text("zone") ?? "UTC"
        if TimeZone(identifier: name) == nil {
            top.complain("zone", "'\(name)' is no IANA time zone", hint: "such as Europe/Berlin or UTC")
        }
        return name
    }

    private static func days(_ top: Fields, _ key: String) -> [String] {
        let days = top.texts(key)
        for day in days where day.count != 10 || Moment("\(day)T00:00:00Z") == nil {
            top.complain(key, "'\(day)' is no day", hint: "write it as 2026-10-01")
        }
        return days
    }

    private static func orchestrator(_ top: Fields) -> Orchestrator? {
        guard let fields = top.fields("orchestrator") else { return nil }
        let orchestrator = Orchestrator(site: fields.requiredText("site"), witness: fields.text("witness"))
        fields.end()
        return orchestrator
    }

    private static func calendar(_ top: Fields) -> [CalendarEntry] {
        top.items("calendar").map { node in
            let fields = Fields(node, path: "calendar", list: top.list)
            let entry = CalendarEntry(
                scenario: fields.requiredText("scenario"), every: fields.requiredText("every"),
                window: fields.text("window"), grace: fields.duration("grace"))
            fields.end()
            return entry
        }
    }

    private static func blackouts(_ top: Fields) -> [Blackout] {
        let zone = top.text("zone") ?? "UTC"
        return top.items("blackout").map {
            Blackout(Fields($0, path: "blackout", list: top.list), zone: zone)
        }
    }

    private static func maintenance(_ top: Fields) -> [MaintenanceWindow] {
        top.items("maintenance").map { node in
            let fields = Fields(node, path: "maintenance", list: top.list)
            let window = MaintenanceWindow(
                service: fields.requiredText("service"), window: fields.requiredText("window"),
                announced: fields.duration("announced"), cap: fields.text("cap"))
            fields.end()
            return window
        }
    }
}

// MARK: - Places and machines

extension Site {
    fileprivate init(id: String, fields: Fields) {
        self.id = id
        name = fields.text("name") ?? id
        facility = fields.text("facility")
        city = fields.text("city")
        region = fields.text("region")
        riskZone = fields.text("risk_zone")
        isProduction = fields.bool("production") ?? false
        let numbers = fields.texts("coordinates").map(Double.init)
        if numbers.count == 2, let latitude = numbers[0], let longitude = numbers[1],
            (-90...90).contains(latitude), (-180...180).contains(longitude)
        {
            coordinates = Coordinates(latitude: latitude, longitude: longitude)
        } else if !numbers.isEmpty {
            fields.complain("coordinates", "must be [latitude, longitude] in degrees")
        }
        fields.end()
    }
}

extension Host {
    fileprivate init(id: String, fields: Fields) {
        self.id = id
        site = fields.requiredText("site")
        ssh = SSHAddress(fields)
        hostKey = fields.scalar("host_key", "a pinned key, such as \"ssh-ed25519 SHA256:…\"") { text in
            let words = text.split(separator: " ")
            return words.count == 2 && words[1].hasPrefix("SHA256:") ? text : nil
        }
        machineID = fields.text("machine_id")
        become = fields.text("become")
        drills = Set(fields.words("drills", DrillMode.self))
        if hostKey == nil, !fields.has("host_key") {
            fields.complain(
                "host_key", "no key is pinned, so nothing will be done on this host",
                hint: "'lifeboat site trust' shows the key to compare and pin", severity: .warning)
        }
        fields.end()
    }
}

extension SSHAddress {
    fileprivate init(_ host: Fields) {
        let fields = host.requiredFields("ssh")
        self.init(
            host: fields.requiredText("host"), port: fields.integer("port") ?? 22,
            user: fields.requiredText("user"), identity: fields.text("identity"), jump: fields.text("jump"))
        if !(1...65_535).contains(port) { fields.complain("port", "must be from 1 to 65535") }
        fields.end()
    }
}

extension Store {
    fileprivate init(id: String, fields: Fields) {
        self.id = id
        host = fields.requiredText("host")
        path = fields.requiredText("path")
        isAppendOnly = fields.bool("append_only") ?? false
        proof = fields.word("proof", StoreProof.self) ?? (isAppendOnly ? .readBack : .hashAtSite)
        bandwidth = fields.scalar("bandwidth", "a rate, such as 20MiB/s") { text in
            text.hasSuffix("/s") ? Size.bytes(of: String(text.dropLast(2))) : nil
        }
        if !path.hasPrefix("/") { fields.complain("path", "must begin with '/'") }
        fields.end()
    }
}

// MARK: - Data

extension Dataset {
    fileprivate init(id: String, fields: Fields) {
        self.id = id
        source = Source(fields)
        schedule = fields.fields("schedule").map(BackupSchedule.init)
        copies = CopyPolicy(fields)
        keep = fields.fields("keep").map(Retention.init)
        partSize = fields.size("part_size")
        recipients = fields.texts("recipients")
        if let size = partSize, !(1 << 20...1 << 30).contains(size) {
            fields.complain("part_size", "must be from 1MiB to 1GiB")
        }
        if let tool = copies.by { refuseOwnKeys(fields, tool) }
        fields.end()
    }
}

extension Dataset {
    /// What another program does, Lifeboat cannot be told to do as well.
    private func refuseOwnKeys(_ fields: Fields, _ tool: RepositoryListing.Tool) {
        let own = ["schedule", "keep", "part_size", "recipients"]
        let source = fields.fields("source")
        let places =
            own.map { (fields, $0) }
            + (source?.entries ?? []).map(\.key).compactMap { key in
                ["host", "site", "path"].contains(key) ? nil : source.map { ($0, key) }
            }
        for (place, key) in places where place.has(key) {
            place.complain(
                key, "is for Lifeboat's own backups, and \(tool.rawValue) makes those of \(id)",
                hint: "leave it out, or name stores in 'copies.to' instead of 'by'")
        }
    }
}

extension Source {
    fileprivate init(_ dataset: Fields) {
        let fields = dataset.requiredFields("source")
        fields.exactlyOne(of: ["path", "command"])
        let least = fields.fields("at_least")
        self.init(
            host: fields.text("host"), site: fields.text("site"), path: fields.text("path"),
            command: fields.texts("command"), name: fields.text("name"), exclude: fields.texts("exclude"),
            mustBeMount: fields.bool("must_be_mount") ?? false, atLeastFiles: least?.integer("files"),
            atLeastBytes: least?.size("bytes"), shrinkLimit: fields.share("shrink_limit"),
            oneFileSystem: fields.bool("one_file_system") ?? true,
            excludeCaches: fields.bool("exclude_caches") ?? false, before: fields.texts("before"),
            after: fields.texts("after"), hookTimeout: fields.duration("hook_timeout") ?? .minutes(10))
        least?.end()
        if (path == nil) == command.isEmpty {
            fields.complain("path", "a source is either a path or a command")
        } else if let path, !path.hasPrefix("/") {
            fields.complain("path", "must begin with '/'")
        }
        if !command.isEmpty, name == nil {
            fields.complain("name", "is missing: what the command's output is called")
        }
        fields.end()
    }
}

extension BackupSchedule {
    fileprivate init(_ fields: Fields) {
        let expected = "a schedule, such as 'every 15m', 'daily 01:00' or 'weekly sun 02:00'"
        full = fields.scalar("full", expected, Schedule.init(text:))
        incremental = fields.scalar("incremental", expected, Schedule.init(text:))
        fields.end()
    }
}

extension CopyPolicy {
    fileprivate init(_ dataset: Fields) {
        let fields = dataset.requiredFields("copies")
        fields.exactlyOne(of: ["to", "by"])
        self.init(
            to: fields.texts("to"), by: fields.word("by", RepositoryListing.Tool.self),
            atLeast: fields.integer("at_least") ?? 1,
            offsite: fields.integer("offsite") ?? 0, appendOnly: fields.integer("append_only") ?? 0,
            verifiedWithin: fields.duration("verified_within") ?? .days(35),
            recipients: fields.integer("recipients") ?? 1)
        if recipients < 1 { fields.complain("recipients", "must be at least 1") }
        if !fields.isRecorded, to.isEmpty, !fields.has("by") {
            fields.complain(
                "to", "is missing",
                hint:
                    "name stores in 'to', or in 'by' the program that keeps the copies: restic, borg or pgbackrest"
            )
        } else if !to.isEmpty, let by {
            fields.complain(
                "by", "the copies are Lifeboat's own ('to') or \(by.rawValue)'s ('by'), not both",
                hint: "copies that another program keeps beside Lifeboat's count without 'by', once imported")
        }
        fields.end()
    }
}

extension Retention {
    fileprivate init(_ fields: Fields) {
        self.init(
            last: fields.integer("last") ?? 0, hourly: fields.integer("hourly") ?? 0,
            daily: fields.integer("daily") ?? 0, weekly: fields.integer("weekly") ?? 0,
            monthly: fields.integer("monthly") ?? 0, yearly: fields.integer("yearly") ?? 0,
            within: fields.duration("within"))
        fields.end()
    }
}

// MARK: - Services and people

extension Service {
    fileprivate init(id: String, fields: Fields) {
        self.id = id
        tier = fields.word("tier", Tier.self) ?? .standard
        kind = fields.word("kind", ServiceKind.self) ?? .business
        standby = fields.word("standby", Standby.self) ?? .none
        datasets = fields.texts("datasets")
        dependsOn = fields.texts("depends_on")
        owner = fields.text("owner")
        probes = fields.texts("probes")
        instances = fields.texts("instances")
        let wanted = fields.fields("objectives")
        objectives = Objective(
            recoveryPoint: wanted?.duration("rpo"), recoveryTime: wanted?.duration("rto"),
            workRecovery: wanted?.duration("wrt"), tolerable: wanted?.duration("mtpd"),
            minimumService: wanted?.text("mbco"), availability: wanted?.share("availability"))
        wanted?.end()
        standbyProbes = fields.texts("standby_probes")
        architecture = fields.word("architecture", Architecture.self)
        fields.end()
    }
}

extension Severity {
    fileprivate init(id: String, fields: Fields) {
        self.id = id
        respond = fields.duration("respond")
        notify = fields.duration("notify")
        restore = fields.duration("restore")
        fields.end()
    }
}

extension Team {
    fileprivate init(id: String, fields: Fields) {
        self.id = id
        kind = fields.require("kind", fields.word("kind", Team.Kind.self)) ?? .incidentResponse
        members = fields.texts("members")
        services = fields.texts("services")
        fields.end()
    }
}

extension Probe {
    /// Reads a probe of a plan or of a scenario, of which only the latter has secrets.
    init(id: String, fields: Fields, takesSecrets: Bool = false) {
        self.id = id
        from = fields.texts("from")
        every = fields.require("every", fields.duration("every")) ?? .seconds(60)
        timeout = fields.require("timeout", fields.duration("timeout")) ?? .seconds(1)
        fields.exactlyOne(of: ["http", "tcp", "command", "sql", "file_hash"])
        let kinds: [ProbeKind] = [
            fields.text("http").map { .http(url: $0) }, fields.text("tcp").map { .tcp(address: $0) },
            fields.has("command") ? .command(fields.texts("command")) : nil, Self.sql(fields),
            Self.fileHash(fields),
        ].compactMap { $0 }
        kind = kinds.first ?? .command([])
        expectsDown = fields.word("expect", Expectation.self) == .down
        if from.isEmpty { _ = fields.require("from", Optional<String>.none) }
        if kinds.count != 1 {
            fields.complain("http", "a probe asks exactly one of http, tcp, command, sql or file_hash")
        }
        if every < .milliseconds(100) { fields.complain("every", "must be 100ms or more") }
        if timeout <= .zero { fields.complain("timeout", "must be longer than nothing") }
        if takesSecrets { readSecrets(fields) }
        fields.end()
    }

    private mutating func readSecrets(_ fields: Fields) {
        secrets = fields.texts("secrets")
        password = fields.text("password")
        if !secrets.isEmpty, !fields.isRecorded {
            if case .command = kind {
            } else {
                fields.complain("secrets", "only a command can read a file of its own")
            }
        }
        guard let password, !fields.isRecorded else { return }
        guard case .sql(_, _, let account) = kind else {
            return fields.complain("password", "'\(password)' is for a probe that asks by sql")
        }
        if account != nil { fields.complain("password", "goes with no 'as': \(SQLQuery.passwordRule)") }
    }

    private static func sql(_ fields: Fields) -> ProbeKind? {
        guard fields.has("sql") else { return nil }
        let (database, account) = (fields.text("database"), fields.text("as"))
        return fields.text("sql").map { .sql(query: $0, database: database, account: account) }
    }

    private static func fileHash(_ fields: Fields) -> ProbeKind? {
        guard let file = fields.fields("file_hash") else { return nil }
        defer { file.end() }
        return .fileHash(path: file.requiredText("path"), sha256: file.requiredText("sha256"))
    }

    private enum Expectation: String, CaseIterable {
        case up
        case down
    }
}

extension Canary {
    fileprivate init(id: String, fields: Fields) {
        self.id = id
        dataset = fields.requiredText("dataset")
        path = fields.requiredText("path")
        every = fields.duration("every") ?? .seconds(60)
        keep = fields.integer("keep") ?? 5_000
        if path.hasPrefix("/") || path.split(separator: "/").contains("..") {
            fields.complain("path", "must lie below the dataset's root")
        }
        if keep < 10 { fields.complain("keep", "must be 10 or more") }
        fields.end()
    }
}

extension Person {
    fileprivate init(id: String, fields: Fields) {
        self.id = id
        name = fields.text("name")
        roles = fields.texts("roles")
        key = fields.text("key")
        fields.end()
    }
}
