// SPDX-License-Identifier: Apache-2.0

/// A disturbance that is made on purpose, and how it ends.
package struct Fault: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Cuts the host off from every host of a site.
        case siteBlock(site: String)
        /// Cuts the host off from addresses or names.
        case netBlock([String])
        /// Slows what goes out through a device.
        case netDelay(device: String, by: Duration)
        /// Loses a share of what goes out through a device.
        case netLoss(device: String, share: Double)
        /// No name is resolved any more.
        case dnsBreak
        /// Stops a service by commands.
        case serviceStop(stop: [String], start: [String])
        /// Kills a service as a power cut would, by the process id in a file.
        case serviceKill(pidFile: String, start: [String])
        case processPause(pidFile: String)
        /// Fills a file system, but for this much.
        case diskFill(path: String, leave: Int)
        case readOnly(path: String)
        case cpuLoad(workers: Int)
        case memLoad(bytes: Int)
        /// Spoils files below a folder that carries the run's marker; never a copy that anyone counts on.
        case fileDamage(path: String)
        /// Hides a file with a credential, such as a key or a list of keys.
        case credRevoke(path: String)
        case hostOff(off: [String], on: [String])
        /// A person cannot be reached; a role is then held by the others or the deputies.
        ///
        /// `role`: the one that misses the person, for those who read it.
        case personAbsent(person: String, role: String? = nil)
        case documentAbsent(String)
        /// A store may not be used.
        case vaultAbsent(store: String)
    }

    package enum Heal: Hashable, Sendable {
        /// By what the kind knows: the table is dropped, the service is started.
        case auto
        case run([String])
        case script(path: String, arguments: [String])
    }

    package var kind: Kind
    /// `nil` for what happens to people and documents.
    package var host: String?
    /// After this the target heals itself, whatever became of the controller; `nil` is `never`.
    package var ttl: Duration?
    package var heal: Heal
    /// Whether healing after the point of no return would make things worse.
    package var isForbiddenAfterPivot: Bool
    /// Why it may never heal by itself, where that stands with the fault and not with its step.
    package var because: String?

    package init(
        kind: Kind, host: String?, ttl: Duration?, heal: Heal, isForbiddenAfterPivot: Bool = false
    ) {
        self.kind = kind
        self.host = host
        self.ttl = ttl
        self.heal = heal
        self.isForbiddenAfterPivot = isForbiddenAfterPivot
    }

    /// The kind's name in a scenario.
    package var kindName: String {
        switch kind {
        case .siteBlock: "site_block"
        case .netBlock: "net_block"
        case .netDelay: "net_delay"
        case .netLoss: "net_loss"
        case .dnsBreak: "dns_break"
        case .serviceStop: "service_stop"
        case .serviceKill: "service_kill"
        case .processPause: "process_pause"
        case .diskFill: "disk_fill"
        case .readOnly: "read_only"
        case .cpuLoad: "cpu_load"
        case .memLoad: "mem_load"
        case .fileDamage: "file_damage"
        case .credRevoke: "cred_revoke"
        case .hostOff: "host_off"
        case .personAbsent: "person_absent"
        case .documentAbsent: "document_absent"
        case .vaultAbsent: "vault_absent"
        }
    }

    /// The word under `heal.auto` for what the kind heals itself by.
    package var automaticHeal: String {
        switch kind {
        case .siteBlock, .netBlock, .dnsBreak: "nft_table"
        case .netDelay, .netLoss: "tc"
        case .serviceStop, .serviceKill: "start"
        case .processPause: "continue"
        case .diskFill, .cpuLoad, .memLoad: "release"
        case .readOnly: "remount"
        case .fileDamage, .credRevoke: "put_back"
        case .hostOff: "on"
        case .personAbsent: "role"
        case .documentAbsent: "document"
        case .vaultAbsent: "vault"
        }
    }

    package static let supportedKinds = [
        "site_block", "net_block", "net_delay", "net_loss", "dns_break", "service_stop", "service_kill",
        "process_pause", "disk_fill", "read_only", "cpu_load", "mem_load", "file_damage", "cred_revoke",
        "host_off", "person_absent", "document_absent", "vault_absent",
    ]
    /// The kinds that are refused, and why.
    package static let refusedKinds = [
        "clock_skew": "a wall clock belongs to the whole machine, and no timer can be trusted to set it back"
    ]
    /// The kinds that touch no host.
    package static let peopleKinds = ["person_absent", "document_absent", "vault_absent"]
}
