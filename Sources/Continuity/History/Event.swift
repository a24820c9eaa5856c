// SPDX-License-Identifier: Apache-2.0

/// One thing that happened, as the ledger keeps it for ever.
package struct Event: Hashable, Sendable {
    /// 1, 2, 3 … without gaps.
    package var sequence: Int
    /// When it was written down, on the orchestrator's clock.
    package var recordedAt: Moment
    package var body: EventBody
    /// SHA-256 over the previous event's hash and this event's canonical bytes, in hex.
    package var sha256: String

    package init(sequence: Int, recordedAt: Moment, body: EventBody, sha256: String) {
        self.sequence = sequence
        self.recordedAt = recordedAt
        self.body = body
        self.sha256 = sha256
    }
}

/// What an event says.
///
/// The case is its kind in the ledger, in snake_case.
package enum EventBody: Hashable, Sendable {
    case planAdopted(PlanAdoption)
    case siteChecked(SiteCheck)
    case backupRun(BackupRun)
    case copyReceipt(CopyReceipt)
    case copyVerification(CopyVerification)
    case restoreRun(RestoreRun)
    case canaryRecord(CanaryRecord)
    case drillRun(DrillRun)
    case attestation(Attestation)
    case registerClaim(RegisterClaim)
    case reportMade(ReportMade)
    case copyExpiry(CopyExpiry)
    case lease(Lease)
    case retentionHold(RetentionHold)
    case recipientSet(RecipientSet)
    case keyDrill(KeyDrill)
    case ledgerRebuild(LedgerRebuild)
    case probeRun(ProbeRun)
    case exemption(Exemption)
    case incident(Incident)
    case change(Change)
    case pipelineRun(PipelineRun)
    case alert(Alert)
    case importBatch(ImportBatch)
    case maintenanceNotice(MaintenanceNotice)
    case repositoryListing(RepositoryListing)
    case repositoryCheck(RepositoryCheck)
    case drillObservation(DrillObservation)
    case drillWaiver(DrillWaiver)
    case registerEntry(RegisterEntry)
}

/// The name of an event's kind in the ledger and in JSON.
package enum EventKind: String, Hashable, Sendable, Codable, CaseIterable {
    case planAdopted = "plan_adopted"
    case siteChecked = "site_checked"
    case backupRun = "backup_run"
    case copyReceipt = "copy_receipt"
    case copyVerification = "copy_verification"
    case restoreRun = "restore_run"
    case canaryRecord = "canary_record"
    case drillRun = "drill_run"
    case attestation
    case registerClaim = "register_claim"
    case reportMade = "report_made"
    case copyExpiry = "copy_expiry"
    case lease
    case retentionHold = "retention_hold"
    case recipientSet = "recipient_set"
    case keyDrill = "key_drill"
    case ledgerRebuild = "ledger_rebuild"
    case probeRun = "probe_run"
    case exemption
    case incident
    case change
    case pipelineRun = "pipeline_run"
    case alert
    case importBatch = "import_batch"
    case maintenanceNotice = "maintenance_notice"
    case repositoryListing = "repository_listing"
    case repositoryCheck = "repository_check"
    case drillObservation = "drill_observation"
    case drillWaiver = "drill_waiver"
    case registerEntry = "register_entry"
}

extension EventBody {
    package var kind: EventKind {
        switch self {
        case .planAdopted: .planAdopted
        case .siteChecked: .siteChecked
        case .backupRun: .backupRun
        case .copyReceipt: .copyReceipt
        case .copyVerification: .copyVerification
        case .restoreRun: .restoreRun
        case .canaryRecord: .canaryRecord
        case .drillRun: .drillRun
        case .attestation: .attestation
        case .registerClaim: .registerClaim
        case .reportMade: .reportMade
        case .copyExpiry: .copyExpiry
        case .lease: .lease
        case .retentionHold: .retentionHold
        case .recipientSet: .recipientSet
        case .keyDrill: .keyDrill
        case .ledgerRebuild: .ledgerRebuild
        case .probeRun: .probeRun
        case .exemption: .exemption
        case .incident: .incident
        case .change: .change
        case .pipelineRun: .pipelineRun
        case .alert: .alert
        case .importBatch: .importBatch
        case .maintenanceNotice: .maintenanceNotice
        case .repositoryListing: .repositoryListing
        case .repositoryCheck: .repositoryCheck
        case .drillObservation: .drillObservation
        case .drillWaiver: .drillWaiver
        case .registerEntry: .registerEntry
        }
    }

