// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Ledger

/// Finds out what became of a run whose process was killed, and writes it down.
///
/// A point that some store has committed is a point: every file is proven again before it counts. Anything
/// else is a run that did not run; what it left in the stores has no manifest and is ignored.
struct RunSettler {
    let desk: CopyDesk
    let dataset: Dataset

    /// Settles the marker that the dataset's holder finds, if there is one.
    @discardableResult
    func settle(_ holder: RunMarker.Holder) throws -> BackupRun? {
        guard let marker = holder.leftover() else { return nil }
        let isKnown = try desk.ledger.events(of: [.backupRun]).contains { event in
            guard case .backupRun(let run) = event.body else { return false }
            return run.run == marker.run
        }
        guard !isKnown else {
            holder.remove()
            return nil
        }
        let (run, receipts) = try findings(marker)
        try desk.ledger.append(
            receipts.map { .copyReceipt($0) } + [.backupRun(run)], at: desk.time.now())
        holder.remove()
        return run
    }

    private func findings(_ marker: RunMarker) throws -> (BackupRun, [CopyReceipt]) {
        var run = BackupRun(
            run: marker.run, dataset: dataset.id, kind: marker.kind, outcome: .didNotRun,
            begunAt: marker.begunAt, endedAt: desk.time.now(),
            detail: "it was interrupted before its point was committed; nothing of it counts")
        guard let point = marker.point else { return (run, []) }
        let signers = try desk.keys.allowedSigners()
        var receipts: [CopyReceipt] = []
        var sealed: SealedManifest?
        var unasked: [String] = []
        for name in dataset.copies.to {
            do {
                let access = try desk.connector.store(name)
                let stored = try StoredPoint.read(
                    point, of: dataset.id, from: access, signers: signers, expecting: nil)
                sealed = stored.sealed
                if let receipt = try prove(stored) {
                    receipts.append(receipt)
                    run.stores.append(StoreResult(store: name, state: .verified))
                    continue
                }
                run.stores.append(
                    StoreResult(store: name, state: .behind, detail: "it does not hold every file"))
            } catch let error as OperationError where error.code == .damaged {
                run.stores.append(StoreResult(store: name, state: .behind, detail: error.detail))
            } catch {
                unasked.append(name)
                run.stores.append(
                    StoreResult(
                        store: name, state: .behind, detail: OperationError(describing: error).detail))
            }
        }
        guard let sealed, !receipts.isEmpty else {
            if !unasked.isEmpty {
                // The next run must not wait for a dead store; should the point be there after all, the next
                // look at that store names it as one that the ledger does not know.
                run.detail =
                    "it was interrupted; whether \(unasked.joined(separator: ", ")) holds its point is not known: no answer"
            }
            run.stores = []
            return (run, [])
        }
        adopt(sealed, into: &run)
        return (run, receipts)
    }

    private func prove(_ stored: StoredPoint) throws -> CopyReceipt? {
        var methods: Set<ProofMethod> = []
        for file in stored.files {
            guard case .good(let found) = try stored.check(file) else { return nil }
            methods.insert(found.method)
        }
        return CopyReceipt(
            stored.manifest, stored.sealed.sha256, in: stored.access.store,
            site: desk.plan.site(of: stored.access.store)?.id ?? "", at: desk.time.now(),
            method: .ofAll(methods))
    }

    private func adopt(_ sealed: SealedManifest, into run: inout BackupRun) {
        let manifest = sealed.manifest
        run.kind = manifest.kind == .full ? .full : .incremental
        run.outcome = BackupOutcome(manifest.outcome)
        run.endedAt = Moment(nanoseconds: manifest.endedAt.nanoseconds)
        run.point = manifest.point.text
        run.parent = manifest.parent?.point.text
        run.consistencyAt = Moment(nanoseconds: manifest.consistencyAt.nanoseconds)
        run.manifestSha256 = sealed.sha256.hex
        run.sequence = manifest.sequence
        run.counts = BackupCounts(manifest.counts)
        run.detail = "it was interrupted after its point was committed; the point was proven again"
    }
}
