// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Foundation
import Ledger

extension DrillRunner {
    /// Judges a run by its journal, the pulled samples and the acknowledged records.
    ///
    /// - Throws: `OperationError` with `.damaged` when journal or samples are not those that were written.
    package func judge(_ run: String, _ drill: PreparedDrill) throws -> End {
        let evidence = try evidence(of: run, drill)
        guard let result = evidence.drillRun() else {
            throw OperationError(.damaged, "the journal of \(run) does not begin with its opening")
        }
        return End(run: result, records: evidence.records)
    }

    /// Everything that a run left behind, checked against its journal.
    package func evidence(of run: String, _ drill: PreparedDrill) throws -> DrillEvidence {
        let folder = RunFolder(run: run, runsFolder: runsFolder)
        guard folder.exists else { throw OperationError(.unknownName, "there is no run \(run)") }
        let reading = try JournalReading(contentsOf: folder.journalPath)
        if let fault = reading.faults.first {
            throw OperationError(.damaged, "the journal of \(run): \(fault)")
        }
        return DrillEvidence(
            scenario: drill.scenario, records: reading.records,
            tracks: try Self.tracks(try drill.probers(run: run), in: folder, bound: reading.records),
            acknowledged: try acknowledgedByCanary(drill), services: drill.plan.services,
            journalSha256: reading.headSha256)
    }

    /// The samples on disk; those that the journal has bound by hash must be the same bytes.
    static func tracks(
        _ probers: [Prober], in folder: RunFolder, bound records: [DrillRecord]
    ) throws -> [String: [String: ProbeTrack]] {
        let files = SampleFiles(folder: folder.samplesFolder)
        var bound: [String: String] = [:]
        for record in records {
            if case .probe(let batch) = record.fact { bound[batch.file] = batch.sha256 }
        }
        var tracks: [String: [String: ProbeTrack]] = [:]
        for prober in probers {
            let data = FileManager.default.contents(atPath: files.path(of: prober)) ?? Data()
            if let sha256 = bound["\(prober.key).samples"], sha256 != Hex.sha256(data) {
                throw OperationError(
                    .damaged, "the samples \(prober.key) are not those that the journal names")
            }
            tracks[prober.probe, default: [:]][prober.host] = ProbeTrack(SampleFiles.parse(data))
        }
        return tracks
    }

    private func acknowledgedByCanary(_ drill: PreparedDrill) throws -> [String: [CanaryRecord]] {
        var known: [String: [CanaryRecord]] = [:]
        for canary in drill.plan.canaries {
            try ledger.forEach(about: .canary(canary.id)) { event in
                guard case .canaryRecord(let record) = event.body else { return }
                known[canary.id, default: []].append(record)
            }
        }
        return known
    }
}
