// SPDX-License-Identifier: Apache-2.0

// The keys stand in canonical order: as JSON writes them, sorted. EventCodecTests hold each to CanonicalJSON.

extension CopyReceipt: FlatCoded {
    func write(to writer: inout FlatWriter) {
        writer.begin()
        writer.field("bytes", bytes)
        writer.field("consistency_at", consistencyAt)
        writer.field("dataset", dataset)
        writer.field("is_append_only", isAppendOnly)
        writer.field("kind", kind.rawValue)
        writer.field("manifest_sha256", manifestSha256)
        writer.field("method", method.rawValue)
        writer.field("parent", parent)
        writer.field("parts", parts)
        writer.field("point", point)
        writer.field("proven_at", provenAt)
        writer.field("site", site)
        writer.field("store", store)
        writer.end()
    }

    init(reading reader: inout FlatReader) throws(UnusualForm) {
        try reader.begin()
        let bytes = try reader.integer("bytes")
        let consistencyAt = try reader.moment("consistency_at")
        let dataset = try reader.text("dataset")
        let isAppendOnly = try reader.flag("is_append_only")
        let kind: PointKind = try reader.word("kind")
        let manifest = try reader.text("manifest_sha256")
        let method: ProofMethod = try reader.word("method")
        let parent = try reader.textIfAny("parent")
        let parts = try reader.integer("parts")
        let point = try reader.text("point")
        let provenAt = try reader.moment("proven_at")
        let site = try reader.text("site")
        let store = try reader.text("store")
        try reader.endObject()
        self.init(
            dataset: dataset, point: point, kind: kind, parent: parent, consistencyAt: consistencyAt,
            store: store, site: site, provenAt: provenAt, method: method, bytes: bytes, parts: parts,
            manifestSha256: manifest, isAppendOnly: isAppendOnly)
    }
}

extension CopyVerification: FlatCoded {
    func write(to writer: inout FlatWriter) {
        writer.begin()
        writer.field("bytes_read", bytesRead)
        writer.field("checked_at", checkedAt)
        writer.field("checked_parts", checkedParts)
        writer.field("dataset", dataset)
        writer.field("faults", faults)
        writer.field("method", method.rawValue)
        writer.field("point", point)
        writer.field("result", result.rawValue)
        writer.field("store", store)
        writer.end()
    }

    init(reading reader: inout FlatReader) throws(UnusualForm) {
        try reader.begin()
        let bytesRead = try reader.integer("bytes_read")
        let checkedAt = try reader.moment("checked_at")
        let checkedParts = try reader.integersIfAny("checked_parts")
        let dataset = try reader.text("dataset")
        let faults = try reader.texts("faults")
        let method: ProofMethod = try reader.word("method")
        let point = try reader.text("point")
        let result: Result = try reader.word("result")
        let store = try reader.text("store")
        try reader.endObject()
        self.init(
            dataset: dataset, point: point, store: store, checkedAt: checkedAt, method: method,
            result: result, bytesRead: bytesRead, checkedParts: checkedParts, faults: faults)
    }
}

extension CopyExpiry: FlatCoded {
    func write(to writer: inout FlatWriter) {
        writer.begin()
        writer.field("dataset", dataset)
        writer.field("happened_at", happenedAt)
        writer.field("lease", lease)
        writer.field("point", point)
        writer.field("reason", reason)
        writer.field("removable_at", removableAt)
        writer.field("step", step.rawValue)
        writer.field("store", store)
        writer.end()
    }

    init(reading reader: inout FlatReader) throws(UnusualForm) {
        try reader.begin()
        let dataset = try reader.text("dataset")
        let happenedAt = try reader.moment("happened_at")
        let lease = try reader.integerIfAny("lease")
        let point = try reader.text("point")
        let reason = try reader.text("reason")
        let removableAt = try reader.momentIfAny("removable_at")
        let step: Step = try reader.word("step")
        let store = try reader.text("store")
        try reader.endObject()
        self.init(
            dataset: dataset, point: point, store: store, step: step, happenedAt: happenedAt,
            removableAt: removableAt, reason: reason, lease: lease)
    }
}
