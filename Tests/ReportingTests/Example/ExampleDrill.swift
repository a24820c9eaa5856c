// SPDX-License-Identifier: Apache-2.0
import Continuity

/// The journal and the samples of one sandbox drill, second by second.
struct ExampleDrill {
    let canaries: [CanaryRecord]
    private static let run = "20261123t031200z-0b7f31d9"
    private static let boot = "6a4c3f0e-77c1-4a55-9d52-8a1f6a0a7b11"
    /// The controller had been up for 1000 s, the prober's host for 500 s.
    private static let bootAge = 1_000.0
    private static let hostAge = 500.0

    init(canaries: [CanaryRecord]) {
        self.canaries = canaries
    }

    func evidence() throws -> DrillEvidence {
        let plan = try ExamplePlan.plan()
        return DrillEvidence(
            scenario: scenario(plan), records: records(),
            tracks: [
                "files_http": ["metro-nas": track(upUntil: 7, upFrom: nil)],
                "files_at_north": ["metro-nas": track(upUntil: nil, upFrom: 132.4)],
            ], acknowledged: ["files_seq": canaries], services: plan.services,
            journalSha256: ExampleHistory.hash("journal 2"))
    }

    private func track(upUntil: Double?, upFrom: Double?) -> ProbeTrack {
        ProbeTrack(
            (0..<262).map { number in
                let at = Duration(roundedSeconds: Self.hostAge + Double(number) + 0.6)
                let second = Double(number) + 0.6
                let isUp = upUntil.map { second < $0 } ?? (second >= (upFrom ?? 0))
                // The prober's own machine was short of memory for three samples.
                let state: DrillSample.State = (211...213).contains(number) ? .unknown : isUp ? .up : .down
                return DrillSample(
                    number: number, planned: at, begun: at,
                    ended: at + .milliseconds(state == .down ? 900 : 14), state: state,
                    word: state == .up ? "200" : "timeout")
            })
    }

    private func scenario(_ plan: Plan) -> Scenario {
        func step(_ id: String, _ title: String, _ phase: Phase, _ verb: Verb) -> Step {
            Step(id: id, title: title, phase: phase, verb: verb)
        }
        let ask = Question(role: "owner", ask: "?", choices: [], expect: .minutes(1), giveUp: .minutes(45))
        let up = Condition.probe(
            ProbeCondition(probe: "files_at_north", state: .up, window: .seconds(5), minimum: 3))
        return Scenario(
            id: "files_at_north",
            title: "The headquarters is lost, bring the file service back in Beijing from archives",
            exercise: .simulation, mode: .sandbox, services: ["files"],
            clocks: [
                ServiceClock(
                    service: "files", outageBegins: .probe("files_http"),
                    notMeasured: [
                        .init(part: "detect", assume: .minutes(5), because: "the drill is announced"),
                        .init(
                            part: "cutover", assume: .minutes(10),
                            because: "clients are not moved in a sandbox"),
                    ])
            ], probes: plan.probes,
            restoredWhen: ["files": .all([up, .step("tree_matches"), .step("canary_chain")])],
            steps: [
                step("room", "An empty, marked place for what is restored", .prepare, .run(["install"])),
                step(
                    "cut_at_north", "The site that recovers can reach nothing at the headquarters", .disrupt,
                    .fault(
                        Fault(
                            kind: .siteBlock(site: "hq"), host: "north-dr", ttl: .minutes(30), heal: .auto))),
                step(
                    "cut_at_metro", "Nor can the site that watches", .disrupt,
                    .fault(
                        Fault(
                            kind: .siteBlock(site: "hq"), host: "metro-nas", ttl: .minutes(30), heal: .auto))),
                step("hq_lost", "The headquarters counts as lost", .disrupt, .mark("hq_lost")),
                step("declare", "Somebody who may do so decides", .decide, .decision(ask)),
                step(
                    "extract", "The newest point that lies in Beijing", .recover,
                    .restore(Restore(dataset: "documents", host: "north-dr", path: "/srv/drill/tree"))),
                step(
                    "serve", "A file service over the restored tree", .recover,
                    .script(path: "serve.sh", arguments: [])),
                step(
                    "answers", "Seen from another city, the service answers", .recover,
                    .waitFor(up, deadline: .minutes(1))),
                step(
                    "tree_matches", "Every file is the one that was archived", .validate,
                    .verify(
                        .tree(
                            .init(
                                host: "north-dr", path: "/srv/drill/tree", against: .step("extract"),
                                spoils: [])))),
                step(
                    "canary_chain", "Which acknowledged records came back, without a hole", .validate,
                    .verify(
                        .canary(
                            .init(
                                canary: "files_seq", host: "north-dr", path: "/srv/drill/tree/.canary",
                                allowsHoles: false)))),
                step("owner_looks", "A person opens real documents", .work, .human(ask)),
                step("work_recovered", "The work is recovered", .work, .mark("work_recovered")),
            ])
    }

