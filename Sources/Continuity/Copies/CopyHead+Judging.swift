// SPDX-License-Identifier: Apache-2.0

/// Looks at one dataset's head at one instant.
struct CopyHeadJudge {
    let head: CopyHead
    let dataset: Dataset
    let plan: Plan
    let now: Moment
    let table: LossTable

    private var within: Duration { dataset.copies.verifiedWithin }

    func judge() -> DatasetCopies {
        let home = plan.productionSite(of: dataset)
        let fresh = head.holdings.compactMap { holding in
            newest(of: holding).map { (holding: holding, rung: $0) }
        }
        let copies = fresh.filter(counts).map { effective($0.holding, $0.rung, home: home?.id) }
        let best = Self.newest(fresh.map(\.rung))
        let survivors =
            home.map { unscathed(by: CopyLoss(kind: .site, name: $0.id)) }
            ?? Set(dataset.copies.to).union(foreign.keys)
        let left = Self.newest(fresh.filter { survivors.contains($0.holding.store) }.map(\.rung))
        return DatasetCopies(
            dataset: dataset.id, judgedAt: now, points: [], newestPoint: head.newestPoint,
            newestRecoverable: best?.point, recoverableAt: best?.consistencyAt,
            exposureSeconds: left.map(exposure), effective: copies, losses: losses(fresh, copies),
            violations: violations(copies, recoverableAt: best?.consistencyAt))
    }

    /// Whether a store's copy stands for the present: it is of the newest point, or another program's own
    /// newest, no older than a proof may be.
    private func counts(_ fresh: (holding: CopyHead.Holding, rung: CopyHead.Rung)) -> Bool {
        if ForeignCopies.isForeign(fresh.holding.store) { return now - fresh.rung.consistencyAt <= within }
        return fresh.rung.point == head.newestPoint
    }

    /// The stores of other programs, with their sites.
    private var foreign: [String: String] {
        let others = head.holdings.filter { ForeignCopies.isForeign($0.store) }.map { ($0.store, $0.site) }
        return Dictionary(others) { first, _ in first }
    }

    /// Each loss with what outlives it; where other programs keep something, their places are among them.
    private var rows: [LossTable.Row] {
        let foreign = foreign
        guard !foreign.isEmpty else {
            return table.rows(of: dataset, home: plan.productionSite(of: dataset)?.id)
        }
        return plan.losses(of: dataset, andStoresAt: foreign.values).map {
            LossTable.Row(loss: $0, survivors: unscathed(by: $0))
        }
    }

    private func unscathed(by loss: CopyLoss) -> Set<String> {
        plan.stores(of: dataset, surviving: loss).union(plan.surviving(loss, among: foreign))
    }

    /// The newest point of which a store's proofs are not too old.
    private func newest(of holding: CopyHead.Holding) -> CopyHead.Rung? {
        holding.rungs.first { now - $0.provenAt <= within }
    }

    private static func newest(_ rungs: [CopyHead.Rung]) -> CopyHead.Rung? {
        rungs.max { ($0.consistencyAt, $0.point) < ($1.consistencyAt, $1.point) }
    }

    private func exposure(_ rung: CopyHead.Rung) -> Double {
        max(.zero, now - rung.consistencyAt).inSeconds
    }

    private func effective(
        _ holding: CopyHead.Holding, _ rung: CopyHead.Rung, home: String?
    ) -> EffectiveCopy {
        let store = plan.store(holding.store)
        let site = store.flatMap(plan.site)?.id ?? holding.site
        return EffectiveCopy(
            store: holding.store, site: site, city: plan.site(site)?.city,
            isAppendOnly: store?.isAppendOnly ?? holding.isAppendOnly, isOffsite: site != home,
            verifiedAt: rung.provenAt)
    }

