// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Operations
import TestSupport
import Testing

@Suite("A plan file")
struct PlanFileTests {
    static let plans = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Plans")

    static let whole = """
        lifeboat: 1
        workspace: shop
        zone: Europe/Berlin
        orchestrator: {site: ops}
        sites:
          hq: {production: true, facility: A}
          ops: {facility: B}
          west: {facility: C}
        hosts:
          hq1: {site: hq, ssh: {host: hq.example, user: u}, host_key: "ssh-ed25519 SHA256:x"}
          vault: {site: west, ssh: {host: west.example, user: u}, host_key: "ssh-ed25519 SHA256:x"}
        stores:
          west: {host: vault, path: /srv/vault, append_only: true}
        datasets:
          documents:
            source: {site: hq, path: /srv/files}
            schedule: {full: "daily 01:00", incremental: "every 15m"}
            copies: {to: [west], at_least: 1, offsite: 1, append_only: 1, verified_within: 7d}
        services:
          files: {tier: core, datasets: [documents], probes: [files_http], instances: [hq1], objectives: {rpo: 1h, rto: 2h}}
        probes:
          files_http: {from: [vault], every: 5s, timeout: 2s, http: "http://hq.example/"}
        canaries: {seq: {dataset: documents, path: .canary}}

        """

    private func problems(_ text: String) throws -> [Problem] {
        let node = try DocumentLoader.parse(text, file: "p.yaml")
        let (plan, problems) = Plan.decode(node)
        return problems + (plan?.promises(in: node) ?? [])
    }

    @Test func `reads whole, without a complaint`() throws {
        #expect(try problems(Self.whole) == [])
        let plan = try #require(Plan.decode(DocumentLoader.parse(Self.whole, file: "p.yaml")).plan)
        #expect(plan.dataset("documents")?.copies.verifiedWithin == .days(7))
        #expect(plan.store("west")?.proof == .readBack)
        #expect(plan.service("files")?.objectives.recoveryTime == .hours(2))
        #expect(plan.canary("seq")?.keep == 5_000)
    }

    @Test(
        "names line, key and the nearest word for a slip",
        arguments: [
            (
                old: "copies: {to", new: "copys: {to", line: 18, key: "datasets.documents.copys",
                hint: "'copies'"
            ),
            (
                old: "to: [west]", new: "to: [wets]", line: 18, key: "datasets.documents.copies.to",
                hint: "'west'"
            ),
            (old: "site: west,", new: "site: wset,", line: 11, key: "hosts.vault.site", hint: "'west'"),
            (old: "tier: core", new: "tier: cor", line: 20, key: "services.files.tier", hint: "'core'"),
            (old: "every: 5s", new: "every: 5", line: 22, key: "probes.files_http.every", hint: nil),
            (old: "rpo: 1h", new: "rpo: 1 hour", line: 20, key: "services.files.objectives.rpo", hint: nil),
            (old: "Europe/Berlin", new: "Europe/Berlim", line: 3, key: "zone", hint: nil),
            (old: "production: true", new: "production: yes", line: 6, key: "sites.hq.production", hint: nil),
            (
                old: "\"daily 01:00\"", new: "daily 1am", line: 17, key: "datasets.documents.schedule.full",
                hint: nil
            ),
            (old: "lifeboat: 1", new: "lifeboat: 2", line: 1, key: "lifeboat", hint: nil),
            (
                old: "path: /srv/files", new: "path: srv/files", line: 16,
                key: "datasets.documents.source.path", hint: nil
            ),
        ] as [(old: String, new: String, line: Int, key: String, hint: String?)])
    func slip(old: String, new: String, line: Int, key: String, hint: String?) throws {
        #expect(Self.whole.contains(old))
        let problems = try problems(Self.whole.replacingOccurrences(of: old, with: new))
        let problem = try #require(problems.first { $0.key == key }, "\(problems)")
        #expect(problem.place.line == line)
        #expect(problem.severity == .error)
        if let hint { #expect(problem.hint?.contains(hint) == true, "\(problem)") }
    }

    @Test(
        "is told which of its promises cannot be kept",
        arguments: [
            (old: "at_least: 1", new: "at_least: 3", key: "datasets.documents.copies.at_least"),
            (old: ", append_only: true", new: "", key: "datasets.documents.copies.append_only"),
            (old: "{site: west,", new: "{site: hq,", key: "datasets.documents.copies.offsite"),
            (old: "rpo: 1h", new: "rpo: 5m", key: "services.files.objectives.rpo"),
            (old: "rto: 2h", new: "rto: 30s", key: "probes.files_http.every"),
            (old: "from: [vault]", new: "from: [hq1]", key: "probes.files_http.from"),
        ])
    func promise(old: String, new: String, key: String) throws {
        let problems = try problems(Self.whole.replacingOccurrences(of: old, with: new))
        #expect(problems.contains { $0.key == key && $0.severity == .error }, "\(problems)")
    }

    @Test func `is warned that a sampled copy does not count at once`() throws {
        let text = Self.whole.replacingOccurrences(
            of: "append_only: true", with: "append_only: true, proof: sampled")
        let problem = try #require(
            try problems(text).first { $0.key == "datasets.documents.copies.at_least" })
        #expect(problem.severity == .warning && problem.hint?.contains("lifeboat verify") == true)
    }

    @Test(
        "is refused by line when it is no YAML of ours",
        arguments: [
            (text: "a: 1\na: 2\n", word: "p.yaml:2"), (text: "a: [1\nb: 2\n", word: "p.yaml:"),
            (text: "a: &x 1\nb: *x\n", word: "anchors"), (text: "", word: "empty"),
        ])
    func refused(text: String, word: String) throws {
        #expect { _ = try DocumentLoader.parse(text, file: "p.yaml") } throws: { error in
            (error as? OperationError)?.detail.contains(word) == true
        }
    }

    @Test func `keeps what YAML 1.1 would change`() throws {
        let node = try DocumentLoader.parse("a: on\nb: no\nc: 17:05\nd: 0o17\n", file: "p.yaml")
        let fields = Fields(node, path: "", list: ProblemList())
        #expect(["a", "b", "c", "d"].map(fields.text) == ["on", "no", "17:05", "0o17"])
    }

    @Test func `is refused when others may write to it`() throws {
        try Scratch.with { folder in
            let path = folder.path("plan.yaml")
            try Self.whole.write(toFile: path, atomically: false, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path)
            #expect { _ = try DocumentLoader.load(path) } throws: { error in
                (error as? OperationError)?.code == .permissionDenied
            }
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            #expect(try LoadedPlan.read(path).loaded?.plan.workspace == "shop")
        }
    }

    @Test func `ships with examples that are whole`() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.plans.path).filter {
            $0.hasSuffix(".yaml")
        }
        #expect(!names.isEmpty)
        for name in names {
            let text = try String(contentsOf: Self.plans.appending(path: name), encoding: .utf8)
            #expect(try problems(text).errors == [], "\(name)")
        }
    }
}
