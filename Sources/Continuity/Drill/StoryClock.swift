// SPDX-License-Identifier: Apache-2.0

/// How the time of a tabletop's story goes, and who moves it on.
package struct StoryPace: Hashable, Sendable {
    enum Clock: String, CaseIterable {
        case real
        case compressed
    }

    /// The role that says when the next news is told; `nil` where each comes at its own time of the story.
    package var driver: String?
    /// How many minutes of the story one minute at the table is.
    package var scale: Double

    package init(driver: String?, scale: Double) {
        self.driver = driver
        self.scale = scale
    }
}

extension StoryPace {
    /// The pace in words, such as `6 times as fast, moved on by the conductor`.
    package var text: String {
        let speed = scale == 1 ? "as fast as the table" : "\(factor) times as fast as the table"
        return speed + ", moved on by the \(driver ?? "clock")"
    }

    /// The scale without a fraction that says nothing.
    package var factor: String {
        scale == scale.rounded() ? String(Int(scale)) : String(scale)
    }
}

/// A time of day in the story: `17:05`, or a day later `00:10 the next day`.
package struct StoryTime: Hashable, Sendable, Comparable {
    /// Since the midnight before the story begins.
    package var sinceMidnight: Duration

    package init(_ sinceMidnight: Duration) {
        self.sinceMidnight = sinceMidnight
    }

    /// Reads `HH:MM`.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]),
            (0..<24).contains(hour), (0..<60).contains(minute)
        else { return nil }
        sinceMidnight = .minutes(hour * 60 + minute)
    }

    package static func < (left: StoryTime, right: StoryTime) -> Bool {
        left.sinceMidnight < right.sinceMidnight
    }

    package var text: String {
        let minutes = Int(sinceMidnight.components.seconds / 60)
        let (day, hour, minute) = (minutes / 1_440, minutes / 60 % 24, minutes % 60)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let days = day == 0 ? "" : day == 1 ? " the next day" : " \(day) days later"
        return "\(two(hour)):\(two(minute))\(days)"
    }
}

extension Scenario {
    /// The story's time of each piece of news that has one, in written order.
    ///
    /// A time that is earlier in the day than the one written before it is on the next day.
    package var storyTimes: [(step: String, time: StoryTime)] {
        var last = StoryTime(.zero)
        return steps.compactMap { step in
            guard case .inject(let inject) = step.verb, let time = inject.storyTime.flatMap(StoryTime.init)
            else { return nil }
            var next = time
            while next < last { next.sinceMidnight += .days(1) }
            last = next
            return (step.id, next)
        }
    }
}

/// The time in the story of a run: set by the news that were told, running on at the scenario's pace.
///
/// It never goes back: news that is told late finds the story where it is.
package struct StoryClock: Hashable, Sendable {
    /// An instant of the controller, by both of its clocks.
    package struct Instant: Hashable, Sendable {
        package var utc: Moment
        package var monotonic: Duration
        package var bootID: String

        package init(utc: Moment, monotonic: Duration, bootID: String) {
            self.utc = utc
            self.monotonic = monotonic
            self.bootID = bootID
        }

        package init(_ record: DrillRecord) {
            self.init(utc: record.utc, monotonic: record.monotonic, bootID: record.bootID)
        }

        /// The time from another instant; by the wall clock only where the machine was started anew between.
        func since(_ other: Instant) -> Duration {
            bootID == other.bootID && !bootID.isEmpty ? monotonic - other.monotonic : utc - other.utc
        }
    }

    private struct Anchor: Hashable {
        var told: Instant
        var time: StoryTime
    }

    private let anchors: [Anchor]
    private let scale: Double

    /// - Returns: `nil` where the scenario has no pace, or no news with a time was told yet.
    package init?(_ scenario: Scenario, _ state: RunState) {
        guard let pace = scenario.pace else { return nil }
        scale = pace.scale
        anchors = scenario.storyTimes.compactMap { step, time in
            guard let known = state.steps[step], known.finished?.result == .passed else { return nil }
            return known.finishedAt.map { Anchor(told: Instant($0), time: time) }
        }
        if anchors.isEmpty { return nil }
    }

    /// The story's time at an instant; before the first news it is reckoned back.
    package func time(at instant: Instant) -> StoryTime {
        let told = anchors.filter { instant.since($0.told) >= .zero }
        let first = anchors.min { $1.told.since($0.told) > .zero }
        let known = told.isEmpty ? [first].compactMap { $0 } : told
        return known.map { StoryTime($0.time.sinceMidnight + instant.since($0.told) * scale) }.max()
            ?? StoryTime(.zero)
    }

    /// How much of the story passed between two instants.
    package func elapsed(from begin: Instant, to end: Instant) -> Duration {
        max(.zero, time(at: end).sinceMidnight - time(at: begin).sinceMidnight)
    }

    /// How long until the story reaches a time; nothing when it has.
    package func wait(for time: StoryTime, at instant: Instant) -> Duration {
        max(.zero, (time.sinceMidnight - self.time(at: instant).sinceMidnight) / scale)
    }
}
