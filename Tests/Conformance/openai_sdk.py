#!/usr/bin/env python3
"""The official openai Python SDK against the front door, unchanged.

    nines demo --headless --rps 0 --port 4100
    python3 openai_sdk.py http://127.0.0.1:4100/v1 /run/user/1000/nines/4100.sock [--program .build/release/nines]

The demo serves the first part. With --program, a second engine is started between two scripted providers on loopback,
for what the demo's providers can't show: error statuses of every kind, what reaches a provider, which retries follow.
One line a case; exit 1 where one fails. Needs the package `openai` and nothing else.
"""

import argparse
import asyncio
import http.client
import http.server
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

import openai

CONTENT = [{"role": "user", "content": "Say hello."}]
HEADERS = ["x-nines-request-id", "x-nines-deployment", "x-nines-provider", "x-nines-attempts", "x-nines-failover",
           "x-nines-cache", "x-nines-mode"]
failures = 0


def case(name, works, seen=""):
    """Prints one line; `works` is a truth or a function that tells it."""
    global failures
    try:
        result = works() if callable(works) else works
    except Exception as error:  # a case that breaks has failed; the others go on
        result, seen = False, f"{type(error).__name__}: {error}"
    failures += not result
    print(f"{'ok  ' if result else 'FAIL'}  {name}{f'  ({seen})' if seen else ''}", flush=True)


def raises(kind, call, status=None):
    """The exception of class `kind` that `call` raises; anything else is an error."""
    try:
        call()
    except kind as error:
        if type(error) is not kind or status not in (None, getattr(error, "status_code", None)):
            raise AssertionError(f"{type(error).__name__}, status {getattr(error, 'status_code', None)}") from error
        return error
    raise AssertionError(f"nothing raised, expected {kind.__name__}")


class Control:
    """The engine's control socket."""

    def __init__(self, path):
        self.path = path

    def call(self, method, path, body=None):
        connection = http.client.HTTPConnection("localhost")
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(10)
        connection.sock.connect(self.path)
        connection.request(method, path, json.dumps(body) if body is not None else None)
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return answer

    def snapshot(self):
        return self.call("GET", "/snapshot")

    def fault(self, name):
        return self.call("POST", "/command", {"demoFault": {"_0": name} if name else {}})

    def bypass(self, on):
        return self.call("POST", "/bypass", {"on": on})

    def row(self, request_id):
        """The request of that id, once it is booked."""
        for _ in range(100):
            for row in self.snapshot()["requests"]:
                if row["id"] == request_id:
                    return row
            time.sleep(0.02)
        raise AssertionError(f"{request_id} is not in the snapshot")


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
        missing = [name for name in HEADERS if name not in response.headers]
        assert not missing, missing
        assert float(response.headers.get("x-nines-cost-usd", "0")) >= 0
        assert control.row(response.headers["x-nines-request-id"])["status"] == 200
        return response.parse().choices

    case("with_raw_response: every header of the contract, and the id is booked", raw)

    def raw_stream():
        with client.chat.completions.with_streaming_response.create(
                model="assistant", messages=CONTENT, stream=True) as response:
            missing = [name for name in HEADERS if name not in response.headers]
            assert not missing, missing
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


def leave_early(ask):
    with ask(stream=True) as stream:
        return next(iter(stream)) is not None


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


def clear(control):
    for provider in control.snapshot()["providers"]:
        control.call("POST", "/command", {"clearCooldown": {"deployment": provider["id"]}})


