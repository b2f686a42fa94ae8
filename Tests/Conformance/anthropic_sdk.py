#!/usr/bin/env python3
"""The official anthropic Python SDK against the front door, unchanged.

    nines demo --headless --rps 0 --port 4100
    python3 anthropic_sdk.py http://127.0.0.1:4100 /run/user/1000/nines/4100.sock [--program .build/release/nines]

The demo's primary speaks OpenAI's format and its secondary Anthropic's, so that a broken primary shows the other. With
--program, a second engine is started between two scripted providers, one group for each order of the formats.
One line a case; exit 1 where one fails. Needs the package `anthropic` and nothing else.
"""

import asyncio

import anthropic

from shared import (CONTENT, arguments, case, clear, failure, finish, raises, raw_headers, scripted)

# One primary of each format; the other is the way out.
CONFIG = """model_list:
  - model_name: claude
    litellm_params: {{ model: anthropic/first, api_base: "{a}", api_key: os.environ/KEY_A, order: 1 }}
  - model_name: claude
    litellm_params: {{ model: openai/second, api_base: "{b}/v1", api_key: os.environ/KEY_B, order: 2 }}
  - model_name: gpt
    litellm_params: {{ model: openai/third, api_base: "{a}/v1", api_key: os.environ/KEY_A, order: 1 }}
  - model_name: gpt
    litellm_params: {{ model: anthropic/fourth, api_base: "{b}", api_key: os.environ/KEY_B, order: 2 }}
router_settings: {{ cooldown_time: 1 }}
general_settings: {{ master_key: os.environ/NINES_KEY }}
nines: {{ listen: "127.0.0.1:{port}" }}
"""

TOOLS = [{"name": "weather", "description": "The weather of a city.",
          "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}]
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg=="
RICH = [
    {"role": "user", "content": [
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXEL}},
        {"type": "text", "text": "What is the weather here?", "cache_control": {"type": "ephemeral"}}]},
    {"role": "assistant", "content": [
        {"type": "tool_use", "id": "toolu_0", "name": "weather", "input": {"city": "Oslo"}}]},
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_0", "content": "Rain"}]},
]


def asking(client, model="assistant", messages=CONTENT):
    return lambda **more: client.messages.create(**{"model": model, "max_tokens": 400, "messages": messages, **more})


def is_whole(events):
    """The order of Anthropic's events, from the first to the last."""
    kinds = [event.type for event in events]
    return (kinds[0] == "message_start" and kinds[-2:] == ["message_delta", "message_stop"]
            and "content_block_delta" in kinds and events[-2].usage.output_tokens > 0)


def served(client, control, who):
    """What works, whoever serves."""
    ask = asking(client)
    answer = ask()
    case(f"{who}: sync", answer.content[0].text and answer.stop_reason in ("end_turn", "max_tokens"))
    case(f"{who}: usage", answer.usage.input_tokens > 0 and answer.usage.output_tokens > 0)
    case(f"{who}: stream", lambda: is_whole(list(ask(stream=True))))

    def helper():
        with client.messages.stream(model="assistant", max_tokens=400, messages=CONTENT) as stream:
            text = "".join(stream.text_stream)
            return text and stream.get_final_message().content[0].text == text

    case(f"{who}: messages.stream and its final message", helper)
    case(f"{who}: system, tools, tool results, image, stop sequences", lambda: asking(client, messages=RICH)(
        system=[{"type": "text", "text": "Be brief."}], tools=TOOLS, tool_choice={"type": "auto"},
        stop_sequences=["END"], metadata={"user_id": "u-1"}, extra_body={"temperature": 0.5}).content[0].text)
    case(f"{who}: max_tokens is kept", lambda: ask(max_tokens=1).stop_reason == "max_tokens")
    raw = lambda **more: client.messages.with_raw_response.create(
        model="assistant", max_tokens=400, messages=CONTENT, **more)
    case(f"{who}: every header of the contract, and the id is booked", lambda: raw_headers(raw(), control))
    case(f"{who}: on a stream too", lambda: raw_headers(raw(stream=True)))


