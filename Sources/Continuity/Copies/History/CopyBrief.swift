// SPDX-License-Identifier: Apache-2.0

/// Writes what several events say of the copies of one dataset in few bytes, to be read again and again.
///
/// A brief says nothing that its events do not say, and can be made from them at any time.
package struct CopyBriefWriter {
    private var writer = BriefWriter()
    private var names = ByteNames()
    private var lastNumber = 0

    package init() {}

    /// How many bytes it takes until now.
    package var count: Int { writer.count }

    package var bytes: [UInt8] { writer.sealed }

    /// Takes the next event about the dataset; their numbers must rise.
    package mutating func take(_ event: Event) {
        switch event.body {
        case .recipientSet, .keyDrill, .repositoryListing, .repositoryCheck:
            // Few and of any size: they are read where they stand.
            begin(.elsewhere, event.sequence, event.recordedAt)
        default:
            if let fact = CopyFact(event, names: &names) { write(fact) }
        }
    }

    private mutating func begin(_ tag: CopyBriefTag, _ number: Int, _ recordedAt: Moment) {
        writer.byte(tag.rawValue)
        writer.number(number - lastNumber)
        lastNumber = number
        writer.moment(recordedAt)
    }

    private mutating func write(_ fact: CopyFact) {
        switch fact.what {
        case .run(let run):
            begin(.run, fact.number, fact.recordedAt)
            write(run)
        case .receipt(let receipt):
            begin(.receipt, fact.number, fact.recordedAt)
            write(receipt)
        case .check(let point, let store, let check):
            begin(.check, fact.number, fact.recordedAt)
            writer.text(point, of: names)
            writer.text(store, of: names)
            write(check)
        case .expiry(let point, let store, let step, let instant):
            begin(.expiry, fact.number, fact.recordedAt)
            writer.text(point, of: names)
            writer.text(store, of: names)
            writer.byte(step.brief)
            writer.moment(instant)
        }
    }

    private mutating func write(_ run: CopyFact.Run) {
        let flags = CopyBriefFlags(
            kind: run.kind, hasPoint: run.point != nil && run.consistencyAt != nil,
            hasParent: run.parent != nil, isWhole: run.isWhole)
        writer.byte(flags.rawValue)
        if let point = run.point, let instant = run.consistencyAt {
            writer.text(point, of: names)
            writer.moment(instant)
        }
        if let parent = run.parent { writer.text(parent, of: names) }
    }

    private mutating func write(_ receipt: CopyFact.Receipt) {
        let flags = CopyBriefFlags(
            kind: receipt.kind, hasPoint: true, hasParent: receipt.parent != nil, isWhole: true)
        writer.byte(flags.rawValue)
        writer.text(receipt.point, of: names)
        writer.moment(receipt.consistencyAt)
        if let parent = receipt.parent { writer.text(parent, of: names) }
        writer.text(receipt.store, of: names)
        writer.text(receipt.site, of: names)
        writer.moment(receipt.provenAt)
        writer.byte(receipt.method.brief)
        writer.number(receipt.parts)
    }

    private mutating func write(_ check: CopyFact.Check) {
        writer.byte(check.result.brief)
        writer.byte(check.method.brief)
        writer.moment(check.at)
        writer.byte(check.parts == nil ? 0 : 1)
        guard let parts = check.parts else { return }
        writer.number(parts.count)
        for part in parts { writer.number(part) }
    }
}

extension CopyHistoryFold {
    /// Takes what a brief says; an event that stands elsewhere is asked for by its number.
    ///
    /// - Throws: `DamagedBrief` when the bytes are none, and what `event` throws.
    package mutating func take(brief: UnsafeRawBufferPointer, event: (_ number: Int) throws -> Event?) throws
    {
        var reader = try BriefReader(brief)
        var number = 0
        while !reader.isAtEnd {
            guard let tag = CopyBriefTag(rawValue: try reader.byte()) else { throw DamagedBrief() }
            number += try reader.number()
            let recordedAt = try reader.moment()
            guard tag != .elsewhere else {
                guard recordedAt <= asOf else { continue }
                guard let event = try event(number) else { throw DamagedBrief() }
                take(event)
                continue
            }
            let what = try read(tag, &reader)
            take(CopyFact(number: number, recordedAt: recordedAt, what: what))
        }
    }

    private mutating func read(_ tag: CopyBriefTag, _ reader: inout BriefReader) throws(DamagedBrief)
        -> CopyFact.What
    {
        switch tag {
        case .run:
            let flags = CopyBriefFlags(rawValue: try reader.byte())
            var run = CopyFact.Run(kind: flags.kind, isWhole: flags.contains(.isWhole))
            if flags.contains(.hasPoint) {
                run.point = try reader.text(&names)
                run.consistencyAt = try reader.moment()
            }
            if flags.contains(.hasParent) { run.parent = try reader.text(&names) }
            return .run(run)
        case .receipt:
            let flags = CopyBriefFlags(rawValue: try reader.byte())
            return .receipt(
                CopyFact.Receipt(
                    point: try reader.text(&names), kind: flags.kind, consistencyAt: try reader.moment(),
                    parent: flags.contains(.hasParent) ? try reader.text(&names) : nil,
                    store: try reader.text(&names), site: try reader.text(&names),
                    provenAt: try reader.moment(), method: try ProofMethod(brief: try reader.byte()),
                    parts: try reader.number()))
        case .check:
            let (point, store) = (try reader.text(&names), try reader.text(&names))
            var check = CopyFact.Check(
                result: try CopyVerification.Result(brief: try reader.byte()),
                method: try ProofMethod(brief: try reader.byte()), at: try reader.moment())
            if try reader.byte() != 0 {
                var parts: [Int] = []
                for _ in 0..<(try reader.count()) { parts.append(try reader.number()) }
                check.parts = parts
            }
            return .check(point: point, store: store, check)
        case .expiry:
            return .expiry(
                point: try reader.text(&names), store: try reader.text(&names),
                try CopyExpiry.Step(brief: try reader.byte()), at: try reader.moment())
        case .elsewhere: throw DamagedBrief()
        }
    }
}

/// What an entry of a brief tells of.
enum CopyBriefTag: UInt8 {
    case run = 1
    case receipt = 2
    case check = 3
    case expiry = 4
    /// An event that is read where it stands.
    case elsewhere = 5
}

/// The small things of a run or a receipt.
struct CopyBriefFlags: OptionSet {
    let rawValue: UInt8

    static let isFull = CopyBriefFlags(rawValue: 1)
    static let hasPoint = CopyBriefFlags(rawValue: 2)
    static let hasParent = CopyBriefFlags(rawValue: 4)
    static let isWhole = CopyBriefFlags(rawValue: 8)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(kind: PointKind, hasPoint: Bool, hasParent: Bool, isWhole: Bool) {
        self = []
        if kind == .full { insert(.isFull) }
        if hasPoint { insert(.hasPoint) }
        if hasParent { insert(.hasParent) }
        if isWhole { insert(.isWhole) }
    }

    var kind: PointKind { contains(.isFull) ? .full : .incremental }
}

extension ProofMethod: BriefWord {
    static let briefWords: [ProofMethod] = [.none, .hashAtSite, .readBack, .fullRead]
}

extension CopyVerification.Result: BriefWord {
    static let briefWords: [CopyVerification.Result] = [.passed, .corrupt, .lost, .unreachable]
}

extension CopyExpiry.Step: BriefWord {
    static let briefWords: [CopyExpiry.Step] = [.marked, .spared, .removed]
}
