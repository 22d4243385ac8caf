# Every target makes its own environment first. Python 3.11+ and make are all it takes.
SHELL := /bin/sh
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)
BIN := .venv/bin/python
SETUP := resources/setup/bootstrap.py

.PHONY: help run test check format bench screenshots samples lock clean env env-dev

help:
	@echo "make run [FILE=path]   open the window, with a store or an event file"
	@echo "make test              run the tests"
	@echo "make check             format, lint, types, import rules and tests"
	@echo "make bench             measure, against plain loops and peers"
	@echo "make screenshots       draw the pictures in docs/screenshots without a screen"
	@echo "make format            put the code in order"
	@echo "make samples           make the sample logs again, byte for byte"
	@echo "make lock              choose and pin new versions of what we depend on"
	@echo "make clean             remove the environment and caches"

env:
	@test -n "$(PYTHON)" || { echo "Foldline needs Python 3.11 or newer: install it and call make again." >&2; exit 1; }
	@$(PYTHON) $(SETUP) run

env-dev:
	@test -n "$(PYTHON)" || { echo "Foldline needs Python 3.11 or newer: install it and call make again." >&2; exit 1; }
	@$(PYTHON) $(SETUP) dev

run: env
	@$(BIN) main.py $(if $(FILE),"$(FILE)")

test: env-dev
	QT_QPA_PLATFORM=offscreen $(BIN) -m pytest -n 2 -q

check: env-dev
	$(BIN) -m ruff format --check .
	$(BIN) -m ruff check .
	$(BIN) -m mypy
	QT_QPA_PLATFORM=offscreen $(BIN) -m pytest -n 2 -q --cov --cov-report=term:skip-covered

format: env-dev
	$(BIN) -m ruff format .
	$(BIN) -m ruff check --fix .

bench: env-dev
	@$(PYTHON) $(SETUP) bench
	QT_QPA_PLATFORM=offscreen $(BIN) -m benchmarks

screenshots: env
	QT_QPA_PLATFORM=offscreen $(BIN) -m gui.screenshots docs/screenshots

samples: env
	$(BIN) -m resources.samples

lock: env-dev
	$(BIN) -m pip install --quiet uv
	$(BIN) -m uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
		--python-version 3.11 pyproject.toml -o requirements.lock
	$(BIN) -m uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
		--python-version 3.11 pyproject.toml --group dev -o requirements-dev.lock
	$(BIN) -m uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
		--python-version 3.11 --group bench -o requirements-bench.lock

clean:
	rm -rf .venv .venv-bench .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
