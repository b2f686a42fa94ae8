// Nines: the last good answers of an AI endpoint, for when it can't be reached.
//
// A page registers this file from its own origin and says who its user is:
//     worker.postMessage({ nines: "user", user: "any stable id" });
// From then on each whole, clean answer to a POST of that page is kept on this machine, apart for every user. When the same
// question can't be answered (no network, no router, no answer in time, a 5xx), the copy is: with `x-nines-offline-copy: true`
// and `age` in seconds. A 4xx is never papered over. When the user signs out, the user's copies go:
//     worker.postMessage({ nines: "sign-out", user: "the same id" });
// A MessagePort sent along gets { ok: true } when that is done, else { ok: false, error: "why" }.
//
// Kept are the answer's bytes, its content type and its time. Never a key, never a header of the request, never its text:
// a copy is found by hashes of the user and of the question. A page that names no user is left alone.
"use strict";

// What is the endpoint: these ends of a path, with a JSON body that names a model.
const PATHS = /\/(chat\/completions|completions|messages|responses)$/;
const MOST_COPIES = 200; // of a user
const MOST_BYTES = 20_000_000; // of a user
const LARGEST = 1_000_000; // bytes of one answer
const OLDEST_MS = 7 * 86_400_000;
const PATIENCE_MS = 30_000; // without a first byte
const PREFIX = "nines-copies-";
const PAGES = "nines-pages"; // which page belongs to which user's hash

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const { nines, user } = event.data ?? {};
  const page = event.source?.id;
  const act =
    nines === "user" ? () => signIn(page, user)
    : nines === "sign-out" ? () => signOut(page, user)
    : null;
  if (!act || !page) return;
  const done = inTurn(act).then(() => ({ ok: true }), (error) => ({ ok: false, error: error.message }));
  event.waitUntil(done.then((reply) => event.ports[0]?.postMessage(reply)));
});

self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "POST" && PATHS.test(new URL(url).pathname)) event.respondWith(answer(event));
});

// ---- Answers

async function answer(event) {
  const { request } = event;
  const question = request.clone().text();
  const live = fetch(request);
  live.catch(() => {}); // Whoever waits for it hears of it.
  const place = await placeOf(event.clientId, request.url, await question).catch(() => null);
  if (!place) return live;

  const wishes = request.headers.get("cache-control") ?? "";
  const isKept = (response) => response.status === 200 && !wishes.includes("no-store");
  event.waitUntil(live.then((response) => isKept(response) && keep(response.clone(), place)).catch(() => {}));
  const copy = () => (/no-(store|cache)/.test(wishes) ? null : find(place).catch(() => null));
  let response;
  try {
    response = await Promise.race([live, after(PATIENCE_MS)]);
  } catch (error) {
    const kept = await copy();
    if (kept) return kept;
    throw error;
  }
  if (response && response.status < 500) return response;
  return (await copy()) ?? live;
}

const after = (ms) => new Promise((resolve) => setTimeout(resolve, ms, null));

// Where this user's answer to this question is kept; null where none is.
async function placeOf(page, url, text) {
  const user = await userOf(page);
  if (!user) return null;
  const body = JSON.parse(text);
  if (typeof body?.model !== "string") return null;
  const hash = await sha256(`${url}\n${canonical(body)}`);
  return { page, user, entry: new URL(`/nines-copy/${hash}`, self.location).href };
}

// The same JSON value is the same text, whatever the order of its keys.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical)}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)}}`;
}

