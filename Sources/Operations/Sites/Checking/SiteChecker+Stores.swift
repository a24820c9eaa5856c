// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import SecureShell

/// What is looked at in a store.
extension SiteChecker {
    func check(_ access: StoreAccess, _ host: Continuity.Host) -> StoreReport {
        var report = StoreReport(store: access.store.id)
        do {
            try room(access, &report)
            if access.store.isAppendOnly {
                try prove(access, host, &report)
                try readRate(access, &report)
            } else {
                try rates(access, &report)
            }
            try proof(access, &report)
        } catch {
            let error = OperationError(describing: error)
            report.lines.append(.init(.failure, "store", error.detail, hint: error.hint))
        }
        return report
    }

    private func room(_ access: StoreAccess, _ report: inout StoreReport) throws {
        let free = try access.freeSpace()
        report.freeBytes = free.available
        let share = free.total > 0 ? Double(free.available) / Double(free.total) : 1
        let text = "\(ByteText.of(free.available)) of \(ByteText.of(free.total)) free"
        // A twentieth: below it most file systems become slow, and a full one takes no backup at all.
        report.lines.append(.init(share < 0.05 ? .warning : .good, "room", text))
        if let files = free.availableFiles, files < 10_000 {
            report.lines.append(.init(.warning, "room", "only \(files) more files can be made"))
        }
    }

    private func proof(_ access: StoreAccess, _ report: inout StoreReport) throws {
        switch access.store.proof {
        case .hashAtSite: break
        case .readBack:
            report.lines.append(.init(.note, "proof", "each file is read back"))
            return
        case .sampled:
            report.lines.append(
                .init(
                    .note, "proof", "a sample is read back; copies count once 'lifeboat verify' has read them"
                ))
            return
        }
        let program = try access.pool.ask { session -> String? in
            do {
                let answer = try session.shell().capture(
                    "command -v openssl || command -v sha256sum || command -v shasum")
                return answer.status.isSuccess ? Self.shown(answer.outputText) : nil
            } catch let error as RemoteError where error.code == .refused {
                session.dropShell()
                return nil
            }
        }
        report.lines.append(
            program.map { .init(.good, "proof", "SHA-256 computed there by \($0)") }
                ?? .init(
                    .warning, "proof", "nothing there can compute a SHA-256, so each file is read back",
                    hint: "say 'proof: read_back' in the plan, or give the account a shell and openssl"))
    }

    // MARK: - Rates

    /// Sends a sample, reads it back, and removes it.
    private func rates(_ access: StoreAccess, _ report: inout StoreReport) throws {
        let name = "rate-\(UInt64.random(in: .min ... .max))"
        try access.makeFolder(.root)
        let block = Self.noise()
        try access.pool.with { session in
            let files = try session.files()
            let path = access.path(of: name, in: .root)
            let begin = ContinuousClock.now
            let file = try files.open(path, for: .creating(mode: 0o600))
            // Whatever happens next, the sample goes; an error of its own is the more telling one.
            defer { try? files.remove(path) }
            var size = 0
            // Three seconds are enough to know a rate, and as much as a person waits for gladly.
            while size < sample, begin.duration(to: .now) < .seconds(3) {
                try block.withUnsafeBytes { try file.write($0) }
                size += block.count
            }
            try file.fsync()
            try file.close()
            let up = Double(size) / (begin.duration(to: .now) / .seconds(1))
            let reading = try files.open(path, for: .reading)
            let down = try Self.rate(of: reading, limit: size)
            try reading.close()
            (report.bytesPerSecondUp, report.bytesPerSecondDown) = (up, down)
            report.lines.append(
                .init(
                    .good, "rate",
                    "\(ByteText.of(Int(up)))/s up, \(ByteText.of(Int(down)))/s down, by \(ByteText.of(size)) synced and read back"
                ))
        }
    }

    /// Reads from what a vault holds already: a sample would stay there for ever.
    private func readRate(_ access: StoreAccess, _ report: inout StoreReport) throws {
        let newest = try access.datasets().flatMap { dataset in
            try access.points(of: dataset).suffix(1).map { try StoreFolder.point($0, of: dataset) }
        }
        let files = try newest.flatMap { folder in try access.names(in: folder).map { (folder, $0) } }
        guard let (folder, file) = files.max(by: { $0.1.size < $1.1.size }), file.size >= 1 << 20 else {
            report.lines.append(.init(.note, "rate", "not known until something was backed up there"))
            return
        }
        let down = try access.pool.with { session in
            try Self.rate(
                of: session.files().open(access.path(of: file.name, in: folder), for: .reading), limit: sample
            )
        }
        report.bytesPerSecondDown = down
        report.lines.append(
            .init(.good, "rate", "\(ByteText.of(Int(down)))/s down; up is that of the last transfer"))
    }

    private static func rate(of file: RemoteFile, limit: Int) throws -> Double {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4 << 20, alignment: 16)
        defer { buffer.deallocate() }
        let begin = ContinuousClock.now
        var size = 0
        while size < limit, begin.duration(to: .now) < .seconds(3) {
            let count = try file.read(at: size, into: buffer)
            guard count > 0 else { break }
            size += count
        }
        return Double(size) / (begin.duration(to: .now) / .seconds(1))
    }

    // MARK: - Vault

    private func prove(
        _ access: StoreAccess, _ host: Continuity.Host, _ report: inout StoreReport
    ) throws {
        let attacks = try VaultAttacker(store: access, dialer: connector.dialer, host: host).attack()
        report.attacks = attacks
        let broken = attacks.filter(\.hasSucceeded)
        let open = attacks.compactMap { attack -> String? in
            guard case .undecided(let why) = attack.outcome else { return nil }
            return "\(attack.name) (\(why))"
        }
        if !broken.isEmpty {
            report.vault = .broken
            report.lines.append(
                .init(
                    .failure, "vault",
                    "this is no vault: its account can \(broken.map(\.name).joined(separator: ", "))",
                    hint: "set its sshd up as 'Vault stores' in the documentation says, and check again"))
        } else if !open.isEmpty {
            report.vault = .unproven
            report.lines.append(
                .init(
                    .warning, "vault",
                    "no attack succeeded, but some are undecided: \(open.joined(separator: ", "))"))
        } else {
            report.vault = .proven
            report.lines.append(.init(.good, "vault", "all of \(attacks.count) attacks were refused"))
        }
    }
}

extension SiteChecker {
    /// A block that neither a line nor a file system can make smaller.
    private static func noise() -> Block {
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Block.capacity)
        while bytes.count < Block.capacity {
            var number = generator.next()
            withUnsafeBytes(of: &number) { bytes.append(contentsOf: $0) }
        }
        return Block(copying: bytes)
    }
}
