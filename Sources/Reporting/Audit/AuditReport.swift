// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// What can be proven about an organisation's continuity at one instant.
///
/// A pure function of plan, ledger and drill journals (`AuditSource`). Its canonical JSON is the report; the
/// HTML and Markdown pages say the same to people. Every figure names the events it rests on.
package struct AuditReport: Hashable, Sendable, Codable {
    /// The version of this value's JSON.
    package static let format = "lifeboat-audit-1"

    package var format: String
    package var organisation: String
    package var workspace: String
    package var zone: String
    package var language: ReportLanguage
    /// The begin that was asked for.
    package var askedBegunAt: Moment
    /// Where the report's knowledge begins: as asked, or with the ledger's first event where that is later.
    package var begunAt: Moment
    package var endedAt: Moment
    package var generatedAt: Moment
    package var toolVersion: String
    package var ledger: LedgerState
    package var services: [ServicePart]
    package var datasets: [DatasetPart]
    package var sites: [SitePart]
    package var drills: [DrillPart]
    /// Availability and the times of incidents; `nil` in reports of older programs.
    package var measures: MeasureReport?
    package var grade: GradeReport?
    /// Which fact serves which control; `nil` when nobody asked.
    package var crossReference: CrossReferenceReport?
    package var findings: [Finding]

    /// The chain of events that the report was folded from.
    package struct LedgerState: Hashable, Sendable, Codable {
        package var events: Int
        package var headSequence: Int?
        /// In hex.
        package var headSha256: String?
        package var firstEventAt: Moment?
        /// The hash of the plan as the ledger last saw it.
        package var planSha256: String?
        package var counts: [String: Int]
        /// Whether the whole chain was read again for this report and found unbroken; `nil` = not tried.
        package var isWhole: Bool?

        package init(
            events: Int, headSequence: Int?, headSha256: String?, firstEventAt: Moment?,
            counts: [String: Int]
        ) {
            self.events = events
            self.headSequence = headSequence
            self.headSha256 = headSha256
            self.firstEventAt = firstEventAt
            self.counts = counts
        }
    }

    /// A service against what was promised.
    package struct ServicePart: Hashable, Sendable, Codable {
        package var service: String
        package var tier: Tier
        package var owner: String?
        package var datasets: [String]
        package var minimumService: String?
        package var figures: [Figure]
        /// The run that measured it last; `nil` when none did in the period.
        package var run: String?
        /// Acknowledged records that the last drill did not bring back; `nil` when unknown.
        package var lostRecords: Int?
        package var parts: [RecoveryPart]
        package var verdict: MetricVerdict
    }

    /// The copies of a dataset.
    package struct DatasetPart: Hashable, Sendable, Codable {
        package var copies: DatasetCopies
        package var policy: Policy
        package var productionSite: String?
        /// All points; `copies` lists the newest.
        package var pointCount: Int
        /// When the first whole copy was proven; before, nothing was protected.
        package var firstProvenAt: Moment?
        package var exposures: [RecoveryExposure]
        package var runs: RunCounts
        package var trace: EventTrace

        package struct Policy: Hashable, Sendable, Codable {
            package var stores: [String]
            package var atLeast: Int
            package var offsite: Int
            package var appendOnly: Int
            package var verifiedWithinSeconds: Double
        }

        /// Backup runs of the period by their outcome.
        package struct RunCounts: Hashable, Sendable, Codable {
            package var byOutcome: [String: Int]
            package var fulls: Int
            package var incrementals: Int
            package var trace: EventTrace
        }
    }

    /// A place, with its last check.
    package struct SitePart: Hashable, Sendable, Codable {
        package var site: String
        package var name: String
        package var facility: String?
        package var city: String?
        package var isProduction: Bool
        package var isOrchestrator: Bool
        package var stores: [StorePart]
        package var lastCheck: SiteCheck?
        package var lastCheckAt: Moment?
        package var trace: EventTrace

        package struct StorePart: Hashable, Sendable, Codable {
            package var store: String
            package var isAppendOnly: Bool
        }
    }

    /// A drill run of the period.
    package struct DrillPart: Hashable, Sendable, Codable {
        package var run: DrillRun
        /// From the run's journal, where it was at hand.
        package var timeline: Timeline?
        package var trace: EventTrace
    }

    /// Something that somebody has to look after.
    package struct Finding: Hashable, Sendable, Codable {
        package enum Weight: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
            /// An objective or the copy policy is not kept.
            case violated
            /// Nobody knows, and that is not good enough.
            case unproven
            case note

            package static func < (left: Weight, right: Weight) -> Bool {
                left.order < right.order
            }

            private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
        }

        package var weight: Weight
        package var subject: String
        package var text: String
        /// What repairs or settles it.
        package var remedy: String?
        package var trace: EventTrace
    }

    /// The worst verdict of all services: missed, then unproven, then met.
    package var verdict: MetricVerdict {
        let verdicts = services.map(\.verdict)
        return verdicts.contains(.missed)
            ? .missed : verdicts.isEmpty || verdicts.contains(.unproven) ? .unproven : .met
    }

    /// Whether the ledger knows nothing of some of the time that was asked for.
    package var isPartlyUnwatched: Bool { begunAt > askedBegunAt || ledger.events == 0 }

    package func site(_ id: String) -> SitePart? { sites.first { $0.site == id } }
}
