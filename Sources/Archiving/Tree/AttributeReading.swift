// SPDX-License-Identifier: Apache-2.0
import CArchive
import Glibc

/// Reads the extended attributes of files, POSIX ACLs and capabilities among them.
///
/// Not `Sendable`: it reuses its buffers; one for each thread.
@safe final class AttributeReader {
    private let names = UnsafeMutableBufferPointer<CChar>.allocate(capacity: 64 << 10)
    private let value = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

    deinit {
        unsafe names.deallocate()
        unsafe value.deallocate()
    }

    /// Those of an open file or folder.
    func attributes(of descriptor: Int32) throws(ArchiveError) -> [ExtendedAttribute] {
        let count = unsafe flistxattr(descriptor, names.baseAddress, names.count)
        if count == 0 { return [] }
        return unsafe try read(count) { name in
            unsafe fgetxattr(descriptor, name, value.baseAddress, value.count)
        }
    }

    /// Those of a name in an open folder, which may be a symbolic link, a device or a fifo.
    ///
    /// The way over /proc needs no long path and opens nothing.
    func attributes(of name: UnsafePointer<CChar>, in folder: Int32) throws(ArchiveError)
        -> [ExtendedAttribute]
    {
        let path =
            unsafe Array("/proc/self/fd/\(folder)/".utf8CString.dropLast())
            + UnsafeBufferPointer(start: name, count: strlen(name) + 1)
        let count = unsafe llistxattr(path, names.baseAddress, names.count)
        if count == 0 { return [] }
        return unsafe try read(count) { name in unsafe lgetxattr(path, name, value.baseAddress, value.count) }
    }

    /// The values of the names that were listed.
    private func read(_ count: Int, _ get: (UnsafePointer<CChar>) -> Int) throws(ArchiveError)
        -> [ExtendedAttribute]
    {
        guard count > 0 else {
            // A file system without attributes has none.
            if errno == ENOTSUP || errno == ENOSYS { return [] }
            throw ArchiveError.system("read the attributes of", "a file")
        }
        var attributes: [ExtendedAttribute] = []
        var place = 0
        while place < count, let base = unsafe names.baseAddress {
            let name = unsafe UnsafePointer(base + place)
            let length = unsafe strlen(name)
            place += length + 1
            let size = unsafe get(name)
            if size < 0 {
                // Taken away since it was listed.
                if errno == ENODATA { continue }
                throw ArchiveError.system("read the attributes of", "a file")
            }
            attributes.append(
                ExtendedAttribute(
                    name: unsafe UnsafeRawBufferPointer(start: name, count: length).map(\.self),
                    value: unsafe Array(UnsafeRawBufferPointer(rebasing: value[..<size]))))
        }
        return attributes
    }
}
