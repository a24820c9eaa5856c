// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Ledger
import Operations
import Reporting

struct SiteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "site", abstract: "Reach the hosts of the plan and prove what it says of them.",
        subcommands: [SiteCheckCommand.self, SiteTrustCommand.self])
}

struct SiteCheckCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Host key, login, free space, round trip, rates, clock; a vault is attacked to prove it.",
        discussion: """
            Ends with 4 when a store that calls itself append-only can be changed, 69 when a host cannot be
            reached, 5 when something could not be tried, 3 for any other fault.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Hosts or sites; without any, all hosts of the plan.")
    var hosts: [String] = []

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let chosen =
            try hosts.isEmpty ? place.plan.hosts.map(\.id) : hosts.flatMap { try place.plan.hosts(named: $0) }
        console.say("lifeboat: note: \(SiteChecker.preface)")
        let reports = try SiteChecker(place.connector).check(chosen)
        try place.ledger.append(reports.map { .siteChecked($0.check) }, at: place.time.now())
        try console.print(SiteCheckOutput(reports)) {
            reports.map { SiteText(report: $0, style: console.style).text }.joined(separator: "\n\n")
        }
        return ExitStatus.worst(of: reports.map(\.status))
    }
}

extension Plan {
    /// The hosts that a name means: a host, or all of a site.
    fileprivate func hosts(named name: String) throws -> [String] {
        if host(name) != nil { return [name] }
        let there = hosts.filter { $0.site == name }.map(\.id)
        guard !there.isEmpty else {
            throw OperationError(
                .unknownName, "the plan has no host or site '\(name)'",
                hint: Spelling.suggestion(for: name, among: hosts.map(\.id) + sites.map(\.id)))
        }
        return there
    }
}

extension HostReport {
    fileprivate var status: ExitStatus {
        if let error { return ExitStatus(error.code) }
        if stores.contains(where: { $0.vault == .broken }) { return .refused }
        let all = lines + stores.flatMap(\.lines)
        if all.contains(where: { $0.level == .failure }) { return .failed }
        if stores.contains(where: { $0.vault == .unproven }) { return .unproven }
        return all.contains { $0.level == .warning } ? .warnings : .success
    }
}

/// One host's report for a person.
private struct SiteText {
    let report: HostReport
    let style: TextStyle

    var text: String {
        var lines = [style.paint("\(report.host) at \(report.site)", .strong)]
        if let error = report.error {
            lines.append("  " + style.paint("FAILED", .bad) + "  \(Escaping.visible(error.detail))")
            if let hint = error.hint { lines.append("    hint: \(Escaping.visible(hint))") }
        }
        lines += report.lines.flatMap { self.lines(of: $0, indent: "  ") }
        for store in report.stores {
            lines.append("  store \(store.store)" + (store.vault.map { ", vault \($0.rawValue)" } ?? ""))
            lines += store.lines.flatMap { self.lines(of: $0, indent: "    ") }
            lines += store.attacks.filter(\.hasSucceeded).map {
                "    " + style.paint("SUCCEEDED", .bad) + "  attack: \(Escaping.visible($0.name))"
            }
        }
        return lines.joined(separator: "\n")
    }

    private func lines(of line: HostReport.Line, indent: String) -> [String] {
        let mark: String =
            switch line.level {
            case .good: style.paint("ok", .good) + "     "
            case .note: style.paint("note", .faint) + "   "
            case .warning: style.paint("warn", .doubtful) + "   "
            case .failure: style.paint("FAIL", .bad) + "   "
            }
        let text = indent + mark + Escaping.visible("\(line.topic): \(line.text)")
        return [text] + (line.hint.map { ["\(indent)         hint: \(Escaping.visible($0))"] } ?? [])
    }
}

private struct SiteCheckOutput: Encodable {
    struct Line: Encodable {
        var level: String
        var topic: String
        var text: String
        var hint: String?
    }

    struct Attack: Encodable {
        var attack: String
        var hasSucceeded: Bool
    }

    struct Store: Encodable {
        var store: String
        var vault: String?
        var lines: [Line]
        var attacks: [Attack]
    }

    struct Host: Encodable {
        var host: String
        var error: String?
        var check: SiteCheck
        var lines: [Line]
        var stores: [Store]
    }

    var hosts: [Host]

    init(_ reports: [HostReport]) {
        func lines(_ all: [HostReport.Line]) -> [Line] {
            all.map { Line(level: $0.level.rawValue, topic: $0.topic, text: $0.text, hint: $0.hint) }
        }
        hosts = reports.map { report in
            Host(
                host: report.host, error: report.error?.detail, check: report.check,
                lines: lines(report.lines),
                stores: report.stores.map { store in
                    Store(
                        store: store.store, vault: store.vault?.rawValue, lines: lines(store.lines),
                        attacks: store.attacks.map { Attack(attack: $0.name, hasSucceeded: $0.hasSucceeded) })
                })
        }
    }
}

struct SiteTrustCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: "Show the key that a host presents, to be compared and put into the plan.",
        discussion: """
            Nothing is trusted by this command: compare the fingerprint with what the machine's own console
            says ('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub'), then write it into hosts.NAME.host_key.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "A host or a site of the plan; without one, all.")
    var host: String?

    func perform(_ console: Console) throws -> ExitStatus {
        let workspace = try common.findWorkspace()
        let loaded = try common.readPlan(workspace, console)
        let names = try host.map { try loaded.plan.hosts(named: $0) } ?? loaded.plan.hosts.map(\.id)
        let scanner = HostKeyScanner(plan: loaded.plan, workspace: workspace)
        let shown = try names.map { try scanner.scan($0) }
        try console.print(SiteTrustOutput(hosts: shown)) {
            shown.map { key in
                let state: String =
                    switch key.state {
                    case .pinned: "is the pinned one"
                    case .unknown: "is not in the plan"
                    case .changed: "IS NOT THE PINNED ONE, which is \(key.pinned ?? "")"
                    }
                return Escaping.visible("\(key.host): host_key: \"\(key.shown)\"  \(state)")
            }.joined(separator: "\n")
        }
        return shown.contains { $0.state == .changed } ? .refused : .success
    }
}

private struct SiteTrustOutput: Encodable {
    var hosts: [HostKeyScanner.Shown]
}
