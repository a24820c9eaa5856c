// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Testing

/// One golden case: the points of a store, the rules, and what must be left.
struct RetentionCase: Sendable, CustomTestStringConvertible {
    let title: String
    /// Such as `daily=2 within=36h`.
    let keep: String
    /// `NAME@CLAIMED`, with `/ARRIVED`, `<PARENT`, `!` for unverified, `~` for not whole, `#FILES`.
    let points: String
    var zone = "UTC"
    var now = "2026-12-31T00:00"
    var share = 1.0
    var holds: [String] = []
    /// What may go, in the order of removal.
    let expired: String
    var deferred = ""
    /// A part of the reason why nothing may go.
    var refusal: String?

    var testDescription: String { title }

    func decide() throws -> RetentionDecision {
        var rules = RetentionRules(
            keep: Self.retention(keep), zone: try #require(TimeZone(identifier: zone)), share: share)
        rules.shrinkLimit = 0.5
        return rules.decide(
            try points.split(separator: " ").map { try Self.point(String($0)) },
            at: try Self.moment(now), holds: holds)
    }

    private static func moment(_ text: String) throws -> Moment {
        try #require(Moment(text.count == 16 ? text + ":00Z" : text + "Z"))
    }

    private static func retention(_ text: String) -> Retention {
        var words: [String: String] = [:]
        for word in text.split(separator: " ") {
            let pair = word.split(separator: "=")
            words[String(pair[0])] = String(pair[1])
        }
        let count = { (key: String) in words[key].flatMap(Int.init) ?? 0 }
        return Retention(
            last: count("last"), hourly: count("hourly"), daily: count("daily"), weekly: count("weekly"),
            monthly: count("monthly"), yearly: count("yearly"),
            within: words["within"].flatMap(Duration.init(text:)))
    }

    private static func point(_ text: String) throws -> RetentionPoint {
        let signs: Set<Character> = ["@", "/", "<", "#", "!", "~"]
        var fields: [Character: String] = [:]
        var name = ""
        var sign: Character?
        for character in text {
            if signs.contains(character) {
                sign = character
                fields[character] = ""
            } else if let sign {
                fields[sign, default: ""].append(character)
            } else {
                name.append(character)
            }
        }
        let claimed = try moment(try #require(fields["@"]))
        return RetentionPoint(
            name: name, kind: fields["<"] == nil ? .full : .incremental, parent: fields["<"],
            claimedAt: claimed, arrivedAt: try fields["/"].map(moment) ?? claimed + .seconds(1),
            isVerified: fields["!"] == nil, isWhole: fields["~"] == nil,
            totalFiles: fields["#"].flatMap(Int.init))
    }
}

@Suite("Retention")
struct RetentionTests {
    @Test("keeps what the golden cases say", arguments: RetentionCase.all)
    func golden(_ golden: RetentionCase) throws {
        let decision = try golden.decide()
        #expect(decision.expired.joined(separator: " ") == golden.expired)
        #expect(decision.deferred.joined(separator: " ") == golden.deferred)
        if let reason = golden.refusal {
            #expect(decision.refusal?.contains(reason) == true, "\(decision.refusal ?? "no refusal")")
        } else {
            #expect(decision.refusal == nil)
        }
        let names = golden.points.split(separator: " ").map { String($0.prefix { $0 != "@" }) }
        let all = Set(decision.expired).union(decision.deferred).union(decision.kept.keys)
        #expect(all == Set(names), "each point is kept, expired or deferred")
        #expect(Set(decision.expired).isDisjoint(with: decision.kept.keys))
    }

    @Test func `has at least forty golden cases`() {
        #expect(RetentionCase.all.count >= 40)
        #expect(Set(RetentionCase.all.map(\.title)).count == RetentionCase.all.count)
    }

    /// Whatever the rules and dates: the newest verified point stays, and no kept point loses a parent.
    @Test("never breaks a chain nor takes the last verified copy", arguments: 0..<200)
    func invariants(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed))
        var points: [RetentionPoint] = []
        for number in 0..<Int.random(in: 1...40, using: &random) {
            let claimed = Moment(seconds: 1_760_000_000 + Int64(number) * 7_000)
            let isFull = number == 0 || Int.random(in: 0..<6, using: &random) == 0
            points.append(
                RetentionPoint(
                    name: "p\(number)", kind: isFull ? .full : .incremental,
                    parent: isFull ? nil : "p\(number - 1)", claimedAt: claimed,
                    arrivedAt: claimed + .seconds(Int.random(in: 1...90_000, using: &random)),
                    isVerified: Int.random(in: 0..<5, using: &random) > 0 || number == 39,
                    isWhole: Int.random(in: 0..<8, using: &random) > 0))
        }
        let counts = (0..<6).map { _ in Int.random(in: 0...3, using: &random) }
        let rules = RetentionRules(
            keep: Retention(
                last: counts[0], hourly: counts[1], daily: counts[2], weekly: counts[3], monthly: counts[4],
                yearly: counts[5], within: nil),
            zone: .gmt, share: 1)
        let decision = rules.decide(points, at: Moment(seconds: 1_762_000_000))
        let gone = Set(decision.expired)
        for point in points where !gone.contains(point.name) {
            #expect(point.parent.map { !gone.contains($0) } ?? true, "\(point.name) lost its parent")
        }
        if let newest = points.last(where: { $0.isVerified && $0.isWhole }) {
            #expect(!gone.contains(newest.name))
        }
        // Removing in the given order never leaves a point without its parent, wherever it stops.
        var left = Set(points.map(\.name))
        for name in decision.expired {
            left.remove(name)
            #expect(points.allSatisfy { !left.contains($0.name) || ($0.parent.map(left.contains) ?? true) })
        }
    }
}

/// A small seeded generator, so that a failing case can be run again.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
