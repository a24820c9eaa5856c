// SPDX-License-Identifier: Apache-2.0

/// What exists and what was promised: the one file a workspace is built around (product.md).
package struct Plan: Hashable, Sendable {
    package var workspace: String
    package var organisation: String
    /// An IANA zone, such as `Asia/Shanghai`; times are shown in it.
    package var zone: String
    package var orchestrator: Orchestrator?
    package var sites: [Site] { didSet { names.sites = Names(sites.map(\.id)) } }
    package var hosts: [Host] { didSet { names.hosts = Names(hosts.map(\.id)) } }
    package var stores: [Store] { didSet { names.stores = Names(stores.map(\.id)) } }
    package var datasets: [Dataset] { didSet { names.datasets = Names(datasets.map(\.id)) } }
    package var services: [Service] { didSet { names.services = Names(services.map(\.id)) } }
    package var probes: [Probe] { didSet { names.probes = Names(probes.map(\.id)) } }
    package var canaries: [Canary]
    package var people: [Person]
    package var calendar: [CalendarEntry]
    package var maintenance: [MaintenanceWindow]
    /// When no drill may begin or still run.
    package var blackouts: [Blackout] = []
    /// What was agreed for incidents, by their severity.
    package var severities: [Severity] = []
    package var teams: [Team] = []
    /// What plans and drills are checked against, such as `data_centre_lost`.
    package var scenarios: [String] = []
    /// Days such as `2026-10-01` on which nobody works although the week says so.
    package var holidays: [String] = []
    /// Days that are worked although the week says otherwise, such as a Saturday before a long holiday.
    package var extraWorkdays: [String] = []
    private var names: AllNames

    init(
        workspace: String, organisation: String, zone: String, orchestrator: Orchestrator?, sites: [Site],
        hosts: [Host], stores: [Store], datasets: [Dataset], services: [Service], probes: [Probe],
        canaries: [Canary], people: [Person], calendar: [CalendarEntry], maintenance: [MaintenanceWindow],
        blackouts: [Blackout], severities: [Severity], teams: [Team], scenarios: [String],
        holidays: [String], extraWorkdays: [String]
    ) {
        self.workspace = workspace
        self.organisation = organisation
        self.zone = zone
        self.orchestrator = orchestrator
        self.sites = sites
        self.hosts = hosts
        self.stores = stores
        self.datasets = datasets
        self.services = services
        self.probes = probes
        self.canaries = canaries
        self.people = people
        self.calendar = calendar
        self.maintenance = maintenance
        self.blackouts = blackouts
        self.severities = severities
        self.teams = teams
        self.scenarios = scenarios
        self.holidays = holidays
        self.extraWorkdays = extraWorkdays
        names = AllNames(
            sites: Names(sites.map(\.id)), hosts: Names(hosts.map(\.id)), stores: Names(stores.map(\.id)),
            datasets: Names(datasets.map(\.id)), services: Names(services.map(\.id)),
            probes: Names(probes.map(\.id)))
    }

    package func severity(_ id: String?) -> Severity? {
        id.flatMap { id in severities.first { $0.id == id } }
    }
    package func site(_ id: String) -> Site? { names.sites.place(id).map { sites[$0] } }
    package func host(_ id: String) -> Host? { names.hosts.place(id).map { hosts[$0] } }
    package func store(_ id: String) -> Store? { names.stores.place(id).map { stores[$0] } }
    package func dataset(_ id: String) -> Dataset? { names.datasets.place(id).map { datasets[$0] } }
    package func service(_ id: String) -> Service? { names.services.place(id).map { services[$0] } }
    package func probe(_ id: String) -> Probe? { names.probes.place(id).map { probes[$0] } }
    package func canary(_ id: String) -> Canary? { canaries.first { $0.id == id } }
    package func person(_ id: String) -> Person? { people.first { $0.id == id } }

    /// The site a store lies at; `nil` when its host is unknown.
    package func site(of store: Store) -> Site? {
        host(store.host).flatMap { site($0.site) }
    }

    /// The site where a dataset's production data lives: named by the source, else that of its host, else
    /// the orchestrator's.
    package func productionSite(of dataset: Dataset) -> Site? {
        if let name = dataset.source.site { return site(name) }
        if let name = dataset.source.host { return host(name).flatMap { site($0.site) } }
        return orchestrator.flatMap { site($0.site) }
    }
}

/// Where each name of a list stands in it: a plan of ten thousand datasets is asked by name all the time.
private struct Names: Hashable, Sendable {
    private let places: [String: Int]

