// SPDX-License-Identifier: Apache-2.0
import Foundation

/// How the words of a file become those of the plan and of Lifeboat.
package struct ImportRules: Hashable, Sendable {
    /// By our field: the name of the column or key in the file.
    package var columns: [String: String] = [:]
    /// By our field, then by their word: our word, empty for none.
    package var words: [String: [String: String]] = [:]
    /// What a record has that says nothing of a field.
    package var defaults: [String: String] = [:]
    /// The zone of times that carry no offset.
    package var zone: String = "UTC"
    /// Branches that count as main.
    package var mainBranches: [String] = ["main", "master"]
    /// Environments that count as production.
    package var productionEnvironments: [String] = ["production", "prod"]
    /// Names of workflows and jobs that deploy; the rest build.
    ///
    /// `*` at the end stands for anything.
    package var deployments: [String] = []
    /// Severities of alerts that are important.
    package var importantSeverities: [String] = ["critical", "important", "major", "page"]
    /// When a body was received that does not say so.
    package var receivedAt: Moment?
    /// How long a condition holds before it fires, where the rules say so.
    package var hold: Duration?

    package init() {}

    /// The rules that differ from the defaults, in one form; evidence of how a file was read.
    package var summary: String {
        let plain = ImportRules()
        var parts: [String] = []
        parts += columns.sorted { $0.key < $1.key }.map { "column \($0.key)=\($0.value)" }
        for (field, words) in words.sorted(by: { $0.key < $1.key }) {
            parts += words.sorted { $0.key < $1.key }.map { "word \(field):\($0.key)=\($0.value)" }
        }
        parts += defaults.sorted { $0.key < $1.key }.map { "default \($0.key)=\($0.value)" }
        parts.append("zone \(zone)")
        if mainBranches != plain.mainBranches { parts.append("main \(mainBranches.joined(separator: ","))") }
        if productionEnvironments != plain.productionEnvironments {
            parts.append("production \(productionEnvironments.joined(separator: ","))")
        }
        if !deployments.isEmpty { parts.append("deployments \(deployments.joined(separator: ","))") }
        if importantSeverities != plain.importantSeverities {
            parts.append("important \(importantSeverities.joined(separator: ","))")
        }
        if let receivedAt { parts.append("received \(receivedAt.text(decimals: 0))") }
        if let hold { parts.append("hold \(hold.text)") }
        return parts.joined(separator: "; ")
    }

    /// Reads a time: RFC 3339, seconds or milliseconds since 1970, or a local time in ``zone``.
    ///
    /// - Throws: a text that says why not, also for a local hour that the clock skips or shows twice.
    package func moment(_ text: String) throws(TimeFault) -> Moment {
        let text = String(text.trimmingBlanks)
        if let moment = Moment(text) { return moment }
        if let moment = Self.epoch(text) { return moment }
        guard let local = Self.local(text) else { throw TimeFault("'\(text)' is no time") }
        guard let zone = TimeZone(identifier: zone) else { throw TimeFault("there is no zone '\(zone)'") }
        let found = Self.instants(of: local, in: zone)
        guard let first = found.first else {
            throw TimeFault("the clocks of \(zone.identifier) skip '\(text)'")
        }
        guard found.count == 1 else {
            throw TimeFault("the clocks of \(zone.identifier) show '\(text)' twice")
        }
        return first
    }

    package struct TimeFault: Error, Hashable, Sendable {
        package var reason: String

        init(_ reason: String) { self.reason = reason }
    }

    private static func epoch(_ text: String) -> Moment? {
        guard let number = Int64(text), text.count >= 9 else { return nil }
        if text.count <= 10 { return Moment(seconds: number) }
        return text.count == 13 ? Moment(nanoseconds: number * 1_000_000) : nil
    }

    /// The same clock face read as UTC.
    private static func local(_ text: String) -> Moment? {
        var plain = text.replacingOccurrences(of: "/", with: "-").replacingOccurrences(of: "T", with: " ")
        let parts = plain.split(separator: " ")
        guard parts.count == 2 else { return nil }
        if parts[1].count(where: { $0 == ":" }) == 1 { plain += ":00" }
        return Moment(plain.replacingOccurrences(of: " ", with: "T") + "Z")
    }

    private static func instants(of face: Moment, in zone: TimeZone) -> [Moment] {
        let offsets = [-1, 0, 1].map { day in
            zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(face.seconds) + Double(day) * 86_400))
        }
        return Set(offsets).map { face - .seconds($0) }.filter { moment in
            let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment.seconds)))
            return moment + .seconds(offset) == face
        }.sorted()
    }

    /// Whether a name is one of a list in which `*` at the end stands for anything.
    static func matches(_ name: String, _ list: [String]) -> Bool {
        list.contains { $0.hasSuffix("*") ? name.hasPrefix($0.dropLast()) : $0 == name }
    }
}