    /// The value that stands under the kind's name.
    package var value: any Encodable & Sendable {
        switch self {
        case .planAdopted(let value): value
        case .siteChecked(let value): value
        case .backupRun(let value): value
        case .copyReceipt(let value): value
        case .copyVerification(let value): value
        case .restoreRun(let value): value
        case .canaryRecord(let value): value
        case .drillRun(let value): value
        case .attestation(let value): value
        case .registerClaim(let value): value
        case .reportMade(let value): value
        case .copyExpiry(let value): value
        case .lease(let value): value
        case .retentionHold(let value): value
        case .recipientSet(let value): value
        case .keyDrill(let value): value
        case .ledgerRebuild(let value): value
        case .probeRun(let value): value
        case .exemption(let value): value
        case .incident(let value): value
        case .change(let value): value
        case .pipelineRun(let value): value
        case .alert(let value): value
        case .importBatch(let value): value
        case .maintenanceNotice(let value): value
        case .repositoryListing(let value): value
        case .repositoryCheck(let value): value
        case .drillObservation(let value): value
        case .drillWaiver(let value): value
        case .registerEntry(let value): value
        }
    }

    /// Reads the value of `kind` with the given reader, such as a JSON decoder over stored bytes.
    package init(kind: EventKind, reading reader: some EventReader) throws {
        switch kind {
        case .planAdopted: self = .planAdopted(try reader.read(PlanAdoption.self))
        case .siteChecked: self = .siteChecked(try reader.read(SiteCheck.self))
        case .backupRun: self = .backupRun(try reader.read(BackupRun.self))
        case .copyReceipt: self = .copyReceipt(try reader.read(CopyReceipt.self))
        case .copyVerification: self = .copyVerification(try reader.read(CopyVerification.self))
        case .restoreRun: self = .restoreRun(try reader.read(RestoreRun.self))
        case .canaryRecord: self = .canaryRecord(try reader.read(CanaryRecord.self))
        case .drillRun: self = .drillRun(try reader.read(DrillRun.self))
        case .attestation: self = .attestation(try reader.read(Attestation.self))
        case .registerClaim: self = .registerClaim(try reader.read(RegisterClaim.self))
        case .reportMade: self = .reportMade(try reader.read(ReportMade.self))
        case .copyExpiry: self = .copyExpiry(try reader.read(CopyExpiry.self))
        case .lease: self = .lease(try reader.read(Lease.self))
        case .retentionHold: self = .retentionHold(try reader.read(RetentionHold.self))
        case .recipientSet: self = .recipientSet(try reader.read(RecipientSet.self))
        case .keyDrill: self = .keyDrill(try reader.read(KeyDrill.self))
        case .ledgerRebuild: self = .ledgerRebuild(try reader.read(LedgerRebuild.self))
        case .probeRun: self = .probeRun(try reader.read(ProbeRun.self))
        case .exemption: self = .exemption(try reader.read(Exemption.self))
        case .incident: self = .incident(try reader.read(Incident.self))
        case .change: self = .change(try reader.read(Change.self))
        case .pipelineRun: self = .pipelineRun(try reader.read(PipelineRun.self))
        case .alert: self = .alert(try reader.read(Alert.self))
        case .importBatch: self = .importBatch(try reader.read(ImportBatch.self))
        case .maintenanceNotice: self = .maintenanceNotice(try reader.read(MaintenanceNotice.self))
        case .repositoryListing: self = .repositoryListing(try reader.read(RepositoryListing.self))
        case .repositoryCheck: self = .repositoryCheck(try reader.read(RepositoryCheck.self))
        case .drillObservation: self = .drillObservation(try reader.read(DrillObservation.self))
        case .drillWaiver: self = .drillWaiver(try reader.read(DrillWaiver.self))
        case .registerEntry: self = .registerEntry(try reader.read(RegisterEntry.self))
        }
    }
}

/// Reads one value of any kind from where an event's bytes are kept.
package protocol EventReader {
    func read<Value: Decodable>(_ type: Value.Type) throws -> Value
}
