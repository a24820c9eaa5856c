// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Ledger

/// Something that a drill left at a host.
package struct Leftover: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable {
        case fault
        case undo
        case unit
        case folder
        case table
        /// A network of its own, named `drill-RUN`.
        case netns
        case netem
        /// A replication slot of PostgreSQL, named `drill_RUN…`: `NAME@SOCKET`.
        case slot
    }

    package var host: String
    package var kind: Kind
    /// `-` when nobody can say.
    package var run: String
    package var name: String
}

/// What a look at a host has come to.
package struct Search: Hashable, Sendable {
    package var leftovers: [Leftover]
    /// What could not be looked into, and why: nobody knows what lies there.
    package var unread: [String]
}

/// What a sweep did, and what it could not do.
package struct Swept: Hashable, Sendable, Codable {
    package var healed: [String]
    package var failed: [String]
}

/// Finds and heals what drills left at hosts: by the marks there, for any run, without a journal.
///
/// What carries no mark of ours, and what a drill that still runs has made, is left alone.
package struct DrillSweeper: Sendable {
    private let reach: any HostReaching
    private let runsFolder: String
    private let limit: Duration

    /// `limit`: how long each heal may take, and each undo that has no time of its own.
    package init(reach: any HostReaching, runsFolder: String, limit: Duration = .minutes(2)) {
        self.reach = reach
        self.runsFolder = runsFolder
        self.limit = limit
    }

    /// What is left at a host; nothing is changed.
    package func look(at host: String) throws -> [Leftover] {
        try search(host).leftovers
    }

    /// What is left at a host, and what nobody could look into; nothing is changed.
    package func search(_ host: String) throws -> Search {
        let text = try reach.shell(at: host).demand(
            "look for leftovers", HostScripts.findLeftovers, liveRuns)
        var search = Search(leftovers: [], unread: [])
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 2).map(String.init)
            guard words.count == 3 else { continue }
            if words[0] == "unread" { search.unread.append("\(host): PostgreSQL at \(words[2])") }
            guard let kind = Leftover.Kind(rawValue: words[0]) else { continue }
            search.leftovers.append(Leftover(host: host, kind: kind, run: words[1], name: words[2]))
        }
        return search
    }

    /// Heals what `look` listed.
    package func heal(_ leftovers: [Leftover]) throws -> Swept {
        var swept = Swept(healed: [], failed: [])
        for (host, mine) in Dictionary(grouping: leftovers, by: \.host).sorted(by: { $0.key < $1.key }) {
            let shell = try reach.shell(at: host)
            for folder in mine where folder.kind == .folder {
                let seconds = String(Int(limit.inSeconds.rounded(.up)))
                let result = try shell.run(HostScripts.heal, [folder.name, seconds])
                swept.healed += lines(result.output, host)
                swept.failed += lines(result.error, host)
            }
            // Tables, networks, delays and slots that no folder heals any more.
            let left = try look(at: host)
            let orphans: [Leftover.Kind] = [.table, .netns, .netem, .slot]
            for orphan in mine where orphans.contains(orphan.kind) && left.contains(orphan) {
                let result = try shell.run(HostScripts.healOrphan, [orphan.kind.rawValue, orphan.name])
                let text = "\(host): \(orphan.kind.rawValue) \(orphan.name)"
                if result.status == 0 {
                    swept.healed.append(text)
                } else {
                    swept.failed.append("\(text): \(result.reason)")
                }
            }
        }
        return swept
    }

    private func lines(_ bytes: [UInt8], _ host: String) -> [String] {
        bytes.split(separator: 10).map { "\(host): \(String(decoding: $0, as: UTF8.self))" }
    }

    /// The runs whose controller holds its journal now.
    private var liveRuns: [String] {
        RunFolder.all(in: runsFolder).filter { Journal.isHeld($0.journalPath) }.map(\.run)
    }
}
