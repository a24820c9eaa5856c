// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Synchronization

/// One point's folder in one store, for the readers of archives.
///
/// The folder is listed once; what the list says is a file of some size is opened without asking again.
final class StorePointFiles: PointFiles {
    let access: StoreAccess
    let folder: StoreFolder
    private let listed: Mutex<[StoredName]?>
    /// Small files that came along with the list.
    private let contents: [String: [UInt8]]

    init(
        access: StoreAccess, folder: StoreFolder, names: [StoredName]? = nil,
        contents: [String: [UInt8]] = [:]
    ) {
        self.access = access
        self.folder = folder
        listed = Mutex(names)
        self.contents = contents
    }

    var place: String { "\(access.store.id):\(access.path(in: folder))" }

    func open(_ name: String) throws -> any RangedBytes {
        if let bytes = contents[name] { return MemoryBytes(bytes) }
        let known = listed.withLock { $0?.first { $0.name == name } }
        guard let known else { return try access.open(name, in: folder) }
        return try access.open(known, in: folder)
    }

    func names() throws -> [Archiving.StoredFile] {
        let names = try listed.withLock { $0 } ?? access.names(in: folder)
        listed.withLock { $0 = names }
        return names.map { Archiving.StoredFile(name: $0.name, size: $0.size) }
    }
}
