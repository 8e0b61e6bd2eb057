# The door to everything: `make help` lists what it opens. Needs python3 >= 3.11 with venv, and make; nothing else.

PYTHON ?= python3
VENV ?= .venv
SERVE ?= 1
PORT ?= 8000
# A worker that has nothing left takes over what another has not begun: the slowest tests stand next to each other.
PYTEST_ARGS ?= -n auto --dist worksteal
VAR := $${CAPAIAN_VAR:-var}
BIN := $(VENV)/bin
RUN := $(BIN)/python

# The requirement files are complete and hashed, so nothing is resolved and nothing is built here. uv is quick but does
# not know the mirrors and certificates that pip is configured with; where it fails, pip does the same work.
PIP := $(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary :all: -r
UV := $(RUN) -m uv pip install --quiet --python $(RUN) --require-hashes --no-deps --only-binary :all: --compile-bytecode -r
define install
@echo "installing $(1)"
@$(UV) $(1) 2>/dev/null || $(PIP) $(1)
@touch $@
endef

.DEFAULT_GOAL := help
.PHONY: help demo serve test test-postgres lint format types audit check bench docs lock clean python-version

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{printf "make %-13s %s\n", $$1, $$2}'

# --- environment -----------------------------------------------------------------------------------------------------

python-version:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Capaian needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)."; \
	  echo "Debian 12, Ubuntu 24.04 and later have it. Another one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }

$(VENV)/.stamp-base: requirements/uv.txt | python-version
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV) || { echo "No venv: apt-get install python3-venv"; exit 1; }
	@$(PIP) requirements/uv.txt 2>/dev/null || echo "uv is not to be had here; pip will do"
	@# The console script and the import path, without building the project.
	@printf '#!/bin/sh\nexec "$$(dirname "$$0")/python" -m capaian "$$@"\n' > $(BIN)/capaian && chmod +x $(BIN)/capaian
	@pwd > "$$($(RUN) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/capaian.pth"
	@touch $@

$(VENV)/.stamp-runtime: $(VENV)/.stamp-base requirements/runtime.txt
	$(call install,requirements/runtime.txt)

$(VENV)/.stamp-test: $(VENV)/.stamp-runtime requirements/test.txt
	$(call install,requirements/test.txt)

$(VENV)/.stamp-quality: $(VENV)/.stamp-test requirements/quality.txt
	$(call install,requirements/quality.txt)

# --- use -------------------------------------------------------------------------------------------------------------

demo: export CAPAIAN_DEMO := 1
demo: $(VENV)/.stamp-runtime ## environment, sample data, documents in out/, then the site (SERVE=0: without the site)
	@mkdir -p "$(VAR)"
	@$(RUN) manage.py migrate --verbosity 0
	@$(RUN) manage.py collectstatic --noinput --verbosity 0
	@$(BIN)/capaian demo
ifneq ($(SERVE),0)
	@$(BIN)/capaian serve --port $(PORT)
endif

serve: $(VENV)/.stamp-runtime ## the site on http://127.0.0.1:8000 with the data that is there
	@$(BIN)/capaian serve --port $(PORT)

# --- quality ---------------------------------------------------------------------------------------------------------

test: $(VENV)/.stamp-test ## every test that can run here; with CI=true a missing component is a failure
	@$(RUN) -m pytest $(PYTEST_ARGS)

# What needs no database, has one of its own, looks at colours and documents, or asks who may open what is not run twice.
# ON_POSTGRESQL is all the rest; .ci/run names the part where databases differ: locks, transactions, what is counted and
# joined in SQL, numbers that a column must hold. The whole is for a release.
ON_POSTGRESQL ?= tests/integration tests/browser/test_lembar.py tests/browser/test_quarter.py
test-postgres: $(VENV)/.stamp-test ## the tests that use a database, on PostgreSQL (ON_POSTGRESQL=FILES for some)
	@$(RUN) scripts/postgres.py -- $(RUN) -m pytest $(PYTEST_ARGS) -m "not own_database" $(ON_POSTGRESQL) \
	  --ignore tests/integration/test_access_matrix.py

lint: $(VENV)/.stamp-quality ## format, lint, layers
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/lint-imports --no-logo

format: $(VENV)/.stamp-quality ## put format and import order right
	@$(BIN)/ruff check --select I --fix
	@$(BIN)/ruff format

types: $(VENV)/.stamp-quality ## mypy; strict in rules, documents and every actions.py
	@$(BIN)/mypy

audit: $(VENV)/.stamp-quality ## known vulnerabilities of the pinned packages (CAPAIAN_AUDIT=required: unreachable is a failure)
	@$(RUN) scripts/audit.py

check: $(VENV)/.stamp-runtime ## Django's own checks, and that no migration is missing
	@CAPAIAN_DATABASE_URL=sqlite://:memory: $(RUN) manage.py check
	@CAPAIAN_DATABASE_URL=sqlite://:memory: $(RUN) manage.py makemigrations --check --dry-run

bench: $(VENV)/.stamp-runtime ## time and memory of the commands, in a folder of their own
	@$(RUN) scripts/bench.py

docs: $(VENV)/.stamp-runtime ## write docs/reference from the packs and check every link
	@$(RUN) scripts/docs.py

# --- upkeep ----------------------------------------------------------------------------------------------------------

# One lock for Python 3.11 and later on every platform, exported without any index: pip and uv read it with whatever
# mirror a machine is set to. docopt is left out: only num2words' command line wants it, and it has no wheel.
LOCK := env -u UV_INDEX -u UV_DEFAULT_INDEX -u UV_FIND_LINKS -u UV_INDEX_URL -u UV_EXTRA_INDEX_URL \
  $(RUN) -m uv --no-config pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-emit-package docopt --custom-compile-command "make lock" $(LOCKARGS)
lock: $(VENV)/.stamp-base ## resolve the dependencies anew (LOCKARGS=--upgrade takes newer ones)
	@$(LOCK) pyproject.toml -o requirements/runtime.txt
	@$(LOCK) pyproject.toml --group test -c requirements/runtime.txt -o requirements/test.txt
	@$(LOCK) pyproject.toml --group test --group quality -c requirements/test.txt -o requirements/quality.txt
	@echo uv | $(LOCK) - -o requirements/uv.txt
	@! grep -nE 'https?://|index|find-links' requirements/*.txt

clean: ## drop the environment and caches; data in var/ and documents in out/ stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