async function sha256(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// ---- Copies

async function find({ user, entry }) {
  if (!(await caches.has(PREFIX + user))) return null;
  const kept = await (await caches.open(PREFIX + user)).match(entry);
  const age = kept ? Date.now() - timeOf(kept) : Infinity;
  if (age > OLDEST_MS) return null;
  return new Response(await kept.arrayBuffer(), {
    headers: {
      "content-type": kept.headers.get("content-type"),
      "x-nines-offline-copy": "true",
      age: String(Math.max(0, Math.round(age / 1000))),
    },
  });
}

// Keeps an answer that ended cleanly, unless its page has signed out meanwhile.
async function keep(response, { page, user, entry }) {
  const bytes = await whole(response);
  const type = response.headers.get("content-type") ?? "";
  if (!bytes || !isGood(new TextDecoder().decode(bytes), type)) return;
  // What the router had in its own cache is as old as it says.
  const time = Date.now() - 1000 * (Number(response.headers.get("age")) || 0);
  const headers = { "content-type": type, "x-time": String(time), "x-size": String(bytes.length) };
  await inTurn(async () => {
    if ((await userOf(page)) !== user) return;
    const cache = await caches.open(PREFIX + user);
    await cache.put(entry, new Response(bytes, { headers }));
    await trim(cache);
  });
}

// The bytes of an answer; null where it is too large, or breaks off (which throws).
async function whole(response) {
  const parts = [];
  let size = 0;
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    size += part.value.length;
    if (size > LARGEST) {
      reader.cancel();
      return null;
    }
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

// Whether it is a complete text and no error, in any of the APIs' forms.
function isGood(text, type) {
  if (type.startsWith("application/json")) return isGoodValue(parsed(text));
  if (!type.startsWith("text/event-stream")) return false;
  const data = text.split(/\r?\n/).filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trim());
  const values = data.filter((line) => line !== "[DONE]").map(parsed);
  const last = values.at(-1);
  const isComplete = data.at(-1) === "[DONE]" || last?.type === "message_stop" || last?.type === "response.completed";
  return isComplete && values.every(isGoodValue);
}

// How a whole text ends; nothing is said while a stream runs.
const ENDS = [undefined, null, "stop", "end_turn", "stop_sequence", "completed"];
// In the type of an event, an item or a part: what a page would have to act on, or what is no answer.
const NO_TEXT = /tool|function|computer|shell|mcp|refusal|error|failed|incomplete/;

function isGoodValue(value) {
  if (value === null || typeof value !== "object" || value.error) return false;
  const choices = list(value.choices);
  const messages = choices.flatMap((choice) => [choice.message, choice.delta]).filter(Boolean);
  const items = [value.item, value.content_block, ...list(value.output), ...list(value.response?.output)].filter(Boolean);
  const parts = [value, value.delta, value.part, ...items, ...[value, ...items].flatMap((item) => list(item.content))];
  const ends = [value.status, value.stop_reason, value.delta?.stop_reason, ...choices.map((choice) => choice.finish_reason)];
  return ends.every((end) => ENDS.includes(end))
    && !parts.some((part) => NO_TEXT.test(part?.type ?? ""))
    && !messages.some((message) => message.refusal || list(message.tool_calls).length > 0 || message.function_call);
}

const list = (value) => (Array.isArray(value) ? value : []);

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const timeOf = (kept) => Number(kept.headers.get("x-time"));

// The oldest go first: a copy that is written again goes to the end.
async function trim(cache) {
  const entries = await cache.keys();
  let bytes = 0;
  let copies = 0;
  for (const entry of entries.reverse()) {
    const kept = await cache.match(entry);
    copies += 1;
    bytes += Number(kept.headers.get("x-size"));
    if (copies > MOST_COPIES || bytes > MOST_BYTES || Date.now() - timeOf(kept) > OLDEST_MS) await cache.delete(entry);
  }
}

// ---- Users

// One change at a time; a browser may end this worker between any two events, so that nothing else is remembered.
let last = Promise.resolve();
function inTurn(change) {
  const next = last.then(change);
  last = next.catch(() => {});
  return next;
}

const pageEntry = (page) => new URL(`/nines-page/${page}`, self.location).href;

const isNamed = (user) => user != null && user !== "";
const hashOf = (user) => sha256(`nines user\n${user}`);

async function userOf(page) {
  if (!page || !(await caches.has(PAGES))) return null;
  const kept = await (await caches.open(PAGES)).match(pageEntry(page));
  return kept ? kept.text() : null;
}

async function signIn(page, user) {
  if (!isNamed(user)) throw new Error("the message names no user");
  const pages = await caches.open(PAGES);
  const open = new Set((await self.clients.matchAll({ includeUncontrolled: true })).map((client) => pageEntry(client.id)));
  for (const entry of await pages.keys()) if (!open.has(entry.url)) await pages.delete(entry);
  await pages.put(pageEntry(page), new Response(await hashOf(user)));
  // A page that loaded before this worker did asks through it from now on.
  await self.clients.claim();
}

// The user's copies and pages go, in every tab; a page that was loaded anew may have to say whose.
async function signOut(page, named) {
  const user = isNamed(named) ? await hashOf(named) : await userOf(page);
  if (!user) throw new Error("this page has named no user: send it along");
  await caches.delete(PREFIX + user);
  const pages = await caches.open(PAGES);
  for (const entry of await pages.keys()) {
    if ((await (await pages.match(entry)).text()) === user) await pages.delete(entry);
  }
}
