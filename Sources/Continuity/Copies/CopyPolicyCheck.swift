// SPDX-License-Identifier: Apache-2.0

/// Compares the newest point's copies with the plan, and names for each gap the one action that closes it.
struct CopyPolicyCheck {
    let book: CopyBook
    let dataset: Dataset
    let plan: Plan
    let now: Moment
    let newest: CopyBook.Point?
    let effective: [EffectiveCopy]
    let recoverableAt: Moment?

    private var isRecoverable: Bool { recoverableAt != nil }
    private var policy: CopyPolicy { dataset.copies }
    private var heal: String { "lifeboat copies heal \(dataset.id)" }
    private var verify: String { "lifeboat verify \(dataset.id)" }

    func violations() -> [CopyViolation] {
        if let tool = policy.by {
            return ForeignPolicyCheck(
                dataset: dataset, tool: tool, newest: newest?.name, recoverableAt: recoverableAt,
                effective: effective
            ).violations()
        }
        guard let newest else {
            return [
                CopyViolation(
                    kind: .noPoint, text: "no point holds the whole of \(dataset.id)",
                    repair: "lifeboat backup \(dataset.id)")
            ]
        }
        // Another program's point is no business of the plan's stores.
        let single = newest.isForeign ? [] : policy.to.compactMap { store(newest, $0) }
        if newest.isForeign, !isRecoverable { return [.unread(newest.name)] }
        guard isRecoverable || single.contains(where: \.isOfProof) else {
            return [
                CopyViolation(
                    kind: .notRecoverable,
                    text: "no store holds a whole point of \(dataset.id) that is proven",
                    repair: "lifeboat backup \(dataset.id) --full")
            ]
        }
        return CopyPolicyCounts(policy: policy, effective: effective).violations(
            repairedBy: single.first?.repair ?? heal) + single
    }

    // MARK: - Stores

    /// What is wrong with the newest point's chain in one store; the worst thing only.
    private func store(_ point: CopyBook.Point, _ store: String) -> CopyViolation? {
        let chain = book.chain(of: point.name, in: dataset.id) ?? [point]
        let links = chain.map { link -> (CopyBook.Point, CopyRecord?) in
            let copy = link.copies[store]
            return (link, copy?.mark == nil ? copy : nil)
        }
        if let (link, copy) = links.first(where: { $0.1?.fault != nil }), let fault = copy?.fault {
            let isLost = fault.result == .lost
            return CopyViolation(
                kind: isLost ? .lost : .corrupt, store: store,
                text: "\(link.name) in \(store) is \(isLost ? "missing files" : "corrupt"): "
                    + (fault.faults.first ?? "no detail"),
                repair: heal)
        }
        if let (link, _) = links.first(where: { $0.1 == nil }) {
            return CopyViolation(
                kind: .storeBehind, store: store, text: "\(store) does not hold \(link.name)", repair: heal)
        }
        for (link, copy) in links {
            switch copy?.state(at: now, within: policy.verifiedWithin) {
            case .claimed where copy?.verifiedAt != nil:
                let keys = copy?.untriedRecipients.sorted().joined(separator: ", ") ?? ""
                return CopyViolation(
                    kind: .keyUntried, store: store,
                    text: "\(link.name) in \(store) counts once a key drill has tried \(keys)",
                    repair: CopyViolation.keyDrill(of: dataset.id))
            case .claimed:
                return CopyViolation(
                    kind: .unproven, store: store, text: "\(link.name) in \(store) was never proven",
                    repair: verify)
            case .stale:
                let age = copy?.verifiedAt.map { (now - $0).text } ?? "never"
                return CopyViolation(
                    kind: .stale, store: store,
                    text: "\(link.name) in \(store) was last proven \(age) ago, "
                        + "\(policy.verifiedWithin.text) are allowed",
                    repair: verify)
            default: continue
            }
        }
        return nil
    }
}
