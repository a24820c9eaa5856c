// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc

/// The folder a command works in: plans, drills and reports in the open, everything else in `.lifeboat`.
///
/// `.lifeboat` holds the ledger, the keys, the indexes and the journals, and belongs to its owner alone
/// (mode 0700). All paths are absolute and have no trailing slash.
package struct Workspace: Hashable, Sendable {
    package let root: String

    package init(root: String) {
        self.root = root
    }

    package var plansFolder: String { root + "/Plans" }
    package var drillsFolder: String { root + "/Drills" }
    package var reportsFolder: String { root + "/Reports" }
    package var privateFolder: String { root + "/.lifeboat" }
    package var ledgerPath: String { privateFolder + "/ledger.sqlite" }
    package var keysFolder: String { privateFolder + "/keys" }
    package var runsFolder: String { privateFolder + "/runs" }
    package var indexFolder: String { privateFolder + "/index" }
    package var spoolFolder: String { privateFolder + "/spool" }

    /// Finds the workspace: the one named, else `LIFEBOAT_WORKSPACE`, else the nearest folder upwards that
    /// holds `.lifeboat` or `Plans`.
    ///
    /// - Throws: `OperationError` with `.noWorkspace`.
    package static func find(named: String?, environment: [String: String], from folder: String) throws
        -> Workspace
    {
        if let path = named ?? environment["LIFEBOAT_WORKSPACE"] {
            let root = absolute(path, from: folder)
            guard isFolder(root) else {
                throw OperationError(
                    .noWorkspace, "there is no folder \(root)", hint: "make one with 'lifeboat init \(path)'")
            }
            return Workspace(root: root)
        }
        var candidate = folder
        while true {
            if isFolder(candidate + "/.lifeboat") || isFolder(candidate + "/Plans") {
                return Workspace(root: candidate)
            }
            guard let slash = candidate.lastIndex(of: "/"), candidate != "/" else { break }
            candidate = slash == candidate.startIndex ? "/" : String(candidate[..<slash])
        }
        throw OperationError(
            .noWorkspace, "no workspace here or in any folder above \(folder)",
            hint: "make one with 'lifeboat init', or name one with --workspace")
    }

    /// Makes the folders that are missing, the private ones with mode 0700.
    package func makeFolders() throws {
        for folder in [root, plansFolder, drillsFolder, reportsFolder] {
            try Self.makeFolder(folder, mode: 0o755)
        }
        for folder in [privateFolder, keysFolder, runsFolder, indexFolder, spoolFolder] {
            try Self.makeFolder(folder, mode: 0o700)
        }
    }

    /// The one plan file in `Plans`, unless another is named.
    package func planPath(named: String?) throws -> String {
        if let named {
            let inPlans = "\(plansFolder)/\(named)"
            for path in [Self.absolute(named, from: root), inPlans, inPlans + ".yaml"] where Self.isFile(path)
            {
                return path
            }
            throw OperationError(
                .noSuchFile, "there is no plan \(named)", hint: "plans lie in \(plansFolder)")
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: plansFolder)) ?? []
        let plans = names.filter { name in
            [".yaml", ".yml", ".json"].contains(where: name.hasSuffix) && !name.hasSuffix(".schema.json")
        }.sorted()
        guard let first = plans.first else {
            throw OperationError(
                .noSuchFile, "there is no plan in \(plansFolder)", hint: "begin with 'lifeboat init'")
        }
        guard plans.count == 1 else {
            throw OperationError(
                .ambiguous, "there are several plans: \(plans.joined(separator: ", "))",
                hint: "name one with --plan")
        }
        return "\(plansFolder)/\(first)"
    }

    /// The file a scenario is kept in: a path as it is, or a name in `Drills` with or without its ending, or the
    /// id that the plan's calendar knows it by.
    package func scenarioPath(named: String) throws -> String {
        for path in [
            Self.absolute(named, from: FileManager.default.currentDirectoryPath), "\(drillsFolder)/\(named)",
            "\(drillsFolder)/\(named).yaml",
        ] where Self.isFile(path) {
            return path
        }
        if let path = scenarioPath(withID: named) { return path }
        throw OperationError(
            .noSuchFile, "there is no scenario \(named)", hint: "scenarios lie in \(drillsFolder)")
    }

    /// A file of `Drills` whose top says `id: NAME`; whether it is one is for its reader to say.
    private func scenarioPath(withID id: String) -> String? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: drillsFolder)) ?? []
        return names.filter { $0.hasSuffix(".yaml") }.sorted().map { "\(drillsFolder)/\($0)" }.first { path in
            let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
            return text.split(separator: "\n").contains("id: \(id)")
        }
    }

    /// The file of a key named in the plan: absolute as it is, else below `.lifeboat`.
    package func keyPath(_ name: String) -> String {
        name.hasPrefix("/") ? name : "\(privateFolder)/\(name)"
    }
}

// MARK: - Files

extension Workspace {
    static func absolute(_ path: String, from folder: String) -> String {
        let joined = path.hasPrefix("/") ? path : "\(folder)/\(path)"
        let standard = URL(fileURLWithPath: joined).standardizedFileURL.path
        return standard.count > 1 && standard.hasSuffix("/") ? String(standard.dropLast()) : standard
    }

    static func isFolder(_ path: String) -> Bool {
        var isFolder = ObjCBool(false)
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    static func isFile(_ path: String) -> Bool {
        var isFolder = ObjCBool(false)
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
    }

    static func makeFolder(_ path: String, mode: mode_t) throws {
        guard mkdir(path, mode) != 0, errno != EEXIST else { return }
        let reason = String(cString: strerror(errno))
        throw OperationError(.ioFailed, "cannot make the folder \(path): \(reason)")
    }
}
