// SPDX-License-Identifier: Apache-2.0
import Continuity

/// One answer of `StandingScripts.pull`.
struct PulledSamples {
    struct Clock {
        var up: Duration
        var wall: Moment
        var boot: String
    }

    enum State: String {
        case open
        case next
        case over
    }

    struct Place {
        var epoch: Int
        var segment: Int
        var offset: Int
        var boot: String
        var firstUp: Duration
        var firstWall: Moment
        var state: State
    }

    /// `nil` when there is no folder of the probe.
    private(set) var clock: Clock?
    /// What identifies the loop that runs; `nil` for none.
    private(set) var running: String?
    /// `nil` when nothing was ever begun there.
    private(set) var place: Place?
    private(set) var samples: [DrillSample] = []
    /// The bytes of whole lines.
    private(set) var bytes = 0

    init(_ output: [UInt8], _ prober: Prober) throws {
        var lines = output.split(separator: 10, maxSplits: 2, omittingEmptySubsequences: false)[...]
        let head = String(decoding: lines.popFirst() ?? [], as: UTF8.self)
        if head == "absent" { return }
        let words = head.split(separator: " ")
        guard words.count == 4, let up = HostTime.duration(words[0]), let wall = HostTime.duration(words[1])
        else {
            throw OperationError(.failed, "pull \(prober.key): it answered '\(head.prefix(200))'")
        }
        clock = Clock(up: up, wall: Moment(seconds: 0) + wall, boot: String(words[2]))
        running = words[3] == "-" ? nil : String(words[3])
        let second = String(decoding: lines.popFirst() ?? [], as: UTF8.self)
        if second.isEmpty { return }
        place = try Place(second, prober)
        let rest = lines.popFirst() ?? []
        guard let end = rest.lastIndex(of: 10) else { return }
        bytes = end + 1 - rest.startIndex
        samples = rest[...end].split(separator: 10).compactMap {
            DrillSample(line: String(decoding: $0, as: UTF8.self))
        }
    }
}

extension PulledSamples.Place {
    fileprivate init(_ line: String, _ prober: Prober) throws {
        let words = line.split(separator: " ")
        guard words.count == 8, let epoch = Int(words[0]), let segment = Int(words[1]),
            let offset = Int(words[2]), let first = Int64(words[4]), let wall = HostTime.duration(words[6]),
            let state = PulledSamples.State(rawValue: String(words[7]))
        else {
            throw OperationError(.failed, "pull \(prober.key): it answered '\(line.prefix(200))'")
        }
        self.init(
            epoch: epoch, segment: segment, offset: offset, boot: String(words[3]),
            firstUp: .milliseconds(first * 10), firstWall: Moment(seconds: 0) + wall, state: state)
    }
}
