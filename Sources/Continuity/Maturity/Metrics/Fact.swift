// SPDX-License-Identifier: Apache-2.0

/// Something that grades are read from, and where it comes from.
package enum Fact: String, Hashable, Sendable, CaseIterable {
    case sites
    case services
    case datasets
    case backupRuns = "backup_runs"
    case copies
    case drills
    case registerClaims = "register_claims"
    case attestations
    case exemptions
    case incidents
    case changes
    case pipelineRuns = "pipeline_runs"
    case alerts
    case probeSamples = "probe_samples"
    case probes
    case maintenance
    case severities
    case teams
    case scenarios
    case registerEntries = "register_entries"
}

/// Where a fact stands: a key of the plan, or a kind of event.
package enum FactSource: Hashable, Sendable {
    case plan(String)
    case event(EventKind)

    /// As the documentation writes it.
    package var text: String {
        switch self {
        case .plan(let key): "plan `\(key)`"
        case .event(let kind): "event `\(kind.rawValue)`"
        }
    }
}

extension Fact {
    package var sources: [FactSource] {
        switch self {
        case .sites: [.plan("sites")]
        case .services: [.plan("services")]
        case .datasets: [.plan("datasets"), .event(.planAdopted)]
        case .backupRuns: [.event(.backupRun)]
        case .copies:
            [
                .event(.copyReceipt), .event(.copyVerification), .event(.copyExpiry),
                .event(.repositoryListing), .event(.repositoryCheck),
            ]
        case .drills: [.event(.drillRun), .event(.reportMade)]
        case .registerClaims: [.event(.registerClaim)]
        case .attestations: [.event(.attestation)]
        case .exemptions: [.event(.exemption)]
        case .incidents: [.event(.incident), .event(.importBatch), .event(.registerClaim)]
        case .changes: [.event(.change), .event(.importBatch)]
        case .pipelineRuns: [.event(.pipelineRun), .event(.importBatch)]
        case .alerts: [.event(.alert), .event(.importBatch)]
        case .probeSamples: [.event(.probeRun)]
        case .probes: [.plan("probes")]
        case .maintenance: [.plan("maintenance"), .event(.maintenanceNotice)]
        case .severities: [.plan("severities")]
        case .teams: [.plan("teams"), .plan("people")]
        case .scenarios: [.plan("scenarios")]
        case .registerEntries: [.event(.registerEntry), .event(.registerClaim)]
        }
    }
}
