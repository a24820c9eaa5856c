// SPDX-License-Identifier: Apache-2.0
import Glibc

/// How this process names itself to others.
enum ProcessName {
    /// Such as `4711 on ops1`.
    static var own: String { "\(getpid()) on \(host)" }

    /// What this machine calls itself.
    static var host: String {
        var name = [CChar](repeating: 0, count: 256)
        return gethostname(&name, name.count) == 0
            ? String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            : "this machine"
    }
}
