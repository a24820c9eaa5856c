// SPDX-License-Identifier: Apache-2.0

/// What a file is: Lifeboat's own form of a register, or what another program puts out.
package enum ImportKind: String, Hashable, Sendable, Codable, CaseIterable {
    case incidents
    case changes
    case alerts
    case pipelines
    case alertmanager
    case gitlab
    case github
    case jenkins
    case pagerduty
    case restic
    case resticCheck = "restic_check"
    case borg
    case borgCheck = "borg_check"
    case pgbackrest
    case pgbackrestVerify = "pgbackrest_verify"

    /// What the file must hold, for the person who makes it.
    package var meaning: String {
        switch self {
        case .incidents: "incidents in Lifeboat's own form, JSON or CSV"
        case .changes: "changes in Lifeboat's own form, JSON or CSV"
        case .alerts: "alerts in Lifeboat's own form, JSON or CSV"
        case .pipelines: "runs of builds and deployments in Lifeboat's own form, JSON or CSV"
        case .alertmanager: "bodies of Prometheus Alertmanager's webhook, version 4"
        case .gitlab: "GitLab: GET /projects/ID/pipelines or /deployments"
        case .github: "GitHub Actions: GET /repos/OWNER/NAME/actions/runs"
        case .jenkins: "Jenkins: JOB/api/json?tree=fullName,builds[number,result,timestamp,duration,url]"
        case .pagerduty: "PagerDuty: GET /incidents"
        case .restic: "restic snapshots --json"
        case .resticCheck: "what restic check [--read-data] put out"
        case .borg: "borg list --json REPOSITORY"
        case .borgCheck: "what borg check --verbose [--verify-data] put out"
        case .pgbackrest: "pgbackrest info --output=json"
        case .pgbackrestVerify: "pgbackrest verify --output=text --verbose"
        }
    }

    /// Whether it speaks of backups that another program made.
    package var isRepository: Bool { schema == nil }

    /// The register whose records come out of it; `nil` for backups of other programs.
    package var schema: ImportSchema? {
        switch self {
        case .incidents, .pagerduty: .incidents
        case .changes: .changes
        case .alerts, .alertmanager: .alerts
        case .pipelines, .gitlab, .github, .jenkins: .pipelines
        case .restic, .resticCheck, .borg, .borgCheck, .pgbackrest, .pgbackrestVerify: nil
        }
    }

    /// Whether it is Lifeboat's own form, which may be a table too.
    package var isOwn: Bool {
        self == .incidents || self == .changes || self == .alerts || self == .pipelines
    }
}
