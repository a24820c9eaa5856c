// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc

/// The program under test, as it was built together with the tests.
package enum Program {
    /// The path of `lifeboat`, beside the running test bundle.
    package static let path: String = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let folder = own.lastIndex(of: "/").map { String(own[..<$0]) } ?? "."
        return folder + "/lifeboat"
    }()
}
