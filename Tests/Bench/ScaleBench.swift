// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Ledger
import Operations
import Synchronization

/// Measurements over a year of a large organisation, on the real ledger.
struct ScaleBench {
    let folder: String

    var ledgerPath: String { folder + "/ledger.sqlite" }
    var planPath: String { folder + "/plan.yaml" }
    var year: (begin: Moment, end: Moment) {
        (ScaleHistory.begin, ScaleHistory.begin + .days(365))
    }

    /// Runs one measurement and prints its time and the process's peak memory, with a floor to hold it to.
    func report(_ name: String, _ work: () throws -> String) throws {
        let memory = MemoryWatch()
        let begun = ContinuousClock.now
        let note = try work()
        let elapsed = (ContinuousClock.now - begun).inSeconds
        let padded = name.padding(toLength: 62, withPad: " ", startingAt: 0)
        let text = padded + String(format: "%8.2f s %7d MiB", elapsed, memory.peak >> 10)
        print("\(text)  \(note)")
    }

    func plan() throws -> Plan {
        guard let loaded = try LoadedPlan.read(planPath).loaded else { fatalError("the plan has mistakes") }
        return loaded.plan
    }

    func readPlan() throws -> String {
        "\(try plan().datasets.count) datasets"
    }

    /// What would be lost now, dataset by dataset.
    func status() throws -> String {
        let begun = ContinuousClock.now
        let plan = try plan()
        let read = ContinuousClock.now
        let heads = try Ledger(path: ledgerPath).copyHeads()
        let loaded = ContinuousClock.now
        var (violated, worst) = (0, 0.0)
        for dataset in plan.datasets {
            guard let copies = heads[dataset.id]?.judge(dataset, in: plan, at: year.end) else { continue }
            if copies.violations.contains(where: \.breaksPolicy) { violated += 1 }
            worst = max(worst, copies.exposureSeconds ?? 0)
        }
        let judged = ContinuousClock.now
        return
            "plan \((read - begun).text), heads \((loaded - read).text), judging \((judged - loaded).text); \(violated) violated, worst \(worst) s"
    }

    /// All 23 tables, every dataset and every service in scope.
    func grade() throws -> String {
        let plan = try plan()
        let model = BuiltInModel.model
        let report = try HistoryReader(plan: plan, ledger: try Ledger(path: ledgerPath)).grade(
            model: model, parameters: GradeParameters(model), asOf: year.end)
        let levels = report.table(14)?.dimensions.map { "\($0.confirmed)-\($0.possible)" } ?? []
        return "\(report.tables.count) tables; table 14: \(levels.joined(separator: " "))"
    }

    /// Recovery, exposure of every dataset, availability of every service with its months, incidents.
    func measure() throws -> String {
        let report = try HistoryReader(plan: try plan(), ledger: try Ledger(path: ledgerPath))
            .measure(from: year.begin, to: year.end)
        let worst = report.services.flatMap(\.exposures).compactMap(\.worstSeconds).max() ?? 0
        let outages = report.services.compactMap(\.availability?.outages).reduce(0, +)
        return "\(report.services.count) services, worst exposure \(worst) s, \(outages) outages"
    }

    func check() throws -> String {
        "\(try Ledger(path: ledgerPath).check().count) faults"
    }

    func repair() throws -> String {
        let done = try Ledger(path: ledgerPath).repair()
        return "\(done.events) events, \(done.subjects) subjects"
    }

    /// Three receipts and a run in one transaction each time, as backups write them.
    func append() throws -> String {
        let ledger = try Ledger(path: ledgerPath)
        let count = 200
        for number in 0..<count {
            let bodies = ScaleHistory.backup(
                of: number * 7, point: ScaleHistory.lastPoint + 1 + number, at: year.end)
            try ledger.append(bodies, at: year.end)
        }
        return "\(count) transactions of four events"
    }
}

/// Looks every 10 ms at the memory that the process has for itself.
///
/// The pages of the ledger that are mapped do not count: they are the kernel's to take back.
private final class MemoryWatch: Sendable {
    private let most = Atomic<Int>(0)
    private let isOver = Atomic<Bool>(false)

    init() {
        let thread = Thread { [self] in
            while !isOver.load(ordering: .relaxed) {
                look()
                Thread.sleep(forTimeInterval: 0.01)
            }
        }
        thread.start()
    }

    /// In KiB, up to now; ends the watch.
    var peak: Int {
        look()
        isOver.store(true, ordering: .relaxed)
        return most.load(ordering: .relaxed)
    }

    private func look() {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
        let words = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }) ?? []
        most.max(words.count > 1 ? Int(words[1]) ?? 0 : 0, ordering: .relaxed)
    }
}
