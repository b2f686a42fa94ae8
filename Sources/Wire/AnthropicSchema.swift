/// JSON schemas as Anthropic takes them.
enum AnthropicSchema {
    /// The schema of a tool's input: an object with `properties`, references resolved, no alternatives at its top.
    ///
    /// `isChanged` says that it no longer means the same.
    static func toolInput(_ parameters: JSONValue?) -> (value: JSONValue, isChanged: Bool) {
        guard let parameters, case .object(let members) = parameters, !members.isEmpty else {
            return (["type": "object", "properties": [:]], false)
        }
        var schema = inlined(parameters) ?? parameters
        var isChanged = false
        for key in ["anyOf", "oneOf", "allOf"] {
            guard let variants = schema[key]?.elements else { continue }
            isChanged = true
            var properties = schema["properties"]?.members ?? []
            for member in variants.flatMap({ $0["properties"]?.members ?? [] })
            where !properties.contains(where: { $0.key == member.key }) { properties.append(member) }
            schema = schema.removing(key).setting("properties", to: .object(properties))
        }
        if schema["properties"]?.members == nil { schema = schema.setting("properties", to: [:]) }
        if schema["type"] != "object" { schema = schema.setting("type", to: "object") }
        return (schema, isChanged)
    }

    // MARK: References

    /// `schema` with every local reference replaced by what it names; nil where one is recursive, unknown or foreign, or
    /// where the result would be huge.
    static func inlined(_ schema: JSONValue) -> JSONValue? {
        var budget = 20_000
        let whole = inlined(schema, root: schema, path: [], depth: 0, &budget)
        return whole.map { $0.removing("$defs").removing("definitions") }
    }

    private static func inlined(_ value: JSONValue, root: JSONValue, path: [String], depth: Int, _ budget: inout Int)
        -> JSONValue?
    {
        budget -= 1
        guard budget > 0, depth < JSONValue.depthLimit / 2 else { return nil }
        switch value {
        case .array(let elements):
            var out: [JSONValue] = []
            for element in elements {
                guard let element = inlined(element, root: root, path: path, depth: depth + 1, &budget) else {
                    return nil
                }
                out.append(element)
            }
            return .array(out)
        case .object(let members):
            if let reference = value["$ref"]?.text {
                guard !path.contains(reference), let target = resolve(reference, in: root) else { return nil }
                // What stands beside a reference adds to it.
                let beside = members.filter { $0.key != "$ref" }
                let merged = beside.reduce(target) { $0.setting($1.key, to: $1.value) }
                return inlined(merged, root: root, path: path + [reference], depth: depth + 1, &budget)
            }
            var out: [JSONValue.Member] = []
            for member in members {
                if depth == 0, ["$defs", "definitions"].contains(member.key) { continue }
                let inner = inlined(member.value, root: root, path: path, depth: depth + 1, &budget)
                guard let inner else { return nil }
                out.append(.init(member.key, inner))
            }
            return .object(out)
        default: return value
        }
    }

    private static func resolve(_ reference: String, in root: JSONValue) -> JSONValue? {
        guard reference.hasPrefix("#/") else { return nil }
        var value: JSONValue? = root
        for part in reference.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false) {
            value = value?[String(part).replacing("~1", with: "/").replacing("~0", with: "~")]
        }
        guard let value, value.members != nil else { return nil }
        return value
    }

    // MARK: Output format

    /// `schema` with nothing in it that `output_config.format` refuses; nil where that can't be done.
    ///
    /// A constraint that is not taken becomes part of the description, as Anthropic's SDKs do it; `isChanged` then is set.
    static func output(_ schema: JSONValue) -> (value: JSONValue, isChanged: Bool)? {
        guard let whole = inlined(schema) else { return nil }
        var isChanged = false
        return strict(whole, &isChanged).map { ($0, isChanged) }
    }

    private static let formats = [
        "date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid",
    ]

    private static func strict(_ schema: JSONValue, _ isChanged: inout Bool) -> JSONValue? {
        guard case .object(let members) = schema else { return nil }
        var out: [JSONValue.Member] = []
        var constraints: [String] = []
        for member in members {
            switch (member.key, member.value) {
            case ("type", .string), ("type", .array), ("enum", .array), ("const", _), ("title", .string),
                ("description", .string), ("default", _), ("required", .array):
                out.append(member)
            case ("properties", .object(let properties)):
                var inner: [JSONValue.Member] = []
                for property in properties {
                    guard let schema = strict(property.value, &isChanged) else { return nil }
                    inner.append(.init(property.key, schema))
                }
                out.append(.init("properties", .object(inner)))
            case ("items", _):
                guard let items = strict(member.value, &isChanged) else { return nil }
                out.append(.init("items", items))
            case ("anyOf", .array(let variants)), ("oneOf", .array(let variants)), ("allOf", .array(let variants)):
                var inner: [JSONValue] = []
                for variant in variants {
                    guard let schema = strict(variant, &isChanged) else { return nil }
                    inner.append(schema)
                }
                out.append(.init(member.key == "oneOf" ? "anyOf" : member.key, .array(inner)))
            case ("format", .string(let format)) where formats.contains(format),
                ("minItems", .number(let format)) where ["0", "1"].contains(format):
                out.append(member)
            case ("additionalProperties", .bool(false)), ("$schema", _), ("$id", _): continue
            default: constraints.append("\(member.key): \(member.value.rendered)")
            }
        }
        var value = JSONValue.object(out)
        if value["type"] == "object" || value["properties"] != nil {
            value = value.setting("additionalProperties", to: .bool(false))
        }
        guard value["type"] ?? value["anyOf"] ?? value["allOf"] ?? value["enum"] ?? value["const"] != nil else {
            return nil
        }
        if !constraints.isEmpty {
            isChanged = true
            let lines = [value["description"]?.text, "{\(constraints.joined(separator: ", "))}"].compactMap { $0 }
            value = value.setting("description", to: .string(lines.joined(separator: "\n\n")))
        }
        return value
    }
}

extension AnthropicRequestWriter {
    /// `output_config.format`, or a sentence in the system prompt where that can't hold what is wanted.
    mutating func format() -> JSONValue? {
        guard let wanted = source["response_format"] else { return nil }
        switch wanted["type"]?.text {
        case "text": return nil
        case "json_schema":
            guard let schema = (wanted["json_schema"] ?? [:])["schema"] else { break }
            if capabilities.takesSchema, let output = AnthropicSchema.output(schema) {
                if output.isChanged { note("response_format") }
                return ["type": "json_schema", "schema": output.value]
            }
            note("response_format")
            instructions.append(
                "Answer with one JSON value that follows this JSON schema, and with nothing else: \(schema.rendered)"
            )
            return nil
        default: break
        }
        note("response_format")
        instructions.append("Answer with one valid JSON object, and with nothing else: no prose, no code fence.")
        return nil
    }
}
