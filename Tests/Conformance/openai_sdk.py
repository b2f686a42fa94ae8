#!/usr/bin/env python3
"""The official openai Python SDK against the front door, unchanged.

    nines demo --headless --rps 0 --port 4100
    python3 openai_sdk.py http://127.0.0.1:4100 /run/user/1000/nines/4100.sock [--program .build/release/nines]

The demo serves the first part. With --program, a second engine is started between two scripted providers on loopback,
for what the demo's providers can't show: error statuses of every kind, what reaches a provider, which retries follow.
One line a case; exit 1 where one fails. Needs the package `openai` and nothing else.
"""

import asyncio
import time

import openai

from shared import (CONTENT, arguments, case, clear, failure, finish, leave_early, raises, raw_headers, scripted)

CONFIG = """model_list:
  - model_name: assistant
    litellm_params: {{ model: openai/first, api_base: "{a}/v1", api_key: os.environ/KEY_A, order: 1 }}
  - model_name: assistant
    litellm_params: {{ model: openai/second, api_base: "{b}/v1", api_key: os.environ/KEY_B, order: 2 }}
  - model_name: vendor/model
    litellm_params: {{ model: openai/third, api_base: "{a}/v1", api_key: os.environ/KEY_A }}
router_settings: {{ cooldown_time: 1 }}
general_settings: {{ master_key: os.environ/NINES_KEY }}
nines: {{ listen: "127.0.0.1:{port}" }}
"""


def text_of(stream):
    return "".join(choice.delta.content or "" for chunk in stream for choice in chunk.choices)


def served(client, control):
    """What works on a healthy engine."""
    ask = lambda **more: client.chat.completions.create(model="assistant", messages=CONTENT, **more)
    case("sync", lambda: ask().choices[0].message.content)
    case("sync, stream", lambda: text_of(ask(stream=True)))

    def usage():
        chunks = list(ask(stream=True, stream_options={"include_usage": True}))
        return chunks[-1].usage and chunks[-1].usage.completion_tokens > 0 and not chunks[-1].choices

    case("stream_options include_usage: the last chunk has it", usage)
    case("stream as a context manager, left early", lambda: leave_early(ask))

    def raw():
        response = client.chat.completions.with_raw_response.create(model="assistant", messages=CONTENT)
        raw_headers(response, control)
        return response.parse().choices

    case("with_raw_response: every header of the contract, and the id is booked", raw)

    def raw_stream():
        with client.chat.completions.with_streaming_response.create(
                model="assistant", messages=CONTENT, stream=True) as response:
            raw_headers(response)
            return text_of(response.parse()) or True

    case("with_streaming_response: the same headers", raw_stream)
    case("models.list", lambda: "assistant" in [model.id for model in client.models.list()])
    case("models.retrieve", lambda: client.models.retrieve("assistant").id == "assistant")
    case("models.retrieve, unknown: NotFoundError", lambda: raises(
        openai.NotFoundError, lambda: client.models.retrieve("nobody/knows this"), 404))

    def tagged():
        response = client.chat.completions.with_raw_response.create(
            model="assistant", messages=CONTENT, extra_body={"metadata": {"tags": ["from-a-tag", "other"]}})
        return control.row(response.headers["x-nines-request-id"])["feature"] == "from-a-tag"

    case("metadata.tags: the first names the feature", tagged)

    def headed():
        response = client.chat.completions.with_raw_response.create(
            model="assistant", messages=CONTENT, extra_headers={"x-nines-feature": "f", "x-nines-tenant": "t"})
        row = control.row(response.headers["x-nines-request-id"])
        return (row["feature"], row["tenant"]) == ("f", "t")

    case("x-nines-feature and x-nines-tenant", headed)


async def served_async(base_url):
    async with openai.AsyncOpenAI(base_url=base_url, api_key="none", max_retries=0) as client:
        ask = lambda **more: client.chat.completions.create(model="assistant", messages=CONTENT, **more)
        answer = await ask()
        case("async", bool(answer.choices[0].message.content))
        stream = await ask(stream=True)
        case("async, stream", "".join([c.choices[0].delta.content or "" async for c in stream if c.choices]) != "")
        many = await asyncio.gather(*[ask() for _ in range(20)])
        case("async, twenty at once", all(one.choices[0].message.content for one in many))


def refused(client):
    """Requests at fault: the SDK's own exceptions, and no retry."""
    ask = lambda **more: client.chat.completions.create(**{"model": "assistant", "messages": CONTENT, **more})
    error = raises(openai.BadRequestError, lambda: ask(messages=[]), 400)
    case("no messages: BadRequestError", error.param == "messages", error.message)
    error = raises(openai.NotFoundError, lambda: ask(model="nope"), 404)
    case("unknown model: NotFoundError", error.code == "model_not_found", error.message)
    case("unknown path: NotFoundError", lambda: raises(
        openai.NotFoundError, lambda: client.post("/nowhere", cast_to=object), 404))
    huge = [{"role": "user", "content": "x" * (40 << 20)}]
    case("40 MiB: 413", lambda: raises(openai.APIStatusError, lambda: ask(messages=huge), 413))


