// SPDX-License-Identifier: Apache-2.0
import Archiving
package import Continuity
package import Ledger

/// What is to be restored, from where, to where.
package struct RestoreRequest: Hashable, Sendable {
    package enum Target: Hashable, Sendable {
        /// A folder of this machine.
        case folder(String)
        /// A folder at a host of the plan, unpacked by that host's own tar.
        case host(String, folder: String)
    }

    package var dataset: String
    /// Paths below the dataset's root; empty for everything.
    package var paths: [String]
    package var target: Target
    /// The newest point not later than this; `nil` for the newest.
    package var at: Moment?
    /// A point by its name; wins over `at`.
    package var point: String?
    /// A store or a site of the plan; `nil` for the best.
    package var from: String?
    /// Whether owners, setuid bits, capabilities and devices are left out though the signer is known.
    package var isUntrusted: Bool

    package init(
        dataset: String, paths: [String] = [], to target: Target, at: Moment? = nil, point: String? = nil,
        from: String? = nil, isUntrusted: Bool = false
    ) {
        self.dataset = dataset
        self.paths = paths
        self.target = target
        self.at = at
        self.point = point
        self.from = from
        self.isUntrusted = isUntrusted
    }
}

/// What a restore would take.
package struct RestoreEstimate: Hashable, Sendable, Codable {
    package var dataset: String
    package var point: String
    package var consistencyAt: Moment
    package var store: String
    package var site: String
    /// The points to be read, the full one first.
    package var chain: [String]
    package var members: Int
    /// Bytes to be written at the target.
    package var bytes: Int
    /// Bytes to be fetched from the store, at most.
    package var bytesFetched: Int
    /// From the rate that `site check` measured; `nil` when nobody has.
    package var seconds: Double?
    package var isTrusted: Bool

    package init(
        dataset: String, point: String, consistencyAt: Moment, store: String, site: String, chain: [String],
        members: Int, bytes: Int, bytesFetched: Int, seconds: Double?, isTrusted: Bool
    ) {
        self.dataset = dataset
        self.point = point
        self.consistencyAt = consistencyAt
        self.store = store
        self.site = site
        self.chain = chain
        self.members = members
        self.bytes = bytes
        self.bytesFetched = bytesFetched
        self.seconds = seconds
        self.isTrusted = isTrusted
    }
}

