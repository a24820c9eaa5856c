// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity

/// A restore to another host: decrypted and checked here, unpacked by that host's own tar, then hashed there.
struct HostRestore {
    let desk: CopyDesk
    let chain: OpenChain
    let paths: [[UInt8]]?
    let host: String
    let folder: String

    func restore(_ run: inout RestoreRun, _ supervision: Supervision) throws {
        throw OperationError(.failed, "restoring to another host is not built yet")
    }
}
