"""What the conformance scripts share: cases, the control socket, scripted providers."""

import argparse
import contextlib
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
import types

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


def clear(control):
    for provider in control.snapshot()["providers"]:
        control.call("POST", "/command", {"clearCooldown": {"deployment": provider["id"]}})


def leave_early(ask):
    with ask(stream=True) as stream:
        return next(iter(stream)) is not None


def raw_headers(response, control=None):
    """Whether `response` has every header of the contract, and its id is booked."""
    missing = [name for name in HEADERS if name not in response.headers]
    assert not missing, missing
    assert float(response.headers.get("x-nines-cost-usd", "0")) >= 0
    if control:
        assert control.row(response.headers["x-nines-request-id"])["status"] == 200
    return True


class Provider(http.server.ThreadingHTTPServer):
    """A scripted provider of either format: keeps what it was sent, and answers well.

    `answer` says otherwise: a status and a document for everybody, or a text that is sent as an event stream.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), ProviderHandler)
        self.answer = None
        self.seen = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class ProviderHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.seen.append(body)
        self.server.headers_seen = self.headers
        answer = self.server.answer or (200, well(self.path, body))
        status, document = (200, answer) if isinstance(answer, str) else answer
        is_stream = isinstance(document, str)
        data = (document if is_stream else json.dumps(document)).encode()
        self.send_response(status)
        self.send_header("content-type", "text/event-stream" if is_stream else "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def well(path, body):
    """What a provider that is well answers at `path`."""
    name = path.rsplit("/", 1)[-1]
    if name == "completions" and "messages" in body:
        return completion(body)
    usage = {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4}
    if name == "completions":
        choice = {"index": 0, "text": "hello", "logprobs": None, "finish_reason": "stop"}
        return {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": body["model"], "choices": [choice],
                "usage": usage}
    if name == "embeddings":
        row = {"object": "embedding", "index": 0, "embedding": [1.0]}
        return {"object": "list", "data": [row], "model": body["model"], "usage": usage}
    if name == "responses":
        part = {"type": "output_text", "text": "hello", "annotations": []}
        item = {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [part]}
        return {"id": "resp_1", "object": "response", "created_at": 1, "model": body["model"], "status": "completed",
                "output": [item], "parallel_tool_calls": True, "tool_choice": "auto", "tools": []}
    return message(body)


def completion(body):
    message = {"role": "assistant", "content": "hello"}
    finish = "stop"
    if body.get("tools"):
        function = {"name": body["tools"][0]["function"]["name"], "arguments": "{\"city\":\"Oslo\"}"}
        message = {"role": "assistant", "content": None,
                   "tool_calls": [{"id": "call_1", "type": "function", "function": function}]}
        finish = "tool_calls"
    choices = [{"index": i, "message": message, "finish_reason": finish} for i in range(body.get("n") or 1)]
    usage = {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4}
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": body["model"], "choices": choices,
            "usage": usage}


def message(body):
    content, stop = [{"type": "text", "text": "hello"}], "end_turn"
    if body.get("tools"):
        use = {"type": "tool_use", "id": "toolu_1", "name": body["tools"][0]["name"], "input": {"city": "Oslo"}}
        content, stop = [use], "tool_use"
    return {"id": "msg_1", "type": "message", "role": "assistant", "model": body["model"], "content": content,
            "stop_reason": stop, "stop_sequence": None, "usage": {"input_tokens": 3, "output_tokens": 1}}


def failure(status, code=None, kind="invalid_request_error"):
    """An error answer of OpenAI's."""
    return status, {"error": {"message": "scripted", "type": kind, "param": None, "code": code}}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def scripted(program, template):
    """An engine of `template` between two scripted providers: its url, key and control socket, and the providers."""
    first, second = Provider(), Provider()
    folder = tempfile.mkdtemp(prefix="nines-")
    port = free_port()
    config = os.path.join(folder, "nines.yaml")
    with open(config, "w") as file:
        file.write(template.format(a=first.url, b=second.url, port=port))
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
        yield types.SimpleNamespace(url=f"http://127.0.0.1:{port}", key=keys["NINES_KEY"], control=control, first=first,
                                    second=second)
    finally:
        engine.terminate()
        case("stops in order", engine.wait(40) == 0)
        log.seek(0)
        text = log.read()
        case("no key in the log", not any(key in text for key in keys.values()))
        shutil.rmtree(folder)


def arguments(description):
    """The command line, and the demo's control socket."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base_url", help="the demo's front door")
    parser.add_argument("socket", help="the demo's control socket")
    parser.add_argument("--program", help="the nines program, for the part with scripted providers")
    options = parser.parse_args()
    return options, Control(options.socket)


def finish():
    """Says how it went, and ends."""
    print(f"{failures} failed" if failures else "all passed")
    sys.exit(1 if failures else 0)
