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

    router_settings:
      num_retries: 1        # immediate retries at the same deployment; failover is not counted
      timeout: 30           # seconds, one attempt
      stream_timeout: 2     # seconds to the first content token of a stream
      allowed_fails: 3      # failures that bench a deployment
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
      #   - { id: acme, key: os.environ/ACME_KEY }

      routing:
        deadline: 75s         # all attempts of one request
        idle_timeout: 20s     # silence in the middle of a stream

      drill:
        directory: ./drills   # closeout reports; relative to this file
        target_failover: 10s  # what a drill must reach
        max_fault: 10m        # every fault is undone after this, whatever happens
        min_budget: 25%       # no drill with less error budget left

    """
