# make run | test | fuzz | faults | browser-test | check | bench | simulate-september | assets | clean
# Needs git, make and Python 3.11 or newer; everything else comes from PyPI and npm.
.DEFAULT_GOAL := run
.PHONY: run test fuzz faults browser-test check types rules schema bench simulate-september assets clean
# Servers are started by the dozen in tests: what Python compiled once need not be compiled by each.
unexport PYTHONDONTWRITEBYTECODE

VENV ?= .venv
BIN := $(VENV)/bin
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11 python,\
	$(if $(shell $(name) -c 'import sys; print("" if sys.version_info < (3, 11) else 1)' 2>/dev/null),$(name))))
# A worker takes the next file in the order of tests/conftest.py.
TWO_AT_ONCE := -n 2 --dist loadfile --no-loadscope-reorder
# Editable installs leave the front end to `make assets`.
INSTALL := SHENPI_SKIP_ASSETS=1 $(BIN)/python -m pip install --disable-pip-version-check --editable

run: $(VENV)/.base assets
	$(BIN)/shenpi run --demo

test: $(VENV)/.test assets
	$(BIN)/pytest -m "not browser" $(TWO_AT_ONCE)

# Invented inputs, then inputs found by coverage, FUZZ_SECONDS for each target; the whole corpus through a real server.
FUZZ_SECONDS ?= 60
fuzz: $(VENV)/.test assets
	SHENPI_FUZZ=20 SHENPI_WHOLE_CORPUS=1 $(BIN)/pytest tests/hostile -o faulthandler_timeout=0
	set -e; for target in diagram archive manifest scenarios expression form decision; do \
	  $(BIN)/python -m tests.hostile.fuzz_atheris $$target -max_total_time=$(FUZZ_SECONDS); done

browser-test: $(VENV)/.test assets
	$(BIN)/pytest -m browser $(TWO_AT_ONCE)

# What the suite does a few times, many times: processes killed, stores lost, disks full.
faults: $(VENV)/.test assets
	SHENPI_FAULT_ROUNDS=$(or $(ROUNDS),50) $(BIN)/pytest -o faulthandler_timeout=0 tests/faults

# Each figure beside its yardstick; fails where a promise of docs/performance.md is not kept.
bench: $(VENV)/.test assets
	$(BIN)/python -m bench --write docs/performance.md

# A city's September on PostgreSQL with workers, from the reviews' start to ranks in effect; proves that none is missing.
SCHOOLS ?= 1000
APPLICANTS ?= 30
simulate-september: $(VENV)/.test assets
	$(BIN)/python -m bench.september $(SCHOOLS) $(APPLICANTS)

# Types take as long as all else together. The suite tries the migrations, too.
check: $(VENV)/.dev $(VENV)/.test assets
	@$(MAKE) --no-print-directory --jobs 2 types rules $(if $(filter test,$(MAKECMDGOALS)),,schema)

types:
	$(BIN)/mypy

rules:
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet app/views/templates
	$(BIN)/python web/assets.py lint
	$(BIN)/python -m tests.audit

schema:
	$(BIN)/pytest -q tests/migrations

assets: $(VENV)/.made
	@$(BIN)/python web/assets.py

clean:
	rm -rf $(VENV) node_modules app/views/static/dist build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found." >&2; exit 1; }
	@echo "creating $(VENV) with $(PYTHON) …"
	@$(PYTHON) -m venv $(VENV) || { echo "On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@touch $@

$(VENV)/.base: $(VENV)/.made pyproject.toml
	$(INSTALL) .
	@touch $@

$(VENV)/.test: $(VENV)/.made pyproject.toml
	$(INSTALL) ".[test]"
	@touch $@ $(VENV)/.base

$(VENV)/.dev: $(VENV)/.made pyproject.toml
	$(INSTALL) ".[dev]"
	@touch $@ $(VENV)/.base
