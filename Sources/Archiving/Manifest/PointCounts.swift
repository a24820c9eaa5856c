// SPDX-License-Identifier: Apache-2.0

/// What a run read, wrote and left out.
///
/// Bytes are those of the source unless they say otherwise.
package struct PointCounts: Hashable, Sendable, Codable {
    /// Members that this point holds by itself: regular files and hard links to them.
    package var files = 0
    package var folders = 0
    /// Symbolic links, devices and fifos.
    package var others = 0
    /// Paths that the point before did not have.
    package var added = 0
    /// Paths that it had otherwise; folders that only lost or gained an entry are not counted.
    package var changed = 0
    package var deleted = 0
    /// Paths that could not be read.
    package var unreadable = 0
    /// Paths that were listed and then gone.
    package var vanished = 0
    /// Files that changed while they were read.
    package var changedWhileRead = 0
    package var skippedSockets = 0
    /// Members whose path is longer than the 4096 bytes that GNU tar can restore.
    package var longPaths = 0
    /// Files of the whole tree at that time, changed or not, and their bytes.
    package var totalFiles = 0
    package var totalBytes = 0
    package var bytesRead = 0
    /// Bytes of the parts as they lie in one store.
    package var bytesStored = 0
    package var parts = 0

    package init() {}

    private enum CodingKeys: String, CodingKey {
        case files, folders, others, added, changed, deleted, unreadable, vanished, parts
        case changedWhileRead = "changed_while_read"
        case skippedSockets = "skipped_sockets"
        case longPaths = "long_paths"
        case totalFiles = "total_files"
        case totalBytes = "total_bytes"
        case bytesRead = "bytes_read"
        case bytesStored = "bytes_stored"
    }

    /// Each count, to be checked or shown alike.
    var all: [Int] {
        [
            files, folders, others, added, changed, deleted, unreadable, vanished, changedWhileRead,
            skippedSockets, longPaths, totalFiles, totalBytes, bytesRead, bytesStored, parts,
        ]
    }
}
