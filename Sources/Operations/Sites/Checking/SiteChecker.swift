// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import SecureShell

/// Reaches the hosts of a plan and proves what the plan says of them (`lifeboat site check`).
///
/// Blocking; hosts are looked at in parallel. Nothing stays behind: a sample for the rates is removed again, and a vault
/// keeps one canary for ever.
package struct SiteChecker: Sendable {
    let connector: SiteConnector
    /// Bytes of the sample for the rates.
    var sample = 16 << 20

    package init(_ connector: SiteConnector) {
        self.connector = connector
    }

    /// What must be said once, whatever the hosts answer.
    package static let preface =
        "ssh_config is not read: addresses, users, keys and jump hosts are those of the plan"

    /// Looks at these hosts, each on a thread of its own, in the order given.
    package func check(_ hosts: [String]) throws -> [HostReport] {
        let entries = try hosts.map { name in
            guard let host = connector.plan.host(name) else {
                throw OperationError(
                    .unknownName, "the plan has no host \(name)",
                    hint: Spelling.suggestion(for: name, among: connector.plan.hosts.map(\.id)))
            }
            return host
        }
        return try inParallel(entries, "check") { check($0) }.map { try $0.get() }
    }

    /// Looks at one host and its stores; whatever goes wrong stands in the report.
    func check(_ host: Continuity.Host) -> HostReport {
        var report = HostReport(
            host: host.id, site: host.site, check: SiteCheck(site: host.site, host: host.id, succeeded: false)
        )
        do {
            let pool = try connector.pool(of: host.id)
            try pool.with { session in
                report.lines += Self.identity(of: session.session)
                try measure(session, host, &report)
            }
            let stores = connector.plan.stores.filter { $0.host == host.id }
            for store in stores {
                report.stores.append(check(StoreAccess(store: store, pool: pool), host))
            }
            if stores.isEmpty, report.check.clockOffsetSeconds == nil {
                report.lines.append(
                    .init(.warning, "use", "no store lies there, and the account has no shell"))
            }
            fill(&report)
        } catch {
            let error = OperationError(describing: error)
            report.error = error
            report.check.detail = error.detail
        }
        return report
    }

    private func fill(_ report: inout HostReport) {
        report.check.succeeded = report.isSound
        report.check.freeBytes = report.stores.compactMap(\.freeBytes).min()
        report.check.bytesPerSecondUp = report.stores.compactMap(\.bytesPerSecondUp).min()
        report.check.bytesPerSecondDown = report.stores.compactMap(\.bytesPerSecondDown).min()
        let failures = (report.lines + report.stores.flatMap(\.lines)).filter { $0.level == .failure }
        report.check.detail = failures.isEmpty ? nil : failures.map(\.text).joined(separator: "; ")
    }
}

// MARK: - The host

extension SiteChecker {
    private static func identity(of session: Session) -> [HostReport.Line] {
        [
            .init(.good, "host key", "\(session.hostKey?.text ?? "") as pinned"),
            .init(
                .good, "login", "as \(session.endpoint.user); the server is \(shown(session.serverBanner))"),
        ]
    }

    private func measure(
        _ session: PooledSession, _ host: Continuity.Host, _ report: inout HostReport
    ) throws {
        let roundTrip = try session.roundTrip()
        report.check.roundTripSeconds = roundTrip / .seconds(1)
        report.lines.append(.init(.good, "round trip", roundTrip.text))
        report.lines += try Self.extensions(of: session)
        report.lines.append(try machine(session, host))
        do {
            let sample = try session.shell().clockSample()
            report.check.clockOffsetSeconds = sample.offset / .seconds(1)
            report.check.clockBoundSeconds = sample.bound / .seconds(1)
            report.lines.append(Self.clock(sample))
        } catch let error as RemoteError where error.code == .refused {
            session.dropShell()
            report.lines.append(.init(.note, "clock", "not known: the account has no shell"))
        }
    }

    /// More than a second apart, after the bound, times of different sites can no longer be compared by eye.
    private static func clock(_ sample: ClockSample) -> HostReport.Line {
        let seconds = sample.offset / .seconds(1)
        let bound = sample.bound / .seconds(1)
        let sign = seconds < 0 ? "behind" : "ahead"
        let text = "\(rounded(abs(seconds))) s \(sign), to within \(rounded(bound)) s"
        guard abs(seconds) - bound > 1 else { return .init(.good, "clock", text) }
        return .init(
            .warning, "clock", text, hint: "let it follow a time server; drills correct for it and say so")
    }

    private static func rounded(_ seconds: Double) -> String {
        let thousandths = Int((seconds * 1000).rounded(.up))
        let rest = String(thousandths % 1000)
        return "\(thousandths / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }

    /// What stores need from the server beyond the protocol's third version.
    private static func extensions(of session: PooledSession) throws -> [HostReport.Line] {
        let found = try FileRequests(session.session).extensions
        let needed = ["fsync@openssh.com", "statvfs@openssh.com"]
        let missing = needed.filter { found[$0] == nil }
        guard missing.isEmpty else {
            return [
                .init(
                    .failure, "sftp", "the server lacks \(missing.joined(separator: ", "))",
                    hint: "use OpenSSH's sftp-server or internal-sftp, and allow these requests")
            ]
        }
        return [
            .init(.good, "sftp", "\(found.count) extensions, among them \(needed.joined(separator: " and "))")
        ]
    }

    private func machine(_ session: PooledSession, _ host: Continuity.Host) throws -> HostReport.Line {
        var found: String?
        // What cannot be read is a finding, not a failure of the check.
        if let file = try? session.files().open("/etc/machine-id", for: .reading) {
            var bytes = [UInt8](repeating: 0, count: 64)
            let count = try bytes.withUnsafeMutableBytes { try file.read(at: 0, into: $0) }
            try file.close()
            found = String(decoding: bytes[..<count], as: UTF8.self).filter { $0.isHexDigit }
        }
        switch (host.machineID, found) {
        case (nil, nil): return .init(.note, "machine", "its machine-id cannot be read")
        case (nil, let found?): return .init(.note, "machine", "machine-id \(found), not pinned in the plan")
        case (_?, nil):
            return .init(.failure, "machine", "its machine-id cannot be read, and the plan pins one")
        case (let wanted?, let found?) where wanted == found:
            return .init(.good, "machine", "machine-id as pinned")
        case (let wanted?, let found?):
            return .init(
                .failure, "machine", "another machine: expected machine-id \(wanted), found \(found)",
                hint: "two hosts of the plan may lead to one machine")
        }
    }

    /// A server's own words, without what a terminal would obey.
    static func shown(_ text: String) -> String {
        String(text.unicodeScalars.prefix(100).filter { $0.value >= 32 && !(127...159).contains($0.value) })
    }
}
