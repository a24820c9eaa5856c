// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Ledger

/// The backups of other programs: what their repositories hold, and what their checks found.
extension ImportDesk {
    /// Where a repository stands, and of what it is a copy.
    package struct Repository: Hashable, Sendable {
        /// The name that listings and checks of it share, such as `west`.
        package var name: String
        /// `nil` for a check of everything that the repository holds.
        package var dataset: String?
        package var site: String?
        package var isAppendOnly = false
        /// Which of its snapshots are of the dataset; see `RepositoryReading`.
        package var only: [String: String] = [:]
        /// When the program was asked; `nil` = when the file was last written.
        package var askedAt: Moment?

        package init(name: String) {
            self.name = name
        }
    }

    /// Takes a listing, or what a check put out.
    ///
    /// - Throws: `OperationError` with `.badInput` when the text is no such thing, `.unknownName` for a dataset
    ///   or site that the plan does not know, `.refused` for a check of a repository that was never listed.
    package func take(
        _ file: ImportFile, as kind: ImportKind, of repository: Repository, rules: ImportRules,
        at now: Moment
    ) throws -> Outcome {
        guard Spelling.isName(repository.name) else {
            throw OperationError(
                .badInput, "'\(repository.name)' cannot name a repository",
                hint: "use letters, digits, '-' and '_', and begin with a letter")
        }
        let askedAt = try askedAt(file, repository, now)
        let words = Self.words(repository, askedAt, rules)
        if let known = try repeated(file, kind, words, nil) {
            return Outcome(batch: known, isRepeated: true)
        }
        var batch = self.batch(file, kind, registers: [.backups], nil, words, at: now)
        do {
            switch kind {
            case .resticCheck, .borgCheck, .pgbackrestVerify:
                let reading = try RepositoryCheckReading(file.text, as: kind)
                return try take(reading, kind, repository, askedAt, &batch, now)
            default:
                let reading = try RepositoryReading(file.text, as: kind, only: repository.only, rules: rules)
                return try take(reading, kind, repository, askedAt, &batch, now)
            }
        } catch let fault as ImportFault {
            throw Self.bad(file, fault)
        }
    }

    private static func words(_ repository: Repository, _ askedAt: Moment, _ rules: ImportRules) -> String {
        var words = ["repository \(repository.name)"]
        if let dataset = repository.dataset { words.append("dataset \(dataset)") }
        if let site = repository.site { words.append("site \(site)") }
        if repository.isAppendOnly { words.append("append only") }
        words += repository.only.sorted { $0.key < $1.key }.map { "only \($0.key)=\($0.value)" }
        words.append("asked \(askedAt.text(decimals: 0))")
        words.append("zone \(rules.zone)")
        return words.joined(separator: "; ")
    }

    private func askedAt(_ file: ImportFile, _ repository: Repository, _ now: Moment) throws -> Moment {
        let at = repository.askedAt ?? file.writtenAt ?? now
        guard at <= now + .minutes(5) else {
            throw OperationError(
                .refused, "it would have been asked in the future, at \(at.text(decimals: 0))")
        }
        return at
    }

    // MARK: - Listings

    private func take(
        _ reading: RepositoryReading, _ kind: ImportKind, _ repository: Repository, _ askedAt: Moment,
        _ batch: inout ImportBatch, _ now: Moment
    ) throws -> Outcome {
        let dataset = try dataset(repository.dataset)
        guard let site = repository.site else {
            throw OperationError(.refused, "where it lies is not said", hint: "give --site")
        }
        guard plan.site(site) != nil else {
            throw OperationError(
                .unknownName, "the plan has no site '\(site)'",
                hint: Spelling.suggestion(for: site, among: plan.sites.map(\.id)))
        }
        if let late = reading.snapshots.last, late.consistencyAt > askedAt {
            throw OperationError(
                .refused,
                "snapshot \(late.id) is of \(late.consistencyAt.text(decimals: 0)), after the listing of "
                    + askedAt.text(decimals: 0),
                hint: "give --asked-at, or the zone of its times with --zone")
        }
        let listing = RepositoryListing(
            id: batch.id, tool: Self.tool(kind), repository: repository.name, dataset: dataset, site: site,
            isAppendOnly: repository.isAppendOnly, listedAt: askedAt, snapshots: reading.snapshots)
        let before = CopyBook(try ledger.events(of: [.repositoryListing, .repositoryCheck]))
        let known = reading.snapshots.count { snapshot in
            before.point("\(listing.store)/\(snapshot.id)", of: dataset) != nil
        }
        batch.taken = reading.snapshots.count - known
        batch.known = known
        Self.note(reading.skipped, in: &batch)
        try ledger.append([.repositoryListing(listing), .importBatch(batch)], at: now)
        return Outcome(batch: batch, skipped: reading.skipped, notes: reading.notes)
    }

