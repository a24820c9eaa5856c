// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation
import Ledger

/// The ledger's events as they lie in the stores, so that the ledger can be lost with its site.
///
/// Stores take new files only, so an image is not written anew each time: most hold the events since the one
/// before, and every so often one holds them all (Decisions/0040). Each is JSON lines, zstd, age, and a
/// signature over what lies there.
struct LedgerImages: Sendable {
    let desk: CopyDesk

    /// The folder in a store; no dataset can have this name, since those begin with a letter.
    static let folderName = "_ledger"

    /// A whole image follows after so many that hold only what was new.
    static let deltaLimit = 200

    /// The names that an image has in a store: `0000000001-0000000420-9f2c41d0.jsonl.zst.age`.
    struct Name: Hashable, Comparable {
        var first: Int
        var last: Int
        /// The first eight digits of the last event's hash.
        var head: String

        var text: String { "\(Self.digits(first))-\(Self.digits(last))-\(head).jsonl.zst.age" }

        init(first: Int, last: Int, head: String) {
            self.first = first
            self.last = last
            self.head = head
        }

        init?(_ text: String) {
            guard text.hasSuffix(".jsonl.zst.age") else { return nil }
            let words = text.dropLast(14).split(separator: "-", omittingEmptySubsequences: false).map(
                String.init)
            guard words.count == 3, let first = Int(words[0]), let last = Int(words[1]), first >= 1,
                first <= last, words[2].utf8.count == 8
            else { return nil }
            self.init(first: first, last: last, head: words[2])
            guard self.text == text else { return nil }
        }

        static func < (left: Name, right: Name) -> Bool {
            (left.last, right.first) < (right.last, left.first)
        }

        private static func digits(_ value: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, 10 - text.count)) + text
        }
    }

    /// Puts what is new into each store; a store that fails is served by the next call.
    ///
    /// `known` is what was seen in the ledger's folder of a store a moment ago; the others are asked.
    ///
    /// - Returns: why a store did not take it, by store.
    @discardableResult
    func put(into stores: [String], known: [String: [StoredName]] = [:]) -> [String: String] {
        var failures: [String: String] = [:]
        let results = inParallel(stores, "ledger image") { [self] store in
            try put(into: store, known[store])
        }
        for (store, result) in zip(stores, results) {
            if case .failure(let error) = result {
                failures[store] = OperationError(describing: error).detail
            }
        }
        return failures
    }

    /// Puts what is new into every store of the plan: after a drill, an attestation, a receipt of a copy.
    func putEverywhere() -> [String: String] {
        put(into: desk.plan.stores.map(\.id))
    }

    private func put(into store: String, _ known: [StoredName]?) throws {
        let access = try desk.connector.store(store)
        let folder = try StoreFolder([Self.folderName])
        let there = Self.whole(try known ?? access.names(in: folder))
        let whole = there.last { $0.first == 1 }
        let deltas = there.filter { $0.last > whole?.last ?? 0 }
        let begin = whole == nil || deltas.count >= Self.deltaLimit ? 0 : there.last?.last ?? 0
        let rows = try desk.ledger.rows(after: begin)
        guard let last = rows.last else { return }
        let name = Name(first: begin + 1, last: last.sequence, head: String(last.sha256.prefix(8)))
        guard !there.contains(name) else { return }
        let sealed = try seal(rows)
        let signature = try desk.keys.signer().sign(sealed, namespace: SignaturePurpose.ledger.namespace)
        if there.isEmpty { try access.makeFolder(folder) }
        _ = try access.put(
            together: [
                NewPaper(sealed, as: name.text),
                NewPaper(Array(signature.utf8), as: name.text + Self.signatureEnding),
            ], in: folder, inOrder: true)
    }

    private static let signatureEnding = ".sig"

    /// The images that were written to their ends, in order.
    ///
    /// The signature is written when the image is on the store's disk: an image whose signature is missing or empty
    /// was cut off, and what it was to hold goes into the next one.
    static func whole(_ names: [StoredName]) -> [Name] {
        let signed = Set(names.filter { $0.size > 0 }.map(\.name))
        return names.filter { signed.contains($0.name + signatureEnding) }.compactMap { Name($0.name) }
            .sorted()
    }

    private func seal(_ rows: [LedgerRow]) throws -> [UInt8] {
        var plain: [UInt8] = []
        for row in rows { plain += [UInt8](try CanonicalJSON.encode(row)) + [10] }
        return try AgeBox.seal(plain, to: desk.keys.workspaceRecipients())
    }

    /// The rows of an image.
    static func rows(_ sealed: [UInt8], identities: [AgeIdentity]) throws -> [LedgerRow] {
        let plain = try AgeBox.open(sealed, identities: identities)
        return try plain.split(separator: 10).map {
            try CanonicalJSON.decode(LedgerRow.self, from: Data($0))
        }
    }
}
