// SPDX-License-Identifier: Apache-2.0
import SecureShell
import Testing

@Suite("A host key pin")
struct HostKeyPinTests {
    private static let print = "SHA256:" + String(repeating: "A", count: 43)

    @Test func `is read and written the same`() throws {
        for type in HostKeyPin.types {
            #expect(try HostKeyPin(parsing: "\(type) \(Self.print)").text == "\(type) \(Self.print)")
        }
    }

    @Test(
        arguments: [
            "", "ssh-ed25519", Self.print, "ssh-rsa \(Self.print)", "ssh-ed25519 \(Self.print)=",
            "ssh-ed25519 MD5:aa:bb", "ssh-ed25519 SHA256:short", "ssh-ed25519 \(Self.print) extra",
            "ssh-ed25519 SHA256:" + String(repeating: "!", count: 43),
        ])
    func `refuses`(text: String) {
        #expect(throws: HostKeyPin.ParsingError.self) { try HostKeyPin(parsing: text) }
    }
}

@Suite("A remote error")
struct RemoteErrorTests {
    @Test(
        arguments: [
            (RemoteError.Code.unreachable, true), (.timedOut(after: .seconds(1)), true),
            (.connectionLost, true), (.authenticationFailed, false), (.permissionDenied, false),
            (.diskFull, false), (.exists, false), (.cut, false), (.protocolFailure, false),
            (.identityUnusable, false), (.negotiationFailed, false),
        ])
    func `says whether trying again may help`(code: RemoteError.Code, isTransient: Bool) {
        let error = RemoteError(code, operation: "x", host: "h:22", detail: "d")
        #expect(error.isTransient == isTransient)
    }

    @Test func `reads as a sentence`() {
        let error = RemoteError(.exists, operation: "create /a", host: "h:22", detail: "it exists already")
        #expect("\(error)" == "cannot create /a on h:22: it exists already")
    }
}