    private func losses(
        _ fresh: [(holding: CopyHead.Holding, rung: CopyHead.Rung)], _ copies: [EffectiveCopy]
    ) -> [LossOutcome] {
        rows.map { row in
            let (loss, survivors) = (row.loss, row.survivors)
            let left = copies.map(\.store).filter(survivors.contains)
            let rung = Self.newest(fresh.filter { survivors.contains($0.holding.store) }.map(\.rung))
            return LossOutcome(
                loss: loss, copiesLeft: left.count, storesLeft: left, newestLeft: rung?.point,
                exposureSeconds: rung.map(exposure))
        }
    }

    // MARK: - Policy

    private func violations(_ copies: [EffectiveCopy], recoverableAt: Moment?) -> [CopyViolation] {
        if let tool = dataset.copies.by {
            return ForeignPolicyCheck(
                dataset: dataset, tool: tool, newest: head.newestPoint, recoverableAt: recoverableAt,
                effective: copies
            ).violations()
        }
        let isRecoverable = recoverableAt != nil
        guard let newest = head.newestPoint else {
            return [
                CopyViolation(
                    kind: .noPoint, text: "no point holds the whole of \(dataset.id)",
                    repair: "lifeboat backup \(dataset.id)")
            ]
        }
        let isForeign = ForeignCopies.isForeign(newest)
        let single = isForeign ? [] : dataset.copies.to.compactMap { violation(of: newest, in: $0) }
        if isForeign, !isRecoverable { return [.unread(newest)] }
        guard isRecoverable || single.contains(where: \.isOfProof) else {
            return [
                CopyViolation(
                    kind: .notRecoverable,
                    text: "no store holds a whole point of \(dataset.id) that is proven",
                    repair: "lifeboat backup \(dataset.id) --full")
            ]
        }
        let repair = single.first?.repair ?? "lifeboat copies heal \(dataset.id)"
        return CopyPolicyCounts(policy: dataset.copies, effective: copies).violations(repairedBy: repair)
            + single
    }

    private func violation(of point: String, in store: String) -> CopyViolation? {
        let holding = head.holdings.first { $0.store == store }
        let kind = holding == nil ? .storeBehind : holding?.gap ?? staleness(holding)
        guard let kind else { return nil }
        let repair =
            switch kind {
            case .stale, .unproven: "lifeboat verify \(dataset.id)"
            case .keyUntried: CopyViolation.keyDrill(of: dataset.id)
            default: "lifeboat copies heal \(dataset.id)"
            }
        let what = holding?.detail.map { " (\($0))" } ?? ""
        return CopyViolation(
            kind: kind, store: store, text: "\(point) in \(store): \(Self.words[kind] ?? "unsound")\(what)",
            repair: repair)
    }

    private func staleness(_ holding: CopyHead.Holding?) -> CopyViolation.Kind? {
        guard let rung = holding?.rungs.first(where: { $0.point == head.newestPoint }) else { return nil }
        return now - rung.provenAt <= within ? nil : .stale
    }

    private static let words: [CopyViolation.Kind: String] = [
        .corrupt: "bytes are not those of the manifest", .lost: "files are missing",
        .storeBehind: "not all of its chain is there", .unproven: "never proven",
        .stale: "the last proof is too long ago", .keyUntried: "waits for a drill of its new keys",
    ]
}

/// The numbers of the policy against those there are.
struct CopyPolicyCounts {
    let policy: CopyPolicy
    let effective: [EffectiveCopy]

    func violations(repairedBy repair: String) -> [CopyViolation] {
        let counted: [(kind: CopyViolation.Kind, have: Int, want: Int, what: String)] = [
            (.tooFewCopies, effective.count, policy.atLeast, "verified whole copies"),
            (.tooFewOffsite, effective.filter(\.isOffsite).count, policy.offsite, "of them off-site"),
            (
                .tooFewAppendOnly, effective.filter(\.isAppendOnly).count, policy.appendOnly,
                "of them append-only"
            ),
        ]
        return counted.filter { $0.have < $0.want }.map { item in
            CopyViolation(
                kind: item.kind, text: "\(item.have) \(item.what), \(item.want) are asked for",
                repair: repair)
        }
    }
}