/// Brings a point, or some paths of it, back.
package struct Restorer: Sendable {
    let desk: CopyDesk

    package init(_ desk: CopyDesk) {
        self.desk = desk
    }

    package init(workspace: Workspace, plan: Plan, ledger: Ledger, time: TimeSource = .system) {
        self.init(CopyDesk(workspace: workspace, plan: plan, ledger: ledger, time: time))
    }

    func open(_ request: RestoreRequest) throws -> OpenChain {
        let dataset = try desk.dataset(request.dataset)
        let chooser = PointChooser(desk: desk, dataset: dataset, book: try desk.book())
        let choice = try chooser.choose(point: request.point, from: request.from, at: request.at)
        return try OpenChain.open(choice, desk: desk, isUntrusted: request.isUntrusted)
    }

    /// Paths as the index has them: relative, without a slash at either end; `nil` for everything.
    private func paths(_ request: RestoreRequest) throws -> [[UInt8]]? {
        let paths = try request.paths.map { text -> [UInt8] in
            let bytes = Array(text.utf8.drop { $0 == UInt8(ascii: "/") })
            let end = bytes.lastIndex { $0 != UInt8(ascii: "/") }.map { $0 + 1 } ?? 0
            let path = Array(bytes[..<end])
            guard path.isEmpty || MemberPath.isSafe(path) else {
                throw OperationError(.badInput, "'\(text)' is not a path below the dataset's root")
            }
            return path
        }
        return paths.isEmpty || paths.contains([]) ? nil : paths
    }

    /// What the restore would read and write; changes nothing.
    package func estimate(_ request: RestoreRequest) throws -> RestoreEstimate {
        let chain = try open(request)
        let estimate = try chain.reader.estimate(paths(request))
        let store = desk.plan.store(chain.store)
        let rate = try store.flatMap { try downRate(of: $0.host) }
        return RestoreEstimate(
            dataset: request.dataset, point: chain.choice.point.name,
            consistencyAt: chain.choice.point.consistencyAt, store: chain.store,
            site: store.flatMap(desk.plan.site(of:))?.id ?? "", chain: chain.choice.chain.map(\.name),
            members: estimate.members, bytes: estimate.bytes, bytesFetched: estimate.bytesFetched,
            seconds: rate.map { Double(estimate.bytesFetched) / $0 }, isTrusted: chain.isTrusted)
    }

    /// The rate of the newest `site check` of a host, in bytes a second.
    private func downRate(of host: String) throws -> Double? {
        try desk.ledger.events(of: [.siteChecked]).reversed().lazy.compactMap { event -> Double? in
            guard case .siteChecked(let check) = event.body, check.host == host else { return nil }
            return check.bytesPerSecondDown
        }.first { $0 > 0 }
    }

    /// Restores into an empty folder, every file compared with the index.
    ///
    /// While it runs, retention removes nothing of the dataset.
    ///
    /// - Returns: the run as it stands in the ledger; `succeeded` is false when some path did not come back.
    /// - Throws: `OperationError` with `.refused` when the target is not empty, `.unreachable` when no store
    ///   that holds the point answers, `.damaged` when what a store holds is not what was written.
    package func restore(_ request: RestoreRequest, supervision: Supervision = Supervision()) throws
        -> RestoreRun
    {
        let begun = desk.time.now()
        let hold = try RestoreHold.take(desk, request.dataset, at: begun)
        defer { hold.release() }
        let chain = try open(request)
        let paths = try paths(request)
        var run = RestoreRun(
            run: CopyDesk.runName("restore", at: begun), dataset: request.dataset,
            point: chain.choice.point.name, store: chain.store, host: nil, target: "", paths: request.paths,
            begunAt: begun, endedAt: begun, succeeded: false, members: 0, bytes: 0, membersVerified: 0,
            leftOut: 0)
        do {
            switch request.target {
            case .folder(let folder):
                run.target = folder
                try restore(chain, paths, into: folder, &run, supervision)
            case .host(let host, let folder):
                run.host = host
                run.target = folder
                try HostRestore(desk: desk, chain: chain, paths: paths, host: host, folder: folder)
                    .restore(&run, supervision)
            }
        } catch {
            run.detail = OperationError(describing: error).detail
            try writeDown(&run)
            throw error
        }
        try writeDown(&run)
        return run
    }

    private func writeDown(_ run: inout RestoreRun) throws {
        run.endedAt = desk.time.now()
        try desk.ledger.append([.restoreRun(run)], at: run.endedAt)
    }

    private func restore(
        _ chain: OpenChain, _ paths: [[UInt8]]?, into folder: String, _ run: inout RestoreRun,
        _ supervision: Supervision
    ) throws {
        let label = "restore \(run.point)"
        let summary = try chain.reader.restore(
            paths, into: folder, options: RestoreOptions(isTrusted: chain.isTrusted),
            progress: { supervision.progress(Progress(label: label, files: $0.files, bytes: $0.bytes)) },
            isCancelled: supervision.isCancelled)
        run.note(summary)
    }
}

extension RestoreRun {
    /// Takes in what a reader brought back.
    mutating func note(_ summary: RestoreSummary) {
        members = summary.members
        bytes = summary.bytes
        membersVerified = summary.verifiedFiles
        leftOut = summary.leftOut.values.reduce(0, +)
        succeeded = summary.isWhole
        var words: [String] = []
        if let first = summary.faults.first {
            words.append("\(summary.faultCount) paths did not come back, the first: \(first)")
        }
        if !summary.leftOut.isEmpty {
            let reasons = summary.leftOut.sorted { $0.key.rawValue < $1.key.rawValue }
            words.append(
                "left out: " + reasons.map { "\($0.value) \($0.key.rawValue)" }.joined(separator: ", "))
        }
        if summary.incompleteCount > 0 {
            words.append("\(summary.incompleteCount) files were not read whole when the point was made")
        }
        detail = words.isEmpty ? nil : words.joined(separator: "; ")
    }
}

/// Keeps retention away from a dataset while it is being read.
struct RestoreHold {
    let desk: CopyDesk
    let hold: RetentionHold

    /// A day: a restore that is killed must not hold a dataset for ever.
    static func take(_ desk: CopyDesk, _ dataset: String, at now: Moment) throws -> RestoreHold {
        let random = (0..<4).map { _ in UInt8.random(in: .min ... .max) }.lowercaseHex
        let hold = RetentionHold(
            id: "restore-\(random)", dataset: dataset, reason: "a restore by process \(ProcessName.own)",
            begunAt: now, endsAt: now + .days(1))
        try desk.ledger.append([.retentionHold(hold)], at: now)
        return RestoreHold(desk: desk, hold: hold)
    }

    func release() {
        var released = hold
        released.isReleased = true
        // A hold that cannot be released ends by itself.
        _ = try? desk.ledger.append([.retentionHold(released)], at: desk.time.now())
    }
}
