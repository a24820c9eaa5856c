// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// The model that ships with the program, so that one binary is all a machine needs.
package enum BuiltInModel {
    /// The model; reading it takes some milliseconds, once.
    package static let model: MaturityModel = {
        do {
            let read = MaturityModel.decode(try node)
            guard let model = read.model else { fatalError("the shipped model is broken: \(read.problems)") }
            return model
        } catch {
            fatalError("the shipped model is broken: \(error)")
        }
    }()

    /// The same as a document, for a program that prints or copies it.
    package static var node: Node {
        get throws { try Node(json: Data(ModelLiteral.json.utf8), file: "model.yaml") }
    }

    /// The bytes that the model's digest is taken over.
    package static var canonicalBytes: Data { Data(ModelLiteral.json.utf8) }
}
