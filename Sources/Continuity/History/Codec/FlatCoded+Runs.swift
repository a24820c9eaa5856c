// SPDX-License-Identifier: Apache-2.0

// The keys stand in canonical order: as JSON writes them, sorted. EventCodecTests hold each to CanonicalJSON.

extension CanaryRecord: FlatCoded {
    func write(to writer: inout FlatWriter) {
        writer.begin()
        writer.field("acknowledged_at", acknowledgedAt)
        writer.field("canary", canary)
        writer.field("dataset", dataset)
        writer.field("sequence", sequence)
        writer.field("sha256", sha256)
        writer.field("written_at", writtenAt)
        writer.end()
    }

    init(reading reader: inout FlatReader) throws(UnusualForm) {
        try reader.begin()
        let acknowledgedAt = try reader.moment("acknowledged_at")
        let canary = try reader.text("canary")
        let dataset = try reader.text("dataset")
        let sequence = try reader.integer("sequence")
        let sha256 = try reader.text("sha256")
        let writtenAt = try reader.moment("written_at")
        try reader.endObject()
        self.init(
            canary: canary, dataset: dataset, sequence: sequence, writtenAt: writtenAt,
            acknowledgedAt: acknowledgedAt, sha256: sha256)
    }
}

extension ProbeRun: FlatCoded {
    func write(to writer: inout FlatWriter) {
        writer.begin()
        writer.field("bound_ns", boundNs)
        writer.field("count", count)
        writer.field("first_at", firstAt)
        writer.field("first_begun_ns", firstBegunNs)
        writer.field("first_ended_ns", firstEndedNs)
        writer.field("last_begun_ns", lastBegunNs)
        writer.field("last_ended_ns", lastEndedNs)
        writer.field("period_ns", periodNs)
        writer.field("probe", probe)
        writer.field("slowest_ns", slowestNs)
        writer.field("state", state.rawValue)
        writer.field("vantage", vantage)
        writer.field("word", word)
        writer.end()
    }

    init(reading reader: inout FlatReader) throws(UnusualForm) {
        try reader.begin()
        let boundNs = try reader.integer("bound_ns")
        let count = try reader.integer("count")
        let firstAt = try reader.moment("first_at")
        let firstBegunNs = try reader.integer("first_begun_ns")
        let firstEndedNs = try reader.integer("first_ended_ns")
        let lastBegunNs = try reader.integer("last_begun_ns")
        let lastEndedNs = try reader.integer("last_ended_ns")
        let periodNs = try reader.integer("period_ns")
        let probe = try reader.text("probe")
        let slowestNs = try reader.integer("slowest_ns")
        let state: State = try reader.word("state")
        let vantage = try reader.text("vantage")
        let word = try reader.textIfAny("word")
        try reader.endObject()
        self.init(
            probe: probe, vantage: vantage, state: state, firstAt: firstAt, periodNs: periodNs, count: count,
            boundNs: boundNs, firstBegunNs: firstBegunNs, firstEndedNs: firstEndedNs,
            lastBegunNs: lastBegunNs, lastEndedNs: lastEndedNs, slowestNs: slowestNs, word: word)
    }
}

extension BackupRun: FlatCoded {
    func write(to writer: inout FlatWriter) {
        writer.begin()
        writer.field("begun_at", begunAt)
        writer.field("consistency_at", consistencyAt)
        writer.key("counts")
        counts.write(to: &writer)
        writer.field("dataset", dataset)
        writer.field("detail", detail)
        writer.field("ended_at", endedAt)
        writer.field("findings", findings)
        writer.field("kind", kind.rawValue)
        writer.field("manifest_sha256", manifestSha256)
        writer.field("outcome", outcome.rawValue)
        writer.field("parent", parent)
        writer.field("point", point)
        writer.field("run", run)
        writer.field("sequence", sequence)
        writer.list("stores", stores) { writer, store in store.write(to: &writer) }
        writer.end()
    }

    init(reading reader: inout FlatReader) throws(UnusualForm) {
        try reader.begin()
        let begunAt = try reader.moment("begun_at")
        let consistencyAt = try reader.momentIfAny("consistency_at")
        let counts: BackupCounts = try reader.value("counts")
        let dataset = try reader.text("dataset")
        let detail = try reader.textIfAny("detail")
        let endedAt = try reader.moment("ended_at")
        let findings = try reader.texts("findings")
        let kind: PointKind = try reader.word("kind")
        let manifest = try reader.textIfAny("manifest_sha256")
        let outcome: BackupOutcome = try reader.word("outcome")
        let parent = try reader.textIfAny("parent")
        let point = try reader.textIfAny("point")
        let run = try reader.text("run")
        let sequence = try reader.integerIfAny("sequence")
        let stores: [StoreResult] = try reader.values("stores")
        try reader.endObject()
        self.init(
            run: run, dataset: dataset, kind: kind, outcome: outcome, begunAt: begunAt, endedAt: endedAt,
            point: point, parent: parent, consistencyAt: consistencyAt, manifestSha256: manifest,
            sequence: sequence, counts: counts, stores: stores, findings: findings, detail: detail)
    }
}

extension BackupCounts: FlatCoded {
    func write(to writer: inout FlatWriter) {
        writer.begin()
        writer.field("added", added)
        writer.field("bytes_read", bytesRead)
        writer.field("bytes_stored", bytesStored)
        writer.field("changed", changed)
        writer.field("deleted", deleted)
        writer.field("files", files)
        writer.field("folders", folders)
        writer.field("others", others)
        writer.field("parts", parts)
        writer.field("skipped_sockets", skippedSockets)
        writer.field("total_bytes", totalBytes)
        writer.field("total_files", totalFiles)
        writer.field("unreadable", unreadable)
        writer.end()
    }

    init(reading reader: inout FlatReader) throws(UnusualForm) {
        self.init()
        try reader.begin()
        added = try reader.integer("added")
        bytesRead = try reader.integer("bytes_read")
        bytesStored = try reader.integer("bytes_stored")
        changed = try reader.integer("changed")
        deleted = try reader.integer("deleted")
        files = try reader.integer("files")
        folders = try reader.integer("folders")
        others = try reader.integer("others")
        parts = try reader.integer("parts")
        skippedSockets = try reader.integer("skipped_sockets")
        totalBytes = try reader.integer("total_bytes")
        totalFiles = try reader.integer("total_files")
        unreadable = try reader.integer("unreadable")
        try reader.endObject()
    }
}

extension StoreResult: FlatCoded {
    func write(to writer: inout FlatWriter) {
        writer.begin()
        writer.field("detail", detail)
        writer.field("state", state.rawValue)
        writer.field("store", store)
        writer.end()
    }

    init(reading reader: inout FlatReader) throws(UnusualForm) {
        try reader.begin()
        let detail = try reader.textIfAny("detail")
        let state: State = try reader.word("state")
        let store = try reader.text("store")
        try reader.endObject()
        self.init(store: store, state: state, detail: detail)
    }
}
