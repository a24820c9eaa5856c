// SPDX-License-Identifier: Apache-2.0
import Archiving
import Testing

/// One allowed_signers file and whether it lets `anna@berlin` sign a report on 1 June 2026 at noon UTC.
///
/// `KEY` stands for her key. ssh-keygen and we are asked the same questions.
struct AllowedSignersTable: Sendable, CustomTestStringConvertible {
    let line: String
    let isAllowed: Bool
    /// What we say: `unknownSigner` if the file is right, else why it is not.
    let code: ArchiveError.Code

    var testDescription: String { line }

    func text(for key: SSHPublicKey) -> String {
        line.split(separator: "KEY", omittingEmptySubsequences: false).joined(separator: key.text)
    }

    private init(_ line: String, _ isAllowed: Bool, _ code: ArchiveError.Code = .unknownSigner) {
        self.line = line
        self.isAllowed = isAllowed
        self.code = code
    }

    private static let other =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFhm1lBHUrDkyYU1SLSQ1JRRBCoERPrIZ3TPDVn6zvi4"

    static let allowed = [
        "anna@berlin KEY", "anna@berlin KEY with a comment", "# who\n\n anna@berlin\tKEY", "*@berlin KEY",
        "bert,anna@berlin KEY", "anna@b?rlin KEY", "\"anna@berlin\" KEY", "a*n*a@*n KEY",
        "bert \(other)\nanna@berlin KEY", "bert KEY\nanna@berlin KEY",
        "anna@berlin namespaces=\"lifeboat-report\" KEY", "anna@berlin namespaces=\"x,lifeboat-*\" KEY",
        "anna@berlin NAMESPACES=\"lifeboat-report\" KEY",
        "anna@berlin namespaces=\"x\" KEY\nanna@berlin namespaces=\"lifeboat-report\" KEY",
        "anna@berlin valid-after=\"20260601Z\" KEY", "anna@berlin valid-after=\"20260601120000Z\" KEY",
        "anna@berlin valid-before=\"20260601120000Z\" KEY", "anna@berlin valid-before=\"202606011201Z\" KEY",
        "anna@berlin valid-after=\"20260101Z\",valid-before=\"20270101Z\" KEY",
        "anna@berlin namespaces=\"lifeboat-report\",valid-after=\"20260101Z\" KEY",
        "anna@berlin valid-after=\"20260101\" KEY",
    ].map { AllowedSignersTable($0, true) }

    static let refused = [
        "", "# nobody", "bert KEY", "anna@berlin \(other)", "*,!anna@berlin KEY", "!bert KEY",
        "anna@berli KEY",
        "anna@berlin namespaces=\"lifeboat-manifest\" KEY", "anna@berlin namespaces=\"\" KEY",
        "anna@berlin namespaces=\"lifeboat-*,!lifeboat-report\" KEY", "anna@berlin cert-authority KEY",
        "anna@berlin valid-after=\"20260602Z\" KEY", "anna@berlin valid-after=\"20260601120001Z\" KEY",
        "anna@berlin valid-before=\"20260601Z\" KEY", "anna@berlin valid-before=\"20260601115959Z\" KEY",
        "anna@berlin valid-before=\"20260101\" KEY",
    ].map { AllowedSignersTable($0, false) }

    static let malformed = [
        "anna@berlin", "KEY", "anna@berlin namespaces=x KEY", "anna@berlin namespaces=\"x KEY",
        "anna@berlin surprise KEY", "anna@berlin surprise=\"x\" KEY", "anna@berlin namespaces=\"x\"",
        "anna@berlin namespaces=\"x\",namespaces=\"x\" KEY", "anna@berlin valid-after=\"2026\" KEY",
        "anna@berlin valid-after=\"tomorrow\" KEY", "anna@berlin valid-after=\"20261301Z\" KEY",
        "anna@berlin valid-after=\"20260631Z\" KEY", "anna@berlin valid-after=\"202606012460Z\" KEY",
        "anna@berlin valid-after=\"20260601Z\",valid-before=\"20260501Z\" KEY",
        "anna@berlin ssh-ed25519 AAAA",
        "anna@berlin namespaces=\"x\"KEY",
    ].map { AllowedSignersTable($0, false, .malformed) }

    static var cases: [AllowedSignersTable] { allowed + refused + malformed }

    /// A key that is used nowhere else.
    static let key = SSHSigningKey.generate(comment: "").openSSHPrivateKey
}
