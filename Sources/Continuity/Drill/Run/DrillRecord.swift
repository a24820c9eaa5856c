// SPDX-License-Identifier: Apache-2.0

/// One line of a drill's journal.
///
/// A run's state is a fold over these. Nothing is ever edited; a mistake is followed by a correction.
package struct DrillRecord: Hashable, Sendable {
    /// 1, 2, 3 … without gaps.
    package var sequence: Int
    /// SHA-256 over the bytes of the line before, in hex; 64 zeros in the first.
    package var previousSha256: String
    /// The controller's wall clock: a label.
    package var utc: Moment
    /// The controller's time since boot: lengths are differences of these, within one boot.
    package var monotonic: Duration
    package var bootID: String
    package var run: String
    package var step: String?
    package var fact: DrillFact

    package init(
        sequence: Int, previousSha256: String, utc: Moment, monotonic: Duration, bootID: String, run: String,
        step: String?, fact: DrillFact
    ) {
        self.sequence = sequence
        self.previousSha256 = previousSha256
        self.utc = utc
        self.monotonic = monotonic
        self.bootID = bootID
        self.run = run
        self.step = step
        self.fact = fact
    }

    /// What stands before the first record.
    package static let genesis = String(repeating: "0", count: 64)
}

extension DrillRecord: Codable {
    private enum Key: String, CodingKey {
        case seq, prevSha256, utc, monoNs, bootId, run, step, kind, data
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let kind = try container.decode(DrillFact.Kind.self, forKey: .kind)
        let fact = try DrillFact(kind: kind, from: container.superDecoder(forKey: .data))
        self.init(
            sequence: try container.decode(Int.self, forKey: .seq),
            previousSha256: try container.decode(String.self, forKey: .prevSha256),
            utc: try container.decode(Moment.self, forKey: .utc),
            monotonic: .nanoseconds(try container.decode(Int64.self, forKey: .monoNs)),
            bootID: try container.decode(String.self, forKey: .bootId),
            run: try container.decode(String.self, forKey: .run),
            step: try container.decodeIfPresent(String.self, forKey: .step), fact: fact)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(sequence, forKey: .seq)
        try container.encode(previousSha256, forKey: .prevSha256)
        try container.encode(utc, forKey: .utc)
        try container.encode(monotonic.wholeNanoseconds, forKey: .monoNs)
        try container.encode(bootID, forKey: .bootId)
        try container.encode(run, forKey: .run)
        try container.encodeIfPresent(step, forKey: .step)
        try container.encode(fact.kind, forKey: .kind)
        try fact.value.encode(to: container.superEncoder(forKey: .data))
    }
}
