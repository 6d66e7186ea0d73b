# The two commands are `make demo` and `make test`. Both build the virtual environment on their first
# call and again only when pyproject.toml or constraints.txt changed.

PYTHON ?= python3
VENV ?= .venv
PYTEST_ARGS ?= -n 2
BENCH_ARGS ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --constraint constraints.txt
PINS := pyproject.toml constraints.txt

.PHONY: demo test lint pytest bench soak clean
.DELETE_ON_ERROR:

demo: $(VENV)/.base
	$(BIN)/procmine demo

test: lint pytest

lint: $(VENV)/.test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy --strict procmine

pytest: $(VENV)/.test
	$(BIN)/pytest $(PYTEST_ARGS)

soak: $(VENV)/.test
	$(BIN)/pytest -m "soak or hypothesis" --hypothesis-profile=soak $(PYTEST_ARGS)

bench: $(VENV)/.bench
	$(BIN)/python -m benchmarks $(BENCH_ARGS)

clean:
	rm -rf .venv .venv-* demo-report build dist *.egg-info
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find procmine tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# The environment. A stamp is written only after its installation went through.

$(VENV)/.made:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "$(PYTHON) is not a command here; name a Python 3.11 or newer: make PYTHON=/path/to/python3.11"; exit 1; } >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "procmine needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>&1);" \
	    "name another one: make PYTHON=python3.13"; exit 1; } >&2
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments: its ensurepip is missing."; \
	  echo "On Debian and Ubuntu: sudo apt install python3-venv, then make again."; exit 1; } >&2
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.base: $(VENV)/.made $(PINS)
	@echo "installing procmine into $(VENV) (the first time takes a few minutes)"
	$(PIP) --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.made $(PINS)
	@echo "installing procmine and its test tools into $(VENV) (the first time takes a few minutes)"
	$(PIP) --editable '.[test]'
	@touch $(VENV)/.base $@

$(VENV)/.bench: $(VENV)/.made $(PINS)
	@echo "installing procmine and its peers into $(VENV) (the first time takes a few minutes)"
	$(PIP) --editable '.[bench]'
	@touch $(VENV)/.base $@
