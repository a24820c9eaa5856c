// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Ledger
import Operations
import TestSupport
import Testing

@Suite("The rules a drill never breaks")
struct SafetyRulesTests {
    private static let page = Result { try NamedTests(page: "SafetyRules.md") }

    @Test("are each shown by tests that are there", arguments: 1...16)
    func shown(number: Int) throws {
        let page = try Self.page.get()
        let titles = page.titles(in: "R\(number)")
        #expect(!titles.isEmpty)
        for title in titles { #expect(page.has(title), "no test: \(title)") }
    }

    @Test func `R2: an intent is on disk before its act`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let steps = [bench.logging("one"), bench.logging("two")]
            let end = try bench.runner.start(try bench.prepared(bench.scenario(steps))) { record in
                guard case .intent(let intent) = record.fact, let step = record.step else { return }
                #expect(intent.undo?.contains("undo-\(step)") == true)
                #expect((try? bench.log().contains(step)) == false, "nothing was done yet")
                let journal = (try? scratch.text("runs/\(record.run)/journal.jsonl")) ?? ""
                #expect(journal.contains(intent.sha256))
            }
            #expect(end.run.outcome == .passed)
        }
    }

    @Test func `R4: an abort ends a drill whose victim cannot be reached`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let reach = FlakyReach(bench.reach, every: 1, offset: 0, isReplyLost: false)
            reach.isSteady = true
            // A minute's patience with the network is over in a second.
            let begun = TimeSource.system.sinceBoot()
            let runner = DrillRunner(
                runsFolder: scratch.path("runs"), reach: reach, restorer: bench.runner.restorer,
                ledger: bench.ledger,
                time: TimeSource(
                    now: TimeSource.system.now,
                    sinceBoot: { begun + (TimeSource.system.sinceBoot() - begun) * 60 }))
            var endless = bench.logging("endless")
            endless.verb = .run(["sleep", "600"])
            let steps = [bench.logging("one"), endless]
            let end = try runner.start(try bench.prepared(bench.scenario(steps))) { record in
                guard case .started = record.fact, record.step == "endless" else { return }
                reach.isSteady = false
                try? runner.abort(run: record.run, because: "enough", person: "dana")
            }
            #expect(end.run.outcome == .aborted && end.run.aftermath == .leftovers)
            #expect(end.run.findings.count { $0.hasPrefix("undo_failed: ") } == 2, "\(end.run.findings)")
            // What could not be undone is found when the way is open again.
            let sweeper = DrillSweeper(reach: bench.reach, runsFolder: scratch.path("runs"))
            let swept = try sweeper.heal(try sweeper.look(at: "north"))
            #expect(swept.failed.isEmpty, "\(swept)")
            #expect(try bench.log() == ["one", "undo-endless", "undo-one"])
        }
    }

    @Test("R5: nothing expires while a drill runs, however it ends", arguments: [true, false])
    func retention(isAborted: Bool) throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let (runner, ledger) = (bench.runner, bench.ledger)
            var scenario = bench.scenario([bench.logging("one")])
            scenario.safety.holdsRetention = ["documents"]
            @Sendable func holds() throws -> Int {
                let book = CopyBook(try ledger.events(of: CopyBook.ownKinds))
                return book.holds(on: "documents", at: TimeSource.system.now()).count
            }
            #expect(try holds() == 0)
            let end = try runner.start(try bench.prepared(scenario)) { record in
                switch record.fact {
                case .started:
                    #expect((try? holds()) == 1)
                    if isAborted { try? runner.abort(run: record.run, because: "enough") }
                case .undoDone: #expect((try? holds()) == 1, "not before the last undo")
                default: break
                }
            }
            #expect(end.run.aftermath == .clean)
            #expect(try holds() == 0)
        }
    }

    @Test func `R15: what was restored is wiped, and that is on record`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let room = scratch.path("srv/room")
            var make = bench.logging("room")
            make.verb = .run(["install", "-d", "-m", "0700", room])
            make.undo = .clean(path: room, host: nil)
            let extract = Step(
                id: "extract", phase: .recover,
                verb: .restore(Restore(dataset: "documents", host: "north", path: room + "/tree")),
                undo: Undo.none, because: "the room is cleaned")
            let end = try bench.runner.start(try bench.prepared(bench.scenario([make, extract]))) { record in
                guard case .finished = record.fact, record.step == "extract" else { return }
                #expect(scratch.contains("srv/room/tree/health.txt"))
                let mode = try? FileManager.default.attributesOfItem(atPath: room)[.posixPermissions] as? Int
                #expect(mode == 0o700)
            }
            #expect(end.run.outcome == .passed && end.run.aftermath == .clean)
            #expect(!scratch.contains("srv/room"))
            let wiped = end.records.compactMap { record -> String? in
                if case .undoDone(let undo) = record.fact { undo.what } else { nil }
            }
            #expect(wiped == ["remove \(room) if it carries this run's marker"])
        }
    }
}
