// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// What an event is about, where there are many such events.
package enum EventSubject: Hashable, Sendable {
    case dataset(String)
    case canary(String)
    case probe(String, vantage: String)

    /// Its name in the ledger's index.
    var name: String {
        switch self {
        case .dataset(let id): "dataset/\(id)"
        case .canary(let id): "canary/\(id)"
        case .probe(let id, let vantage): "probe/\(id)@\(vantage)"
        }
    }

    /// The probe at its vantage point that an index name stands for.
    static func probe(named name: String) -> EventSubject? {
        guard name.hasPrefix("probe/") else { return nil }
        let parts = name.dropFirst("probe/".count).split(separator: "@", maxSplits: 1).map(String.init)
        return parts.count == 2 ? .probe(parts[0], vantage: parts[1]) : nil
    }

    /// The dataset that an index name stands for.
    static func dataset(named name: String) -> String? {
        name.hasPrefix("dataset/") ? String(name.dropFirst("dataset/".count)) : nil
    }
}

extension EventBody {
    /// What it is about; `nil` for the kinds of which there are few.
    package var subject: EventSubject? {
        if let dataset = copiesOf { return .dataset(dataset) }
        return switch self {
        case .restoreRun(let run): .dataset(run.dataset)
        case .canaryRecord(let record): .canary(record.canary)
        case .probeRun(let run): .probe(run.probe, vantage: run.vantage)
        default: nil
        }
    }

    /// The one question whose newest answer it is, such as the last full backup of a dataset.
    var slot: String? {
        switch self {
        case .backupRun(let run):
            if run.outcome == .didNotRun {
                "run/did_not_run/\(run.dataset)"
            } else if run.point == nil {
                "run/failed/\(run.dataset)"
            } else {
                "run/\(run.kind.rawValue)/\(run.dataset)"
            }
        case .canaryRecord(let record): "canary/\(record.canary)"
        case .probeRun(let run): "probe/\(run.probe)@\(run.vantage)"
        default: nil
        }
    }
}
