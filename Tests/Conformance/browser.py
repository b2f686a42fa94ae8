#!/usr/bin/env python3
"""The service worker of the cache recipe in a real browser, and the papers as they print.

    python3 browser.py --program .build/debug/nines [--browser /usr/bin/chromium]

Starts a router between two scripted providers, an application's own server with the kit's page and worker, and a Chromium
without a screen, which is told what to do over its DevTools protocol. One line a case; exit 1 where one fails.
Needs the package `websockets` and nothing else.
"""

import argparse
import base64
import contextlib
import functools
import http.client
import http.server
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time

from websockets.sync.client import connect

from shared import Control, Provider, case, clear, completion, failure, finish, free_port

CONFIG = """model_list:
  - model_name: assistant
    litellm_params: {{ model: openai/first, api_base: "{a}/v1", api_key: os.environ/KEY_A, order: 1 }}
  - model_name: assistant
    litellm_params: {{ model: openai/second, api_base: "{b}/v1", api_key: os.environ/KEY_B, order: 2 }}
router_settings: {{ cooldown_time: 1 }}
general_settings: {{ master_key: os.environ/NINES_KEY }}
nines:
  listen: "127.0.0.1:{port}"
  cors: {{ origins: ["{origin}"] }}
"""
KEYS = {"KEY_A": "sk-first-0123456789", "KEY_B": "sk-second-0123456789", "NINES_KEY": "sk-nines-0123456789"}
KEY = KEYS["NINES_KEY"]


