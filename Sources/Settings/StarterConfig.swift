/// What `nines init` writes: two providers behind one name, ready once the two keys are in the environment.
package let starterConfig = """
    # Nines: two providers behind one URL.
    #
    # Put the keys into the environment, never into this file:
    #     export OPENAI_API_KEY=...  ANTHROPIC_API_KEY=...
    # Then:  nines check   says what is wrong, with line and column
    #        nines         opens the console and serves on the address below
    #
    # A LiteLLM proxy config works as it is; what is ours stands under 'nines:'.

    # Equal model_names form one model group: clients send that name as "model".
    # The lowest 'order' serves; the next takes over when it fails.
    model_list:
      - model_name: assistant
        litellm_params:
          model: openai/gpt-5.4-mini
          api_key: os.environ/OPENAI_API_KEY
          order: 1
          # max_budget: 100         # dollars that this deployment may spend ...
          # budget_duration: 30d    # ... in each stretch of this length
      - model_name: assistant
        litellm_params:
          model: anthropic/claude-haiku-4-5
          api_key: os.environ/ANTHROPIC_API_KEY
          order: 2
      # Any OpenAI-compatible endpoint:
      # - model_name: assistant
      #   litellm_params:
      #     model: openai/my-model
      #     api_base: http://127.0.0.1:8000/v1
      #     order: 3
      # Another name for what may be answered more cheaply:
      # - model_name: assistant-mini
      #   litellm_params: { model: openai/gpt-5.4-nano, api_key: os.environ/OPENAI_API_KEY }

    router_settings:
      num_retries: 1        # immediate retries at the same deployment; failover is not counted
      timeout: 30           # seconds, one attempt
      stream_timeout: 2     # seconds to the first content token of a stream
      allowed_fails: 3      # failures in a row that are borne; the next benches the deployment
      cooldown_time: 30     # seconds on the bench
      # model_group_alias: { gpt-4o: assistant }
      # fallbacks: [{ assistant: [assistant-mini] }]   # another group, when a whole one has failed

    # What callers must send as their key. Needed to listen beyond this machine.
    # general_settings:
    #   master_key: os.environ/NINES_MASTER_KEY

    nines:
      listen: 127.0.0.1:4000
      # database: ~/.local/state/nines/nines.db
      theme: cvd-dark

      # What you promise: the four numbers on the screen.
      slo:
        window: 30d
        success: 99.5%
        latency: { p95: 2.5s, of: first_token }   # or 'of: total'
        cost_per_request: $0.015

      # One key per client:
      # tenants:
      #   - { id: acme, key: os.environ/ACME_KEY, budget: { amount: $200, per: 30d } }

      # Limits of each feature of your product: clients name it in the header x-nines-feature.
      # features:
      #   summarise:
      #     max_cost_per_request: $0.02
      #     max_input_tokens: 8000
      #     max_output_tokens: 600
      #     budget: { amount: $50, per: 30d }
      #     on_exceed: [truncate, cheaper, cached, reject]   # tried in turn
      #     cheaper: assistant-mini
      #     stream_failure: continue                # a broken stream goes on at the next deployment
      #     prompt_caching: 5m                      # Anthropic's own cache of tools and system prompt
      #   default: { max_output_tokens: 4000 }      # features that nobody named

      # Answers kept for the same question, and for the day that no provider can be reached:
      # cache: { ttl: 24h, stale_if_error: 7d, max_size: 512MB }

      routing:
        deadline: 75s         # all attempts of one request
        idle_timeout: 20s     # silence in the middle of a stream
        # hedge_after: 1s     # a second attempt races a first that is slower than this

      # These are the defaults; 'off' silences one.
      # alerts:
      #   latency: { for: 15m, severity: page }
      #   success: { for: 5m, severity: page }
      #   cost: { for: 15m, severity: page }
      #   drift: { ratio: 1.5, baseline: 7d, severity: ticket }   # a feature's tokens or cost against its own past
      #   budget: [80%, 100%]

      # What is done as the error budget is spent; 'nines gate' is closed from 'freeze' on.
      # error_budget: { caution: 50%, freeze: 100% }

      # Where alerts go; 'nines alerts test' tries each.
      # pagers:
      #   - { type: pagerduty, routing_key: os.environ/PD_KEY, severity: page }
      #   - { type: slack, url: os.environ/SLACK_URL }
      #   - { type: ntfy, url: "https://ntfy.sh/my-topic" }
      #   - { type: webhook, url: "https://example.com/hook", secret: os.environ/HOOK_SECRET }
      #   - { type: terminal }

      # Where the ledger is copied to; prompts are never in it.
      # exports:
      #   - { type: langfuse, public_key: os.environ/LANGFUSE_PUBLIC_KEY, secret_key: os.environ/LANGFUSE_SECRET_KEY }
      #   - { type: helicone, key: os.environ/HELICONE_API_KEY }

      drill:
        directory: ./drills   # closeout reports; relative to this file
        target_failover: 10s  # what a drill must reach
        max_fault: 10m        # every fault is undone after this, whatever happens
        min_budget: 25%       # no drill with less error budget left
        # team: [Ada, Grace, Linus]
        # admin:              # to switch the key off at the provider itself
        #   anthropic: { key: os.environ/ANTHROPIC_ADMIN_KEY, key_id: apikey_ID }

      # Single requests are rows of the database for so long, their counts for longer:
      # retention: { requests: 35d, rollups: 400d }

      # What 'nines kit' can't know; what is absent stays a marked blank.
      # kit:
      #   company: Example Ltd
      #   contact: support@example.com
      #   review: 2027-12-31
      #   credits: [{ below: 99.5%, credit: 10% }, { below: 99%, credit: 25% }]

      # Browsers that may call:
      # cors: { origins: ["https://app.example.com"] }

    """
