# Every target makes its own environment first. Python 3.11+ and make are all it takes.
SHELL := /bin/sh
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)
BIN := .venv/bin/python
SETUP := resources/setup/bootstrap.py
OFFSCREEN := QT_QPA_PLATFORM=offscreen
# One lock for every system and every Python from 3.11 on: versions and hashes, no index.
COMPILE = .venv-lock/bin/python -m uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock" $(UPGRADE)

.PHONY: help run test test-engines bench-engines extra-postgresql extra-kafka extra-cassandra extra-opensearch extra-spark extra-keyring package check format bench screenshots samples lock upgrade clean python env env-dev test-libraries

help:
	@echo "make run [FILE=path]   open the window, with a store or an event file"
	@echo "make test              what a change has to pass: format, lint, types, tests, coverage"
	@echo "                       and what make package tries"
	@echo "make test-engines      the same contracts against real servers, started here"
	@echo "make bench-engines     measure against bare clients of real servers, started here"
	@echo "make test-libraries    files to pm4py, eventsourcing, emmett and others, and back (network)"
	@echo "make package           build wheel, source archive and bundle in dist, and try them"
	@echo "make check             the same as make test"
	@echo "make bench             measure, against plain loops and peers"
	@echo "make screenshots       draw the pictures in docs/screenshots without a screen"
	@echo "make format            put the code in order"
	@echo "make samples           make the sample logs again, byte for byte"
	@echo "make lock              pin what pyproject.toml newly asks for, keep the other versions"
	@echo "make upgrade           pin the newest versions that pyproject.toml allows"
	@echo "make clean             remove the environments and caches"

python:
	@test -n "$(PYTHON)" || { echo "Foldline needs Python 3.11 or newer: install it and call make again." >&2; exit 1; }

env: python
	@"$(PYTHON)" $(SETUP) run

env-dev: python
	@"$(PYTHON)" $(SETUP) dev

# FILE reaches the shell as a variable, so that any character in a path survives.
run: env
	@$(BIN) main.py $(if $(FILE),"$$FILE")

test: env-dev
	$(BIN) -m ruff format --check .
	$(BIN) -m ruff check .
	$(BIN) -m mypy
	$(BIN) -m coverage erase
	$(OFFSCREEN) RUN_LINES=.coverage $(BIN) -m pytest -n 3 --dist worksteal -q
	$(BIN) -m coverage combine --quiet
	$(BIN) -m resources.setup.coverage_floors
	@$(MAKE) --no-print-directory package

# Starts each server on a free port of loopback, with data of its own, and stops it.
test-engines: env-dev
	@"$(PYTHON)" $(SETUP) engines
	$(BIN) -m coverage erase
	$(OFFSCREEN) RUN_LINES=.coverage $(BIN) -m pytest -q tests/engines
	$(BIN) -m coverage combine --quiet
	$(BIN) -m resources.setup.coverage_floors engines

# For who works from a clone: the client of a server, into the environment of make run.
extra-postgresql extra-kafka extra-cassandra extra-opensearch extra-spark extra-keyring: env
	@"$(PYTHON)" $(SETUP) $(@:extra-%=%)

# Files go to the real libraries and back; these are fetched at the first run.
test-libraries: env-dev
	$(BIN) -m tests.with_libraries $(LIBRARIES)

check: test

package: env-dev
	@"$(PYTHON)" $(SETUP) package
	.venv-package/bin/python -m resources.packaging \
		"$$($(BIN) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"

format: env-dev
	$(BIN) -m ruff format .
	$(BIN) -m ruff check --fix .

bench-engines: env-dev
	@"$(PYTHON)" $(SETUP) engines
	$(OFFSCREEN) $(BIN) -m benchmarks.engines

bench: env-dev
	@"$(PYTHON)" $(SETUP) bench
	$(OFFSCREEN) $(BIN) -m benchmarks

screenshots: env
	$(OFFSCREEN) $(BIN) -m gui.pictures.screenshots docs/screenshots

samples: env
	$(BIN) -m resources.samples

lock: python
	@test -d .venv-lock || "$(PYTHON)" -m venv .venv-lock
	@.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	$(COMPILE) pyproject.toml --output-file requirements.lock
	$(COMPILE) pyproject.toml --group dev --constraint requirements.lock --output-file requirements-dev.lock
	for it in postgresql kafka cassandra opensearch spark keyring; do $(COMPILE) --extra $$it pyproject.toml \
		--constraint requirements-dev.lock --output-file requirements-$$it.lock || exit 1; done
	$(COMPILE) --group bench --output-file requirements-bench.lock
	$(COMPILE) --group package --output-file requirements-package.lock
	$(COMPILE) --group libraries --output-file requirements-libraries.lock

upgrade: UPGRADE := --upgrade
upgrade: lock

clean:
	rm -rf .venv .venv-bench .venv-lock .venv-package .venv-libraries .node-libraries dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
