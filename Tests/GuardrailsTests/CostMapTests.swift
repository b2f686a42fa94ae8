import Foundation
import Testing

@testable import Guardrails

struct CostMapTests {
    private func read(_ json: String) throws -> (rows: [PriceRow], skipped: [CostMap.Skipped]) {
        try JSONDecoder().decode(CostMap.self, from: Data(json.utf8)).rows(source: "map")
    }

    @Test func aRowWithTiersAndCache() throws {
        let (rows, skipped) = try read(
            """
            {"sample_spec": {"input_cost_per_token": 0, "max_input_tokens": "if the provider says so"},
             "claude-x": {"litellm_provider": "anthropic", "mode": "chat", "max_input_tokens": 200000,
              "max_output_tokens": 64000, "supports_vision": true, "input_cost_per_token": 3e-06,
              "output_cost_per_token": 1.5e-05, "cache_read_input_token_cost": 3e-07,
              "cache_creation_input_token_cost": 3.75e-06, "cache_creation_input_token_cost_above_1hr": 6e-06,
              "input_cost_per_token_above_200k_tokens": 6e-06, "output_cost_per_token_above_200k_tokens": 2.25e-05,
              "cache_creation_input_token_cost_above_1hr_above_200k_tokens": 1.2e-05,
              "input_cost_per_token_above_200k_tokens_priority": 9e-06, "input_cost_per_token_batches": 1.5e-06,
              "search_context_cost_per_query": {"search_context_size_low": 0.01}}}
            """
        )
        #expect(skipped == [])
        let base = TokenPrice(
            input: 3_000_000_000,
            output: 15_000_000_000,
            cacheRead: 300_000_000,
            cacheWrite: 3_750_000_000,
            cacheWriteLong: 6_000_000_000
        )
        let above = TokenPrice(
            input: 6_000_000_000,
            output: 22_500_000_000,
            cacheRead: 300_000_000,
            cacheWrite: 3_750_000_000,
            cacheWriteLong: 12_000_000_000
        )
        let row = PriceRow(
            provider: "anthropic",
            model: "claude-x",
            price: base,
            tiers: [.init(above: 200_000, price: above)],
            maxInputTokens: 200_000,
            maxOutputTokens: 64_000,
            source: "map"
        )
        #expect(rows == [row])
    }

    @Test(
        "names and classes",
        arguments: [
            (
                #"{"groq/openai/gpt-oss-20b":{"litellm_provider":"groq","input_cost_per_token":1e-9,"output_cost_per_token":0}}"#,
                "groq", "openai/gpt-oss-20b", TokenPrice(input: 1_000_000, output: 0)
            ),
            (
                #"{"e":{"litellm_provider":"openai","mode":"embedding","input_cost_per_token":2e-08}}"#, "openai", "e",
                TokenPrice(input: 20_000_000, output: 0)
            ),
            (
                #"{"r":{"litellm_provider":"x","input_cost_per_token":1e-6,"output_cost_per_token":1e-6,"output_cost_per_reasoning_token":4e-6}}"#,
                "x", "r", TokenPrice(input: 1_000_000_000, output: 1_000_000_000, reasoning: 4_000_000_000)
            ),
        ] as [(String, String, String, TokenPrice)]
    )
    func row(json: String, provider: String, model: String, price: TokenPrice) throws {
        let rows = try read(json).rows
        #expect(rows == [PriceRow(provider: provider, model: model, price: price, source: "map")])
    }

    @Test(
        "what is left out, and why",
        arguments: [
            ("7", "it is no object"), ("null", "it is no object"), ("{}", "it has no litellm_provider"),
            (
                #"{"litellm_provider":"p","mode":"image_generation"}"#,
                "mode image_generation is not billed by the token"
            ),
            (#"{"litellm_provider":"p"}"#, "it has no input_cost_per_token"),
            (#"{"litellm_provider":"p","input_cost_per_token":1e-6}"#, "it has no output_cost_per_token"),
            (
                #"{"litellm_provider":"p","input_cost_per_token":0,"output_cost_per_token":0.0}"#,
                "its prices are 0: free or unknown; a price in the config says which"
            ),
            (
                #"{"litellm_provider":"p","input_cost_per_token":-1e-6,"output_cost_per_token":1e-6}"#,
                "input_cost_per_token must be a number of dollars from 0 to 1"
            ),
            (
                #"{"litellm_provider":"p","input_cost_per_token":"1e-6","output_cost_per_token":1e-6}"#,
                "input_cost_per_token must be a number of dollars from 0 to 1"
            ),
            (
                #"{"litellm_provider":"p","input_cost_per_token":1e-6,"output_cost_per_token":1e300}"#,
                "output_cost_per_token must be a number of dollars from 0 to 1"
            ),
            (
                #"{"litellm_provider":"p","input_cost_per_token":1e-6,"output_cost_per_token":1e-6,"cache_read_input_token_cost":null}"#,
                "cache_read_input_token_cost must be a number of dollars from 0 to 1"
            ),
            (
                #"{"litellm_provider":"p","input_cost_per_token":1e-6,"output_cost_per_token":1e-6,"input_cost_per_request":0.01}"#,
                "input_cost_per_request is not read"
            ),
            (#"{"litellm_provider":"p","tiered_pricing":[]}"#, "tiered_pricing is not read"),
        ]
    )
    func skipped(entry: String, reason: String) throws {
        let (rows, skipped) = try read(#"{"bad":\#(entry)}"#)
        #expect(rows == [])
        #expect(skipped == [CostMap.Skipped(model: "bad", reason: reason)])
    }

    @Test("a document that is no map is refused", arguments: ["", "[]", "7", "{", #"{"a":"#])
    func refused(json: String) {
        #expect(throws: (any Error).self) { try read(json) }
    }

    @Test func aRowOutlivesStorage() throws {
        for row in PriceTable.shipped.rows {
            #expect(try JSONDecoder().decode(PriceRow.self, from: JSONEncoder().encode(row)) == row)
        }
    }
}
