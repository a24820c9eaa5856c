// SPDX-License-Identifier: Apache-2.0

extension Manifest {
    /// The most parts that five digits can number.
    package static let partLimit = 99_999
    /// The most bytes in a part: larger than any setting allows, small enough to add up without overflow.
    package static let partSizeLimit = 1 << 40

    /// The first rule that the manifest breaks; `nil` when it is sound.
    var objection: ArchiveError? {
        let rules = [
            versionObjection, nameObjection, chainObjection, timeObjection, partObjection, restObjection,
        ]
        for rule in rules {
            if let objection = rule() { return objection }
        }
        return nil
    }

    private func versionObjection() -> ArchiveError? {
        guard version != Self.currentVersion else { return nil }
        return ArchiveError(.unsupported, Self.operation, detail: "its version is \(version)")
    }

    private func nameObjection() -> ArchiveError? {
        for (name, role) in [(workspace, "workspace"), (dataset, "dataset")] where !Self.isName(name) {
            return ArchiveError(
                .hostile, Self.operation, detail: "'\(name.prefix(80))' is not the name of a \(role)")
        }
        return kind == point.kind ? nil : Self.malformed("its kind is not that of its point")
    }

    private func chainObjection() -> ArchiveError? {
        guard (parent != nil) == (kind == .incremental) else {
            return Self.malformed(
                kind == .full ? "it is full and has a parent" : "it is incremental and has no parent")
        }
        if let parent, parent.point == point { return Self.malformed("it is its own parent") }
        if kind == .full, deleted != nil { return Self.malformed("it is full and deletes something") }
        guard sequence >= 1, sequence < 1 << 40 else { return Self.malformed("its sequence is \(sequence)") }
        guard (previousManifestSHA256 == nil) == (sequence == 1) else {
            return Self.malformed("sequence \(sequence) and the manifest before it do not go together")
        }
        return nil
    }

    private func timeObjection() -> ArchiveError? {
        guard begunAt <= endedAt else { return Self.malformed("it ended before it began") }
        guard consistencyAt.wholeSeconds == point.time else {
            return Self.malformed("its consistency time is not that of its point's name")
        }
        return nil
    }

    private func partObjection() -> ArchiveError? {
        guard parts.count <= Self.partLimit else { return Self.malformed("it has \(parts.count) parts") }
        for (position, part) in parts.enumerated() {
            guard part.home == point else {
                return ArchiveError(
                    .hostile, Self.operation,
                    detail: "part \(part.number) lies in \(part.home), not in \(point)")
            }
            guard part.number == position + 1 else {
                return Self.malformed("part \(part.number) stands where part \(position + 1) should")
            }
            guard (1...Self.partSizeLimit).contains(part.bytes) else {
                return Self.malformed("part \(part.number) has \(part.bytes) bytes")
            }
        }
        for (file, role) in [(index, "index"), (deleted ?? index, "list of deletions")] {
            guard (1...Self.partSizeLimit).contains(file.bytes) else {
                return Self.malformed("its \(role) has \(file.bytes) bytes")
            }
        }
        return nil
    }

    private func restObjection() -> ArchiveError? {
        guard counts.all.allSatisfy({ $0 >= 0 && $0 < 1 << 62 }) else {
            return Self.malformed("one of its counts is negative or absurd")
        }
        guard !recipients.isEmpty, Set(recipients).count == recipients.count else {
            return Self.malformed("it has no recipient, or one of them twice")
        }
        for recipient in recipients where (try? AgeRecipient(parsing: recipient))?.text != recipient {
            return Self.malformed("'\(recipient.prefix(80))' is not a recipient")
        }
        if let ledgerHead, ledgerHead.seq < 0 {
            return Self.malformed("its ledger head is \(ledgerHead.seq)")
        }
        for text in gates.flatMap({ [$0.name, $0.detail] }) + [toolVersion] where !Self.isLine(text) {
            return Self.malformed("'\(text.prefix(40))' is longer than a line or has control characters")
        }
        return nil
    }

    /// Whether a text can be a folder's name anywhere: letters, digits, `_`, `-`, `.`, no dot or dash first.
    static func isName(_ text: String) -> Bool {
        guard (1...100).contains(text.utf8.count), let first = text.utf8.first else { return false }
        guard first != UInt8(ascii: "."), first != UInt8(ascii: "-") else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
                UInt8(ascii: "."):
                true
            default: false
            }
        }
    }

    /// Whether a text is safe on a terminal: at most 1000 bytes, no control characters.
    static func isLine(_ text: String) -> Bool {
        text.utf8.count <= 1000
            && text.unicodeScalars.allSatisfy { $0.value >= 32 && !(127...159).contains($0.value) }
    }
}
