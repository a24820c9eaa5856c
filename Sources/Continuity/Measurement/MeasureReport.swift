// SPDX-License-Identifier: Apache-2.0

/// What was achieved, service by service, beside what was promised.
package struct MeasureReport: Hashable, Sendable, Codable {
    package var windowBegunAt: Moment
    package var asOf: Moment
    package var watchedSince: Moment?
    package var services: [ServiceMeasure]
    package var repairs: [RepairMeasure]

    package init(
        windowBegunAt: Moment, asOf: Moment, watchedSince: Moment?, services: [ServiceMeasure],
        repairs: [RepairMeasure]
    ) {
        self.windowBegunAt = windowBegunAt
        self.asOf = asOf
        self.watchedSince = watchedSince
        self.services = services
        self.repairs = repairs
    }
}

/// How long failures of builds, of deployments and of the development platform lasted (table 15).
package struct RepairMeasure: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// From the end of the first red run of a main branch to the end of the next green one.
        case builds
        /// From a failed deployment's end to the next good one or the finished rollback.
        case deployments
        /// Incidents of services of kind `devops_platform`.
        case platform
    }

    package var kind: Kind
    /// How many runs, or incidents, are on record in the window.
    package var population: Int
    package var timeToRepair: Spread
    /// Numbers of events.
    package var events: [Int]
}

/// One service: how fast it came back, how much was lost, how often it was there.
package struct ServiceMeasure: Hashable, Sendable, Codable {
    package var service: String
    package var tier: Tier
    package var recoveryTime: Achieved
    package var recoveryPoint: Achieved
    /// For each dataset and the loss of each site, the worst moment of the window.
    package var exposures: [RecoveryExposure]
    /// The same by the weakest dataset, over time and now, site by site.
    package var siteExposures: [SiteExposure]
    /// What would be lost if the production site were gone now; `nil` = everything, or nothing is known.
    package var lossNowSeconds: Double?
    /// By its own probes; `nil` when it has none.
    package var availability: Availability?
    /// With everything it depends on; `nil` when it depends on nothing.
    package var composite: Availability?
    package var availabilityObjective: Double?
    package var availabilityVerdict: MetricVerdict
    /// Begin to restoration, of incidents alone.
    ///
    /// Drills are not among them.
    package var timeToRestore: Spread
    /// Begin to detection, of incidents alone: an announced drill detects nothing.
    package var timeToDetect: Spread
    package var timeToAcknowledge: Spread
    /// Detection to restoration.
    package var timeToRespond: Spread
    /// Begin to close.
    package var timeToResolve: Spread
    /// Outage to valid service in unannounced drills, the upper ends; what did not come back is open.
    package var drills: Spread
    /// The same in announced drills, in which detection and decision cost next to nothing.
    package var announcedDrills: Spread
    package var failures: Int
    /// Up time divided by failures; with no failure the up time itself, which is then a lower bound.
    package var timeBetweenFailuresSeconds: Double?
    /// Month by month in the plan's zone, oldest first; empty without a probe.
    package var months: [Availability]

    /// Whether every objective of the service is met; `nil` when it has none.
    package var verdict: MetricVerdict? {
        var verdicts: [MetricVerdict] = []
        if recoveryTime.objectiveSeconds != nil { verdicts.append(recoveryTime.verdict) }
        if recoveryPoint.objectiveSeconds != nil { verdicts.append(recoveryPoint.verdict) }
        if availabilityObjective != nil { verdicts.append(availabilityVerdict) }
        if verdicts.isEmpty { return nil }
        return verdicts.contains(.missed) ? .missed : verdicts.contains(.unproven) ? .unproven : .met
    }
}

/// An achieved recovery time or point, with everything that makes it worth something.
package struct Achieved: Hashable, Sendable, Codable {
    package var objectiveSeconds: Double?
    /// The worst of the window's runs; `nil` when none measured it.
    package var worst: Span?
    package var latest: Span?
    package var verdict: MetricVerdict
    /// How strong the latest run's evidence is.
    package var evidence: EvidenceClass
    package var measuredAt: Moment?
    package var ageSeconds: Double?
    /// How many runs of the window tell, and in how many of them the service or its data did not come back.
    package var runs: Int
    package var failedRuns: Int
    /// Why the verdict is not `met`.
    package var reasons: [String]
    /// Numbers of events.
    package var events: [Int]
}
