// SPDX-License-Identifier: Apache-2.0

/// What the program calls itself in manifests, journals and reports.
package enum Version {
    package static let text = "0.1.0"
}
