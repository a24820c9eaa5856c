// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Foundation

/// Makes a workspace that a newcomer can read, change and use.
package enum WorkspaceMaker {
    /// What `make` did.
    package struct Made: Hashable, Sendable, Codable {
        package var workspace: String
        package var written: [String]
        /// What was there already and stays as it was.
        package var kept: [String]
    }

    /// Makes what is missing, and changes nothing that is there.
    ///
    /// `folder`: made when it does not exist; relative to the current folder.
    /// Throws `OperationError` with `.ioFailed` or `.permissionDenied`.
    package static func make(in folder: String, at moment: Moment) throws -> Made {
        let root = Workspace.absolute(folder, from: FileManager.default.currentDirectoryPath)
        let workspace = Workspace(root: root)
        try workspace.makeFolders()
        var made = Made(workspace: root, written: [], kept: [])
        let hasPlan = (try? workspace.planPath(named: nil)) != nil
        for (name, text) in ExampleFiles.all where !(hasPlan && name.hasPrefix("Plans/")) {
            try write(text, to: "\(root)/\(name)", &made)
        }
        try write(DocumentSchema.scenario, to: "\(root)/Drills/scenario.schema.json", &made)
        try write(DocumentSchema.plan, to: "\(root)/Plans/plan.schema.json", &made)
        try makeKeys(workspace, at: moment, &made)
        return made
    }

    /// The identity that reads and the signer, named after the workspace of the plan.
    private static func makeKeys(_ workspace: Workspace, at moment: Moment, _ made: inout Made) throws {
        let ring = KeyRing(workspace: workspace)
        guard !FileManager.default.fileExists(atPath: ring.signerPath) else {
            made.kept.append(ring.signerPath)
            return
        }
        let (loaded, _) = try LoadedPlan.read(workspace.planPath(named: nil))
        let name = loaded?.plan.workspace ?? "workspace"
        _ = try ring.create(workspaceName: name, at: moment)
        made.written += [ring.identityPath, ring.signerPath, ring.allowedSignersPath]
    }

    private static func write(_ text: String, to path: String, _ made: inout Made) throws {
        guard !FileManager.default.fileExists(atPath: path) else {
            made.kept.append(path)
            return
        }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "/"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let mode: Int = path.hasSuffix(".sh") ? 0o755 : 0o644
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: mode])
        else { throw OperationError(.ioFailed, "cannot write \(path)") }
        made.written.append(path)
    }
}
