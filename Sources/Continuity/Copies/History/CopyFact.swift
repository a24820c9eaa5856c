// SPDX-License-Identifier: Apache-2.0

/// What one event says of the copies of its dataset, without everything that neither grading nor measuring asks for.
///
/// Texts are numbers of whoever made it.
struct CopyFact {
    struct Run {
        /// `nil` when no point was committed.
        var point: Int?
        var kind: PointKind
        var consistencyAt: Moment?
        var parent: Int?
        var isWhole: Bool
    }

    struct Receipt {
        var point: Int
        var kind: PointKind
        var consistencyAt: Moment
        var parent: Int?
        var store: Int
        var site: Int
        var provenAt: Moment
        var method: ProofMethod
        var parts: Int
    }

    struct Check {
        var result: CopyVerification.Result
        var method: ProofMethod
        var at: Moment
        /// `nil` for every file.
        var parts: [Int]?
    }

    enum What {
        case run(Run)
        case receipt(Receipt)
        case check(point: Int, store: Int, Check)
        case expiry(point: Int, store: Int, CopyExpiry.Step, at: Moment)
    }

    /// The event's number.
    var number: Int
    var recordedAt: Moment
    var what: What
}

extension CopyFact {
    /// `nil` for events of other kinds.
    init?(_ event: Event, names: inout ByteNames) {
        number = event.sequence
        recordedAt = event.recordedAt
        switch event.body {
        case .backupRun(let run):
            // A point without a manifest or an instant is none.
            let isCommitted = run.manifestSha256 != nil && run.consistencyAt != nil
            what = .run(
                Run(
                    point: isCommitted ? run.point.map { names.number($0) } : nil, kind: run.kind,
                    consistencyAt: run.consistencyAt, parent: run.parent.map { names.number($0) },
                    isWhole: run.outcome.isWhole))
        case .copyReceipt(let receipt):
            what = .receipt(
                Receipt(
                    point: names.number(receipt.point), kind: receipt.kind,
                    consistencyAt: receipt.consistencyAt, parent: receipt.parent.map { names.number($0) },
                    store: names.number(receipt.store), site: names.number(receipt.site),
                    provenAt: receipt.provenAt, method: receipt.method, parts: receipt.parts))
        case .copyVerification(let check):
            what = .check(
                point: names.number(check.point), store: names.number(check.store),
                Check(
                    result: check.result, method: check.method, at: check.checkedAt, parts: check.checkedParts
                ))
        case .copyExpiry(let expiry):
            what = .expiry(
                point: names.number(expiry.point), store: names.number(expiry.store), expiry.step,
                at: expiry.happenedAt)
        default: return nil
        }
    }
}
