import Foundation
import Testing

/// `nines prices`, without an engine.
struct PricesTests {
    private static let map = """
        {
          "sample_spec": {"mode": "chat"},
          "openai/house-model": {
            "litellm_provider": "openai", "mode": "chat", "max_input_tokens": 1000,
            "input_cost_per_token": 0.000003, "output_cost_per_token": 0.000015
          },
          "gpt-4o": {
            "litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6
          },
          "free": {
            "litellm_provider": "ollama", "mode": "chat", "input_cost_per_token": 0, "output_cost_per_token": 0
          },
          "picture": {"litellm_provider": "openai", "mode": "image_generation"}
        }
        """

    private static let config = """
        model_list:
          - model_name: assistant
            litellm_params: { model: openai/house-model, api_base: "http://127.0.0.1:9/v1" }
          - model_name: assistant
            litellm_params:
              model: groq/mystery
              api_key: none
          - model_name: assistant
            litellm_params: { model: openai/gpt-4o, api_base: "http://127.0.0.1:9/v1", input_cost_per_token: 4e-6, output_cost_per_token: 5e-6 }
        """

    /// The line that begins with these two cells.
    private func line(_ text: String, _ provider: String, _ model: String) -> [String] {
        let rows = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        return rows.first { $0.prefix(2) == [provider, model] } ?? []
    }

    @Test func theShippedTableNeedsNothing() throws {
        let program = try Program()
        defer { program.close() }
        let list = try program.run(["prices", "list"])
        #expect(list.code == 0)
        #expect(line(list.out, "openai", "gpt-4o").dropFirst(2).prefix(3) == ["2.5", "10", "1.25"])
        #expect(!FileManager.default.fileExists(atPath: program.folder.appendingPathComponent("nines").path))
    }

    @Test func importedPricesStandInAndTheConfigsStandFirst() throws {
        let program = try Program()
        defer { program.close() }
        for (name, text) in ["map.json": Self.map, "nines.yaml": Self.config] {
            try Data(text.utf8).write(to: program.folder.appendingPathComponent(name))
        }
        #expect(try program.run(["prices", "list"]).out.contains("no price: openai (openai/house-model)"))
        let imported = try program.run(["prices", "import", "map.json"])
        #expect(imported.code == 0)
        #expect(imported.out.hasPrefix("2 prices imported into "), "\(imported.out)\(imported.err)")
        #expect(imported.out.contains("2 left out:") && imported.out.contains("free or unknown"), "\(imported.out)")
        #expect(imported.out.contains("image_generation is not billed by the token: picture"), "\(imported.out)")
        let list = try program.run(["prices", "list"]).out
        #expect(line(list, "openai", "house-model").dropFirst(2).prefix(2) == ["3", "15"])
        // The config's own comes first.
        #expect(line(list, "openai", "gpt-4o").dropFirst(2).prefix(2) == ["4", "5"])
        #expect(list.contains("config, deployment"))
        #expect(list.contains("LiteLLM's cost map map.json"))
        #expect(list.contains("no price: groq (groq/mystery)"))
        #expect(!list.contains("no price: openai"))
        let json = try program.run(["prices", "list", "--json"])
        let document = try #require(try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any])
        let rows = try #require(document["prices"] as? [[String: Any]])
        #expect(rows.contains { $0["model"] as? String == "house-model" && $0["max_input_tokens"] as? Int == 1000 })
        #expect(document["unpriced"] as? [String] == ["groq (groq/mystery)"])
    }
}
