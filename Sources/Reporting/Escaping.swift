// SPDX-License-Identifier: Apache-2.0

/// Texts from hosts, files and people, made safe for the place they are printed in.
package enum Escaping {
    /// For HTML text and quoted attributes.
    package static func html(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in visible(text).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// For one cell of a Markdown table or one line of running text.
    package static func markdown(_ text: String) -> String {
        var result = ""
        for scalar in visible(text).unicodeScalars {
            if "\\`*_{}[]<>#|".unicodeScalars.contains(scalar) { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result
    }

    /// Control characters, and those that turn the direction of writing, become visible escapes, so that no
    /// output of a host can forge a line, move the cursor or hide what stands there.
    ///
    /// Keeps `limit` characters; what is cut is said.
    package static func visible(_ text: String, limit: Int = 4_096) -> String {
        var result = ""
        for scalar in text.unicodeScalars.prefix(limit) {
            if isHidden(scalar) {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        let count = text.unicodeScalars.count
        return count > limit ? "\(result)… (\(count - limit) more characters)" : result
    }

    /// Noncharacters are hidden, too: XML does not allow them.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.properties.isNoncharacterCodePoint { return true }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
        default: false
        }
    }
}
