// SPDX-License-Identifier: Apache-2.0
import Archiving
package import Continuity
package import Ledger
import SecureShell

/// How deeply a copy is looked at.
package enum VerificationLevel: String, Hashable, Sendable, Codable, CaseIterable {
    /// SHA-256 of every file, by the store's own way of proof.
    case hashes
    /// Every byte read back, decrypted, and every member compared with the index.
    case fullRead = "full_read"
}

/// How much one pass of verification may take; `nil` = no bound.
package struct VerificationBudget: Hashable, Sendable {
    package var bytes: Int?
    package var time: Duration?

    package init(bytes: Int? = nil, time: Duration? = nil) {
        self.bytes = bytes
        self.time = time
    }
}

/// Looks at copies again, those with the oldest proof first.
package struct Verifier: Sendable {
    let desk: CopyDesk

    package init(_ desk: CopyDesk) {
        self.desk = desk
    }

    package init(workspace: Workspace, plan: Plan, ledger: Ledger, time: TimeSource = .system) {
        self.init(CopyDesk(workspace: workspace, plan: plan, ledger: ledger, time: time))
    }

    /// One copy that is to be looked at.
    private struct Task {
        var dataset: Dataset
        var point: CopyBook.Point
        var store: String
        var copy: CopyRecord
    }

    /// Verifies copies within a budget, the oldest proof first; each result is in the ledger when it is returned.
    ///
    /// When the budget is used up in the middle of a copy, the parts that were read stand in the ledger and the
    /// next pass goes on with the others. A store that cannot be reached is asked once in a pass.
    package func verify(
        dataset: String? = nil, store: String? = nil, point: String? = nil,
        level: VerificationLevel = .hashes, budget: VerificationBudget = VerificationBudget(),
        supervision: Supervision = Supervision()
    ) throws -> [CopyVerification] {
        let signers = try desk.keys.allowedSigners()
        var meter = BudgetMeter(budget, time: desk.time)
        var unreachable: Set<String> = []
        var results: [CopyVerification] = []
        for task in try tasks(dataset, store, point) where !meter.isUsedUp && !supervision.isCancelled() {
            guard !unreachable.contains(task.store) else { continue }
            let result = look(at: task, level, signers, &meter, supervision)
            try desk.ledger.append([.copyVerification(result)], at: desk.time.now())
            results.append(result)
            if result.result == .unreachable { unreachable.insert(task.store) }
        }
        return results
    }

    private func tasks(_ dataset: String?, _ store: String?, _ point: String?) throws -> [Task] {
        if let store, desk.plan.store(store) == nil {
            throw OperationError(
                .unknownName, "the plan has no store \(store)",
                hint: Spelling.suggestion(for: store, among: desk.plan.stores.map(\.id)))
        }
        let book = try desk.book()
        var tasks: [Task] = []
        for dataset in try desk.datasets(dataset) {
            for found in book.points(of: dataset.id) where point == nil || point == found.name {
                for (name, copy) in found.copies where store == nil || store == name {
                    guard desk.plan.store(name) != nil, copy.mark?.step != .removed else { continue }
                    tasks.append(Task(dataset: dataset, point: found, store: name, copy: copy))
                }
            }
        }
        if let point, tasks.isEmpty {
            throw OperationError(.unknownName, "no store holds a point \(point)")
        }
        let never = Moment(nanoseconds: .min)
        return tasks.sorted { left, right in
            (left.copy.verifiedAt ?? never, left.point.name, left.store)
                < (right.copy.verifiedAt ?? never, right.point.name, right.store)
        }
    }

    // MARK: - One copy

    private func look(
        at task: Task, _ level: VerificationLevel, _ signers: AllowedSigners, _ meter: inout BudgetMeter,
        _ supervision: Supervision
    ) -> CopyVerification {
        var check = CopyVerification(
            dataset: task.dataset.id, point: task.point.name, store: task.store, checkedAt: desk.time.now(),
            method: .none, result: .passed, bytesRead: 0)
        do {
            let access = try desk.connector.store(task.store)
            let stored = try StoredPoint.read(
                task.point.name, of: task.dataset.id, from: access, signers: signers,
                expecting: task.point.manifestSha256)
            switch level {
            case .hashes: try hash(stored, task, &check, &meter, supervision)
            case .fullRead: try readFully(stored, task, &check, &meter, supervision)
            }
        } catch {
            note(error, in: &check)
        }
        check.checkedAt = desk.time.now()
        return check
    }

    private func note(_ error: any Error, in check: inout CopyVerification) {
        let failure = OperationError(describing: error)
        check.faults = [failure.detail]
        if let remote = error as? RemoteError {
            check.result = remote.code == .noSuchFile ? .lost : .unreachable
        } else if let archive = error as? ArchiveError {
            // A wrong key or a wish to stop says nothing about the copy.
            switch archive.code {
            case .missing: check.result = .lost
            case .wrongKey, .cancelled, .ioFailed, .libraryFailed: check.result = .unreachable
            default: check.result = .corrupt
            }
        } else {
            switch failure.code {
            case .damaged: check.result = failure.detail.contains("there is no") ? .lost : .corrupt
            default: check.result = .unreachable
            }
        }
    }

    private func hash(
        _ stored: StoredPoint, _ task: Task, _ check: inout CopyVerification, _ meter: inout BudgetMeter,
        _ supervision: Supervision
    ) throws {
        let never = Moment(nanoseconds: .min)
        let parts = stored.files.filter { $0.part != nil }.sorted { left, right in
            let known = { (file: StoredPoint.Wanted) in
                file.part.flatMap(task.copy.proof(ofPart:)) ?? never
            }
            return known(left) < known(right)
        }
        // Index and deletions are small and looked at in each slice.
        let files = stored.files.filter { $0.part == nil } + parts
        var done: [Int] = []
        var isWhole = true
        for file in files {
            if file.part != nil, meter.isUsedUp || supervision.isCancelled() {
                isWhole = false
                break
            }
            supervision.progress(
                Progress(
                    label: "verify \(task.point.name) in \(task.store)", files: done.count,
                    bytes: check.bytesRead))
            switch try stored.check(file) {
            case .good(let found): check.method = weaker(check.method, found.method)
            case .corrupt(let words): fail(.corrupt, words, &check)
            case .missing(let words): fail(.lost, words, &check)
            }
            check.bytesRead += file.bytes
            meter.spend(file.bytes)
            if let part = file.part { done.append(part) }
        }
        if !isWhole { check.checkedParts = done.sorted() }
    }

    private func fail(_ result: CopyVerification.Result, _ words: String, _ check: inout CopyVerification) {
        // Missing files are the stronger word: they tell an operator that something was deleted.
        check.result = check.result == .lost ? .lost : result
        if check.faults.count < 20 { check.faults.append(words) }
    }

    private func weaker(_ left: ProofMethod, _ right: ProofMethod) -> ProofMethod {
        left == .hashAtSite ? left : right
    }

    /// Reads every byte back, decrypts it and compares every member with the index; the point is read whole.
    private func readFully(
        _ stored: StoredPoint, _ task: Task, _ check: inout CopyVerification, _ meter: inout BudgetMeter,
        _ supervision: Supervision
    ) throws {
        check.method = .fullRead
        let files = StorePointFiles(access: stored.access, folder: stored.folder)
        let verifier = PointVerifier(ChainPoint(stored.sealed, files: files))
        let label = "read \(task.point.name) in \(task.store)"
        let result = try verifier.fullRead(
            identities: desk.keys.identities(),
            progress: {
                supervision.progress(Progress(label: label, files: $0.members, bytes: $0.contentBytes))
            },
            isCancelled: supervision.isCancelled)
        check.bytesRead = stored.files.reduce(0) { $0 + $1.bytes }
        meter.spend(check.bytesRead)
        for file in result.files {
            guard let error = file.error else { continue }
            fail(error.code == .missing ? .lost : .corrupt, "\(file.name): \(error.detail)", &check)
        }
        for fault in result.faults.prefix(20) { fail(.corrupt, fault.description, &check) }
    }
}

/// Counts what a pass has used.
struct BudgetMeter {
    private let budget: VerificationBudget
    private let time: TimeSource
    private let begin: Duration
    private var bytes = 0

    init(_ budget: VerificationBudget, time: TimeSource) {
        self.budget = budget
        self.time = time
        begin = time.sinceBoot()
    }

    mutating func spend(_ count: Int) {
        bytes += count
    }

    var isUsedUp: Bool {
        if let limit = budget.bytes, bytes >= limit { return true }
        if let limit = budget.time, time.sinceBoot() - begin >= limit { return true }
        return false
    }
}