def broken(client, control):
    """The demo's primary broken in each way: nobody notices; bypassed: everybody does."""
    ask = lambda **more: client.chat.completions.create(model="assistant", messages=CONTENT, **more)
    for fault in ["revoked", "503", "hang", "slow", "refuse"]:
        control.fault(fault)
        # A hang costs an answer that is not streamed the whole attempt's timeout: streams alone show it in time.
        case(f"primary {fault}: a stream is served", lambda: text_of(ask(stream=True)))
        control.fault(None)
        clear(control)
    control.fault("revoked")
    response = client.chat.completions.with_raw_response.create(model="assistant", messages=CONTENT)
    case("primary revoked: x-nines-failover", response.headers["x-nines-failover"] == "true")
    control.bypass(True)
    case("bypass, primary revoked: AuthenticationError", lambda: raises(openai.AuthenticationError, ask, 401))
    control.fault("503")
    case("bypass, primary 503: InternalServerError", lambda: raises(openai.InternalServerError, ask, 503))
    control.fault("hang")
    case("bypass, primary hangs: APITimeoutError", lambda: raises(
        openai.APITimeoutError, lambda: client.with_options(timeout=0.5).chat.completions.create(
            model="assistant", messages=CONTENT)))
    control.fault(None)
    case("bypass, primary well", lambda: ask().choices[0].message.content)
    control.bypass(False)
    clear(control)
    control.fault("cut")
    case("a stream that breaks off raises APIError", lambda: raises(openai.APIError, lambda: text_of(ask(stream=True))))
    control.fault(None)
    clear(control)


def passing(client, first):
    tools = [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "properties": {
        "city": {"type": "string"}}, "additionalProperties": False}, "strict": True}}]
    answer = client.chat.completions.create(
        model="assistant", messages=CONTENT, tools=tools, tool_choice="auto", temperature=0.1, seed=7,
        extra_body={"nobody_knows": {"this": [1, 2.50, None]}})
    sent = first.seen[-1]
    case("tools reach the provider as they are", sent["tools"] == tools and sent["tool_choice"] == "auto")
    case("unknown fields too", sent["nobody_knows"] == {"this": [1, 2.5, None]} and sent["seed"] == 7)
    case("the model's name is the provider's", sent["model"] == "first")
    case("tool calls come back", answer.choices[0].message.tool_calls[0].function.name == "weather")
    case("n=2", lambda: len(client.chat.completions.create(model="assistant", messages=CONTENT, n=2).choices) == 2)
    case("models.retrieve of a name with a slash",
         lambda: client.models.retrieve("vendor/model").id == "vendor/model")
    wrong = client.with_options(api_key="sk-nines-wrong")
    error = raises(openai.AuthenticationError, lambda: wrong.models.list(), 401)
    case("a wrong key: AuthenticationError", error.code == "invalid_api_key")
    case("no key echoed", "sk-nines-wrong" not in str(error))


def mapped(client, control, first, second):
    """Each status of a provider as the SDK's exception: on the bypass, and where the request is at fault."""
    ask = lambda: client.chat.completions.create(model="assistant", messages=CONTENT)
    kinds = [(400, openai.BadRequestError), (401, openai.AuthenticationError), (403, openai.PermissionDeniedError),
             (404, openai.NotFoundError), (409, openai.ConflictError), (413, openai.APIStatusError),
             (422, openai.UnprocessableEntityError), (429, openai.RateLimitError), (500, openai.InternalServerError),
             (503, openai.InternalServerError)]
    control.bypass(True)
    for status, kind in kinds:
        first.answer = failure(status)
        case(f"bypass, provider {status}: {kind.__name__}", lambda: raises(kind, ask, status))
    control.bypass(False)
    second.answer = failure(500, kind="server_error")
    for status, kind in kinds:
        if status in (400, 413, 422):
            first.answer = failure(status)
            count = len(second.seen)
            case(f"provider {status}: {kind.__name__}", lambda: raises(kind, ask, status))
            case("and no failover", len(second.seen) == count)
    first.answer = second.answer = failure(429, "rate_limit_exceeded")
    error = raises(openai.InternalServerError, ask, 503)
    lines = error.body["nines"]["attempts"]
    case("every route 429: 503 with one line an attempt", len(lines) == 2, [line["class"] for line in lines])
    clear(control)
    first.answer = second.answer = None


