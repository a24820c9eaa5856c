// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The names of users and groups, each asked of the system once.
///
/// Not `Sendable`: it remembers the answers; one for each run.
final class OwnerNames {
    private var users: [uid_t: [UInt8]] = [:]
    private var groups: [gid_t: [UInt8]] = [:]

    /// The user's name; empty when there is none, or one that is longer than an index can hold.
    func user(_ number: uid_t) -> [UInt8] {
        if let known = users[number] { return known }
        var entry = unsafe passwd()
        let name = unsafe Self.name { buffer, size in
            var found: UnsafeMutablePointer<passwd>?
            let status = unsafe getpwuid_r(number, &entry, buffer, size, &found)
            guard let found = unsafe found, let name = unsafe found.pointee.pw_name else {
                return (status, nil)
            }
            return unsafe (status, UnsafePointer(name))
        }
        users[number] = name
        return name
    }

    /// The group's name, likewise.
    func group(_ number: gid_t) -> [UInt8] {
        if let known = groups[number] { return known }
        var entry = unsafe Glibc.group()
        let name = unsafe Self.name { buffer, size in
            var found: UnsafeMutablePointer<Glibc.group>?
            let status = unsafe getgrgid_r(number, &entry, buffer, size, &found)
            guard let found = unsafe found, let name = unsafe found.pointee.gr_name else {
                return (status, nil)
            }
            return unsafe (status, UnsafePointer(name))
        }
        groups[number] = name
        return name
    }

    /// Asks with a larger buffer until the answer fits.
    private static func name(
        _ ask: (UnsafeMutablePointer<CChar>, Int) -> (status: Int32, name: UnsafePointer<CChar>?)
    ) -> [UInt8] {
        var size = 1024
        while size <= 1 << 20 {
            let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: size)
            defer { unsafe buffer.deallocate() }
            let (status, found) = unsafe ask(buffer, size)
            if status == ERANGE {
                size *= 4
                continue
            }
            guard let name = unsafe found else { return [] }
            let bytes = unsafe UnsafeRawBufferPointer(start: name, count: strlen(name)).map(\.self)
            return bytes.count <= IndexFormat.nameLimit ? bytes : []
        }
        return []
    }
}
