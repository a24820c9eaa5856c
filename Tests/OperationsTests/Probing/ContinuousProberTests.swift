// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc
import Ledger
import Operations
import Synchronization
import TestSupport
import Testing

/// Real loops in folders of this machine; a service is up while its file is there.
@Suite("Continuous probing")
struct ContinuousProberTests {
    @Test func `brings what a host saw into the ledger, every planned instant of it`() throws {
        try ProbeBench.with { bench in
            try bench.probing().pass()
            try bench.waitForSamples(8)
            bench.setUp(false)
            try bench.waitForSamples(16)
            try bench.probing().pass()
            let runs = try bench.runs()
            #expect(runs.contains { $0.state == .up })
            #expect(runs.contains { $0.state == .down && $0.word == "exit_1" })
            #expect(runs.allSatisfy { $0.vantage == "north" && $0.period == .milliseconds(100) })
            for (run, next) in zip(runs, runs.dropFirst()) { #expect(run.endsAt <= next.firstAt) }
            let now = TimeSource.system.now()
            let first = try #require(runs.first)
            #expect(first.firstAt > now - .minutes(2) && first.firstAt < now)
            #expect(first.boundNs > 0)
        }
    }

    @Test func `waits for an answer that comes late, and calls it what it is`() throws {
        try ProbeBench.with(slowDown: true) { bench in
            let probing = try bench.probing()
            probing.pass()
            try bench.waitForSamples(5)
            bench.setUp(false)
            // Asked again and again while answers are on their way, which come in another order.
            try bench.waitUntil {
                probing.pass()
                return try bench.runs().contains { $0.state == .down }
            }
            bench.setUp(true)
            try bench.waitUntil {
                probing.pass()
                return try bench.runs().last?.state == .up
            }
            let gaps = try bench.runs().filter(\.isGap).map(\.count).reduce(0, +)
            #expect(gaps <= (try bench.skippedNumbers()))
        }
    }

    @Test func `finds its loop again after a restart, and keeps each instant once`() throws {
        try ProbeBench.with { bench in
            try bench.probing().pass()
            try bench.waitForSamples(5)
            try bench.probing().pass()
            let loop = try bench.loop()
            try bench.waitForSamples(12)
            try bench.probing().pass()
            try bench.waitForSamples(20)
            try bench.probing().pass()
            #expect(try bench.loop() == loop)
            try Self.expectSchedule(in: try bench.runs())
        }
    }

    /// What moved instants by a third of a period after a restart: not the restart, but a first exchange of
    /// times over a slow line, whose wide bound a later and quicker one replaces.
    @Test func `moves an instant no further than its bounds when a clock becomes known better`() throws {
        try ProbeBench.with { bench in
            bench.reach.delay.withLock { $0 = .milliseconds(70) }
            try bench.probing().pass()
            try bench.waitForSamples(5)
            try bench.probing().pass()
            bench.reach.delay.withLock { $0 = .zero }
            try bench.waitForSamples(12)
            try bench.probing().pass()
            try bench.waitForSamples(20)
            try bench.probing().pass()
            let runs = try bench.runs()
            try Self.expectSchedule(in: runs)
            let bounds = runs.filter { !$0.isGap }.map(\.boundNs)
            #expect(try #require(bounds.first) >= 35_000_000)
            // On a busy machine the later exchange may be no quicker.
            #expect(try #require(bounds.last) <= (try #require(bounds.first)))
        }
    }

    /// Each instant once and in order; one period apart within a run, and between runs as nearly as their
    /// clocks are known.
    private static func expectSchedule(in runs: [ProbeRun]) throws {
        let instants = runs.flatMap { Array($0.plannedInstants) }
        #expect(Set(instants).count == instants.count)
        #expect(instants.sorted() == instants)
        for run in runs where !run.isGap {
            let own = Array(run.plannedInstants)
            for (one, next) in zip(own, own.dropFirst()) { #expect(next - one == run.period) }
        }
        let taken = runs.filter { !$0.isGap && $0.count > 0 }
        for (run, next) in zip(taken, taken.dropFirst()) {
            let gap = next.firstAt - run.lastAt
            let bounds = Duration.nanoseconds(Int64(run.boundNs) + Int64(next.boundNs))
            #expect(gap >= run.period - bounds, "\(gap) after \(run.firstAt), bounds \(bounds)")
        }
    }

    @Test func `loses nothing while the host cannot be reached`() throws {
        try ProbeBench.with { bench in
            let probing = try bench.probing()
            probing.pass()
            try bench.waitForSamples(3)
            bench.reach.isCut.withLock { $0 = true }
            probing.pass()
            #expect(probing.problems.keys.sorted() == ["north"])
            try bench.waitForSamples(15)
            bench.reach.isCut.withLock { $0 = false }
            probing.pass()
            #expect(probing.problems.isEmpty)
            let counted = try bench.runs().filter { !$0.isGap }.map(\.count).reduce(0, +)
            #expect(counted >= 15)
        }
    }

    @Test func `begins anew after the host was started anew, and calls the time between unknown`() throws {
        try ProbeBench.with { bench in
            let probing = try bench.probing()
            probing.pass()
            try bench.waitForSamples(5)
            probing.pass()
            let before = try bench.loop()
            try bench.pretendReboot()
            try bench.waitUntil {
                TimeSource.system.now() > (try bench.runs().last?.endsAt ?? Moment(seconds: 0)) + .seconds(1)
            }
            probing.pass()
            try bench.waitForSamples(5)
            probing.pass()
            #expect(try bench.loop() != before)
            let runs = try bench.runs()
            let gap = try #require(runs.first { $0.isGap && $0.count >= 8 })
            #expect(runs.contains { $0.firstAt >= gap.endsAt && $0.state == .up })
        }
    }

    @Test func `removes at the host what is in the ledger, and everything in the end`() throws {
        try ProbeBench.with { bench in
            let probing = try bench.probing()
            probing.pass()
            try bench.waitForSamples(3)
            try bench.pretendReboot()
            probing.pass()
            try bench.waitForSamples(3)
            probing.pass()
            probing.pass()
            #expect(try bench.epochs() == ["e.2"])
            try probing.removeLoops()
            try bench.waitUntil { try bench.epochs().isEmpty && !bench.isLoopAlive() }
        }
    }

    @Test func `asks by itself on a fixed schedule, though an answer hangs`() throws {
        try ProbeBench.with(vantage: "orchestrator") { bench in
            let slow = SlowService()
            let probing = try bench.probing { _, _ in slow.answer() }
            probing.start()
            try bench.waitUntil { slow.count >= 12 && slow.hasHung }
            probing.stop()
            let runs = try bench.runs()
            let taken = runs.filter { !$0.isGap }
            #expect(taken.map(\.count).reduce(0, +) >= 12)
            // The third answer came after four more had been asked for, and is in the ledger with its length.
            #expect(slow.wasOvertaken)
            #expect(taken.contains { $0.slowestNs > 100_000_000 })
            #expect(probing.views.map(\.vantage) == ["orchestrator"])
        }
    }

    @Test func `keeps its own samples over a crash`() throws {
        try ProbeBench.with(vantage: "orchestrator") { bench in
            let probing = try bench.probing { _, _ in ProbeAnswer(.up, "200") }
            probing.start()
            try bench.waitUntil { bench.spooled() >= 5 }
            // What a crash would leave: the file, and a ledger that has none of it.
            let left = try bench.scratch.text(ProbeBench.spool)
            probing.stop()
            #expect(bench.spooled() == 0)
            try bench.scratch.write(left, to: ProbeBench.spool)
            let ledger = try Ledger(path: bench.scratch.path("other.sqlite"))
            try bench.probing(into: ledger).stop()
            let runs = try bench.runs(in: ledger)
            #expect(runs.filter { !$0.isGap }.map(\.count).reduce(0, +) == left.split(separator: "\n").count)
            #expect(bench.spooled() == 0)
        }
    }
}

/// Answers at once, but for the third time it is asked: then it waits until it was asked four times more.
private final class SlowService: Sendable {
    private struct State {
        var asked = 0
        var hasHung = false
        var wasOvertaken = false
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.asked } }
    var hasHung: Bool { state.withLock { $0.hasHung } }
    var wasOvertaken: Bool { state.withLock { $0.wasOvertaken } }

    func answer() -> ProbeAnswer {
        let number = state.withLock { state in
            state.asked += 1
            return state.asked
        }
        if number == 3 {
            let isOvertaken = eventually(within: .seconds(30)) { count >= 7 }
            state.withLock { ($0.hasHung, $0.wasOvertaken) = (true, isOvertaken) }
        }
        return ProbeAnswer(.up, "200")
    }
}