def retried(client, control, first, second):
    """How often the SDK itself tries again."""
    patient = client.with_options(max_retries=2)

    def settled():
        """The count once it stands still: sums follow their requests within a second."""
        count = None
        while count != (count := control.snapshot()["requestsTotal"]):
            time.sleep(1.5)
        return count

    def requests(answer):
        clear(control)
        first.answer = second.answer = answer
        before = settled()
        try:
            patient.chat.completions.create(model="assistant", messages=CONTENT)
        except openai.APIStatusError as error:
            status = error.status_code
        else:
            status = 200
        return status, settled() - before

    for name, answer, wanted in [
            ("a bad request is not tried again", failure(400), (400, 1)),
            ("every key refused: x-should-retry false, not tried again", failure(401, "invalid_api_key"), (503, 1)),
            ("every provider 500: the SDK tries again", failure(500, kind="server_error"), (503, 3))]:
        seen = requests(answer)
        case(name, seen == wanted, f"status {seen[0]}, {seen[1]} requests")
    first.answer = second.answer = None
    clear(control)


def others(client, control):
    """Completions, responses and embeddings, which only the demo's primary speaks."""
    ask = lambda **more: client.completions.create(model="assistant", prompt="Say hello.", **more)
    case("completions", lambda: ask().choices[0].text)
    case("completions, stream", lambda: "".join(c.choices[0].text for c in ask(stream=True) if c.choices))
    respond = lambda **more: client.responses.create(**{"model": "assistant", "input": "Say hello.", **more})
    answer = respond()
    case("responses", answer.output_text and answer.status == "completed" and answer.usage.output_tokens > 0)
    case("responses, input as messages", lambda: respond(input=CONTENT).output_text)
    events = list(respond(stream=True))
    case("responses, stream", events[-1].type == "response.completed" and events[-1].response.output_text)

    def helper():
        with client.responses.stream(model="assistant", input="Say hello.") as stream:
            return stream.get_final_response().output_text

    case("responses.stream as a context manager", helper)
    embed = lambda **more: client.embeddings.create(model="assistant", input=["one", "two"], **more)
    answer = embed()
    case("embeddings", len(answer.data) == 2 and len(answer.data[0].embedding) > 0 and answer.usage.prompt_tokens > 0)
    response = client.embeddings.with_raw_response.create(model="assistant", input="one")
    case("embeddings: the headers of the contract", lambda: raw_headers(response, control))
    control.fault("cut")
    case("a response's stream that breaks off tells it", lambda: ends_in_error(respond))
    case("a completion's too", lambda: raises(openai.APIError, lambda: list(ask(stream=True))))
    control.fault("revoked")
    error = raises(openai.InternalServerError, embed, 503)
    case("embeddings with the primary out: 503, nobody else speaks them", "southwind" in str(error.body["nines"]))
    control.fault(None)
    clear(control)


def ends_in_error(respond):
    """Whether the SDK raises or hands out the error event, and no end."""
    try:
        types = [event.type for event in respond(stream=True)]
    except openai.APIError:
        return True
    return types[-1] == "error" and "response.completed" not in types


def failing_over(client, first, second):
    """The three endpoints at two deployments that speak them."""
    calls = {
        "embeddings": lambda: client.embeddings.create(model="assistant", input="x").data,
        "completions": lambda: client.completions.create(model="assistant", prompt="x").choices[0].text,
        "responses": lambda: client.responses.create(model="assistant", input="x").output_text,
    }
    for name, call in calls.items():
        first.answer = failure(404)
        count = len(second.seen)
        case(f"{name}: the next deployment answers where the first has no such path", call)
        case("and it was asked", len(second.seen) == count + 1)
        first.answer = None
        count = len(first.seen)
        case("the first is still in service", lambda: call() and len(first.seen) == count + 1)
    first.answer = second.answer = failure(404)
    case("where nobody has it: BadRequestError", lambda: raises(openai.BadRequestError, calls["embeddings"], 400))
    first.answer = second.answer = None


def behind_scripts(program):
    """A second engine between two scripted providers."""
    with scripted(program, CONFIG) as house:
        client = openai.OpenAI(base_url=house.url + "/v1", api_key=house.key, max_retries=0)
        passing(client, house.first)
        failing_over(client, house.first, house.second)
        mapped(client, house.control, house.first, house.second)
        retried(client, house.control, house.first, house.second)


def main():
    options, control = arguments(__doc__)
    print(f"openai {openai.__version__}")
    base_url = options.base_url + "/v1"
    client = openai.OpenAI(base_url=base_url, api_key="none", max_retries=0)
    served(client, control)
    asyncio.run(served_async(base_url))
    refused(client)
    others(client, control)
    broken(client, control)
    if options.program:
        behind_scripts(options.program)
    finish()


if __name__ == "__main__":
    main()
