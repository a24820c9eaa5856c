// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Glibc

/// A point's folder on this machine: an escrowed copy, a mounted disk, a store seen from its own host.
package struct PointDirectory: PointFiles {
    package let place: String

    /// Takes the folder's path; it is read only when something is asked for.
    package init(path: String) {
        place = path
    }

    package func open(_ name: String) throws -> any RangedBytes {
        guard StoreFile(name: name) != nil else {
            throw ArchiveError(
                .hostile, "open", "\(place)/\(name)", detail: "no file of a point has this name")
        }
        return try FileBytes(path: "\(place)/\(name)")
    }

    package func names() throws -> [StoredFile] {
        guard let folder = unsafe opendir(place) else { throw ArchiveError.system("list", place) }
        defer { unsafe closedir(folder) }
        var files: [StoredFile] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            var status = stat()
            guard unsafe fstatat(dirfd(folder), name, &status, AT_SYMLINK_NOFOLLOW) == 0,
                status.st_mode & S_IFMT == S_IFREG
            else { continue }
            files.append(StoredFile(name: name, size: Int(status.st_size)))
        }
        return files
    }
}
