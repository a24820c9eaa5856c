// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Foundation

/// The model that a workspace is graded by: the shipped one, and the user's own tables behind it.
package struct WorkspaceModel: Hashable, Sendable {
    package let model: MaturityModel
    /// SHA-256 over the shipped model and the bytes of the user's files, in hex.
    package let sha256: String
    /// The user's own tables.
    package let ownTables: [Int]

    /// Reads the files in the workspace's `Models` folder, in the order of their names.
    ///
    /// - Throws: `OperationError` with `.badInput` naming file, line and mistake.
    package init(_ workspace: Workspace) throws {
        let folder = workspace.modelsFolder
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
            .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") || $0.hasSuffix(".json") }
        var model = BuiltInModel.model
        var bytes = BuiltInModel.canonicalBytes
        var own: [Int] = []
        for name in names {
            let path = "\(folder)/\(name)"
            let (read, problems) = MaturityModel.decode(try DocumentLoader.load(path), addedTo: model)
            guard let read else {
                let first = problems.errors[0]
                throw OperationError(
                    .badInput,
                    "\(first.place.file):\(first.place.line): \(first.key): \(first.message)",
                    hint: first.hint)
            }
            own += read.tables.map(\.number)
            model = model.adding(read)
            bytes += FileManager.default.contents(atPath: path) ?? Data()
        }
        self.model = model
        ownTables = own
        sha256 = names.isEmpty ? ModelDigest.builtIn : Hex.sha256(bytes)
    }
}

extension Workspace {
    /// The user's own tables of the maturity model.
    package var modelsFolder: String { root + "/Models" }
}
