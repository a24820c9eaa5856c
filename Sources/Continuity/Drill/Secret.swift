// SPDX-License-Identifier: Apache-2.0

/// Something that a step needs and nobody may read: known to a drill by its name only.
///
/// It reaches a step as a file of mode 0600 in the step's own folder, named by `{{secret.NAME}}` and removed
/// when the step ends, or as its standard input; never in arguments, environment, journal or report.
package struct Secret: Hashable, Sendable {
    package enum Source: Hashable, Sendable {
        /// A file of the controller that only its owner can read.
        case file(String)
        /// What a command of the controller prints.
        case command([String])
    }

    package var id: String
    package var source: Source

    package init(id: String, source: Source) {
        self.id = id
        self.source = source
    }
}
