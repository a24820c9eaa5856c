// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation
import Glibc
import Ledger
import Operations
import TestSupport
import Testing

@Suite("The key ring")
struct KeyRingTests {
    private static let now = Moment(seconds: 1_795_000_000)

    private func dataset(_ recipients: [String] = []) throws -> Dataset {
        let list = recipients.isEmpty ? "" : ", recipients: [\(recipients.joined(separator: ", "))]"
        let text = PlanFileTests.whole.replacingOccurrences(
            of: "verified_within: 7d}", with: "verified_within: 7d}"
        )
        .replacingOccurrences(
            of: "source: {site: hq, path: /srv/files}",
            with: "source: {site: hq, path: /srv/files}"
                + (list.isEmpty ? "" : "\n    recipients: [\(recipients.joined(separator: ", "))]"))
        let node = try DocumentLoader.parse(text, file: "p.yaml")
        return try #require(Plan.decode(node).plan?.dataset("documents"))
    }

    private func with(_ body: (Scratch, KeyRing) throws -> Void) throws {
        try Scratch.with { folder in
            let workspace = Workspace(root: folder.path)
            try workspace.makeFolders()
            try body(folder, KeyRing(workspace: workspace))
        }
    }

    @Test func `makes keys that age and ssh-keygen accept`() throws {
        try with { folder, ring in
            let made = try ring.create(workspaceName: "shop", at: Self.now)
            for path in [ring.identityPath, ring.signerPath] {
                var status = stat()
                #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
            }
            let recipient = try Command.output("age-keygen", "-y", ring.identityPath)
            #expect(String(decoding: recipient, as: UTF8.self) == made.recipient + "\n")
            let message = try folder.write("hello", to: "message")
            let signature = try ring.signer().sign(Array("hello".utf8), namespace: "lifeboat-manifest")
            let file = try folder.write(signature, to: "message.sig")
            let verified = try Command.run(
                "ssh-keygen", "-Y", "verify", "-f", ring.allowedSignersPath, "-I", made.principal, "-n",
                "lifeboat-manifest", "-s", file, "-O", "verify-time=20261119180000Z",
                input: try folder.read("message"))
            #expect(verified.status == 0, "\(verified.error) \(message)")
            let early = try Command.run(
                "ssh-keygen", "-Y", "verify", "-f", ring.allowedSignersPath, "-I", made.principal, "-n",
                "lifeboat-manifest", "-s", file, "-O", "verify-time=20200101000000Z",
                input: try folder.read("message"))
            #expect(early.status != 0, "a signature from before the key was valid")
            _ = try ring.allowedSigners().verify(
                signature: signature, of: Array("hello".utf8), namespace: "lifeboat-manifest",
                at: Date(timeIntervalSince1970: 1_795_000_000))
        }
    }

    @Test func `never overwrites a key`() throws {
        try with { _, ring in
            _ = try ring.create(workspaceName: "shop", at: Self.now)
            let before = try ring.identities()[0].recipient
            #expect(throws: OperationError.self) { try ring.create(workspaceName: "shop", at: Self.now) }
            #expect(try ring.identities()[0].recipient == before)
        }
    }

    @Test("refuses a secret that others may read", arguments: [0o640, 0o604, 0o644, 0o660])
    func modes(mode: Int) throws {
        try with { _, ring in
            _ = try ring.create(workspaceName: "shop", at: Self.now)
            for (path, read) in [
                (ring.identityPath, { _ = try ring.identities() }),
                (ring.signerPath, { _ = try ring.signer() }),
            ] {
                chmod(path, mode_t(mode))
                let error = #expect(throws: OperationError.self) { try read() }
                #expect(error?.code == .permissionDenied)
                #expect(error?.hint?.contains("chmod 600") == true)
            }
        }
    }

    @Test func `refuses a list of recipients or signers that others may change`() throws {
        try with { _, ring in
            _ = try ring.create(workspaceName: "shop", at: Self.now)
            chmod(ring.recipientsPath, 0o666)
            chmod(ring.allowedSignersPath, 0o622)
            #expect(throws: OperationError.self) { try ring.recipients(of: dataset()) }
            #expect(throws: OperationError.self) { try ring.allowedSigners() }
        }
    }

    @Test func `takes the plan's recipients, else the workspace's`() throws {
        try with { folder, ring in
            let made = try ring.create(workspaceName: "shop", at: Self.now)
            let other = AgeIdentity.generate().recipient.text
            #expect(try ring.recipients(of: dataset()).map(\.text) == [made.recipient])
            #expect(try ring.recipients(of: dataset([other])).map(\.text) == [other])
            try folder.write(other + "\n", to: ".lifeboat/keys/audit")
            #expect(
                Set(try ring.recipients(of: dataset([made.recipient, "audit"])).map(\.text))
                    == [made.recipient, other])
            #expect(throws: OperationError.self) { try ring.recipients(of: dataset(["../../secret"])) }
        }
    }

    @Test func `adds an escrow identity whose secret half is elsewhere`() throws {
        try with { folder, ring in
            let made = try ring.create(workspaceName: "shop", at: Self.now)
            #expect(throws: OperationError.self) { try ring.makeEscrow(secretAt: folder.path("escrow")) }
            try Scratch.with { away in
                let escrow = try ring.makeEscrow(secretAt: away.path("escrow"))
                #expect(Set(try ring.recipients(of: dataset()).map(\.text)) == [made.recipient, escrow.text])
                #expect(try ring.identities().map(\.recipient.text) == [made.recipient])
                #expect(try AgeIdentity.identities(inFile: away.text("escrow"))[0].recipient == escrow)
            }
        }
    }

    @Test func `rotates by adding, so that old points stay readable`() throws {
        try with { _, ring in
            let made = try ring.create(workspaceName: "shop", at: Self.now)
            let added = try ring.rotate()
            #expect(try ring.identities().map(\.recipient.text) == [added.text, made.recipient])
            #expect(try ring.recipients(of: dataset()).count == 2)
        }
    }

    @Test func `sees another set of recipients until a person accepts it`() throws {
        try with { folder, ring in
            _ = try ring.create(workspaceName: "shop", at: Self.now)
            let dataset = try dataset()
            let first = try ring.recipients(of: dataset)
            #expect(KeyRing.check(first, recorded: nil) == .firstUse)
            let recorded = RecipientSet(
                dataset: "documents", recipients: first.map(\.text), recordedAt: Self.now)
            #expect(KeyRing.check(first, recorded: recorded) == .unchanged)
            _ = try ring.rotate()
            let second = try ring.recipients(of: dataset)
            #expect(
                KeyRing.check(second, recorded: recorded)
                    == .changed(from: first.map(\.text), to: second.map(\.text)))
            let ledger = try Ledger(path: folder.path("ledger.sqlite"))
            try ring.accept(dataset, person: "petra", reason: "rotation", ledger: ledger, at: Self.now)
            let book = try CopyBook(ledger.events())
            #expect(KeyRing.check(second, recorded: book.recipients["documents"]) == .unchanged)
            #expect(book.recipients["documents"]?.person == "petra")
        }
    }
}