async def served_async(base_url):
    async with anthropic.AsyncAnthropic(base_url=base_url, api_key="none", max_retries=0) as client:
        ask = asking(client)
        case("async", bool((await ask()).content[0].text))
        case("async, stream", is_whole([event async for event in await ask(stream=True)]))
        async with client.messages.stream(model="assistant", max_tokens=400, messages=CONTENT) as stream:
            case("async, messages.stream", bool(await stream.get_final_text()))
        many = await asyncio.gather(*[ask() for _ in range(20)])
        case("async, twenty at once", all(one.content[0].text for one in many))


def lists(client):
    models = client.models.list()
    case("models.list", [model.id for model in models] == ["assistant"] and models.data[0].created_at.year > 2000)
    case("models.retrieve", lambda: client.models.retrieve("assistant").display_name == "assistant")
    case("models.retrieve, unknown: NotFoundError", lambda: raises(
        anthropic.NotFoundError, lambda: client.models.retrieve("nobody"), 404))
    case("messages.count_tokens, by whoever can", lambda: client.messages.count_tokens(
        model="assistant", messages=CONTENT).input_tokens > 0)


def refused(client):
    """Requests at fault: the SDK's own exceptions."""
    ask = asking(client)
    error = raises(anthropic.BadRequestError, lambda: ask(messages=[]), 400)
    case("no messages: BadRequestError", error.body["error"]["details"]["param"] == "messages", error.message)
    error = raises(anthropic.NotFoundError, lambda: ask(model="nope"), 404)
    case("unknown model: NotFoundError", error.body["error"]["type"] == "not_found_error", error.message)
    huge = [{"role": "user", "content": "x" * (40 << 20)}]
    kind = getattr(anthropic, "ContentTooLargeError", anthropic.APIStatusError)
    case("40 MiB: 413", lambda: isinstance(status_of(lambda: ask(messages=huge)), kind))


def status_of(call):
    """The error that `call` raises, where it is 413."""
    try:
        call()
    except anthropic.APIStatusError as error:
        return error if error.status_code == 413 else None


def broken(client, control):
    """The demo's primary broken in each way: nobody notices; bypassed: everybody does."""
    ask = asking(client)
    for fault in ["503", "hang", "slow", "refuse"]:
        control.fault(fault)
        case(f"primary {fault}: a stream is served", lambda: is_whole(list(ask(stream=True))))
        control.fault(None)
        clear(control)
    control.fault("revoked")
    response = client.messages.with_raw_response.create(model="assistant", max_tokens=400, messages=CONTENT)
    case("primary revoked: x-nines-failover", response.headers["x-nines-failover"] == "true")
    served(client, control, "Anthropic's own")
    control.fault("cut")
    clear(control)
    case("a stream that breaks off raises", lambda: interrupted(lambda: list(ask(stream=True))))
    control.fault(None)
    clear(control)
    control.bypass(True)
    error = raises(anthropic.BadRequestError, ask, 400)
    case("bypass to a primary of OpenAI's format: BadRequestError", "bypass" in error.message.lower())
    control.bypass(False)


def interrupted(call):
    """Whether `call` raises what a broken stream is."""
    try:
        call()
    except anthropic.APIError as error:
        return "stream_interrupted" in str(error)
    return False


def behind_scripts(program):
    """A second engine between two scripted providers."""
    with scripted(program, CONFIG) as house:
        client = anthropic.Anthropic(base_url=house.url, api_key=house.key, max_retries=0)
        wrong = client.with_options(api_key="sk-nines-wrong")
        error = raises(anthropic.AuthenticationError, lambda: asking(wrong, "claude")(), 401)
        case("a wrong key: AuthenticationError", error.body["error"]["type"] == "authentication_error")
        case("no key echoed", "sk-nines-wrong" not in str(error))
        for model in ["claude", "gpt"]:
            for provider, broken_first in [(house.first, None), (house.second, failure(401, "invalid_api_key"))]:
                house.first.answer = broken_first
                tools(client, model, provider)
                house.first.answer = None
                clear(house.control)
        mapped(client, house.control, house.first, house.second)


