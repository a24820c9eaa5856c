// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Operations
import TestSupport
import Testing

@Suite("The model of a workspace")
struct WorkspaceModelTests {
    private static let own = """
        lifeboat_model: 1
        id: our-own
        tables:
        - table: 101
          id: cash
          name: {en: Cash desks, zh: 收银}
          attested_by: [head of sales]
          evidence: minutes
          dimensions:
          - id: own-cash
            name: {en: Cash, zh: 现金}
            mode: additive
            floor: 0
            levels:
              1: [{id: own-book, en: A book is kept., zh: 有账本。, kind: attested}]
              2: [{inherits: own-book}]
              3: [{inherits: own-book}]
              4: [{inherits: own-book}]
              5: [{inherits: own-book}]

        """

    @Test func `is the shipped one without files of one's own`() throws {
        try Scratch.with { scratch in
            let read = try WorkspaceModel(Workspace(root: scratch.path))
            let isShipped = read.model == BuiltInModel.model
            #expect(isShipped)
            #expect(read.sha256 == ModelDigest.builtIn)
        }
    }

    @Test func `has the user's own tables behind the shipped ones, and another hash`() throws {
        try Scratch.with { scratch in
            _ = try scratch.write(Self.own, to: "Models/cash.yaml")
            let read = try WorkspaceModel(Workspace(root: scratch.path))
            #expect(read.ownTables == [101])
            #expect(read.model.tables.count == 24)
            #expect(read.sha256 != ModelDigest.builtIn)
        }
    }

    @Test func `is refused with file and line`() throws {
        try Scratch.with { scratch in
            _ = try scratch.write(
                Self.own.replacingOccurrences(of: "kind: attested", with: "kind: attest"),
                to: "Models/cash.yaml")
            let error = #expect(throws: OperationError.self) {
                try WorkspaceModel(Workspace(root: scratch.path))
            }
            #expect(error?.code == .badInput)
            #expect(error?.detail.contains("cash.yaml:15:") == true, "\(error?.detail ?? "")")
        }
    }
}
