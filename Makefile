# `make run` and `make test` need only Python 3.11+ and make; everything else goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= data/ketamine
PORT ?= 8501

.PHONY: run test lint check bench shots reports clean

$(VENV)/.core: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=..." >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[app,export,ingest,rdf]'
	@touch $@

$(VENV)/.dev: $(VENV)/.core
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

run: $(VENV)/.core ## audit the shipped data, then serve the app on this machine
	$(BIN)/kb --data $(DATA) audit --limit 3
	$(BIN)/kb --data $(DATA) serve --port $(PORT)

test: $(VENV)/.dev ## run the tests; those in a browser need Chromium (in CI it is installed)
	@sh tools/chromium.sh
	$(BIN)/python -m pytest -n auto --dist loadscope --no-loadscope-reorder tests/e2e tests

lint: $(VENV)/.dev ## style, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test ## everything a change must pass

bench: $(VENV)/.dev ## claims per second, memory, growth, the naive loop, INDRA if the extra bench is installed; other tools beside
	$(BIN)/python benchmarks/grouping.py
	$(BIN)/python benchmarks/compare.py --small

shots: $(VENV)/.dev ## a picture of every screen in build/screens; those of the README in docs
	$(BIN)/python -m tools.screenshots
	$(BIN)/python -m tools.screenshots --readme

reports: $(VENV)/.dev ## summaries and audits of the shipped domain in build/reports; KEEP=--keep renews what tests expect
	$(BIN)/python -m tools.reports $(KEEP)

clean:
	rm -rf $(VENV) build *.egg-info