    init(_ names: [String]) {
        places = Dictionary(names.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    }

    func place(_ name: String) -> Int? { places[name] }
}

private struct AllNames: Hashable, Sendable {
    var sites: Names
    var hosts: Names
    var stores: Names
    var datasets: Names
    var services: Names
    var probes: Names
}

/// Where Lifeboat itself stands.
package struct Orchestrator: Hashable, Sendable {
    package var site: String
    /// The host that keeps a second copy of drill journals while they are written.
    package var witness: String?
}

/// A place: what makes two copies independent.
package struct Site: Hashable, Sendable {
    package var id: String
    package var name: String
    /// A building or hall; copies in one facility are one place.
    package var facility: String?
    /// A code (UN/LOCODE), since names are spelt differently.
    package var city: String?
    /// ISO 3166-2.
    package var region: String?
    package var riskZone: String?
    package var coordinates: Coordinates?
    package var isProduction: Bool

    package struct Coordinates: Hashable, Sendable {
        package var latitude: Double
        package var longitude: Double
    }
}

/// A machine: how to reach it, and what may be done there.
package struct Host: Hashable, Sendable {
    package var id: String
    package var site: String
    package var ssh: SSHAddress
    /// The pinned key, `<type> SHA256:…`; without it nothing is done on the host.
    package var hostKey: String?
    /// What `/etc/machine-id` must say.
    package var machineID: String?
    /// How to become root there, such as `sudo`.
    package var become: String?
    /// The modes in which drills may act on it.
    package var drills: Set<DrillMode>
}

/// Where a host's sshd listens, and as whom.
package struct SSHAddress: Hashable, Sendable {
    package var host: String
    package var port: Int
    package var user: String
    /// A key file, below `.lifeboat` unless absolute; `nil` = the agent.
    package var identity: String?
    /// The host to go through.
    package var jump: String?
}

/// How a store proves what it holds.
package enum StoreProof: String, Hashable, Sendable, Codable, CaseIterable {
    /// SHA-256 computed by the site's own processor; needs a shell.
    case hashAtSite = "hash_at_site"
    /// Every byte read back.
    case readBack = "read_back"
    /// The first part and a draw of the others read back; of the rest the size alone.
    ///
    /// Such a copy is `claimed`, and counts once the verification budget has read it (archive.md, "Copies").
    case sampled
}

/// A folder on a host that holds copies.
package struct Store: Hashable, Sendable {
    package var id: String
    package var host: String
    package var path: String
    /// Whether its account can create and never change; such an account has no shell.
    package var isAppendOnly: Bool
    package var proof: StoreProof
    /// Bytes a second it may be given; `nil` = as fast as it goes.
    package var bandwidth: Int?
}

/// What is backed up as one.
package struct Dataset: Hashable, Sendable {
    package var id: String
    package var source: Source
    package var schedule: BackupSchedule?
    package var copies: CopyPolicy
    package var keep: Retention?
    package var partSize: Int?
    /// `age1…` texts or names of files in the keys folder; empty = the workspace's own recipients.
    package var recipients: [String]

    /// Whether another program makes its backups.
    package var isKeptElsewhere: Bool { copies.by != nil }

    /// What to do for one more point of it, as a command where Lifeboat can do it.
    package var backupWords: String {
        copies.by.map { "\($0.backupCommand), then '\($0.importCommand(of: id))'" } ?? "lifeboat backup \(id)"
    }
}

/// Where a dataset's bytes come from.
package struct Source: Hashable, Sendable {
    /// `nil` = a tree local to the orchestrator.
    package var host: String?
    /// The site whose production data it is, where that is not the host's.
    package var site: String?
    package var path: String?
    /// A command whose output is the dataset.
    package var command: [String]
    /// The name of that output.
    package var name: String?
    package var exclude: [String]
    package var mustBeMount: Bool
    package var atLeastFiles: Int?
    package var atLeastBytes: Int?
    /// The share of files by which it may shrink between two runs.
    package var shrinkLimit: Double?
    package var oneFileSystem: Bool
    package var excludeCaches: Bool
    /// A command to run at the orchestrator before reading; it may print `consistency_time=` and `path=` on
    /// descriptor 3.
    package var before: [String] = []
    /// A command to run at the orchestrator after reading, whatever came of it.
    package var after: [String] = []
    /// The longest that either may take.
    package var hookTimeout: Duration = .minutes(10)
}

/// When backups run.
package struct BackupSchedule: Hashable, Sendable {
    package var full: Schedule?
    package var incremental: Schedule?
}

/// How many copies there must be, and of which kind.
package struct CopyPolicy: Hashable, Sendable {
    /// The stores that Lifeboat writes; empty when another program keeps the copies.
    package var to: [String]
    /// The program that makes the backups instead; Lifeboat counts what it lists, and touches none of it.
    package var by: RepositoryListing.Tool?
    package var atLeast: Int
    /// How many must lie away from the production site.
    package var offsite: Int
    package var appendOnly: Int
    /// A copy whose last proof is older is stale.
    package var verifiedWithin: Duration
    /// To how many keys a point is encrypted at least, such as the workspace's own and one that is kept away.
    package var recipients: Int
}

/// How many points are kept.
package struct Retention: Hashable, Sendable {
    package var last: Int
    package var hourly: Int
    package var daily: Int
    package var weekly: Int
    package var monthly: Int
    package var yearly: Int
    package var within: Duration?

    package init(
        last: Int = 0, hourly: Int = 0, daily: Int = 0, weekly: Int = 0, monthly: Int = 0, yearly: Int = 0,
        within: Duration? = nil
    ) {
        self.last = last
        self.hourly = hourly
        self.daily = daily
        self.weekly = weekly
        self.monthly = monthly
        self.yearly = yearly
        self.within = within
    }
}

/// How much a service matters.
package enum Tier: String, Hashable, Sendable, Codable, CaseIterable {
    case core
    case critical
    case standard
}

package enum ServiceKind: String, Hashable, Sendable, Codable, CaseIterable {
    case business
    case devopsPlatform = "devops_platform"
}

/// What stands ready at the other site.
package enum Standby: String, Hashable, Sendable, Codable, CaseIterable {
    case none
    case cold
    case warm
    case hot
    case activeActive = "active_active"
}

/// What people use.
package struct Service: Hashable, Sendable {
    package var id: String
    package var tier: Tier
    package var kind: ServiceKind
    package var standby: Standby
    package var datasets: [String]
    package var dependsOn: [String]
    package var owner: String?
    package var probes: [String]
    package var instances: [String]
    package var objectives: Objective
    /// Probes of what stands ready at the other site, not of the service itself.
    package var standbyProbes: [String] = []
    /// `nil` when the plan does not say.
    package var architecture: Architecture?
}

/// How a service is built.
package enum Architecture: String, Hashable, Sendable, Codable, CaseIterable {
    case silo
    case distributed
}

/// A grade of incidents, and what was agreed for it.
///
/// Each length is `nil` when nothing was agreed.
package struct Severity: Hashable, Sendable {
    package var id: String
    /// From detection until somebody has taken it.
    package var respond: Duration?
    /// From detection until users are told.
    package var notify: Duration?
    /// From begin until the service is back.
    package var restore: Duration?
}

/// People who look after something together.
package struct Team: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case disasterRecovery = "disaster_recovery"
        case continuity
        case incidentResponse = "incident_response"
        case serviceResponse = "service_response"
        case availability
    }

    package var id: String
    package var kind: Kind
    /// People of the plan.
    package var members: [String]
    /// The services it looks after.
    package var services: [String]
}

