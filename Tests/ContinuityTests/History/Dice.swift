// SPDX-License-Identifier: Apache-2.0
import Continuity

/// Random values that are the same in every run of a test.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func roll(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &self)
    }

    mutating func coin() -> Bool {
        Bool.random(using: &self)
    }

    mutating func moment() -> Moment {
        Moment(nanoseconds: Int64.random(in: 0...4_000_000_000_000_000_000, using: &self))
    }

    /// A text; a wild one has what JSON must escape, and what it must not.
    mutating func text(_ isWild: Bool) -> String {
        let tame = Array("abcdefghijklmnopqrstuvwxyz0123456789-_./: ")
        let wild =
            tame + ["\"", "\\", "\n", "\t", "\r", "\u{8}", "\u{C}", "\u{1}", "\u{7F}", "\u{2028}"]
            + ["\u{2029}", "é", "京", "🚢", "/", "\u{0}", "\u{85}", "\u{FEFF}"]
        let letters = isWild ? wild : tame
        return String((0..<roll(0...40)).map { _ in letters[roll(0...letters.count - 1)] })
    }

    mutating func maybe<Value>(_ make: (inout Dice) -> Value) -> Value? {
        coin() ? make(&self) : nil
    }

    mutating func number() -> Int {
        coin() ? roll(0...1_000) : coin() ? roll(-5...5) : roll(Int.min...Int.max)
    }

    mutating func pick<Value: CaseIterable>(_ type: Value.Type) -> Value {
        let all = Array(Value.allCases)
        return all[roll(0...all.count - 1)]
    }
}

extension Dice {
    mutating func body(_ kind: EventKind, isWild: Bool) -> EventBody {
        switch kind {
        case .copyReceipt: .copyReceipt(receipt(isWild))
        case .copyVerification: .copyVerification(verification(isWild))
        case .copyExpiry: .copyExpiry(expiry(isWild))
        case .backupRun: .backupRun(backupRun(isWild))
        case .probeRun: .probeRun(probeRun(isWild))
        default:
            .canaryRecord(
                CanaryRecord(
                    canary: text(isWild), dataset: text(isWild), sequence: number(), writtenAt: moment(),
                    acknowledgedAt: moment(), sha256: text(isWild)))
        }
    }

    private mutating func receipt(_ isWild: Bool) -> CopyReceipt {
        let methods: [ProofMethod] = [.hashAtSite, .readBack, .fullRead, .none]
        return CopyReceipt(
            dataset: text(isWild), point: text(isWild), kind: pick(PointKind.self),
            parent: maybe { $0.text(isWild) }, consistencyAt: moment(), store: text(isWild),
            site: text(isWild), provenAt: moment(), method: methods[roll(0...3)], bytes: number(),
            parts: number(), manifestSha256: text(isWild), isAppendOnly: coin())
    }

    private mutating func verification(_ isWild: Bool) -> CopyVerification {
        let results: [CopyVerification.Result] = [.passed, .corrupt, .lost, .unreachable]
        return CopyVerification(
            dataset: text(isWild), point: text(isWild), store: text(isWild), checkedAt: moment(),
            method: .readBack, result: results[roll(0...3)], bytesRead: number(),
            checkedParts: maybe { dice in (0..<dice.roll(0...3)).map { _ in dice.number() } },
            faults: (0..<roll(0...2)).map { _ in text(isWild) })
    }

    private mutating func expiry(_ isWild: Bool) -> CopyExpiry {
        let steps: [CopyExpiry.Step] = [.marked, .spared, .removed]
        return CopyExpiry(
            dataset: text(isWild), point: text(isWild), store: text(isWild), step: steps[roll(0...2)],
            happenedAt: moment(), removableAt: maybe { $0.moment() }, reason: text(isWild),
            lease: maybe { $0.number() })
    }

    private mutating func backupRun(_ isWild: Bool) -> BackupRun {
        var counts = BackupCounts()
        (counts.files, counts.folders, counts.others) = (number(), number(), number())
        (counts.added, counts.changed, counts.deleted) = (number(), number(), number())
        (counts.unreadable, counts.skippedSockets, counts.parts) = (number(), number(), number())
        (counts.totalFiles, counts.totalBytes) = (number(), number())
        (counts.bytesRead, counts.bytesStored) = (number(), number())
        let states: [StoreResult.State] = [.verified, .claimed, .behind]
        return BackupRun(
            run: text(isWild), dataset: text(isWild), kind: pick(PointKind.self),
            outcome: pick(BackupOutcome.self), begunAt: moment(), endedAt: moment(),
            point: maybe { $0.text(isWild) }, parent: maybe { $0.text(isWild) },
            consistencyAt: maybe { $0.moment() }, manifestSha256: maybe { $0.text(isWild) },
            sequence: maybe { $0.number() }, counts: counts,
            stores: (0..<roll(0...3)).map { _ in
                StoreResult(
                    store: text(isWild), state: states[roll(0...2)], detail: maybe { $0.text(isWild) })
            }, findings: (0..<roll(0...2)).map { _ in text(isWild) }, detail: maybe { $0.text(isWild) })
    }

    mutating func probeRun(_ isWild: Bool) -> ProbeRun {
        let states: [ProbeRun.State] = [.up, .down, .unknown]
        return ProbeRun(
            probe: text(isWild), vantage: text(isWild), state: states[roll(0...2)], firstAt: moment(),
            periodNs: number(), count: number(), boundNs: number(), firstBegunNs: number(),
            firstEndedNs: number(), lastBegunNs: number(), lastEndedNs: number(), slowestNs: number(),
            word: maybe { $0.text(isWild) })
    }
}
