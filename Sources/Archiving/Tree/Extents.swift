// SPDX-License-Identifier: Apache-2.0
import CArchive
import Glibc

/// Where a file has data; between the stretches lie holes.
enum Extents {
    /// The stretches of data of an open file; `nil` when the file system does not say, or there is no hole.
    static func of(_ descriptor: Int32, size: Int) -> [Range<Int>]? {
        var extents: [Range<Int>] = []
        var place = 0
        while place < size {
            let data = lseek(descriptor, place, LIFEBOAT_SEEK_DATA)
            if data < 0 {
                guard errno == ENXIO else { return nil }
                break
            }
            let start = Int(data)
            guard start < size else { break }
            let hole = lseek(descriptor, start, LIFEBOAT_SEEK_HOLE)
            guard hole > data else { return nil }
            let end = min(Int(hole), size)
            extents.append(start..<end)
            place = end
        }
        return extents == [0..<size] ? nil : extents
    }
}
