/// What a Claude model takes of what OpenAI's clients ask for; what it does not take it answers with 400.
package struct AnthropicCapabilities: Equatable, Sendable {
    /// How a request for reasoning is put.
    package enum Thinking: Equatable, Sendable {
        case unsupported
        /// `thinking.budget_tokens`.
        case budget
        /// `output_config.effort`, with thinking switched on or off.
        case adaptive
        /// `output_config.effort` alone: thinking can't be switched off.
        case alwaysOn
        /// As `alwaysOn`, with `between_tools` as the least there is.
        case betweenTools
    }

    /// `temperature`, `top_p` and `top_k`.
    package var takesSampling: Bool
    /// `tool_choice` of `any` or of one tool.
    package var takesForcedTools: Bool
    /// A last turn by the assistant, which the answer continues.
    package var takesPrefill: Bool
    /// `output_config.format` with a JSON schema.
    package var takesSchema: Bool
    package var thinking: Thinking
    /// Values of `output_config.effort`, least first; empty where there is no such parameter.
    package var efforts: [String]
    /// Largest `max_tokens`.
    package var maxOutputTokens: Int

    /// What the model of that name takes, whatever stands before and behind `claude-FAMILY-VERSION` in it (`us.anthropic.`,
    /// a date, `@latest`).
    ///
    /// An unknown name gets what every model since Opus 4.7 has in common, so that nothing is sent that a newer model may
    /// refuse. Sources: Anthropic's migration guides for 4.5 to 5.5, and LiteLLM's cost map of 2026-11.
    package static func of(model: String) -> AnthropicCapabilities {
        let version = Version(model)
        switch (version.family, version.number) {
        case (_, ..<37): return legacy(maxOutputTokens: version.number == 35 ? 8_192 : 4_096, thinking: .unsupported)
        case ("opus", 40...41): return legacy(maxOutputTokens: 32_000, thinking: .budget)
        case (_, 37...44): return legacy(maxOutputTokens: 64_000, thinking: .budget)
        case ("opus", 45):
            var row = legacy(maxOutputTokens: 64_000, thinking: .budget, takesSchema: true)
            row.efforts = ["low", "medium", "high"]
            return row
        case (_, 45): return legacy(maxOutputTokens: 64_000, thinking: .budget, takesSchema: true)
        case (_, 46):
            var row = modern(forced: true, .adaptive)
            row.takesSampling = true
            row.efforts = ["low", "medium", "high", "max"]
            return row
        case ("opus", 47...50), ("sonnet", 47...50), ("haiku", 50...55): return modern(forced: true, .adaptive)
        case ("sonnet", 55): return modern(forced: false, .betweenTools)
        default: return modern(forced: false, .alwaysOn)
        }
    }

    private static func legacy(maxOutputTokens: Int, thinking: Thinking, takesSchema: Bool = false) -> Self {
        Self(
            takesSampling: true,
            takesForcedTools: true,
            takesPrefill: true,
            takesSchema: takesSchema,
            thinking: thinking,
            efforts: [],
            maxOutputTokens: maxOutputTokens
        )
    }

    private static func modern(forced: Bool, _ thinking: Thinking) -> Self {
        Self(
            takesSampling: false,
            takesForcedTools: forced,
            takesPrefill: false,
            takesSchema: true,
            thinking: thinking,
            efforts: ["low", "medium", "high", "xhigh", "max"],
            maxOutputTokens: 128_000
        )
    }
}

/// Family and version of a model's name, in either order: `claude-opus-4-8`, `claude-3-5-haiku-20241022`.
private struct Version {
    var family = ""
    /// Ten times the major version plus the minor; `.max` where the name tells none.
    var number = Int.max

    init(_ model: String) {
        guard let start = model.firstRange(of: "claude-")?.upperBound else { return }
        var digits: [Int] = []
        for part in model[start...].split(whereSeparator: { "-@.:".contains($0) }) {
            // A date, `v1` or `latest` ends what matters.
            if part.count <= 2, let digit = Int(part), digits.count < 2 {
                digits.append(digit)
            } else if ["opus", "sonnet", "haiku", "fable", "mythos", "instant"].contains(part) {
                family = String(part)
            } else if !digits.isEmpty {
                break
            }
        }
        guard let major = digits.first, major < 100 else { return }
        number = major * 10 + (digits.count > 1 ? min(digits[1], 9) : 0)
    }
}
