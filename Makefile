# isoxa's commands. On a fresh machine with Python 3.11+ and make: `make demo`, `make test`. Nothing else to do first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 3
DATA ?= isoxa-data
WHEELHOUSE ?= dist/isoxa-usb

.DEFAULT_GOAL := help
# What `check` asks, each by itself; they run side by side, as mypy alone takes longer than the others together.
CHECKS := check-code check-types check-layers check-notebooks check-content
.PHONY: help install install-dev demo test check $(CHECKS) bench format lock wheelhouse system-tools clean

help: ## show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "isoxa needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)

# A stamp a lock file: what is installed already is not asked for again.
$(VENV)/installed-dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps --no-build-isolation -e .
	touch $@ $(VENV)/installed

$(VENV)/installed: requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps --no-build-isolation -e .
	touch $@

install: $(VENV)/installed ## install isoxa into .venv

install-dev: $(VENV)/installed-dev ## the same with what tests and checks need

demo: install ## install, fill a data folder with made-up officers, serve, print address and logins
	$(BIN)/isoxa demo --data $(DATA)

# Chromium and PostgreSQL come from the system's package manager; both are only for tests.
system-tools:
	@bash tests/install-system-tools.sh

check: install-dev ## ruff, types, import layers, clean notebooks, content
	@$(MAKE) --no-print-directory -j 2 $(CHECKS)

check-code: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

check-types: install-dev
	$(BIN)/mypy

check-layers: install-dev
	$(BIN)/lint-imports

check-notebooks: install-dev
	$(BIN)/nbstripout --verify --keep-id $$(git ls-files '*.ipynb')

check-content: install-dev
	$(BIN)/isoxa course check

# The system's packages come while Python's are installed and checks run.
test: ## everything: check, then all tests, browser tests included
	@$(MAKE) --no-print-directory -j 3 system-tools $(CHECKS)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

bench: install-dev ## each performance claim, measured beside the stock tool
	$(BIN)/python -m benchmarks

format: install-dev ## put code and notebooks into house form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/nbstripout --keep-id $$(git ls-files '*.ipynb')

lock: ## compile the lock files again (needs uv); no index address goes into them
	uv pip compile --quiet --no-emit-index-url --generate-hashes --universal --python-version 3.11 pyproject.toml --extra postgresql --group build -o requirements.lock
	uv pip compile --quiet --no-emit-index-url --generate-hashes --universal --python-version 3.11 pyproject.toml --extra postgresql --group dev -o requirements-dev.lock
	uv pip compile --quiet --no-emit-index-url --generate-hashes --universal --python-version 3.11 pyproject.toml --extra workshop -o binder/requirements.txt
	uv pip compile --quiet --no-emit-index-url --generate-hashes --universal --python-version 3.11 pyproject.toml --extra hub --extra postgresql --group build -o deploy/jupyterhub/requirements.lock

wheelhouse: install ## a folder for a USB stick: installs and serves a workshop without a line
	PYTHON=$(BIN)/python bash binder/wheelhouse $(WHEELHOUSE)

clean: ## remove what was built, not the data folder
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
