// SPDX-License-Identifier: Apache-2.0

/// How a store's holding of a point was proven.
package enum ProofMethod: String, Hashable, Sendable, Codable {
    /// SHA-256 computed at the site by its own processor.
    case hashAtSite = "hash_at_site"
    /// Every byte read back and hashed here.
    case readBack = "read_back"
    /// Read back, decrypted, and every member hashed against the index.
    case fullRead = "full_read"
    /// The site's word alone.
    case none

    /// What can be said of a whole of which the files were proven in these ways: the weakest of them.
    package static func ofAll(_ methods: some Sequence<ProofMethod>) -> ProofMethod {
        let found = Set(methods)
        return [.none, .hashAtSite, .readBack, .fullRead].first(where: found.contains) ?? .none
    }
}

/// The proof that a store holds every file of one point.
///
/// Only receipts count as copies.
package struct CopyReceipt: Hashable, Sendable, Codable {
    package var dataset: String
    package var point: String
    package var kind: PointKind
    package var parent: String?
    package var consistencyAt: Moment
    package var store: String
    package var site: String
    /// When the proof was complete, on the orchestrator's clock.
    package var provenAt: Moment
    package var method: ProofMethod
    /// Bytes of the point's files in the store.
    package var bytes: Int
    package var parts: Int
    package var manifestSha256: String
    package var isAppendOnly: Bool

    package init(
        dataset: String, point: String, kind: PointKind, parent: String?, consistencyAt: Moment,
        store: String,
        site: String, provenAt: Moment, method: ProofMethod, bytes: Int, parts: Int, manifestSha256: String,
        isAppendOnly: Bool
    ) {
        self.dataset = dataset
        self.point = point
        self.kind = kind
        self.parent = parent
        self.consistencyAt = consistencyAt
        self.store = store
        self.site = site
        self.provenAt = provenAt
        self.method = method
        self.bytes = bytes
        self.parts = parts
        self.manifestSha256 = manifestSha256
        self.isAppendOnly = isAppendOnly
    }
}

/// A later check of a copy.
package struct CopyVerification: Hashable, Sendable, Codable {
    package enum Result: String, Hashable, Sendable, Codable {
        case passed
        /// Bytes are there and are not those of the manifest.
        case corrupt
        /// Files are missing.
        case lost
        /// The store could not be read; says nothing about the copy.
        case unreachable
    }

    package var dataset: String
    package var point: String
    package var store: String
    package var checkedAt: Moment
    package var method: ProofMethod
    package var result: Result
    package var bytesRead: Int
    /// The parts that were looked at; `nil` when it was every file of the point.
    package var checkedParts: [Int]?
    /// What is wrong, file by file; empty when it passed.
    package var faults: [String]

    package init(
        dataset: String, point: String, store: String, checkedAt: Moment, method: ProofMethod, result: Result,
        bytesRead: Int, checkedParts: [Int]? = nil, faults: [String] = []
    ) {
        self.dataset = dataset
        self.point = point
        self.store = store
        self.checkedAt = checkedAt
        self.method = method
        self.result = result
        self.bytesRead = bytesRead
        self.checkedParts = checkedParts
        self.faults = faults
    }
}

/// What is known of one point in one store, folded from receipts and verifications.
package struct Copy: Hashable, Sendable, Codable {
    package enum State: String, Hashable, Sendable, Codable {
        case claimed
        case verified
        /// Proven once, too long ago.
        case stale
        case corrupt
        case lost
    }

    package var receipt: CopyReceipt
    package var state: State
    /// The last proof that passed.
    package var verifiedAt: Moment?
    package var method: ProofMethod

    package init(receipt: CopyReceipt, state: State, verifiedAt: Moment?, method: ProofMethod) {
        self.receipt = receipt
        self.state = state
        self.verifiedAt = verifiedAt
        self.method = method
    }
}
