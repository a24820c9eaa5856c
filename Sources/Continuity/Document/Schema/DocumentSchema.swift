// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The JSON Schemas of plans and scenarios, made from the very readers that read them.
package enum DocumentSchema {
    /// Draft 2020-12, one JSON document with a line break at its end.
    package static var plan: String {
        text("Lifeboat plan", id: "plan") { Plan.record(Fields($0, path: "", list: $1)) }
    }

    /// Draft 2020-12, one JSON document with a line break at its end.
    package static var scenario: String {
        text("Lifeboat drill scenario", id: "scenario") { node, list in
            ScenarioReader(Fields(node, path: "", list: list)).record()
        }
    }

    private static func text(_ title: String, id: String, _ record: (Node, ProblemList) -> Void) -> String {
        let recorder = ShapeRecorder()
        let top = recorder.shape()
        record(recorder.node(for: top), ProblemList(recorder: recorder))
        var schema = SchemaWriter.object(of: top)
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        schema["$id"] = "urn:lifeboat:\(id):1"
        schema["title"] = title
        if !recorder.definitions.isEmpty {
            schema["$defs"] = Dictionary(
                uniqueKeysWithValues: recorder.definitions.map {
                    ($0.name, SchemaWriter.object(of: $0.shape))
                })
        }
        let options: JSONSerialization.WritingOptions = [
            .prettyPrinted, .sortedKeys, .withoutEscapingSlashes,
        ]
        do {
            let data = try JSONSerialization.data(withJSONObject: schema, options: options)
            return String(decoding: data, as: UTF8.self) + "\n"
        } catch {
            // Only texts, numbers, truth values, lists and mappings are ever put in.
            preconditionFailure("a schema that is no JSON: \(error)")
        }
    }
}

/// Writes shapes as JSON Schema.
private enum SchemaWriter {
    typealias Schema = [String: Any]

    /// What stands under a key.
    static func value(of shape: DocumentShape) -> Schema {
        var single = shape.scalars.map(scalar)
        if let reference = shape.reference {
            let pointer: Schema = ["$ref": "#/$defs/\(reference.name)"]
            single.append(
                reference.required.isEmpty
                    ? pointer : ["allOf": [pointer, ["required": reference.required]]])
        } else if shape.isMapping {
            single.append(object(of: shape))
        }
        guard !single.isEmpty else { return shape.isList ? ["type": "array"] : [:] }
        let one = single.count == 1 ? single[0] : ["anyOf": single]
        return shape.isList ? ["anyOf": [one, ["type": "array", "items": one] as Schema]] : one
    }

    static func object(of shape: DocumentShape) -> Schema {
        if let named = shape.named {
            return [
                "type": "object", "propertyNames": ["pattern": "^[A-Za-z][A-Za-z0-9_-]{0,63}$"],
                "additionalProperties": value(of: named),
            ]
        }
        var properties: Schema = [:]
        for key in shape.keys {
            guard let property = shape.properties[key] else { continue }
            var written = value(of: property)
            if let words = SchemaWords.of(key), written["description"] == nil {
                written["description"] = words
            }
            properties[key] = written
        }
        var schema: Schema = ["type": "object", "properties": properties, "additionalProperties": false]
        if !shape.required.isEmpty { schema["required"] = shape.required }
        let rules = conditions(of: shape)
        if !rules.isEmpty { schema["allOf"] = rules }
        return schema
    }

    private static func conditions(of shape: DocumentShape) -> [Schema] {
        var rules: [Schema] = []
        if !shape.choice.isEmpty {
            rules.append(["oneOf": shape.choice.map { ["required": [$0]] }])
        }
        for implication in shape.implications {
            var premise: Schema = ["required": [implication.key]]
            if let value = implication.value { premise["properties"] = [implication.key: ["const": value]] }
            var then: [Schema] = implication.needs.map { keys in
                keys.count == 1 ? ["required": keys] : ["anyOf": keys.map { ["required": [$0]] }]
            }
            if let allowed = implication.allowed {
                then.append(["propertyNames": ["enum": Array(Set(allowed)).sorted()]])
            }
            rules.append(["if": premise, "then": ["allOf": then]])
        }
        return rules
    }

    private static func scalar(_ scalar: DocumentShape.Scalar) -> Schema {
        switch scalar {
        // `5432` and `true` are texts, too, where a text is asked for.
        case .text: ["type": ["string", "number", "boolean"]]
        case .integer: ["type": "integer"]
        case .bool: ["type": "boolean"]
        case .words(let words): ["enum": words]
        case .pattern(let pattern, let expected):
            ["type": "string", "pattern": pattern, "description": expected]
        }
    }
}
