import Yams

/// Reads a YAML or JSON document as a value; nil where it is none.
package func decodeYAML<Value: Decodable>(_ type: Value.Type, _ text: String) -> Value? {
    // What unfolds without end is no document that a person wrote.
    guard text.utf8.count <= 1 << 20, (try? parseYAML(text)) != nil else { return nil }
    return try? YAMLDecoder().decode(type, from: text)
}
