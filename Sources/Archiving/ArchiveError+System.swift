// SPDX-License-Identifier: Apache-2.0
import Glibc

extension ArchiveError {
    /// The failure of a system call, in the system's words.
    ///
    /// The number is read before anything else can overwrite it: call this right after the failed call.
    package static func system(
        _ operation: String, _ subject: String, errno number: Int32 = Glibc.errno
    ) -> ArchiveError {
        // strerror's buffer belongs to the thread since glibc 2.32.
        let words = unsafe String(cString: strerror(number))
        return ArchiveError(.ioFailed(errno: number), operation, subject, detail: words)
    }
}