class Router:
    """A router that can be stopped and started again at the same address."""

    def __init__(self, program, folder, origin):
        self.program, self.folder, self.port = program, folder, free_port()
        self.first, self.second = Provider(), Provider()
        self.config = os.path.join(folder, "nines.yaml")
        with open(self.config, "w") as file:
            file.write(CONFIG.format(a=self.first.url, b=self.second.url, port=self.port, origin=origin))
        self.environment = {**os.environ, **KEYS, "XDG_STATE_HOME": folder, "XDG_RUNTIME_DIR": folder}
        self.control = Control(os.path.join(folder, "nines", f"{self.port}.sock"))

    def start(self):
        self.process = subprocess.Popen([self.program, "serve", "--config", self.config], env=self.environment,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(500):
            try:
                return self.control.snapshot()
            except OSError:
                time.sleep(0.02)
        raise AssertionError("the router did not start")

    def stop(self):
        self.process.terminate()
        self.process.wait(40)

    def answers(self, text=None, stream=False, broken=False, document=None):
        """What both providers say from now on: a text, a whole document, or, without either, 500."""
        if document:
            answer = (200, document)
        elif text is None:
            answer = failure(500, kind="server_error")
        elif stream:
            answer = events(text, broken)
        else:
            document = completion({"model": "m"})
            document["choices"][0]["message"]["content"] = text
            answer = (200, document)
        self.first.answer = self.second.answer = answer
        if self.process.poll() is None:
            clear(self.control)


def events(text, broken):
    """A stream of OpenAI's, word by word; a broken one ends without saying that it does."""
    chunk = lambda delta, finish=None: "data: " + json.dumps({
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}) + "\n\n"
    words = "".join(chunk({"content": word + " "}) for word in text.split())
    return chunk({"role": "assistant"}) + words + ("" if broken else chunk({}, "stop") + "data: [DONE]\n\n")


class Files(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Browser:
    """A Chromium over its DevTools protocol."""

    def __init__(self, path, folder):
        profile = os.path.join(folder, "profile")
        # A group of its own: the browser is many processes.
        self.process = subprocess.Popen(
            [path, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage",
             "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        port_file = os.path.join(profile, "DevToolsActivePort")
        for _ in range(1500):
            if os.path.exists(port_file) and len(open(port_file).read().split()) == 2:
                break
            time.sleep(0.02)
        port, address = open(port_file).read().split()
        self.connection = contextlib.ExitStack()
        self.socket = self.connection.enter_context(connect(f"ws://127.0.0.1:{port}{address}", max_size=None))
        self.number = 0

    def call(self, method, session=None, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        self.socket.send(json.dumps(message | ({"sessionId": session} if session else {})))
        while True:
            reply = json.loads(self.socket.recv(timeout=60))
            if reply.get("id") == self.number:
                if "error" in reply:
                    raise AssertionError(f"{method}: {reply['error']['message']}")
                return reply["result"]

    def run(self, session, script):
        """The value of a script, once it is there."""
        reply = self.call("Runtime.evaluate", session, expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in reply:
            raise AssertionError(reply["exceptionDetails"]["exception"].get("description", "a script failed"))
        return reply["result"].get("value")

    def attach(self, target):
        return self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def workers(self):
        targets = self.call("Target.getTargets", filter=[{}])["targetInfos"]
        return [target["targetId"] for target in targets if target["type"] == "service_worker"]

    def end_workers(self):
        for worker in self.workers():
            self.call("Target.closeTarget", targetId=worker)
        for _ in range(100):
            if not self.workers():
                return True
            time.sleep(0.05)

    def close(self):
        self.connection.close()
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait(20)


class Tab:
    """One page of the application, with a user of its own."""

    def __init__(self, browser, origin, router, user):
        self.browser, self.url = browser, f"http://127.0.0.1:{router.port}/v1/chat/completions"
        self.session = browser.attach(browser.call("Target.createTarget", url=f"{origin}/try.html")["targetId"])
        self.user = user
        self.ready()

    def ready(self):
        self.until("document.readyState === 'complete' && byId('source').textContent === 'Ready'")
        self.run(f"byId('user').value = {json.dumps(self.user)}; byId('url').value = {json.dumps(self.url)}; signIn()")

    def reload(self):
        self.browser.call("Page.reload", self.session)
        time.sleep(0.5)
        self.ready()

    def run(self, script):
        return self.browser.run(self.session, script)

    def until(self, condition):
        for _ in range(600):
            try:
                if self.run(condition):
                    return True
            except AssertionError:  # the page is not there yet
                pass
            time.sleep(0.05)
        raise AssertionError(f"never: {condition}; {self.run('document.body.innerText')}")

    def ask(self, question, stream=False, key=KEY):
        """What the page shows: the line on the source, and the answer."""
        self.run(f"byId('key').value = {json.dumps(key)}; byId('question').value = {json.dumps(question)};"
                 f"byId('stream').checked = {json.dumps(stream)}; byId('source').textContent = '';"
                 "byId('form').requestSubmit()")
        self.until("/^(Live|Offline|No answer)/.test(byId('source').textContent)")
        time.sleep(0.3)  # the rest of a stream, and the worker's own keeping
        return self.run("byId('source').textContent"), self.run("byId('answer').textContent").strip()

    def fetch(self, question, stream=False, headers=None):
        """The same past the page: status, headers that it may read, and the body's text."""
        body = {"model": "assistant", "stream": stream, "messages": [{"role": "user", "content": question}]}
        fields = {"content-type": "application/json", "authorization": f"Bearer {KEY}"} | (headers or {})
        result = self.run(
            f"fetch({json.dumps(self.url)}, {{ method: 'POST', headers: {json.dumps(fields)},"
            f" body: {json.dumps(json.dumps(body))} }}).then(async (r) => ({{ status: r.status,"
            " headers: Object.fromEntries(r.headers), text: await r.text() }), (error) => ({ status: 0, text: `${error}` }))")
        time.sleep(0.3)
        return result

    def kept(self):
        """Everything that the origin's caches hold, as one text."""
        return self.run(
            "(async () => { let all = ''; for (const name of await caches.keys()) { const cache = await caches.open(name);"
            " for (const entry of await cache.keys()) { const kept = await cache.match(entry);"
            " all += [name, entry.url, ...[...entry.headers].flat(), ...[...kept.headers].flat(), await kept.text()].join(' ')"
            " + '\\n'; } } return all; })()")


@contextlib.contextmanager
def offline(browser):
    """Cuts the worker, which is who asks, from the network for a while."""
    sessions = [browser.attach(worker) for worker in browser.workers()]
    for session in sessions:
        browser.call("Network.enable", session)
        browser.call("Network.emulateNetworkConditions", session, offline=True, latency=0, downloadThroughput=-1,
                     uploadThroughput=-1)
    yield
    for session in sessions:
        browser.call("Target.detachFromTarget", sessionId=session)


def is_copy(shown, text):
    return shown[0].startswith("Offline copy") and " s old" in shown[0] and shown[1] == text


def is_live(shown, text, status=200):
    return shown[0].startswith(f"Live ({status}") and (text is None or shown[1] == text)


def has_none(shown):
    return shown[0].startswith("No answer and no copy")


def same_text(router, folder):
    """The router, the kit and the application serve one text."""
    connection = http.client.HTTPConnection("127.0.0.1", router.port)
    connection.request("GET", "/sw.js")
    answer = connection.getresponse()
    text = answer.read()
    types = answer.headers["content-type"].startswith("text/javascript"), answer.headers["service-worker-allowed"] == "/"
    return answer.status == 200 and all(types) and text == open(os.path.join(folder, "sw.js"), "rb").read()


def check(name, works, seen=""):
    """A case that tells what was seen only where that was wrong."""
    case(name, works, "" if works is True else seen)


def hurry(folder):
    """Makes the application's worker wait for seconds where the shipped one waits for half a minute."""
    path = os.path.join(folder, "sw.js")
    text = open(path).read()
    assert "PATIENCE_MS = 30_000" in text
    with open(path, "w") as file:
        file.write(text.replace("PATIENCE_MS = 30_000", "PATIENCE_MS = 4_000"))


def cases(browser, router, app, origin):
    check("GET /sw.js is the kit's worker", lambda: same_text(router, app))
    hurry(app)
    ada = Tab(browser, origin, router, "ada@example.com")

    router.answers("one")
    seen = ada.ask("first question")
    check("online: the router's answer", is_live(seen, "one"), seen)
    headers = ada.fetch("first question")["headers"]
    check("CORS shows the page what it needs", "x-nines-request-id" in headers and "x-nines-cache" in headers, headers)
    router.answers("two words", stream=True)
    seen = ada.ask("streamed question", stream=True)
    check("online: a stream", is_live(seen, "two words"), seen)
    live = ada.fetch("streamed question", stream=True)

    with offline(browser):
        seen = ada.ask("first question")
        check("offline: the copy, marked, with its age", is_copy(seen, "one"), seen)
        seen = ada.ask("new question")
        check("offline: a new question has a clear error", has_none(seen), seen)
    router.answers("newer")
    seen = ada.ask("first question")
    check("online again: the router's newer answer", is_live(seen, "newer"), seen)

    router.answers()
    seen = ada.ask("first question")
    check("5xx of the endpoint: the last good answer", is_copy(seen, "newer"), seen)
    seen = ada.ask("new question")
    check("5xx without a copy: the error itself", is_live(seen, None, 503), seen)
    router.answers("newer")
    seen = ada.ask("first question", key="sk-wrong")
    check("401 passes, though there is a copy", is_live(seen, None, 401), seen)
    router.answers("half a", stream=True, broken=True)
    check("a stream that breaks off is shown as such", "error" in ada.fetch("broken question", stream=True)["text"])
    router.answers(document=completion({"model": "m"}) | {"choices": [TOOL_CALL]})
    check("a tool call reaches the page", "call_1" in ada.fetch("question for a tool")["text"])
    router.answers("secret")
    ada.fetch("private question", headers={"cache-control": "no-store"})

    bob = Tab(browser, origin, router, "bob@example.com")
    seen = bob.ask("bob's question")
    check("a second user, online", is_live(seen, "secret"), seen)

    router.answers("newer")
    router.process.send_signal(signal.SIGSTOP)
    seen = ada.ask("first question")
    check("a router that hangs: the copy, after a while", is_copy(seen, "newer"), seen)
    router.process.send_signal(signal.SIGCONT)
    router.stop()
    seen = ada.ask("first question")
    check("router down: the copy", is_copy(seen, "newer"), seen)
    seen = ada.ask("streamed question", stream=True)
    check("router down: a stream's copy, as a stream", is_copy(seen, "two words"), seen)
    copy = ada.fetch("streamed question", stream=True)
    check("a stream's copy is the same bytes", copy["text"] == live["text"] and
         copy["headers"]["content-type"] == live["headers"]["content-type"], copy)
    check("its marker and age can be read", copy["headers"].get("x-nines-offline-copy") == "true"
         and int(copy["headers"]["age"]) >= 0)
    check("a broken stream was not kept", lambda: ada.fetch("broken question", stream=True)["status"] == 0)
    check("a tool call was not kept", lambda: ada.fetch("question for a tool")["status"] == 0)
    worker = browser.attach(browser.workers()[0])
    for name, is_kept, values in JUDGED:
        text, kind = written(values)
        seen = browser.run(worker, f"isGood({json.dumps(text)}, '{kind}')")
        check(f"{'kept' if is_kept else 'not kept'}: {name}", seen == is_kept, seen)
    browser.call("Target.detachFromTarget", sessionId=worker)
    check("no-store was obeyed", lambda: ada.fetch("private question")["status"] == 0)
    check("no-cache is obeyed", lambda: ada.fetch("first question", headers={"cache-control": "no-cache"})["status"] == 0)
    check("two users don't share", lambda: has_none(bob.ask("first question")))
    check("keys in another order are the same question", lambda: ada.run(
        f"fetch({json.dumps(ada.url)}, {{ method: 'POST', body: {json.dumps(json.dumps(REORDERED))} }})"
        ".then((r) => r.headers.get('x-nines-offline-copy'))") == "true")

    check("the worker can be ended", browser.end_workers)
    seen = ada.ask("first question")
    check("after that: the copy", is_copy(seen, "newer"), seen)
    ada.reload()
    seen = ada.ask("first question")
    check("after the page was loaded anew: the copy", is_copy(seen, "newer"), seen)

    kept = ada.kept()
    words = [*KEYS.values(), "ada@", "bob@", "question", "authorization", "secret question"]
    check("no key, user or question is kept", "newer" in kept and not any(word in kept for word in words))

    # A page that was loaded anew has named nobody yet.
    page = browser.attach(browser.call("Target.createTarget", url="about:blank")["targetId"])
    browser.call("Page.navigate", page, url=f"{origin}/index.html")
    seen = browser.run(page, tell({"nines": "sign-out"}))
    check("sign-out of nobody is an error", not seen["ok"] and "newer" in ada.kept(), seen)
    seen = browser.run(page, tell({"nines": "sign-out", "user": ada.user}))
    check("sign-out of a named user", seen["ok"], seen)
    kept = ada.kept()
    check("sign-out: the copies are gone, the other user's stay", "newer" not in kept and "secret" in kept)
    seen = bob.ask("bob's question")
    check("sign-out: the other user still has them", is_copy(seen, "secret"), seen)
    seen = ada.ask("first question")
    check("sign-out: nothing is answered from them", has_none(seen), seen)


def printed(browser, folder, origin):
    """Every paper as a printer gets it: A4, nothing beside the page; the one-pager on one."""
    papers = sorted(name for name in os.listdir(folder) if name.endswith(".html") and name != "try.html")
    check("every paper is there", len(papers) == 9, papers)
    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    session = browser.attach(target)
    # 210 mm without the margins, at 96 dots an inch.
    browser.call("Emulation.setDeviceMetricsOverride", session, width=673, height=1030, deviceScaleFactor=1, mobile=False)
    browser.call("Emulation.setEmulatedMedia", session, media="print")
    for name in papers:
        browser.call("Page.navigate", session, url=f"{origin}/{name}")
        time.sleep(0.5)
        script = ("[location.pathname, document.readyState, document.documentElement.scrollWidth,"
                  " document.images.length]")
        seen = browser.call("Runtime.evaluate", session, expression=script, returnByValue=True)["result"]["value"]
        data = browser.call("Page.printToPDF", session, preferCSSPageSize=True)["data"]
        pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", base64.b64decode(data)))
        limit = 1 if name == "slo-one-pager.html" else 6
        works = seen[:2] == [f"/{name}", "complete"] and seen[2] <= 673 and not seen[3] and 1 <= pages <= limit
        check(f"{name} prints within its page", works, (seen, pages))


def tell(message):
    """A script that sends the worker a message from any page, and has its reply."""
    return ("navigator.serviceWorker.ready.then(({ active }) => new Promise((done) => { const channel = new MessageChannel();"
            " channel.port1.onmessage = (event) => done(event.data);"
            f" active.postMessage({json.dumps(message)}, [channel.port2]); }}))")


def written(values):
    """A document, or a stream's events, with its content type."""
    if isinstance(values, dict):
        return json.dumps(values), "application/json"
    data = [value if isinstance(value, str) else json.dumps(value) for value in values]
    return "".join(f"data: {value}\n\n" for value in data), "text/event-stream"


def chat(finish="stop", **message):
    return {"choices": [{"index": 0, "message": {"role": "assistant", "content": "a"} | message, "finish_reason": finish}]}


def streamed_chat(finish="stop", **delta):
    return [{"choices": [{"index": 0, "delta": delta, "finish_reason": None}]},
            {"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]}, {"choices": [], "usage": {}}, "[DONE]"]


def message(end="end_turn", kind="text"):
    return {"type": "message", "content": [{"type": kind}], "stop_reason": end, "stop_sequence": None}


def streamed_message(end="end_turn", kind="text"):
    return [{"type": "message_start", "message": {"type": "message", "content": [], "stop_reason": None}},
            {"type": "content_block_start", "index": 0, "content_block": {"type": kind}},
            {"type": "message_delta", "delta": {"stop_reason": end}}, {"type": "message_stop"}]


def response(status="completed", kind="message", part="output_text"):
    return {"object": "response", "status": status, "error": None, "incomplete_details": None,
            "output": [{"type": "reasoning", "summary": []}, {"type": kind, "content": [{"type": part, "text": "a"}]}]}


def streamed_response(event="response.output_text.delta", last="response.completed", **options):
    return [{"type": "response.created", "response": {"status": "in_progress", "output": []}},
            {"type": event, "delta": "a"}, {"type": last, "response": response(**options)}]


CALLS = [{"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}]
TOOL_CALL = chat("tool_calls", content=None, tool_calls=CALLS)["choices"][0]

# What the worker makes of an answer: its name, whether it may stand in later, and the document or its events.
JUDGED = [
    ("a chat's text", True, chat(refusal=None, tool_calls=[])),
    ("a chat's text, streamed", True, streamed_chat(content="a")),
    ("a chat's cut text", False, chat("length")),
    ("a chat's cut text, streamed", False, streamed_chat("length", content="a")),
    ("a chat's tool call", False, chat("tool_calls", tool_calls=CALLS)),
    ("a chat's tool call that ends as a text does", False, chat(tool_calls=CALLS)),
    ("a chat's function call, streamed", False, streamed_chat("stop", function_call={"name": "f"})),
    ("a chat's refusal", False, chat(refusal="no")),
    ("a chat's refusal, streamed", False, streamed_chat(refusal="no")),
    ("a chat's filtered text", False, chat("content_filter")),
    ("a chat that ends in a way of its own", False, chat("eos_of_mine")),
    ("a message", True, message()),
    ("a message, streamed", True, streamed_message("stop_sequence")),
    ("a message's tool call", False, message("tool_use", "tool_use")),
    ("a message's tool call, streamed", False, streamed_message("tool_use", "tool_use")),
    ("a cut message", False, message("max_tokens")),
    ("a refused message, streamed", False, streamed_message("refusal")),
    ("a paused message", False, message("pause_turn")),
    ("a response", True, response()),
    ("a response, streamed", True, streamed_response()),
    ("a response's function call", False, response(kind="function_call")),
    ("a response's function call, streamed", False, streamed_response("response.function_call_arguments.delta")),
    ("a response's call at the end of a stream", False, streamed_response(kind="function_call")),
    ("a response's refusal", False, response(part="refusal")),
    ("a response's refusal, streamed", False, streamed_response("response.refusal.delta")),
    ("an incomplete response", False, response("incomplete")),
    ("a response still in work", False, response("in_progress")),
    ("a failed response, streamed", False, streamed_response(last="response.failed")),
]
REORDERED = {"messages": [{"content": "first question", "role": "user"}], "stream": False, "model": "assistant"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, help="the nines program")
    parser.add_argument("--browser", default=shutil.which("chromium") or "chromium", help="a Chromium")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="nines-")
    app = os.path.join(folder, "app")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Files, directory=app))
    origin = f"http://127.0.0.1:{server.server_port}"
    router = Router(options.program, folder, origin)
    router.start()
    browser = None
    try:
        subprocess.run([options.program, "kit", app, "--config", router.config], env=router.environment, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = Browser(options.browser, folder)
        cases(browser, router, app, origin)
        printed(browser, app, origin)
    finally:
        if browser:
            browser.close()
        if router.process.poll() is None:
            router.stop()
        shutil.rmtree(folder, ignore_errors=True)
    finish()


if __name__ == "__main__":
    main()
