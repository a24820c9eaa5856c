// SPDX-License-Identifier: Apache-2.0

/// What there is of one dataset at one instant, and what would be left after each loss.
package struct DatasetCopies: Hashable, Sendable, Codable {
    package var dataset: String
    package var judgedAt: Moment
    /// Oldest first.
    package var points: [PointCopies]
    /// The newest point that stands for the whole dataset, whether or not it has enough copies.
    package var newestPoint: String?
    /// The newest whole point with at least one effective copy.
    package var newestRecoverable: String?
    package var recoverableAt: Moment?
    /// What would be lost if the production site failed now; `nil` = everything.
    package var exposureSeconds: Double?
    /// The effective copies of the newest whole point.
    package var effective: [EffectiveCopy]
    package var losses: [LossOutcome]
    package var violations: [CopyViolation]

    package init(
        dataset: String, judgedAt: Moment, points: [PointCopies], newestPoint: String?,
        newestRecoverable: String?, recoverableAt: Moment?, exposureSeconds: Double?,
        effective: [EffectiveCopy], losses: [LossOutcome], violations: [CopyViolation]
    ) {
        self.dataset = dataset
        self.judgedAt = judgedAt
        self.points = points
        self.newestPoint = newestPoint
        self.newestRecoverable = newestRecoverable
        self.recoverableAt = recoverableAt
        self.exposureSeconds = exposureSeconds
        self.effective = effective
        self.losses = losses
        self.violations = violations
    }
}

/// One point with its copies.
package struct PointCopies: Hashable, Sendable, Codable {
    package var point: String
    package var kind: PointKind
    package var parent: String?
    package var consistencyAt: Moment
    package var isWhole: Bool
    /// By store name.
    package var copies: [Copy]
    /// Stores that hold the whole chain, verified.
    package var effectiveStores: [String]
    /// Stores in which it waits for its removal.
    package var markedStores: [String]

    package init(
        point: String, kind: PointKind, parent: String?, consistencyAt: Moment, isWhole: Bool,
        copies: [Copy], effectiveStores: [String], markedStores: [String]
    ) {
        self.point = point
        self.kind = kind
        self.parent = parent
        self.consistencyAt = consistencyAt
        self.isWhole = isWhole
        self.copies = copies
        self.effectiveStores = effectiveStores
        self.markedStores = markedStores
    }
}

/// A copy that counts: its whole chain lies verified in one store.
package struct EffectiveCopy: Hashable, Sendable, Codable {
    package var store: String
    package var site: String
    package var city: String?
    package var isAppendOnly: Bool
    package var isOffsite: Bool
    /// The oldest proof in its chain.
    package var verifiedAt: Moment

    package init(
        store: String, site: String, city: String?, isAppendOnly: Bool, isOffsite: Bool, verifiedAt: Moment
    ) {
        self.store = store
        self.site = site
        self.city = city
        self.isAppendOnly = isAppendOnly
        self.isOffsite = isOffsite
        self.verifiedAt = verifiedAt
    }
}

/// Something that can be lost at one stroke.
package struct CopyLoss: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// A place with everything in its building.
        case site
        /// A key in the wrong hands: whatever it may change is changed.
        case credential
        /// Every place in a city.
        case city
    }

    package var kind: Kind
    package var name: String

    package init(kind: Kind, name: String) {
        self.kind = kind
        self.name = name
    }

    /// Such as `site north gone` or `credential keys/north stolen`.
    package var text: String {
        kind == .credential ? "credential \(name) stolen" : "\(kind.rawValue) \(name) gone"
    }
}

/// What a loss leaves.
package struct LossOutcome: Hashable, Sendable, Codable {
    package var loss: CopyLoss
    /// Effective copies of the newest whole point that are left.
    package var copiesLeft: Int
    package var storesLeft: [String]
    /// The newest whole point that is left in any store.
    package var newestLeft: String?
    /// What would be lost if it happened now; `nil` = everything.
    package var exposureSeconds: Double?

    package init(
        loss: CopyLoss, copiesLeft: Int, storesLeft: [String], newestLeft: String?, exposureSeconds: Double?
    ) {
        self.loss = loss
        self.copiesLeft = copiesLeft
        self.storesLeft = storesLeft
        self.newestLeft = newestLeft
        self.exposureSeconds = exposureSeconds
    }
}

/// One way in which the copies are not what the plan asks for, and the one action that repairs it.
package struct CopyViolation: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case noPoint = "no_point"
        case notRecoverable = "not_recoverable"
        case tooFewCopies = "too_few_copies"
        case tooFewOffsite = "too_few_offsite"
        case tooFewAppendOnly = "too_few_append_only"
        case storeBehind = "store_behind"
        case corrupt
        case lost
        case stale
        case unproven
        /// Proven, and encrypted to a new key that no key drill has tried.
        case keyUntried = "key_untried"
    }

    package var kind: Kind
    /// The store it is about; `nil` when it is about the whole.
    package var store: String?
    /// What is wrong, in words.
    package var text: String
    /// The command that repairs it.
    package var repair: String

    package init(kind: Kind, store: String? = nil, text: String, repair: String) {
        self.kind = kind
        self.store = store
        self.text = text
        self.repair = repair
    }

    /// Another program lists a point, and nobody has read it.
    static func unread(_ point: String) -> CopyViolation {
        let tool = point.prefix { $0 != "/" }
        let checks = ["restic": "restic check --read-data", "borg": "borg check --verify-data"]
        let check = checks[String(tool)] ?? "\(tool) verify"
        return CopyViolation(
            kind: .unproven, text: "\(point) is listed by \(tool), and no check has read its bytes",
            repair: "'\(check)', then 'lifeboat import \(tool)_\(tool == "pgbackrest" ? "verify" : "check")'")
    }

    /// What lets the copies of a changed recipient set count.
    static func keyDrill(of dataset: String) -> String { "lifeboat key drill \(dataset) --key KEYFILE" }

    /// Whether the copy may be good and only a proof is missing.
    var isOfProof: Bool { [.stale, .unproven, .keyUntried].contains(kind) }

    /// Whether the policy itself is broken; the rest is lag that leaves it satisfied.
    package var breaksPolicy: Bool { kind != .storeBehind }
}
