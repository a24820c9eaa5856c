// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Operations

/// One `--what-if`.
struct SuppositionArgument {
    enum Kind {
        case fact(Supposition)
        case plan(String)
    }

    let kind: Kind
    let text: String

    init(_ argument: String) throws {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        let forms = ["attest", "drill", "complete", "plan"]
        guard parts.count == 2 else { throw Self.fault("not one of attest=, drill=, complete= and plan=") }
        text = argument
        switch parts[0] {
        case "attest": kind = .fact(.attestation(criterion: parts[1]))
        case "plan": kind = .plan(parts[1])
        case "complete":
            let all = RegisterClaim.Register.allCases.map(\.rawValue)
            guard let register = RegisterClaim.Register(rawValue: parts[1]) else {
                throw Self.fault("no register '\(parts[1])'", among: all, parts[1])
            }
            kind = .fact(.complete(register))
        case "drill": kind = .fact(.drill(try Self.drill(parts[1])))
        default: throw Self.fault("nothing called '\(parts[0])' can be supposed", among: forms, parts[0])
        }
    }

    private static func fault(_ words: String, among known: [String] = [], _ given: String = "")
        -> ValidationError
    {
        let near = Spelling.suggestion(for: given, among: known)
        let all = known.isEmpty ? nil : "one of \(known.joined(separator: ", "))"
        return ValidationError([words, near ?? all].compactMap { $0 }.joined(separator: "; "))
    }

    /// `full`, `full:files,orders`, `full:files:rto=20m:rpo=1m:hot`.
    private static func drill(_ text: String) throws -> SupposedDrill {
        let words = text.split(separator: ":").map(String.init)
        guard let first = words.first, let exercise = Exercise(rawValue: first) else {
            let kinds = Exercise.allCases.map(\.rawValue)
            throw fault("no kind of drill '\(words.first ?? "")'", among: kinds, words.first ?? "")
        }
        var drill = SupposedDrill(exercise: exercise)
        for word in words.dropFirst() {
            if word == "hot" {
                drill.isHot = true
            } else if word.hasPrefix("rto=") || word.hasPrefix("rpo=") {
                guard let length = Duration(text: String(word.dropFirst(4))) else {
                    throw fault("'\(word)' is not a length of time such as rto=20m")
                }
                if word.hasPrefix("rto=") {
                    drill.recoveryTime = length
                } else {
                    drill.recoveryPoint = length
                }
            } else {
                drill.services = word.split(separator: ",").map(String.init)
            }
        }
        return drill
    }
}