    private func dataset(_ name: String?) throws -> String {
        guard let name else {
            throw OperationError(.refused, "of what it is a copy is not said", hint: "give --dataset")
        }
        guard plan.dataset(name) != nil else {
            throw OperationError(
                .unknownName, "the plan has no dataset '\(name)'",
                hint: Spelling.suggestion(for: name, among: plan.datasets.map(\.id)))
        }
        return name
    }

    private static func tool(_ kind: ImportKind) -> RepositoryListing.Tool {
        switch kind {
        case .borg, .borgCheck: .borg
        case .pgbackrest, .pgbackrestVerify: .pgbackrest
        default: .restic
        }
    }

    // MARK: - Checks

    private func take(
        _ reading: RepositoryCheckReading, _ kind: ImportKind, _ repository: Repository, _ askedAt: Moment,
        _ batch: inout ImportBatch, _ now: Moment
    ) throws -> Outcome {
        let tool = Self.tool(kind)
        let store = "\(tool.rawValue)/\(repository.name)"
        let listed = try listings().filter { $0.store == store && $0.withdrawnAt == nil }.map(\.dataset)
        let datasets = try repository.dataset.map { [try dataset($0)] } ?? Set(listed).sorted()
        guard !datasets.isEmpty, datasets.allSatisfy(listed.contains) else {
            throw OperationError(
                .refused, "nothing of \(store) was ever listed, so there is nothing that was checked",
                hint: "import its listing first, under the same --repository")
        }
        let checks = datasets.map { dataset in
            RepositoryCheck(
                id: batch.id, tool: tool, repository: repository.name, dataset: dataset, checkedAt: askedAt,
                level: reading.level, passed: reading.passed, detail: reading.detail)
        }
        batch.taken = checks.count
        try ledger.append(checks.map { .repositoryCheck($0) } + [.importBatch(batch)], at: now)
        return Outcome(batch: batch, notes: [Self.note(reading, datasets)])
    }

    private static func note(_ reading: RepositoryCheckReading, _ datasets: [String]) -> String {
        let names = datasets.joined(separator: ", ")
        if !reading.passed {
            return "the check FAILED: \(reading.detail ?? "no detail"); \(names) is taken for damaged"
        }
        switch reading.level {
        case .bytes: return "every byte was read; the copies of \(names) count as verified"
        case .structure:
            return "only the structure was checked, so no copy of \(names) counts as verified by it"
        }
    }

    // MARK: - Taking back

    private func listings() throws -> [RepositoryListing] {
        var newest: [String: RepositoryListing] = [:]
        for event in try ledger.events(of: [.repositoryListing]) {
            guard case .repositoryListing(let listing) = event.body else { continue }
            newest["\(listing.id) \(listing.dataset)"] = listing
        }
        return Array(newest.values)
    }

    /// The events that take back what a batch said of repositories.
    func repositoryEvents(of batch: String, withdrawnAt now: Moment) throws -> [EventBody] {
        var events: [EventBody] = try listings().filter { $0.id == batch }.map { listing in
            var listing = listing
            listing.snapshots = []
            listing.withdrawnAt = now
            return .repositoryListing(listing)
        }
        for event in try ledger.events(of: [.repositoryCheck]) {
            guard case .repositoryCheck(var check) = event.body, check.id == batch else { continue }
            check.withdrawnAt = now
            events.append(.repositoryCheck(check))
        }
        return events
    }
}
