// SPDX-License-Identifier: Apache-2.0
import Continuity

/// What is printed beside a grade, so that nobody compares two that were taken by different models.
package enum ModelDigest {
    /// SHA-256 of the shipped model, in hex.
    package static let builtIn = Hex.sha256(BuiltInModel.canonicalBytes)
}
