// SPDX-License-Identifier: Apache-2.0
package import Continuity
package import Foundation

extension DrillRunner {
    /// All that a run has to show: its journal, the samples, what was acknowledged.
    ///
    /// - Throws: `OperationError` when there is no such run, or journal or samples are not what was written.
    package func evidence(of run: String, toolVersion: String) throws -> DrillEvidence {
        try evidence(
            of: run, PreparedDrill.ofRun(run, runsFolder: runsFolder, toolVersion: toolVersion))
    }

    /// The files of a run's probers by name, as the journal has bound them by their hashes.
    package func samples(of run: String) -> [String: Data] {
        let folder = RunFolder(run: run, runsFolder: runsFolder).samplesFolder
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return Dictionary(
            uniqueKeysWithValues: names.compactMap { name in
                FileManager.default.contents(atPath: "\(folder)/\(name)").map { (name, $0) }
            })
    }

    /// The journals that are kept here, as they lie on disk, by run.
    package func journals() -> [(String, Data)] {
        RunFolder.all(in: runsFolder).compactMap { folder in
            FileManager.default.contents(atPath: folder.journalPath).map { (folder.run, $0) }
        }
    }
}
