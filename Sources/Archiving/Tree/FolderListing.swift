// SPDX-License-Identifier: Apache-2.0
import CArchive
import Glibc

/// The names in one folder, sorted by bytes.
///
/// One block of memory holds them all: a folder of a million files takes some 30 MB and not 100. Not `Sendable`:
/// it owns the block.
@safe final class FolderListing {
    private var names: UnsafeMutablePointer<CChar>
    private var capacity = 4096
    private var used = 0
    private var offsets: [UInt32] = []

    /// Reads an open folder from its beginning; throws the system's error.
    init(of folder: Int32) throws(ArchiveError) {
        unsafe names = .allocate(capacity: capacity)
        unsafe try withBuffer { buffer throws(ArchiveError) in
            while true {
                let count = unsafe getdents64(folder, buffer.baseAddress, buffer.count)
                if count == 0 { return }
                guard count > 0 else { throw ArchiveError.system("list", "a folder") }
                unsafe take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
        let base = unsafe names
        offsets.sort { unsafe strcmp(base + Int($0), base + Int($1)) < 0 }
    }

    deinit {
        unsafe names.deallocate()
    }

    var count: Int { offsets.count }

    /// A name, ended by NUL; it lives as long as the listing.
    func name(_ position: Int) -> UnsafePointer<CChar> {
        unsafe UnsafePointer(names + Int(offsets[position]))
    }

    private func withBuffer(_ body: (UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Void)
        throws(ArchiveError)
    {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { unsafe buffer.deallocate() }
        try unsafe body(buffer)
    }

    /// Keeps the names of some directory entries (getdents64(2): the name begins at byte 19).
    private func take(_ entries: UnsafeRawBufferPointer) {
        var place = 0
        while place < entries.count, let base = entries.baseAddress {
            let length = unsafe Int(entries.loadUnaligned(fromByteOffset: place + 16, as: UInt16.self))
            let start = unsafe (base + place + 19).assumingMemoryBound(to: CChar.self)
            place += length
            let isDots = unsafe start[0] == 46 && (start[1] == 0 || (start[1] == 46 && start[2] == 0))
            if isDots { continue }
            let size = unsafe strlen(start) + 1
            if used + size > capacity { grow(to: used + size) }
            unsafe (names + used).update(from: start, count: size)
            offsets.append(UInt32(used))
            used += size
        }
    }

    private func grow(to needed: Int) {
        capacity = max(needed, capacity * 2)
        let larger = UnsafeMutablePointer<CChar>.allocate(capacity: capacity)
        unsafe larger.update(from: names, count: used)
        unsafe names.deallocate()
        unsafe names = larger
    }
}