    // MARK: - The journal

    private func records() -> [DrillRecord] {
        facts().enumerated().map { index, entry in
            DrillRecord(
                sequence: index + 1, previousSha256: ExampleHistory.hash("record \(index)"),
                utc: ExampleHistory.drillAt + Duration(roundedSeconds: entry.at),
                monotonic: Duration(roundedSeconds: Self.bootAge + entry.at), bootID: Self.boot,
                run: Self.run, step: entry.step, fact: entry.fact)
        }
    }

    private struct Entry {
        var at: Double
        var step: String?
        var fact: DrillFact
    }

    private func facts() -> [Entry] {
        let opening = [
            Entry(at: 0, step: nil, fact: .runOpen(opened)), clockSample(at: 0.2),
            Entry(
                at: 0.5, step: nil,
                fact: .guardChecked(
                    .init(
                        name: "identity", host: "north-dr", passed: true, detail: "host key and machine-id"))),
            Entry(
                at: 0.7, step: nil,
                fact: .guardChecked(
                    .init(name: "copies", host: nil, passed: true, detail: "1 at north, 1 asked for"))),
        ]
        let closing = [
            Entry(at: 260.4, step: nil, fact: .stop(.init(cause: .completed, text: "every step has ended")))
        ]
        let undone = [
            ("serve", "north-dr", "script unserve.sh", 261.0, 262.1),
            ("cut_at_metro", "metro-nas", "drop nft table drill_0b7f31d9", 262.2, 263.0),
            ("cut_at_north", "north-dr", "drop nft table drill_0b7f31d9", 263.1, 264.2),
            ("room", "north-dr", "remove /srv/drill/20261123t031200z-0b7f31d9", 264.3, 265.4),
        ].flatMap { step, host, what, begin, end -> [Entry] in
            [
                Entry(at: begin, step: step, fact: .undoIntent(.init(host: host, what: what))),
                Entry(
                    at: end, step: step,
                    fact: .undoDone(.init(host: host, what: what, detail: "proven by a second look"))),
            ]
        }
        let end = [
            clockSample(at: 265.6),
            Entry(
                at: 265.8, step: nil,
                fact: .probe(
                    .init(
                        probe: "files_http", host: "metro-nas", file: "files_http-metro-nas.samples",
                        samples: 262, bytes: 9_411, sha256: ExampleHistory.hash("samples"), isComplete: true))
            ),
            Entry(
                at: 266.3, step: nil,
                fact: .runClosed(.init(outcome: .passed, aftermath: .clean, leftovers: []))),
        ]
        return opening + recovery() + closing + undone + end
    }

    private func recovery() -> [Entry] {
        var all: [Entry] = []
        all += command("room", "north-dr", 1, 1.8, undo: "remove the room", "exit 0")
        all += command(
            "cut_at_north", "north-dr", 2.5, 5.2, undo: "drop the nft table", "in force and proven")
        all += command(
            "cut_at_metro", "metro-nas", 5.4, 9.1, undo: "drop the nft table", "in force and proven")
        all += [
            Entry(at: 9.2, step: "hq_lost", fact: .mark(.init(name: "hq_lost"))), end("hq_lost", 9.2, "set"),
        ]
        all += question("declare", 9.4, 96.2, "go", note: "took 1m 27s, expected 1m")
        all += command(
            "extract", "north-dr", 96.5, 131.2, undo: nil, "48211 members, 9.1 GiB",
            proof: .restored(
                .init(
                    dataset: "documents", point: "20261123T030000Z-incremental-0704da", store: "north",
                    site: "north", host: "north-dr", path: "/srv/drill/tree",
                    consistencyAt: ExampleHistory.drillAt - .minutes(12), members: 48_211,
                    bytes: 9_812_000_000)))
        all += command("serve", "north-dr", 131.4, 132.3, undo: "script unserve.sh", "exit 0")
        all += [
            Entry(at: 132.4, step: "answers", fact: .started(.init(host: nil, unit: nil, hostNs: nil))),
            end("answers", 137.1, "so after 4.7s"),
        ]
        all += command(
            "tree_matches", "north-dr", 137.3, 168.4, undo: nil, "48211 files, none differs",
            proof: .tree(
                .init(
                    host: "north-dr", path: "/srv/drill/tree", point: "20261123T030000Z-incremental-0704da",
                    files: 48_211, mismatched: 0, missing: 0, unexpected: 0,
                    wentRedOn: ["flip_byte: 1", "drop_file: 1"], faults: [])))
        all += command(
            "canary_chain", "north-dr", 168.5, 169.3, undo: nil, "9001 to 9038, no hole",
            proof: .canary(
                .init(
                    canary: "files_seq", dataset: "documents", firstSequence: 9_001,
                    lastSequence: 9_038, records: 38, holes: [], unknownLines: 0)))
        all += question("owner_looks", 169.5, 259.9, "yes_all", note: nil)
        all += [
            Entry(at: 260.1, step: "work_recovered", fact: .mark(.init(name: "work_recovered"))),
            end("work_recovered", 260.1, "set"),
        ]
        return all
    }

