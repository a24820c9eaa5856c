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

extension Ledger {
    /// Every event as a line of JSON, oldest first.
    func exported() throws -> Data {
        var lines = Data()
        for event in try events() {
            lines += try CanonicalJSON.encode(EventLine(event))
            lines.append(10)
        }
        return lines
    }
}
