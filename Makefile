# make run     installs what is missing, builds, opens the console on the built-in demo
# make test    the same, then every test
# make build   the release program: .build/release/nines
# make conformance   the official openai and anthropic SDKs against the demo; part of make test
# make browser the cache recipe's service worker and the printed papers in a headless Chromium
# make bench, make lint, make format, make install PREFIX=/usr/local

SHELL := bash
.SHELLFLAGS := -o pipefail -ec

SWIFT   ?= swift
PREFIX  ?= /usr/local
RELEASE := -c release --static-swift-stdlib
SOURCES := Sources Tests Package.swift

.PHONY: run test build install bench conformance browser lint format needs clean

run: build
	.build/release/nines demo

build: needs
	$(SWIFT) build $(RELEASE) --product nines

test: needs
	$(SWIFT) build --build-tests --explicit-target-dependency-import-check error
	@# One process a target: tests that compute for long would keep others from their share of the threads.
	@log=$$(mktemp); trap 'rm -f "$$log"' EXIT; \
	for target in $(notdir $(wildcard Tests/*Tests)); do \
	  echo "== $$target"; \
	  $(SWIFT) test --skip-build --filter "^$$target\\." >"$$log" 2>&1 || { grep -vE '^(◇|✔ Test [^r])' "$$log" | cut -c1-400; exit 1; }; \
	  tail -n 1 "$$log"; \
	done
	@$(MAKE) --no-print-directory conformance

install: build
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 .build/release/nines "$(DESTDIR)$(PREFIX)/bin/nines"

# One demo serves both. What a person's machine lacks is said and passed over; with NINES_STRICT set, as in CI, it fails.
conformance: needs
	$(SWIFT) build --product nines
	@skip() { echo "SKIPPED: $$1"; [ -z "$$NINES_STRICT" ] || exit 1; exit 0; }; \
	python3 -c 'import venv, ensurepip' 2>/dev/null || skip "conformance needs python3 with venv"; \
	home=$$(mktemp -d); trap 'kill $$demo 2>/dev/null; rm -rf "$$home"' EXIT; \
	python3 -m venv "$$home/python"; python="$$home/python/bin/python"; \
	"$$python" -m pip install -q --disable-pip-version-check openai anthropic || skip "PyPI can't be reached for the SDKs"; \
	export XDG_STATE_HOME="$$home" XDG_RUNTIME_DIR="$$home" PYTHONDONTWRITEBYTECODE=1; \
	.build/debug/nines demo --headless --rps 0 --port 4155 & demo=$$!; \
	for wait in $$(seq 300); do socket=$$(ls "$$home"/nines/*.sock 2>/dev/null || true); [ -n "$$socket" ] && break; sleep 0.1; done; \
	url=http://127.0.0.1:$$(basename "$$socket" .sock); \
	for sdk in openai anthropic; do \
	  "$$python" Tests/Conformance/$${sdk}_sdk.py "$$url" "$$socket" --program .build/debug/nines; \
	done

# Debian's own Chromium; elsewhere CHROMIUM names one.
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

browser: needs
	$(SWIFT) build --product nines
	@chromium="$(CHROMIUM)"; \
	if [ -z "$$chromium" ] && command -v apt-get >/dev/null; then \
	  echo "installing chromium"; sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null || \
	    { echo "Chromium can't be installed from here: run 'apt-get install chromium' as root" >&2; exit 1; }; \
	  chromium=chromium; \
	fi; \
	[ -n "$$chromium" ] || { echo "the browser test needs a Chromium: make browser CHROMIUM=/path/to/it" >&2; exit 1; }; \
	home=$$(mktemp -d); trap 'rm -rf "$$home"' EXIT; \
	python3 -m venv "$$home/python"; python="$$home/python/bin/python"; \
	"$$python" -m pip install -q --disable-pip-version-check websockets; \
	PYTHONDONTWRITEBYTECODE=1 "$$python" Tests/Conformance/browser.py --program .build/debug/nines --browser "$$chromium"

bench: build
	$(SWIFT) build $(RELEASE) --product nines-bench
	.build/release/nines-bench --nines .build/release/nines

# Warnings are errors in the package's own settings; the import check is the build's.
lint: needs
	$(SWIFT) format lint --strict --recursive $(SOURCES)
	$(SWIFT) build --build-tests --explicit-target-dependency-import-check error

format:
	$(SWIFT) format format --in-place --recursive $(SOURCES)

# The libraries' headers, the terminal descriptions, and what tests run (tmux, openssl, python3 with venv). Quiet where all is there.
needs:
	@command -v $(SWIFT) >/dev/null || { echo "Nines needs a Swift toolchain, 6.2 or newer: https://www.swift.org/install" >&2; exit 1; }
	@if [ "$$(uname)" = Darwin ]; then \
	  xcrun --show-sdk-path >/dev/null 2>&1 || { echo "Nines needs Apple's command line tools: xcode-select --install" >&2; exit 1; }; \
	  command -v tmux >/dev/null || echo "The screen tests use tmux: brew install tmux" >&2; \
	elif ! command -v dpkg >/dev/null; then \
	  echo "This is no Debian: install the headers of ncursesw, libcurl and sqlite3 by hand if the build misses them." >&2; \
	else \
	  missing=""; for package in libncurses-dev libcurl4-openssl-dev libsqlite3-dev ncurses-base openssl tmux; do \
	    dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q "ok installed" || missing="$$missing $$package"; done; \
	  python3 -c 'import venv, ensurepip' 2>/dev/null || missing="$$missing python3-venv"; \
	  if [ -n "$$missing" ]; then \
	    echo "installing$$missing"; sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	    $$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	  fi; \
	fi

clean:
	rm -rf .build
