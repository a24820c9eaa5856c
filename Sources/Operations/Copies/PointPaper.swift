// SPDX-License-Identifier: Apache-2.0
import Archiving

/// The small files of a point in one store: checksums, recovery card, signature and, last, the manifest.
struct PointPaper {
    let desk: CopyDesk
    let target: StoreAccess
    let folder: StoreFolder
    let sealed: SealedManifest

    /// Writes what is not there yet; a manifest that verifies is the one commit point, so it goes last.
    ///
    /// `attempts` says under which attempt each file lies in this store, `names` what lies in the folder.
    func write(attempts: [StoreFile.Role: Int], there names: [StoredName]) throws {
        let sums = Checksums(sealed.manifest, attempts: attempts).text
        try put(Array(sums.utf8), .checksums, names)
        try put(Array(sealed.signature.utf8), .signature, names)
        try put(sealed.bytes, .manifest, names)
    }

    /// Writes a file unless one of its attempts holds these very bytes.
    private func put(_ bytes: [UInt8], _ role: StoreFile.Role, _ names: [StoredName]) throws {
        for name in names where StoreFile(name: name.name)?.role == role && name.size == bytes.count {
            if try target.read(name.name, in: folder, limit: bytes.count) == bytes { return }
        }
        try target.put(bytes, as: StoreFile(role).name, in: folder)
    }
}
