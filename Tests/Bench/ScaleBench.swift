// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Ledger
import Operations
import Synchronization

/// Measurements over a year of a large organisation, on the real ledger.
struct ScaleBench {
    let folder: String

    /// The folder is a workspace, so that the program itself can be measured on it.
    var ledgerPath: String { folder + "/.lifeboat/ledger.sqlite" }
    var planPath: String { folder + "/Plans/scale.yaml" }
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
