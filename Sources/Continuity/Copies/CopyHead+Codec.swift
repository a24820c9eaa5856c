// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// Writes and reads heads as canonical JSON, the quick way.
///
/// One codec is used by one thread.
package struct CopyHeadCodec {
    private let names = NameCache()

    package init() {}

    package func encode(_ head: CopyHead) throws -> Data {
        var writer = FlatWriter()
        head.write(to: &writer)
        return writer.isPlain ? Data(writer.bytes) : try CanonicalJSON.encode(head)
    }

    /// - Throws: `DecodingError` when the bytes are not those of a head.
    package func decode(_ bytes: UnsafeRawBufferPointer) throws -> CopyHead {
        var reader = FlatReader(bytes, names: names)
        do throws(UnusualForm) {
            let head = try CopyHead(reading: &reader)
            try reader.end()
            return head
        } catch {
            // Nothing is lost: the same bytes are read the slow way, which says what is wrong.
            return try CanonicalJSON.decode(CopyHead.self, from: Data(bytes))
        }
    }
}

extension CopyHead: FlatCoded {
    func write(to writer: inout FlatWriter) {
        writer.begin()
        writer.field("dataset", dataset)
        writer.list("holdings", holdings) { writer, holding in holding.write(to: &writer) }
        if let lastRun {
            writer.key("last_run")
            lastRun.write(to: &writer)
        }
        writer.field("newest_at", newestAt)
        writer.field("newest_point", newestPoint)
        writer.field("point_count", pointCount)
        writer.end()
    }

    init(reading reader: inout FlatReader) throws(UnusualForm) {
        try reader.begin()
        let dataset = try reader.text("dataset")
        let holdings: [Holding] = try reader.values("holdings")
        let lastRun: LastRun? = try reader.valueIfAny("last_run")
        let newestAt = try reader.momentIfAny("newest_at")
        let newestPoint = try reader.textIfAny("newest_point")
        let pointCount = try reader.integer("point_count")
        try reader.endObject()
        self.init(
            dataset: dataset, lastRun: lastRun, newestPoint: newestPoint, newestAt: newestAt,
            holdings: holdings, pointCount: pointCount)
    }
}

extension CopyHead.LastRun: FlatCoded {
    func write(to writer: inout FlatWriter) {
        writer.begin()
        writer.field("begun_at", begunAt)
        writer.field("ended_at", endedAt)
        writer.field("outcome", outcome.rawValue)
        writer.end()
    }

    init(reading reader: inout FlatReader) throws(UnusualForm) {
        try reader.begin()
        begunAt = try reader.moment("begun_at")
        endedAt = try reader.moment("ended_at")
        outcome = try reader.word("outcome")
        try reader.endObject()
    }
}

extension CopyHead.Holding: FlatCoded {
    func write(to writer: inout FlatWriter) {
        writer.begin()
        writer.field("detail", detail)
        writer.field("gap", gap?.rawValue)
        writer.field("is_append_only", isAppendOnly)
        writer.list("rungs", rungs) { writer, rung in rung.write(to: &writer) }
        writer.field("site", site)
        writer.field("store", store)
        writer.end()
    }

    init(reading reader: inout FlatReader) throws(UnusualForm) {
        try reader.begin()
        detail = try reader.textIfAny("detail")
        gap = try reader.wordIfAny("gap")
        isAppendOnly = try reader.flag("is_append_only")
        rungs = try reader.values("rungs")
        site = try reader.text("site")
        store = try reader.text("store")
        try reader.endObject()
    }
}

extension CopyHead.Rung: FlatCoded {
    func write(to writer: inout FlatWriter) {
        writer.begin()
        writer.field("consistency_at", consistencyAt)
        writer.field("point", point)
        writer.field("proven_at", provenAt)
        writer.end()
    }

    init(reading reader: inout FlatReader) throws(UnusualForm) {
        try reader.begin()
        consistencyAt = try reader.moment("consistency_at")
        point = try reader.text("point")
        provenAt = try reader.moment("proven_at")
        try reader.endObject()
    }
}
