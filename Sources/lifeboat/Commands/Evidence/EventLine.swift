// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Ledger

/// One event as a line of JSON.
struct EventLine: Encodable {
    let event: Event

    init(_ event: Event) {
        self.event = event
    }

    private enum Key: String, CodingKey {
        case sequence, recordedAt, kind, body, sha256
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(event.sequence, forKey: .sequence)
        try container.encode(event.recordedAt, forKey: .recordedAt)
        try container.encode(event.body.kind, forKey: .kind)
        try event.body.value.encode(to: container.superEncoder(forKey: .body))
        try container.encode(event.sha256, forKey: .sha256)
    }
}

extension LedgerRow {
    /// The same line as an `EventLine`'s canonical JSON, from the bytes that lie in the ledger.
    var line: String {
        let moment = Moment(nanoseconds: recordedAt).description
        return
            "{\"body\":\(body),\"kind\":\"\(kind)\",\"recorded_at\":\"\(moment)\",\"sequence\":\(sequence),"
            + "\"sha256\":\"\(sha256)\"}\n"
    }
}

extension Ledger {
    /// Gives every event as a line of JSON, oldest first, some at a time; memory does not grow with the ledger.
    func export(_ put: (Data) throws -> Void) throws {
        var lines = Data()
        try forEachRow { row in
            lines.append(contentsOf: row.line.utf8)
            guard lines.count > 1 << 20 else { return }
            try put(lines)
            lines.removeAll(keepingCapacity: true)
        }
        try put(lines)
    }
}
