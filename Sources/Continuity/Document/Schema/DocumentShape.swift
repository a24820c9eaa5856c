// SPDX-License-Identifier: Apache-2.0

/// What a reader takes at one place of a document.
///
/// Collected while the reader reads nothing: each key it asks for, as what, and whether it insists.
package final class DocumentShape {
    enum Scalar: Hashable {
        case text
        case integer
        case bool
        case words([String])
        /// A text in a notation of its own, such as a length of time.
        case pattern(String, expected: String)
    }

    /// Which other keys a key asks for: at least one of each list.
    struct Implication: Hashable {
        var key: String
        /// Only for this value of the key.
        var value: String?
        var needs: [[String]]
        /// The only keys that may stand beside it; `nil` for all.
        var allowed: [String]?
    }

    let number: Int
    var scalars: [Scalar] = []
    var isMapping = false
    var isList = false
    /// The keys in the order in which they were asked for.
    var keys: [String] = []
    var properties: [String: DocumentShape] = [:]
    var required: [String] = []
    /// What stands under each name, where the keys are names that people choose.
    var named: DocumentShape?
    /// A shape of the schema's `$defs` that stands here, with what is required of it beyond its own.
    var reference: (name: String, required: [String])?
    /// Exactly one of these keys must be there.
    var choice: [String] = []
    var implications: [Implication] = []

    init(number: Int) {
        self.number = number
    }

    func take(_ scalar: Scalar) {
        if !scalars.contains(scalar) { scalars.append(scalar) }
    }
}

/// Gives out the shapes of one schema, and finds them again by the place of the node that stands for them.
package final class ShapeRecorder {
    private var shapes: [DocumentShape] = []
    private(set) var definitions: [(name: String, shape: DocumentShape)] = []
    /// Above zero while nothing that is asked for is insisted on.
    var optionalDepth = 0

    func shape() -> DocumentShape {
        let shape = DocumentShape(number: shapes.count)
        shapes.append(shape)
        return shape
    }

    func property(_ key: String, of shape: DocumentShape) -> DocumentShape {
        if let known = shape.properties[key] { return known }
        let made = self.shape()
        shape.keys.append(key)
        shape.properties[key] = made
        return made
    }

    /// A node that stands for whatever is written at a place.
    func node(for shape: DocumentShape) -> Node {
        Node(.mapping([]), at: Place(file: "", line: shape.number, column: 0))
    }

    func shape(of node: Node) -> DocumentShape {
        shapes[node.place.line]
    }

    /// A shape that others refer to by its name; made once.
    func define(_ name: String, _ body: (Node) -> Void) {
        let shape = shape()
        definitions.append((name, shape))
        body(node(for: shape))
    }
}
