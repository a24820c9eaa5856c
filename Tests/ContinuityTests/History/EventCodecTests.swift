// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import TestSupport
import Testing

@Suite("Event codec")
struct EventCodecTests {
    private static let kinds: [EventKind] = [
        .copyReceipt, .copyVerification, .copyExpiry, .canaryRecord, .backupRun, .probeRun,
    ]

    @Test("writes and reads the bytes of canonical JSON", arguments: kinds)
    func canonical(kind: EventKind) throws {
        var dice = Dice(seed: 20_261_122)
        var codec = EventCodec()
        for turn in 0..<400 {
            let body = dice.body(kind, isWild: turn % 4 == 0)
            let bytes = try CanonicalJSON.encode(body.value)
            let written = try codec.encode(body)
            #expect(written == bytes, "\(String(decoding: written, as: UTF8.self))")
            #expect(try codec.decode(kind, from: bytes) == body, "\(String(decoding: bytes, as: UTF8.self))")
        }
    }

    @Test("goes the slow way for what is unusual, and finds the same", arguments: kinds)
    func unusual(kind: EventKind) throws {
        var dice = Dice(seed: 7)
        var codec = EventCodec()
        let body = dice.body(kind, isWild: false)
        let text = String(decoding: try CanonicalJSON.encode(body.value), as: UTF8.self)
        let spaced = text.replacingOccurrences(of: ",\"", with: " ,\n \"")
        let extended = "{\"aaa\":[1,{\"b\":null}]," + text.dropFirst()
        for other in [spaced, extended, " " + text + "\n"] {
            #expect(try codec.decode(kind, from: Data(other.utf8)) == body, "\(other)")
        }
    }

    @Test("refuses what is not such a body", arguments: kinds)
    func refused(kind: EventKind) throws {
        var dice = Dice(seed: 9)
        var codec = EventCodec()
        let text = String(
            decoding: try CanonicalJSON.encode(dice.body(kind, isWild: false).value), as: UTF8.self)
        for count in 0..<text.utf8.count {
            #expect(throws: (any Error).self) { try codec.decode(kind, from: Data(text.utf8.prefix(count))) }
        }
        for other in [text + "}", text.replacingOccurrences(of: "T", with: "X"), "[]"] {
            #expect(throws: (any Error).self, "\(other)") { try codec.decode(kind, from: Data(other.utf8)) }
        }
    }

    @Test func `refuses bytes that are no UTF-8 as the slow way does`() throws {
        var codec = EventCodec()
        var bytes = try CanonicalJSON.encode(
            CanaryRecord(
                canary: "a canary with a long name", dataset: "d", sequence: 1, writtenAt: Moment(seconds: 1),
                acknowledgedAt: Moment(seconds: 2), sha256: "x"))
        let place = try #require(bytes.firstIndex(of: UInt8(ascii: "y")))
        bytes[place] = 0xFF
        #expect(throws: (any Error).self) { try CanonicalJSON.decode(CanaryRecord.self, from: bytes) }
        #expect(throws: (any Error).self) { try codec.decode(.canaryRecord, from: bytes) }
    }

    @Test func `reads instants as their own reader does`() throws {
        var codec = EventCodec()
        var dice = Dice(seed: 3)
        for _ in 0..<2_000 {
            let moment = Moment(
                nanoseconds: Int64.random(
                    in: -9_200_000_000_000_000_000...9_200_000_000_000_000_000, using: &dice))
            let record = CanaryRecord(
                canary: "c", dataset: "d", sequence: 1, writtenAt: moment, acknowledgedAt: moment, sha256: "x"
            )
            let bytes = try codec.encode(.canaryRecord(record))
            #expect(String(decoding: bytes, as: UTF8.self).contains("\"\(moment.description)\""))
            #expect(try codec.decode(.canaryRecord, from: bytes) == .canaryRecord(record))
        }
    }
}
