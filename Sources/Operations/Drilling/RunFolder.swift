// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc
import Ledger

/// The files of one drill run, below `.lifeboat/runs/RUN`.
///
/// Scenario, plan and scripts are copied into it when the run opens, so that a resumed run does exactly
/// what was begun, whatever has been edited since.
package struct RunFolder: Hashable, Sendable {
    package let run: String
    package let path: String

    init(run: String, runsFolder: String) {
        self.run = run
        path = "\(runsFolder)/\(run)"
    }

    package var journalPath: String { path + "/journal.jsonl" }
    var scenarioPath: String { path + "/scenario.yaml" }
    var planPath: String { path + "/plan.yaml" }
    var answersPath: String { path + "/answers.yaml" }
    var scriptsFolder: String { path + "/scripts" }
    var samplesFolder: String { path + "/samples" }
    var outputFolder: String { path + "/output" }
    var requestsFolder: String { path + "/requests" }

    /// A script's place, by its path in the scenario; the hash keeps apart what has the same name.
    func scriptPath(_ path: String) -> String {
        "\(scriptsFolder)/\(Hex.sha256(Array(path.utf8)).prefix(12))-\(path.split(separator: "/").last ?? "")"
    }

    func make() throws {
        for folder in [path, scriptsFolder, samplesFolder, outputFolder, requestsFolder] {
            guard mkdir(folder, 0o700) != 0, errno != EEXIST else { continue }
            throw OperationError(
                .ioFailed, "cannot make the folder \(folder): \(String(cString: strerror(errno)))")
        }
    }

    /// The files besides the journal that a resume needs.
    var kept: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: scriptsFolder)) ?? []
        return [scenarioPath, planPath, answersPath] + names.sorted().map { "\(scriptsFolder)/\($0)" }
    }

    /// The runs that were ever opened here, oldest first.
    package static func all(in folder: String) -> [RunFolder] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().map { RunFolder(run: $0, runsFolder: folder) }.filter(\.exists)
    }

    var exists: Bool {
        FileManager.default.fileExists(atPath: journalPath)
    }

    func bytes(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw OperationError(.noSuchFile, "cannot read \(path)")
        }
        return [UInt8](data)
    }

    /// The first record of the run's journal.
    func opening() throws -> DrillFact.RunOpened {
        let reading = try JournalReading(contentsOf: journalPath)
        guard case .runOpen(let opened)? = reading.records.first?.fact else {
            throw OperationError(.damaged, "the journal of \(run) does not begin with its opening")
        }
        return opened
    }

    func keep(_ bytes: [UInt8], as path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw OperationError(.ioFailed, "cannot write \(path): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                throw OperationError(.ioFailed, "cannot write \(path): \(String(cString: strerror(errno)))")
            }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0 else {
            throw OperationError(.ioFailed, "cannot write \(path): \(String(cString: strerror(errno)))")
        }
    }
}
