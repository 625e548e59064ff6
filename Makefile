# Two commands: `make run` starts the proxy, `make test` runs the whole offline suite. Both need Python 3.11 or newer
# and nothing else of ours; they make their own environment in .venv.
comma  := ,
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
UI     := ccr/api/static/index.html
PAGES  := $(filter-out ui/src/api/types.ts,$(shell find ui/src -type f 2>/dev/null)) ui/build.mjs ui/package-lock.json
# The pages are tested where a Chromium is installed.
TESTED := $(if $(shell command -v chromium || command -v chromium-browser || command -v google-chrome),$(comma)ui-test)

.PHONY: run ui test docs reference install bench soak audit format clean

run: $(STAMP) $(UI)
	$(BIN)/ccr serve --watch

test: $(STAMP) $(UI)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto --dist loadfile --ignore tests/benchmarks
	$(BIN)/pytest tests/benchmarks

install: $(STAMP)

$(STAMP): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "ccr needs Python 3.11 or newer; this is " + sys.version.split()[0])'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev$(TESTED)]'
	touch $@

# The web UI, from ui/ into ccr/api/static. Needs Node 20 or newer; without it everything else works.
ui:
	@command -v npm >/dev/null || { echo "the web UI is built with Node 20 or newer and npm: neither is here"; exit 1; }
	@$(MAKE) --no-print-directory --always-make MUST=1 $(UI)

$(UI): $(PAGES)
	@if ! command -v npm >/dev/null; then echo "no Node here: the web UI is left out, everything else works"; else \
	  cd ui && { test node_modules/.package-lock.json -nt package-lock.json || npm ci --silent --no-audit --no-fund; } && npm run --silent build || \
	  { echo "the web UI could not be built; everything else works"; test -z "$(MUST)"; }; fi

# The long form of tests/faults (thousands of breaks, leaves, reloads and streams), and the tree against the plain reading
# of the language on 100,000 pairs of rules and a request (about twenty minutes together).
soak: $(STAMP)
	CCR_SOAK=1 $(BIN)/pytest tests/faults tests/lang/test_properties.py -s --timeout=1800 -p no:xdist

# Asks the public databases of vulnerabilities about everything that is installed, from an environment of its own. Needs
# the network.
audit: $(STAMP)
	test -x $(VENV)/audit/bin/pip-audit || $(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
	$(VENV)/audit/bin/pip-audit --strict --skip-editable --progress-spinner off --path "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"

# claude-code-router 2.0.0 from npm and ours side by side, in homes of their own: who answers which request. Writes the table
# of docs/coming-from-claude-code-router.md. Needs Node 20 or newer and the network; CCR_REFERENCE names one that is there.
CCR_REFERENCE ?= $(VENV)/reference
reference: $(STAMP)
	test -d $(CCR_REFERENCE)/node_modules || npm install --prefix $(CCR_REFERENCE) --silent --no-audit --no-fund --no-save @musistudio/claude-code-router@2.0.0
	CCR_REFERENCE=$(CCR_REFERENCE) $(BIN)/python -m tests.reference.compare

# The site of the documentation, from docs/ into site/: open site/index.html.
docs: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[docs]'
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "built: site/index.html"

bench: $(STAMP)
	CCR_RECORDS=1000000 $(BIN)/pytest -s tests/benchmarks

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) site
