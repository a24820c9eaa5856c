// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity

/// One point's folder in one store, for the readers of archives.
struct StorePointFiles: PointFiles {
    let access: StoreAccess
    let folder: StoreFolder

    var place: String { "\(access.store.id):\(access.path(in: folder))" }

    func open(_ name: String) throws -> any RangedBytes {
        try access.open(name, in: folder)
    }

    func names() throws -> [Archiving.StoredFile] {
        try access.names(in: folder).map { Archiving.StoredFile(name: $0.name, size: $0.size) }
    }
}