class Provider(http.server.ThreadingHTTPServer):
    """A scripted provider: answers `answer`, a status and a body, to everything, and keeps what it was sent."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), ProviderHandler)
        self.answer = None
        self.seen = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class ProviderHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.seen.append(body)
        status, answer = self.server.answer or (200, completion(body))
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def completion(body):
    message = {"role": "assistant", "content": "hello"}
    if body.get("tools"):
        call = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": "{\"city\":\"Oslo\"}"}}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
    choices = [{"index": i, "message": message, "finish_reason": "stop"} for i in range(body.get("n") or 1)]
    usage = {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4}
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": body["model"], "choices": choices,
            "usage": usage}


def failure(status, code=None, kind="invalid_request_error"):
    return status, {"error": {"message": "scripted", "type": kind, "param": None, "code": code}}


CONFIG = """model_list:
  - model_name: assistant
    litellm_params: {{ model: openai/first, api_base: "http://127.0.0.1:{a}/v1", api_key: os.environ/KEY_A, order: 1 }}
  - model_name: assistant
    litellm_params: {{ model: openai/second, api_base: "http://127.0.0.1:{b}/v1", api_key: os.environ/KEY_B, order: 2 }}
  - model_name: vendor/model
    litellm_params: {{ model: openai/third, api_base: "http://127.0.0.1:{a}/v1", api_key: os.environ/KEY_A }}
router_settings: {{ cooldown_time: 1 }}
general_settings: {{ master_key: os.environ/NINES_KEY }}
nines: {{ listen: "127.0.0.1:{port}" }}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def scripted(program):
    """A second engine between two scripted providers."""
    first, second = Provider(), Provider()
    folder = tempfile.mkdtemp(prefix="nines-")
    port = free_port()
    config = os.path.join(folder, "nines.yaml")
    with open(config, "w") as file:
        file.write(CONFIG.format(a=first.server_port, b=second.server_port, port=port))
    keys = {"KEY_A": "sk-first-0123456789", "KEY_B": "sk-second-0123456789", "NINES_KEY": "sk-nines-0123456789"}
    environment = {**os.environ, **keys, "XDG_STATE_HOME": folder, "XDG_RUNTIME_DIR": folder}
    log = open(os.path.join(folder, "log"), "w+")
    engine = subprocess.Popen([program, "serve", "--config", config], env=environment, stdout=log, stderr=log)
    try:
        control = Control(os.path.join(folder, "nines", f"{port}.sock"))
        for _ in range(500):
            if os.path.exists(control.path) or engine.poll() is not None:
                break
            time.sleep(0.02)
        client = openai.OpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key=keys["NINES_KEY"], max_retries=0)
        passing(client, first)
        mapped(client, control, first, second)
        retried(client, control, first, second)
    finally:
        engine.terminate()
        case("stops in order", engine.wait(40) == 0)
        log.seek(0)
        case("no key in the log", not any(key in log.read() for key in keys.values()))
        shutil.rmtree(folder)


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

    def requests(answer):
        clear(control)
        first.answer = second.answer = answer
        before = control.snapshot()["requestsTotal"]
        try:
            patient.chat.completions.create(model="assistant", messages=CONTENT)
        except openai.APIStatusError as error:
            status = error.status_code
        else:
            status = 200
        for _ in range(50):
            count = control.snapshot()["requestsTotal"] - before
            if count:
                break
            time.sleep(0.02)
        time.sleep(0.2)
        return status, control.snapshot()["requestsTotal"] - before

    for name, answer, wanted in [
            ("a bad request is not tried again", failure(400), (400, 1)),
            ("every key refused: x-should-retry false, not tried again", failure(401, "invalid_api_key"), (503, 1)),
            ("every provider 500: the SDK tries again", failure(500, kind="server_error"), (503, 3))]:
        seen = requests(answer)
        case(name, seen == wanted, f"status {seen[0]}, {seen[1]} requests")
    first.answer = second.answer = None
    clear(control)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base_url", help="the demo's front door, with /v1")
    parser.add_argument("socket", help="the demo's control socket")
    parser.add_argument("--program", help="the nines program, for the part with scripted providers")
    options = parser.parse_args()
    print(f"openai {openai.__version__}")
    control = Control(options.socket)
    client = openai.OpenAI(base_url=options.base_url, api_key="none", max_retries=0)
    served(client, control)
    asyncio.run(served_async(options.base_url))
    refused(client)
    broken(client, control)
    if options.program:
        scripted(options.program)
    else:
        print("skip  scripted providers (no --program)")
    print(f"{failures} failed" if failures else "all passed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
