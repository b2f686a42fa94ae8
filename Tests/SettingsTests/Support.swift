import Settings

/// Loads a text as `nines.yaml` in `/etc/nines`, with `K`, `K2` and `MASTER` set unless told otherwise.
func load(
    _ text: String,
    environment: [String: String] = ["K": "key-one", "K2": "key-two", "MASTER": "key-master"],
    purpose: ConfigPurpose = .check
) -> LoadedConfig {
    loadConfig(
        text: text,
        file: "nines.yaml",
        environment: environment,
        purpose: purpose,
        home: "/home/ada",
        folder: "/etc/nines"
    )
}

/// `LINE:COL: severity: message`, without the notices of keys that have no effect yet.
func lines(_ loaded: LoadedConfig) -> [String] {
    loaded.diagnostics.filter { !isNotice($0) }.map { String($0.description.dropFirst("nines.yaml:".count)) }
}

/// Whether it only says what has no effect yet, which every version may change.
func isNotice(_ diagnostic: Diagnostic) -> Bool { diagnostic.message.hasSuffix("not in effect in this version") }

/// One good deployment in three lines; what a test adds begins on line 4.
let oneDeployment = """
    model_list:
      - model_name: chat
        litellm_params: { model: openai/a, api_key: os.environ/K }

    """

/// The config of the tutorials: no order, one retry.
let tutorial = """
    model_list:
      - model_name: app-chat
        litellm_params:
          model: openai/gpt-5.4-mini
          api_key: os.environ/OPENAI_API_KEY
          weight: 9
      - model_name: app-chat
        litellm_params:
          model: anthropic/claude-haiku-4-5
          api_key: os.environ/ANTHROPIC_API_KEY
          weight: 1
    router_settings:
      num_retries: 1
    """
