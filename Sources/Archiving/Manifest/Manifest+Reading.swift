// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

extension Manifest {
    /// The most bytes a manifest may have: room for 99,999 parts.
    package static let sizeLimit = 32 << 20

    /// The one text of this manifest: JSON with sorted keys and without white space, checked by its own rules.
    package func canonicalBytes() throws(ArchiveError) -> [UInt8] {
        if let objection { throw objection }
        return try encoded()
    }

    /// Reads a manifest strictly.
    ///
    /// Each manifest has exactly one text: unknown or repeated keys, white space and other spellings of a value
    /// are refused, because what one reader passes over in silence another may act on.
    ///
    /// - Throws: `unsupported` for another version, `malformed` for what breaks the form, `hostile` for what
    ///   would lead a reader elsewhere.
    package static func parse(_ bytes: [UInt8]) throws(ArchiveError) -> Manifest {
        guard bytes.count <= sizeLimit else {
            throw malformed("it has \(bytes.count) bytes, more than \(sizeLimit)")
        }
        let data = Data(bytes)
        if let stated = try? JSONDecoder().decode(StatedVersion.self, from: data).version,
            stated != currentVersion
        {
            throw ArchiveError(
                .unsupported, operation, detail: "its version is \(stated), not \(currentVersion)",
                hint: "a newer lifeboat wrote it; update this one")
        }
        let manifest: Manifest
        do {
            manifest = try JSONDecoder().decode(Manifest.self, from: data)
        } catch let error as DecodingError {
            throw malformed(words(of: error))
        } catch {
            throw malformed("\(error)")
        }
        if let objection = manifest.objection { throw objection }
        guard try manifest.encoded() == bytes else {
            throw malformed("it has keys or spellings that no manifest has")
        }
        return manifest
    }

    private func encoded() throws(ArchiveError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(self))
        } catch {
            throw ArchiveError(.malformed, "write the manifest", detail: "\(error)")
        }
    }

    static let operation = "read the manifest"

    static func malformed(_ detail: String) -> ArchiveError {
        ArchiveError(.malformed, operation, detail: detail)
    }

    /// Where in the document, and what is wrong there.
    private static func words(of error: DecodingError) -> String {
        func place(_ context: DecodingError.Context) -> String {
            context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context):
            return "'\((context.codingPath + [key]).map(\.stringValue).joined(separator: "."))' is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            return "'\(place(context))': \(context.debugDescription)"
        @unknown default:
            return "\(error)"
        }
    }
}

/// Enough of any version's manifest to say which it is.
private struct StatedVersion: Decodable {
    let version: Int
}
