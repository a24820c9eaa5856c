// SPDX-License-Identifier: Apache-2.0

/// Carries instants from a host's clock to the controller's, with the bounds that the exchanges of times
/// allow.
package struct ClockMap: Hashable, Sendable {
    /// How far two quartz clocks may drift apart: 200 parts in a million is twice what is usual.
    package static let drift = 200e-6

    private let exchanges: [String: [Exchange]]

    private struct Exchange: Hashable, Sendable {
        var host: Duration
        /// The controller's clock minus the host's lay between these.
        var lower: Duration
        var upper: Duration
    }

    /// - Parameter samples: the exchanges of one run; a host that was started anew meanwhile has no one
    ///   offset and is left out.
    package init(_ samples: some Sequence<DrillFact.ClockSample>) {
        var exchanges: [String: [Exchange]] = [:]
        var boots: [String: Set<String>] = [:]
        for sample in samples {
            boots[sample.host, default: []].insert(sample.hostBootId)
            exchanges[sample.host, default: []].append(
                Exchange(
                    host: .nanoseconds(sample.hostNs),
                    lower: .nanoseconds(sample.askedNs - sample.hostNs - sample.resolutionNs),
                    upper: .nanoseconds(sample.receivedNs - sample.hostNs)))
        }
        self.exchanges = exchanges.filter { boots[$0.key]?.count == 1 }
    }

    /// The controller's clock minus the host's, at an instant of the host's.
    ///
    /// - Returns: `nil` when no exchange of times is known, or the host was started anew meanwhile.
    package func offset(of host: String, at instant: Duration) -> Instant? {
        guard let known = exchanges[host], !known.isEmpty else { return nil }
        let bounds = known.map { exchange -> Instant in
            let distance = abs((instant - exchange.host).inSeconds)
            let slack = Duration(roundedSeconds: distance * Self.drift)
            return Instant(earliest: exchange.lower - slack, latest: exchange.upper + slack)
        }
        let earliest = bounds.map(\.earliest).max() ?? .zero
        let latest = bounds.map(\.latest).min() ?? .zero
        if earliest <= latest { return Instant(earliest: earliest, latest: latest) }
        // The exchanges contradict each other: a clock was stepped or drifts wildly. All of them may be true.
        return Instant(
            earliest: bounds.map(\.earliest).min() ?? .zero, latest: bounds.map(\.latest).max() ?? .zero)
    }

    /// An instant of the host's on the controller's clock.
    package func carry(_ instant: Instant, from host: String) -> Instant? {
        guard let before = offset(of: host, at: instant.earliest),
            let after = offset(of: host, at: instant.latest)
        else { return nil }
        return Instant(
            earliest: instant.earliest + before.earliest, latest: instant.latest + after.latest)
    }
}
