// SPDX-License-Identifier: Apache-2.0

/// One extended attribute; on Linux POSIX ACLs and file capabilities are attributes too.
package struct ExtendedAttribute: Hashable, Sendable {
    /// With its namespace, such as `user.note` or `system.posix_acl_access`.
    package let name: [UInt8]
    package let value: [UInt8]

    package init(name: [UInt8], value: [UInt8]) {
        self.name = name
        self.value = value
    }
}

/// The one digest of a file's extended attributes, by which source and restore are compared.
package enum AttributeDigest {
    /// SHA-256 over the attributes sorted by name, each as two numbers (LEB128) and two byte strings.
    ///
    /// `nil` when there are none.
    package static func of(_ attributes: [ExtendedAttribute]) -> SHA256Digest? {
        guard !attributes.isEmpty else { return nil }
        var encoder = IndexEncoder()
        for attribute in attributes.sorted(by: { $0.name.lexicographicallyPrecedes($1.name) }) {
            encoder.append(string: attribute.name)
            encoder.append(string: attribute.value)
        }
        return .of(encoder.bytes)
    }
}