    private func command(
        _ step: String, _ host: String, _ begin: Double, _ end: Double, undo: String?, _ actual: String,
        proof: DrillFact.Proof? = nil
    ) -> [Entry] {
        [
            Entry(
                at: begin, step: step,
                fact: .intent(
                    .init(
                        verb: "run", hosts: [host], commands: ["install -d -m 0700 /srv/drill"],
                        sha256: ExampleHistory.hash(step), undo: undo,
                        because: undo == nil ? "the room has its own" : nil))),
            Entry(
                at: begin + 0.1, step: step,
                fact: .started(.init(host: host, unit: "/run/drill/\(step)", hostNs: nil))),
            self.end(step, end, actual, proof: proof),
        ]
    }

    private func question(_ step: String, _ begin: Double, _ end: Double, _ answer: String, note: String?)
        -> [Entry]
    {
        [
            Entry(at: begin, step: step, fact: .started(.init(host: nil, unit: nil, hostNs: nil))),
            Entry(
                at: end - 0.1, step: step,
                fact: .answer(
                    .init(
                        role: "owner", person: "petra", answer: answer, text: "<b>five opened</b> & fine",
                        by: "terminal", isAuthenticated: true))),
        ]
            + (note.map { [Entry(at: end - 0.05, step: step, fact: .note(.init(text: $0)))] } ?? [])
            + [self.end(step, end, answer, by: "petra")]
    }

    private func end(
        _ step: String, _ at: Double, _ actual: String, by person: String = "lifeboat",
        proof: DrillFact.Proof? = nil
    ) -> Entry {
        Entry(
            at: at, step: step,
            fact: .finished(
                .init(
                    result: .passed, expected: Self.expected[step] ?? "exit 0", actual: actual,
                    performedBy: person, proof: proof)))
    }

    private static let expected = [
        "cut_at_north": "files_http down for 2s", "cut_at_metro": "files_http down for 2s",
        "hq_lost": "mark hq_lost", "declare": "go or wait, within 45m",
        "extract": "the newest point that was complete when hq was lost",
        "answers": "probe files_at_north up for 5s within 1m", "tree_matches": "every file as archived",
        "canary_chain": "no hole", "owner_looks": "yes_all", "work_recovered": "mark work_recovered",
    ]

    private func clockSample(at second: Double) -> Entry {
        let asked = Int64((Self.bootAge + second) * 1e9)
        return Entry(
            at: second, step: nil,
            fact: .clockSample(
                .init(
                    host: "metro-nas", askedNs: asked, receivedNs: asked + 8_000_000,
                    hostNs: Int64((Self.hostAge + second) * 1e9) + 4_000_000, resolutionNs: 10_000_000,
                    hostUtc: ExampleHistory.drillAt + Duration(roundedSeconds: second), hostBootId: "host")))
    }

    private var opened: DrillFact.RunOpened {
        .init(
            scenario: "files_at_north",
            title: "The headquarters is lost, bring the file service back in Beijing from archives",
            exercise: .simulation, mode: .sandbox, services: ["files"],
            approvedSha256: ExampleHistory.hash("approved"), scenarioSha256: ExampleHistory.hash("scenario"),
            planSha256: ExampleHistory.hash("plan"), toolVersion: "0.1.0", isAnnounced: true,
            orchestratorSite: "ops")
    }
}
