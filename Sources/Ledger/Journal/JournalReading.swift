// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Crypto
import Foundation

/// A journal read from its file, with every break of its chain.
///
/// Reading needs no lock: a line that is just being written is a torn one.
package struct JournalReading: Sendable {
    package let records: [DrillRecord]
    /// What is wrong with it, line by line; empty when the chain holds.
    package let faults: [String]
    /// The unfinished last line, which was never promised to anyone.
    package let tornLine: String?
    /// SHA-256 of the last whole line, in hex.
    package let headSha256: String
    let wholeBytes: Int

    package init(contentsOf path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw LedgerError(code: .unavailable, path: path, detail: "cannot read the journal")
        }
        self.init(bytes: [UInt8](data))
    }

    package init(bytes: [UInt8]) {
        let newline = UInt8(ascii: "\n")
        let whole = bytes.lastIndex(of: newline).map { $0 + 1 } ?? 0
        var records: [DrillRecord] = []
        var faults: [String] = []
        var previous = DrillRecord.genesis
        let lines = bytes[..<whole].split(separator: newline, omittingEmptySubsequences: false).dropLast()
        for (number, line) in zip(1..., lines) {
            do {
                let record = try CanonicalJSON.decode(DrillRecord.self, from: Data(line))
                faults += Self.faults(of: record, at: number, after: previous, run: records.first?.run)
                records.append(record)
            } catch {
                faults.append("line \(number) is no record")
            }
            previous = Self.sha256(line)
        }
        self.records = records
        self.faults = faults
        tornLine = whole < bytes.count ? String(decoding: bytes[whole...], as: UTF8.self) : nil
        headSha256 = previous
        wholeBytes = whole
    }

    private static func faults(
        of record: DrillRecord, at number: Int, after previous: String, run: String?
    ) -> [String] {
        var faults: [String] = []
        if record.sequence != number { faults.append("line \(number) says it is record \(record.sequence)") }
        if record.previousSha256 != previous {
            faults.append("line \(number) does not follow from the line before it")
        }
        if let run, record.run != run { faults.append("line \(number) belongs to run \(record.run)") }
        return faults
    }

    static func sha256(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let hex = SHA256.hash(data: Array(bytes)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: hex, as: UTF8.self)
    }
}
