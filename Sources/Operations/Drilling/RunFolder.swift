// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc

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

    var exists: Bool {
        FileManager.default.fileExists(atPath: journalPath)
    }

    func keep(_ bytes: [UInt8], as path: String) throws {
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600])
        else { throw OperationError(.ioFailed, "cannot write \(path)") }
    }
}

/// What another terminal asks of a running drill: a file that appears whole in the run's `requests`.
package enum DrillRequest: Hashable, Sendable, Codable {
    case answer(step: String, answer: String, text: String?, person: String?)
    case note(text: String, person: String?)
    case abort(reason: String, person: String?)
}

/// The letter box of a running drill.
struct RequestSpool {
    let folder: RunFolder

    /// Puts a request in; the engine takes it within moments.
    func put(_ request: DrillRequest) throws {
        let name = "\(DispatchTime.now().uptimeNanoseconds)-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let temporary = "\(folder.requestsFolder)/\(name).new"
        try folder.keep([UInt8](try CanonicalJSON.encode(request)), as: temporary)
        guard rename(temporary, "\(folder.requestsFolder)/\(name).json") == 0 else {
            throw OperationError(.ioFailed, "cannot put the request into \(folder.requestsFolder)")
        }
    }

    /// The requests that wait, oldest first; each stays until it is dropped.
    func waiting() -> [(path: String, request: DrillRequest)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.requestsFolder)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
            let path = "\(folder.requestsFolder)/\(name)"
            guard let data = FileManager.default.contents(atPath: path),
                let request = try? CanonicalJSON.decode(DrillRequest.self, from: data)
            else { return nil }
            return (path, request)
        }
    }

    func drop(_ path: String) {
        // What cannot be removed is read again; a doubled answer to an ended step changes nothing.
        unlink(path)
    }
}