def tools(client, model, provider):
    """A tool's call goes over to whichever format serves, and comes back."""
    answer = asking(client, model, RICH)(tools=TOOLS, tool_choice={"type": "tool", "name": "weather"}, system="Brief.")
    sent = provider.seen[-1]
    who = f"{model} by {sent['model']}"
    use = answer.content[0]
    case(f"{who}: the call comes back", use.type == "tool_use" and use.input == {"city": "Oslo"}
         and answer.stop_reason == "tool_use")
    case(f"{who}: the tool's schema goes over", TOOLS[0]["input_schema"] in (
        sent["tools"][0].get("input_schema"), sent["tools"][0].get("function", {}).get("parameters")))
    if sent["model"] in ("first", "fourth"):
        case(f"{who}: as it was sent", sent["messages"] == RICH and sent["system"] == "Brief.")
        case(f"{who}: with the client's version",
             provider.headers_seen["anthropic-version"] == client.default_headers["anthropic-version"])
    else:
        case(f"{who}: system, image, result", sent["messages"][0] == {"role": "system", "content": "Brief."}
             and PIXEL in str(sent["messages"][1]) and sent["messages"][-1]["tool_call_id"] == "toolu_0")


def mapped(client, control, first, second):
    """Each status of a provider as the SDK's exception: on the bypass, and where the request is at fault."""
    kinds = {400: "BadRequestError", 401: "AuthenticationError", 403: "PermissionDeniedError", 404: "NotFoundError",
             422: "UnprocessableEntityError", 429: "RateLimitError", 500: "InternalServerError"}
    error = lambda status, kind="invalid_request_error": (status, {"type": "error", "error": {
        "type": kind, "message": "scripted"}})
    ask = asking(client, "claude")
    control.bypass(True)
    for status, kind in kinds.items():
        first.answer = error(status)
        case(f"bypass, provider {status}: {kind}", lambda: raises(getattr(anthropic, kind), ask, status))
    control.bypass(False)
    clear(control)
    for model, answer in [("claude", error(400)), ("gpt", failure(400))]:
        first.answer = answer
        count = len(second.seen)
        got = raises(anthropic.BadRequestError, asking(client, model), 400)
        case(f"{model}, provider 400: BadRequestError in Anthropic's shape", got.body["type"] == "error"
             and got.body["error"]["message"] == "scripted" and len(second.seen) == count)
    first.answer, second.answer = error(429, "rate_limit_error"), failure(429, "rate_limit_exceeded")
    got = raises(getattr(anthropic, "ServiceUnavailableError", anthropic.InternalServerError), ask, 503)
    lines = got.body["error"]["nines"]["attempts"]
    case("every route 429: 503 with one line an attempt", [line["class"] for line in lines] == ["rate_limited"] * 2)
    first.answer, second.answer = error(401, "authentication_error"), failure(401, "invalid_api_key")
    clear(control)
    got = raises(getattr(anthropic, "ServiceUnavailableError", anthropic.InternalServerError), ask, 503)
    case("every key refused: not worth a retry", got.response.headers["x-should-retry"] == "false")
    first.answer = second.answer = None
    clear(control)


def main():
    options, control = arguments(__doc__)
    print(f"anthropic {anthropic.__version__}")
    client = anthropic.Anthropic(base_url=options.base_url, api_key="none", max_retries=0)
    served(client, control, "translated")
    asyncio.run(served_async(options.base_url))
    lists(client)
    refused(client)
    broken(client, control)
    if options.program:
        behind_scripts(options.program)
    finish()


if __name__ == "__main__":
    main()
