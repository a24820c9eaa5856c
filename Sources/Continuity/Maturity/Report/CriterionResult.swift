// SPDX-License-Identifier: Apache-2.0

/// What became of one criterion, and everything a reader needs to check it.
package struct CriterionResult: Hashable, Sendable, Codable {
    /// Such as `t14-backup-full-daily`.
    package var id: String
    /// The level that states it first.
    package var level: Int
    package var textEn: String
    package var textZh: String
    package var kind: CriterionKind
    /// An addition of this tool for the strict profile, never a requirement of the standard.
    package var isExtension: Bool
    /// Its own state.
    package var state: CriterionState
    package var basis: CriterionBasis
    /// The state that counts: met as well when a criterion that supersedes it is met.
    package var effective: CriterionState
    /// The criterion that stands in for this one; `nil` when its own state counts.
    package var metBy: String?
    /// The words for state and basis, English and Chinese.
    package var wordsEn: String
    package var wordsZh: String
    /// What was measured, as a person reads it, such as `49h` or `1 to unknown`.
    package var value: String?
    /// The same in Chinese; `nil` in reports of older programs.
    package var valueZh: String?
    /// What was asked, such as `at most 24h + 2h grace`.
    package var bar: String?
    /// The same in Chinese; `nil` in reports of older programs.
    package var barZh: String?
    /// How far the value is from the bar; positive on the good side.
    package var margin: String?
    /// How many things the value was taken over, such as datasets or drills.
    package var population: Int
    /// A rate over too few events; never print it as a bare percentage.
    package var isLowSample: Bool
    /// Who failed, or is not known, worst first; at most 20.
    package var offenders: [Offender]
    package var offenderCount: Int
    /// What would settle or repair it.
    package var settledBy: String?
    /// The same in Chinese; `nil` in reports of older programs.
    package var settledByZh: String?
    /// Remarks: a contradicting fact, an attestation beside a measurement, a declaration without proof.
    package var notes: [String]
    /// The same in Chinese; `nil` in reports of older programs.
    package var notesZh: [String]?
    /// Who said so, where somebody did.
    package var attestation: AttestationNote?
    /// Numbers of the ledger's events it rests on, ascending; at most 50.
    package var evidence: [Int]

    package init(
        id: String, level: Int, textEn: String, textZh: String, kind: CriterionKind, isExtension: Bool,
        state: CriterionState, basis: CriterionBasis, effective: CriterionState, metBy: String? = nil,
        value: String? = nil, bar: String? = nil, margin: String? = nil, population: Int = 0,
        isLowSample: Bool = false, offenders: [Offender] = [], offenderCount: Int = 0,
        settledBy: String? = nil, settledByZh: String? = nil, notes: [String] = [],
        notesZh: [String]? = nil, attestation: AttestationNote? = nil,
        evidence: [Int] = []
    ) {
        self.id = id
        self.level = level
        self.textEn = textEn
        self.textZh = textZh
        self.kind = kind
        self.isExtension = isExtension
        self.state = state
        self.basis = basis
        self.effective = effective
        self.metBy = metBy
        wordsEn = state.words(basis)
        wordsZh = state.wordsInChinese(basis)
        self.value = value
        self.bar = bar
        self.margin = margin
        self.population = population
        self.isLowSample = isLowSample
        self.offenders = offenders
        self.offenderCount = offenderCount
        self.settledBy = settledBy
        self.settledByZh = settledByZh
        self.notes = notes
        self.notesZh = notesZh
        self.attestation = attestation
        self.evidence = evidence
    }
}

extension CriterionResult {
    /// Adds a remark in both languages.
    mutating func note(_ english: String, _ chinese: String) {
        notes.append(english)
        notesZh = (notesZh ?? []) + [chinese]
    }

    /// Says what would settle it, in both languages.
    mutating func settle(by english: String, _ chinese: String) {
        settledBy = english
        settledByZh = chinese
    }
}

/// How a criterion is decided.
package enum CriterionKind: String, Hashable, Sendable, Codable, CaseIterable {
    case measured
    case attested
    /// Describes a weak state; shown, never required.
    case descriptor
}

/// A member of the scope that fails, or of which too little is known.
package struct Offender: Hashable, Sendable, Codable {
    /// The dataset, service or register.
    package var member: String
    /// Where the member is a word and not a name of the plan.
    package var memberZh: String?
    package var state: CriterionState
    package var value: String
    package var detail: String
    package var detailZh: String?
    package var evidence: [Int]

    package init(
        member: String, memberZh: String? = nil, state: CriterionState, value: String, detail: String,
        detailZh: String? = nil, evidence: [Int]
    ) {
        self.member = member
        self.memberZh = memberZh
        self.state = state
        self.value = value
        self.detail = detail
        self.detailZh = detailZh
        self.evidence = evidence
    }
}

/// The attestation behind a state, as a report shows it.
package struct AttestationNote: Hashable, Sendable, Codable {
    package var id: String
    package var event: Int
    package var statement: Attestation.Statement
    package var person: String
    package var role: String
    package var madeAt: Moment
    /// When it lapses: its own end, and never later than the model's longest age allows.
    package var expiresAt: Moment
    package var evidence: [Attestation.Evidence]
    package var isSigned: Bool

    package init(
        id: String, event: Int, statement: Attestation.Statement, person: String, role: String,
        madeAt: Moment, expiresAt: Moment, evidence: [Attestation.Evidence], isSigned: Bool
    ) {
        self.id = id
        self.event = event
        self.statement = statement
        self.person = person
        self.role = role
        self.madeAt = madeAt
        self.expiresAt = expiresAt
        self.evidence = evidence
        self.isSigned = isSigned
    }
}
