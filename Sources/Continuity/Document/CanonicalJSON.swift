// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// The one JSON form of everything that is hashed, signed, stored or printed with `--json`.
///
/// Keys are snake_case and sorted, slashes are not escaped, there is no white space.
package enum CanonicalJSON {
    package static func encode(_ value: some Encodable) throws -> Data {
        try encoder(pretty: false).encode(value)
    }

    /// The same with line breaks and indents, for people.
    package static func encodePretty(_ value: some Encodable) throws -> Data {
        try encoder(pretty: true).encode(value)
    }

    package static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: data)
    }

    private static func encoder(pretty: Bool) -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
        return encoder
    }
}
