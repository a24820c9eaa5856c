// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation

/// Watches the safety rules and the letter box on a thread of its own, whatever a step is waiting for.
///
/// It only ever stops the drill: a probe that falls silent, or a disk that nobody can look at, stops it as
/// surely as bad news does.
final class DrillWatch: @unchecked Sendable {
    // Unchecked: what the thread and its owner share is only touched while `condition` is held.
    private let condition = NSCondition()
    private var isOver = false
    private var thread: Worker<Void>?
    /// When the newest sample of a prober came in; only the watching thread touches it.
    private var heard: [String: (count: Int, at: Duration)] = [:]
    private var diskAt: Duration = .zero
    private var diskFailures = 0
    private var alertFailures = 0
    /// What the last look found wrong with the alerts, or which of them it found.
    private var alertFailure: String?
    private var alertsSeen: [String] = []

    private let context: DrillContext
    private let fleet: ProberFleet

    init(_ context: DrillContext, fleet: ProberFleet) {
        self.context = context
        self.fleet = fleet
    }

    func begin() {
        thread = Worker("drill watch") { [self] in
            while !waitForEnd(.milliseconds(200)) { look() }
        }
    }

    func end() {
        condition.withLock {
            isOver = true
            condition.broadcast()
        }
        // The thread throws nothing.
        try? thread?.join()
    }

    private func look() {
        takeAborts()
        let isBefore = context.control.isBeforePivot
        for rule in context.scenario.safety.stopIf where isBefore || !rule.onlyBeforePivot {
            guard let text = violation(of: rule) else { continue }
            context.control.stop(DrillFact.Stop(cause: .guarded, text: text))
        }
    }

    private func takeAborts() {
        let spool = RequestSpool(folder: context.folder)
        for (path, request) in spool.waiting() {
            guard let stop = request.stop else { continue }
            context.control.stop(stop)
            spool.drop(path)
        }
    }

    private func violation(of rule: Safety.StopRule) -> String? {
        switch rule.trigger {
        case .condition(let condition):
            (alertsSeen, alertFailure) = ([], nil)
            if condition.holds(isSo) == true {
                return rule.because + (alertsSeen.isEmpty ? "" : ": " + alertsSeen.joined(separator: "; "))
            }
            return blindness(for: condition) ?? silence(in: condition)
        case .diskFree(let host, let path, let below): return fullness(host, path, below, rule.because)
        }
    }

    /// Only probes and alerts are known here; a rule with steps or answers in it is looked at between the steps, too.
    private func isSo(_ leaf: Condition) -> Bool? {
        if case .alert(let rule) = leaf { return isRaised(rule) }
        guard case .probe(let probe) = leaf else { return nil }
        let wanted: DrillSample.State = probe.state == .up ? .up : .down
        let hosts = fleet.view(of: probe.probe).values.filter {
            $0.isNow(wanted, for: probe.window, minimum: probe.minimum)
        }
        return hosts.count >= probe.fromAtLeast ? true : nil
    }

    /// An alert that was raised before the run was opened is no reason to end it.
    private func isRaised(_ rule: String) -> Bool? {
        do {
            guard let raised = try context.alerts.raised(rule, since: context.openedAt) else { return nil }
            alertsSeen.append(raised.text)
            return true
        } catch {
            alertFailure = "\(error)"
            return nil
        }
    }

    /// A ledger that could not be read three times in a row, and nobody knows what was raised.
    private func blindness(for condition: Condition) -> String? {
        guard !condition.alerts.isEmpty else { return nil }
        guard let failure = alertFailure else {
            alertFailures = 0
            return nil
        }
        alertFailures += 1
        return alertFailures < 3
            ? nil : "the ledger, whose alerts guard this drill, cannot be read: \(failure)"
    }

    /// A minute without a word, or three periods of a slow probe, and nobody knows any more.
    private func silence(in condition: Condition) -> String? {
        let now = context.time.sinceBoot()
        for case .probe(let probe) in condition.leaves {
            for (host, track) in fleet.view(of: probe.probe) {
                let key = "\(probe.probe)@\(host)"
                let every = context.probers.first { $0.key == key }?.every ?? .zero
                if heard[key]?.count != track.samples.count { heard[key] = (track.samples.count, now) }
                let quiet = now - (heard[key]?.at ?? now)
                if quiet > max(.minutes(1), every * 3) {
                    return "the probe \(key), which guards this drill, has been silent for \(quiet.text)"
                }
            }
        }
        return nil
    }

    private func fullness(
        _ host: String, _ path: String, _ below: Safety.DiskAmount, _ because: String
    ) -> String? {
        guard context.time.sinceBoot() >= diskAt else { return nil }
        // Thirty seconds: a disk that fills faster is not saved by looking more often.
        diskAt = context.time.sinceBoot() + .seconds(30)
        do {
            let disk = try DiskLook.at(path, context.reach.shell(at: host))
            diskFailures = 0
            return disk.isBelow(below) ? "\(because): \(disk.text) at \(host):\(path)" : nil
        } catch {
            diskFailures += 1
            return diskFailures < 3 ? nil : "the disk \(host):\(path) cannot be watched: \(error)"
        }
    }

    private func waitForEnd(_ length: Duration) -> Bool {
        let end = Date(timeIntervalSinceNow: length.inSeconds)
        return condition.withLock {
            while !isOver, condition.wait(until: end) {}
            return isOver
        }
    }
}

/// How full a host's file system is.
struct DiskLook {
    let size: Int
    let free: Int

    static func at(_ path: String, _ shell: any HostShell) throws -> DiskLook {
        let words = try shell.demand(
            "look at the disk", "df -Pk -- \"$1\" | awk 'NR == 2 { print $2, $4 }'", [path]
        ).split(separator: " ").compactMap { Int($0) }
        guard words.count == 2 else {
            throw OperationError(.failed, "look at the disk \(path) at \(shell.host): df said nothing")
        }
        return DiskLook(size: words[0] * 1_024, free: words[1] * 1_024)
    }

    func isBelow(_ amount: Safety.DiskAmount) -> Bool {
        switch amount {
        case .bytes(let bytes): free < bytes
        case .share(let share): Double(free) < Double(size) * share
        }
    }

    var text: String { "\(free) of \(size) bytes free" }
}
