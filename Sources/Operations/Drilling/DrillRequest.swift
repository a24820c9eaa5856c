// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Foundation
import Glibc

/// What another terminal asks of a running drill: a file that appears whole in the run's `requests`.
package enum DrillRequest: Hashable, Sendable, Codable {
    case answer(Given)
    case note(text: String, person: String?)
    case mark(name: String, person: String?)
    case hold(reason: String, person: String?)
    case release(reason: String, person: String?)
    /// A sign of life, such as the conductor's.
    case present(person: String)
    case abort(reason: String, person: String?)
    /// A real incident: the drill ends at once.
    case real(reason: String, person: String?)

    /// An answer as somebody gave it.
    package struct Given: Hashable, Sendable, Codable {
        package var step: String
        package var answer: String
        package var text: String?
        package var person: String?
        /// Name and SHA-256 of the document that goes with it.
        package var attachment: DrillFact.Attachment?
        /// SSHSIG over ``statement(run:)`` by the person's key of the plan.
        package var signature: String?

        package init(
            step: String, answer: String, text: String? = nil, person: String? = nil,
            attachment: DrillFact.Attachment? = nil, signature: String? = nil
        ) {
            self.step = step
            self.answer = answer
            self.text = text
            self.person = person
            self.attachment = attachment
            self.signature = signature
        }

        /// What a signature binds: the run, the step, the answer, its words and the document with it.
        package func statement(run: String) -> [UInt8] {
            let lines = [
                "lifeboat-drill-answer", run, step, answer, person ?? "", attachment?.sha256 ?? "",
                text ?? "",
            ]
            return Array(lines.map { $0 + "\n" }.joined().utf8)
        }
    }

    /// The stop that it asks for, if it does.
    var stop: DrillFact.Stop? {
        switch self {
        case .abort(let reason, let person):
            DrillFact.Stop(cause: .aborted, text: person.map { "\(reason) (\($0))" } ?? reason)
        case .real(let reason, let person):
            DrillFact.Stop(cause: .real, text: person.map { "\(reason) (\($0))" } ?? reason)
        default: nil
        }
    }

    var person: String? {
        switch self {
        case .answer(let given): given.person
        case .note(_, let person), .mark(_, let person), .hold(_, let person), .release(_, let person),
            .abort(_, let person), .real(_, let person):
            person
        case .present(let person): person
        }
    }
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
