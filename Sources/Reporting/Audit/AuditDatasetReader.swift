// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// Reads what an audit report says of one dataset from its history, which can then be let go.
package struct AuditDatasetReader: Sendable {
    private let plan: Plan
    private let begin: Moment
    private let end: Moment
    private let generatedAt: Moment

    package init(plan: Plan, begin: Moment, end: Moment, generatedAt: Moment) {
        self.plan = plan
        self.begin = begin
        self.end = min(end, generatedAt)
        self.generatedAt = generatedAt
    }

    /// Whether an event belongs to the history of some dataset.
    package static func concerns(_ event: Event) -> Bool {
        switch event.body {
        case .backupRun, .copyReceipt, .copyVerification, .copyExpiry, .repositoryListing, .repositoryCheck,
            .recipientSet, .keyDrill:
            true
        default: false
        }
    }

    /// Reads one dataset by the events of its history, in their order; pure.
    ///
    /// Events of others' histories do not count.
    package func part(_ dataset: Dataset, _ events: [Event]) -> AuditReport.DatasetPart {
        let known = events.filter { $0.recordedAt <= generatedAt }
        let book = CopyBook(known.filter { $0.recordedAt <= end })
        var copies = book.judge(dataset, in: plan, at: end)
        let points = copies.points.count
        copies.points = Array(copies.points.suffix(Self.shownPoints))
        return AuditReport.DatasetPart(
            copies: copies,
            policy: .init(
                stores: dataset.copies.to, atLeast: dataset.copies.atLeast, offsite: dataset.copies.offsite,
                appendOnly: dataset.copies.appendOnly,
                verifiedWithinSeconds: dataset.copies.verifiedWithin.inSeconds),
            productionSite: plan.productionSite(of: dataset)?.id,
            pointCount: points,
            firstProvenAt: firstProof(
                of: dataset, in: Set(dataset.copies.to).union(book.foreignStores(of: dataset.id).keys), book,
                known),
            exposures: exposures(of: dataset, book, known), runs: runCounts(of: dataset, known),
            trace: copyTrace(of: dataset, copies, book, known))
    }

    /// The newest points that a report lists; it counts all.
    private static let shownPoints = 20

    /// The worst moment for the loss of each site, since a first copy was proven that survives it: before,
    /// nothing was protected against it, and that is said in its own place.
    private func exposures(
        of dataset: Dataset, _ book: CopyBook, _ known: [Event]
    ) -> [RecoveryExposure] {
        let sites = book.foreignStores(of: dataset.id).values
        return plan.losses(of: dataset, andStoresAt: sites).filter { $0.kind == .site }.map { loss in
            let survivors = book.survivors(of: loss, for: dataset, in: plan)
            let proven = firstProof(of: dataset, in: survivors, book, known)
            guard let from = proven.map({ max(begin, $0) }), from <= end else {
                return RecoveryExposure(
                    dataset: dataset.id, loss: loss, begunAt: begin, endedAt: end, worstSeconds: nil,
                    worstAt: end, point: nil)
            }
            return book.exposure(of: dataset, in: plan, losing: loss, from: from, to: end)
        }
    }

    private func firstProof(
        of dataset: Dataset, in stores: Set<String>, _ book: CopyBook, _ known: [Event]
    ) -> Moment? {
        let own = known.compactMap { event -> Moment? in
            guard case .copyReceipt(let receipt) = event.body, receipt.dataset == dataset.id,
                receipt.kind == .full, receipt.method != .none, stores.contains(receipt.store)
            else { return nil }
            return receipt.provenAt
        }.min()
        return [own, book.firstForeignProof(of: dataset.id, in: stores)].compactMap { $0 }.min()
    }

    private func runCounts(
        of dataset: Dataset, _ known: [Event]
    ) -> AuditReport.DatasetPart.RunCounts {
        var counts = AuditReport.DatasetPart.RunCounts(
            byOutcome: [:], fulls: 0, incrementals: 0, trace: .none)
        var numbers: [Int] = []
        for event in known {
            guard case .backupRun(let run) = event.body, run.dataset == dataset.id, run.endedAt > begin,
                run.begunAt <= end
            else { continue }
            numbers.append(event.sequence)
            counts.byOutcome[run.outcome.rawValue, default: 0] += 1
            guard run.point != nil else { continue }
            if run.kind == .full { counts.fulls += 1 } else { counts.incrementals += 1 }
        }
        counts.trace = EventTrace(numbers)
        return counts
    }

    /// The receipts and checks of the newest point and of what it builds on.
    private func copyTrace(
        of dataset: Dataset, _ copies: DatasetCopies, _ book: CopyBook, _ known: [Event]
    ) -> EventTrace {
        let chain = copies.newestPoint.flatMap { book.chain(of: $0, in: dataset.id) } ?? []
        let names = Set(chain.map(\.name))
        return EventTrace(
            known.compactMap { event -> Int? in
                switch event.body {
                case .copyReceipt(let receipt)
                where receipt.dataset == dataset.id && names.contains(receipt.point):
                    event.sequence
                case .copyVerification(let check)
                where check.dataset == dataset.id && names.contains(check.point):
                    event.sequence
                default: nil
                }
            })
    }
}
