// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// The one key by which a host is recognised, written as `ssh-ed25519 SHA256:…`.
package struct HostKeyPin: Hashable, Sendable {
    /// The algorithm: `ssh-ed25519` or one of the ECDSA curves.
    package let type: String
    /// `SHA256:` and unpadded base64, as `ssh-keygen -l` prints it.
    package let fingerprint: String

    /// The types that can be pinned, the preferred one first.
    ///
    /// RSA is not among them: libssh2 1.10 knows it only with SHA-1.
    package static let types = [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
    ]

    /// A text that is no pin.
    package struct ParsingError: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// Reads `TYPE SHA256:…`; anything else after it is refused.
    package init(parsing text: String) throws(ParsingError) {
        let words = text.split(separator: " ")
        guard words.count == 2 else {
            throw ParsingError(description: "a host key is written as 'ssh-ed25519 SHA256:…'")
        }
        guard Self.types.contains(String(words[0])) else {
            throw ParsingError(
                description: "host key type '\(words[0])' cannot be pinned; use one of "
                    + Self.types.joined(separator: ", "))
        }
        let parts = words[1].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "SHA256", parts[1].utf8.count == 43,
            Data(base64Encoded: parts[1] + "=")?.count == 32
        else { throw ParsingError(description: "'\(words[1])' is not a SHA256 fingerprint") }
        type = String(words[0])
        fingerprint = String(words[1])
    }

    /// The pin of a key whose SHA-256 is known.
    init(type: String, sha256: [UInt8]) {
        self.type = type
        fingerprint = "SHA256:" + Data(sha256).base64EncodedString().prefix { $0 != "=" }
    }

    /// The form in which it stands in a plan.
    package var text: String { "\(type) \(fingerprint)" }
}
