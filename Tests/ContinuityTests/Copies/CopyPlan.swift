// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Testing

/// A shop with its data at hq and three stores: metro in the same city, north and the vault elsewhere.
enum CopyPlan {
    static let json = """
        {"lifeboat": "1", "workspace": "shop", "zone": "UTC", "orchestrator": {"site": "ops"},
         "sites": {
           "hq": {"facility": "A", "city": "CNSHA", "production": "true"},
           "ops": {"facility": "B", "city": "CNSHA"},
           "metro": {"facility": "C", "city": "CNSHA"},
           "north": {"facility": "D", "city": "CNBJS"},
           "west": {"facility": "E", "city": "CNCTU"}},
         "hosts": {
           "nas": {"site": "metro", "ssh": {"host": "a", "user": "u", "identity": "keys/metro"}, "host_key": "ssh-ed25519 SHA256:x"},
           "dr": {"site": "north", "ssh": {"host": "b", "user": "u", "identity": "keys/metro"}, "host_key": "ssh-ed25519 SHA256:x"},
           "vault": {"site": "west", "ssh": {"host": "c", "user": "u", "identity": "keys/west"}, "host_key": "ssh-ed25519 SHA256:x"}},
         "stores": {
           "metro": {"host": "nas", "path": "/srv"},
           "north": {"host": "dr", "path": "/srv"},
           "west": {"host": "vault", "path": "/srv", "append_only": "true"}},
         "datasets": {"documents": {
           "source": {"site": "hq", "path": "/srv/files"},
           "copies": {"to": ["metro", "north", "west"], "at_least": "3", "offsite": "1", "append_only": "1", "verified_within": "7d"}}}}
        """

    static func plan() throws -> Plan {
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8))
        return try #require(Plan.decode(node(object)).plan)
    }

    private static func node(_ value: Any) -> Node {
        let place = Place(file: "plan", line: 1)
        switch value {
        case let map as [String: Any]:
            return Node(
                .mapping(map.map { Node.Entry(key: $0.key, place: place, value: node($0.value)) }), at: place)
        case let list as [Any]: return Node(.sequence(list.map(node)), at: place)
        default: return Node(.scalar("\(value)", isPlain: false), at: place)
        }
    }
}

/// Writes a small history, hour by hour.
struct History {
    static let begin = Moment(seconds: 1_790_000_000)
    private(set) var events: [Event] = []

    static func hour(_ number: Double) -> Moment {
        begin + .seconds(number * 3_600)
    }

    mutating func add(_ body: EventBody, at moment: Moment) {
        events.append(
            Event(sequence: events.count + 1, recordedAt: moment, body: body, sha256: "\(events.count)"))
    }

    /// A point whose reading began at an hour, proven in the stores some minutes later.
    mutating func backup(
        _ name: String, at hour: Double, parent: String? = nil, in stores: [String],
        outcome: BackupOutcome = .complete, provenAfter: Duration = .minutes(6),
        method: ProofMethod = .hashAtSite
    ) {
        let instant = Self.hour(hour)
        let kind: PointKind = parent == nil ? .full : .incremental
        for store in stores {
            receipt(
                name, at: hour, parent: parent, in: store, provenAt: instant + provenAfter, method: method)
        }
        add(
            .backupRun(
                BackupRun(
                    run: "run-\(name)", dataset: "documents", kind: kind, outcome: outcome, begunAt: instant,
                    endedAt: instant + provenAfter, point: name, parent: parent, consistencyAt: instant,
                    manifestSha256: "hash-\(name)")), at: instant + provenAfter)
    }

    mutating func receipt(
        _ name: String, at hour: Double, parent: String? = nil, in store: String, provenAt: Moment,
        method: ProofMethod = .hashAtSite
    ) {
        let site = ["metro": "metro", "north": "north", "west": "west"][store] ?? store
        add(
            .copyReceipt(
                CopyReceipt(
                    dataset: "documents", point: name, kind: parent == nil ? .full : .incremental,
                    parent: parent, consistencyAt: Self.hour(hour), store: store, site: site,
                    provenAt: provenAt, method: method, bytes: 100, parts: 2,
                    manifestSha256: "hash-\(name)", isAppendOnly: store == "west")), at: provenAt)
    }

    mutating func verify(
        _ name: String, in store: String, at hour: Double, _ result: CopyVerification.Result = .passed,
        parts: [Int]? = nil
    ) {
        add(
            .copyVerification(
                CopyVerification(
                    dataset: "documents", point: name, store: store, checkedAt: Self.hour(hour),
                    method: .readBack, result: result, bytesRead: 1, checkedParts: parts,
                    faults: result == .passed ? [] : ["00001.tar.zst.age differs"])), at: Self.hour(hour))
    }

    /// To whom new points are encrypted from an hour on.
    mutating func recipients(_ recipients: [String], at hour: Double) {
        add(
            .recipientSet(
                RecipientSet(dataset: "documents", recipients: recipients, recordedAt: Self.hour(hour))),
            at: Self.hour(hour))
    }

    mutating func keyDrill(_ recipient: String, at hour: Double, passed: Bool = true) {
        add(
            .keyDrill(
                KeyDrill(
                    recipient: recipient, dataset: "documents", point: "any", store: "metro",
                    triedAt: Self.hour(hour), passed: passed)), at: Self.hour(hour))
    }

    mutating func expiry(_ name: String, in store: String, at hour: Double, _ step: CopyExpiry.Step) {
        add(
            .copyExpiry(
                CopyExpiry(
                    dataset: "documents", point: name, store: store, step: step, happenedAt: Self.hour(hour),
                    reason: "test")), at: Self.hour(hour))
    }

    var book: CopyBook { CopyBook(events) }
}