/// What was promised for a service.
///
/// Each is `nil` when nothing was.
package struct Objective: Hashable, Sendable {
    /// The longest stretch of writes that may be lost.
    package var recoveryPoint: Duration?
    /// The longest time from the begin of the outage to the valid service.
    package var recoveryTime: Duration?
    /// The longest time from the valid service to the signed-off work.
    package var workRecovery: Duration?
    /// After this the outage can no longer be tolerated.
    package var tolerable: Duration?
    /// The least service that counts as restored, in words.
    package var minimumService: String?
    /// A share of one.
    package var availability: Double?
}

/// A question asked on a fixed schedule from hosts that are not the one asked.
package struct Probe: Hashable, Sendable {
    package var id: String
    /// The hosts it is asked from.
    package var from: [String]
    package var every: Duration
    package var timeout: Duration
    package var kind: ProbeKind
    /// Whether an answer is the bad news, as with a site that should be cut off.
    package var expectsDown: Bool
    /// The secrets of its scenario that lie as files beside the command while the probe is asked.
    package var secrets: [String] = []
    /// The secret of its scenario that holds the password of a database.
    package var password: String?
}

package enum ProbeKind: Hashable, Sendable {
    case http(url: String)
    case tcp(address: String)
    case command([String])
    /// A statement by the prober's own `psql`; `:number` in it is the sample's number.
    case sql(query: String, database: String?, account: String?)
    /// A file that must hold these bytes.
    case fileHash(path: String, sha256: String)
}

/// Numbered records written into a dataset.
package struct Canary: Hashable, Sendable {
    package var id: String
    package var dataset: String
    /// Below the dataset's root.
    package var path: String
    package var every: Duration
    /// How many records the file keeps.
    package var keep: Int
}

/// Somebody with a role.
package struct Person: Hashable, Sendable {
    package var id: String
    package var name: String?
    package var roles: [String]
    /// An OpenSSH public key, for approvals and attestations.
    package var key: String?
}

/// A drill that is due again and again.
package struct CalendarEntry: Hashable, Sendable {
    package var scenario: String
    package var every: String
    package var window: String?
    package var grace: Duration?
}

/// A stretch of time in which a service may be down as announced.
package struct MaintenanceWindow: Hashable, Sendable {
    package var service: String
    package var window: String
    package var announced: Duration?
    package var cap: String?
}
