// SPDX-License-Identifier: Apache-2.0
import Archiving
package import Continuity
import Foundation
import Glibc

/// A file to be read in, as it is: its bytes, their hash, and when it was last written.
package struct ImportFile: Sendable {
    /// Larger than a year of anything that is imported; smaller than what would hurt.
    private static let sizeLimit = 512 << 20

    package let path: String
    package let text: String
    package let sha256: String
    /// The time of its last change; `nil` for standard input.
    package let writtenAt: Moment?

    /// Reads a file, or standard input for `-`.
    ///
    /// - Throws: `OperationError` with `.noSuchFile`, or `.badInput` when it is too large or not UTF-8.
    package static func read(_ path: String) throws -> ImportFile {
        let isInput = path == "-"
        var writtenAt: Moment?
        let data: Data
        if isInput {
            data = try FileHandle.standardInput.read(upToCount: sizeLimit + 1) ?? Data()
        } else {
            var status = stat()
            guard stat(path, &status) == 0, let bytes = FileManager.default.contents(atPath: path) else {
                throw OperationError(
                    .noSuchFile, "cannot read \(path): \(String(cString: strerror(errno)))")
            }
            writtenAt = Moment(
                seconds: Int64(status.st_mtim.tv_sec), nanoseconds: Int64(status.st_mtim.tv_nsec))
            data = bytes
        }
        guard data.count <= sizeLimit else {
            throw OperationError(.badInput, "\(path) is larger than \(sizeLimit >> 20) MiB")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw OperationError(
                .badInput, "\(path) is not UTF-8",
                hint: "convert it: iconv -f GB18030 -t UTF-8, or from whatever it is in")
        }
        return ImportFile(
            path: isInput ? "standard input" : path, text: text, sha256: SHA256Digest.of([UInt8](data)).hex,
            writtenAt: writtenAt)
    }
}
