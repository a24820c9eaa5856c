// SPDX-License-Identifier: Apache-2.0
import FlyingFox

/// The secret that a browser or a monitoring system shows to be let in.
///
/// It comes once in the address that the program prints, and stays as a cookie that scripts cannot read and other
/// sites cannot send; programs send it as a bearer token.
package struct AccessToken: Hashable, Sendable {
    package let text: String

    /// A new one of 128 random bits.
    package init() {
        var generator = SystemRandomNumberGenerator()
        text = (0..<2).map { _ in
            let digits = String(UInt64.random(in: .min ... .max, using: &generator), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// One that was kept; `nil` when it is shorter than 16 characters or could not stand in a cookie.
    package init?(_ text: String) {
        let isPlain = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        }
        guard isPlain, (16...256).contains(text.utf8.count) else { return nil }
        self.text = text
    }

    static let cookieName = "lifeboat"

    /// Whether a request shows it.
    func isShown(by request: HTTPRequest) -> Bool {
        if let bearer = request.headers[.authorization], bearer.hasPrefix("Bearer ") {
            return isEqual(String(bearer.dropFirst("Bearer ".count)))
        }
        let cookies = (request.headers[.cookie] ?? "").split(separator: ";").map { part in
            String(part.drop { $0 == " " })
        }
        let prefix = "\(Self.cookieName)="
        return cookies.contains { $0.hasPrefix(prefix) && isEqual(String($0.dropFirst(prefix.count))) }
    }

    /// Compares without telling by the time it takes how much was right.
    func isEqual(_ other: String) -> Bool {
        let (own, given) = (Array(text.utf8), Array(other.utf8))
        guard own.count == given.count else { return false }
        return zip(own, given).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    var cookie: String {
        "\(Self.cookieName)=\(text); Path=/; HttpOnly; SameSite=Strict"
    }
}
