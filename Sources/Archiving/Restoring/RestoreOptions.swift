// SPDX-License-Identifier: Apache-2.0

/// How far a restore may go.
package struct RestoreOptions: Hashable, Sendable {
    /// Whether a pinned signer vouches for the points.
    ///
    /// Then owners, set-user-id, set-group-id, capabilities and devices come back as they were, as far as the system
    /// lets this process. Otherwise they are left out and counted.
    package var isTrusted: Bool
    /// Whether parts that are missing become faults, instead of a refusal before anything is written.
    package var acceptsGaps: Bool

    package init(isTrusted: Bool, acceptsGaps: Bool = false) {
        self.isTrusted = isTrusted
        self.acceptsGaps = acceptsGaps
    }
}

/// What of an attribute or a member did not come back, by reason.
package enum LeftOutReason: String, Hashable, Sendable, Codable, CaseIterable {
    /// The owner is this process's own and not the one it was.
    case owner
    /// Set-user-id or set-group-id.
    case setID = "set_id"
    /// File capabilities.
    case capability
    /// A character or block device.
    case device
    /// An extended attribute or ACL that the file system or the system refused.
    case attribute
}

/// A path that did not come back, and why.
package struct RestoreFault: Hashable, Sendable {
    package let path: [UInt8]
    /// Its subject is the file in the store or at the target that is to blame.
    package let error: ArchiveError

    package init(path: [UInt8], error: ArchiveError) {
        self.path = path
        self.error = error
    }
}

extension RestoreFault: CustomStringConvertible {
    package var description: String { "\(MemberPath.shown(path)): \(error)" }
}

/// What a restore brought back and what it did not; nothing is left unsaid.
package struct RestoreSummary: Hashable, Sendable {
    package var folders = 0
    package var files = 0
    package var hardLinks = 0
    package var symbolicLinks = 0
    package var devices = 0
    package var fifos = 0
    /// Bytes of files, without their holes.
    package var bytes = 0
    /// Files whose content was compared with the index's digest: all of `files`, or there are faults.
    package var verifiedFiles = 0
    /// What was left out and is not counted as a fault.
    package var leftOut: [LeftOutReason: Int] = [:]
    /// The first of the paths that did not come back.
    package private(set) var faults: [RestoreFault] = []
    /// How many there are altogether.
    package private(set) var faultCount = 0
    /// Files that could not be read whole when the point was made: what is missing in them stands as zeros.
    package private(set) var incomplete: [[UInt8]] = []
    package private(set) var incompleteCount = 0

    /// The most faults that are kept with their paths.
    package static let faultLimit = 1000

    package init() {}

    /// Everything that is at the target.
    package var members: Int { folders + files + hardLinks + symbolicLinks + devices + fifos }

    /// Whether every path that was asked for came back with its content; attributes may have been left out.
    package var isWhole: Bool { faultCount == 0 }

    /// Keeps a fault, or counts it when there are too many to keep.
    package mutating func record(_ fault: RestoreFault) {
        faultCount += 1
        if faults.count < Self.faultLimit { faults.append(fault) }
    }

    mutating func recordIncomplete(_ path: [UInt8]) {
        incompleteCount += 1
        if incomplete.count < Self.faultLimit { incomplete.append(path) }
    }

    mutating func leaveOut(_ reason: LeftOutReason) {
        leftOut[reason, default: 0] += 1
    }

    /// Adds what another thread did.
    mutating func add(_ other: RestoreSummary) {
        folders += other.folders
        files += other.files
        hardLinks += other.hardLinks
        symbolicLinks += other.symbolicLinks
        devices += other.devices
        fifos += other.fifos
        bytes += other.bytes
        verifiedFiles += other.verifiedFiles
        leftOut.merge(other.leftOut, uniquingKeysWith: +)
        faultCount += other.faultCount
        faults += other.faults.prefix(Self.faultLimit - faults.count)
        incompleteCount += other.incompleteCount
        incomplete += other.incomplete.prefix(Self.faultLimit - incomplete.count)
    }

    /// Brings faults into the order of paths, whichever thread met them first.
    mutating func sort() {
        faults.sort { MemberPath.compare($0.path, $1.path) < 0 }
        incomplete.sort { MemberPath.compare($0, $1) < 0 }
    }
}

/// A restore that broke off after it had begun to write.
package struct RestoreInterrupted: Error, Sendable {
    /// Why: a full disk, the caller's wish, a target that is gone.
    package let cause: any Error
    /// What stands at the target now; files being written at that moment were removed again.
    package let summary: RestoreSummary

    package init(cause: any Error, summary: RestoreSummary) {
        self.cause = cause
        self.summary = summary
    }
}

extension RestoreInterrupted: CustomStringConvertible {
    package var description: String {
        "\(cause) (it broke off: \(summary.files) files and \(summary.folders) folders had come back)"
    }
}

/// How far a restore is.
package struct RestoreProgress: Hashable, Sendable {
    /// Files that are done, well or not.
    package var files: Int
    /// Their bytes.
    package var bytes: Int

    package init(files: Int, bytes: Int) {
        self.files = files
        self.bytes = bytes
    }
}
