# Counterfoil's targets. `make help` prints them from the remarks behind the names.
# Needs only make and Python 3.11 or newer; everything else goes into .venv.

PYTHON3 ?= python3
VENV := .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip --disable-pip-version-check --quiet install --require-hashes
ASSETS := static/vendor/manifest.json
# Rooms whose tests run on PostgreSQL too; the others never touch the database by themselves.
INNER := tests/foundation tests/accounts tests/outbox tests/billing tests/quickbooks tests/sync
# Processes for the tests; one for each core unless told otherwise.
N ?= auto

.DEFAULT_GOAL := help
.PHONY: help run demo test pictures coverage prove bench check style format lock assets components clean

help: ## Print this list
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.runtime $(ASSETS) ## Start portal, worker and simulator with a demo organisation (RESET=1 begins anew)
	@$(PYTHON) .make/run.py

demo: $(VENV)/.runtime $(ASSETS) ## Carry a CSV file into a simulator of its own (FILE= PROFILE= LIMITS=real|off DIR= KILL=n SEED= BOOKKEEPER=wild)
	@PYTHONPATH=. $(PYTHON) .make/demo.py $(foreach option,FILE PROFILE LIMITS DIR KILL SEED BOOKKEEPER,$(if $($(option)),--$(call lower,$(option)) "$($(option))"))

test: components $(ASSETS) ## Install what the tests need, then run all that a change must pass
	@$(PYTHON) -m pytest -q -n $(N) -m "not prove and not browser" --database postgresql $(INNER)
	@$(PYTHON) -m pytest -n $(N) -m "not prove"

pictures: components $(ASSETS) ## Take the README's pictures anew, in the browser test of the main job
	@PICTURES=.pictures $(PYTHON) -m pytest -q -n 0 tests/journeys

coverage: components $(ASSETS) ## Run the same tests and say which lines and branches they never reach
	@$(PYTHON) -m pytest -n $(N) -m "not prove" --cov --cov-report=term-missing:skip-covered

prove: components $(ASSETS) ## Crashes, faults, simulated days, fuzzing, as far as BUDGET= goes (15m), from SEED= (ONLY=)
	@$(PYTHON) .make/prove.py $(foreach option,BUDGET SEED ONLY,$(if $($(option)),--$(call lower,$(option)) "$($(option))"))

bench: components $(ASSETS) ## Measure, as ratios where that can be (ONLY=engine: one group); the last line is one JSON object
	@$(PYTHON) -m benchmarks $(if $(ONLY),--only "$(ONLY)")

check: components $(ASSETS) ## Format, lint, types, rules of the house, migrations in step with the models
	@$(VENV)/bin/ruff format --check --quiet .
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/mypy
	@$(PYTHON) -m pytest -q tests/house
	@$(PYTHON) .make/migrations.py

style: $(VENV)/.tests ## Print the ruler's table: sizes, depth, comments, and what is longest
	@$(PYTHON) -m tests.house.report

format: $(VENV)/.tests ## Put all source into its format
	@$(VENV)/bin/ruff format .
	@$(VENV)/bin/ruff check --fix .

lock: $(VENV)/.tests ## Pin again what pyproject.toml asks for (UPGRADE=1 takes newer versions)
	@$(PYTHON) .make/lock.py $(if $(UPGRADE),--upgrade)

assets: $(ASSETS) ## Cut the front end's files from their wheels into static/vendor

components: $(VENV)/.tests
	@$(PYTHON) .make/components.py

clean: ## Take away what was built (instance/ stays)
	@rm -rf $(VENV) static/vendor build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

# The script does nothing when wheels and icons are what they were, so a change of any template may start it.
$(ASSETS): $(VENV)/.runtime requirements-assets.txt .make/assets.py .make/icons.txt $(shell find templates -name '*.html' 2>/dev/null)
	@$(PYTHON) .make/assets.py
	@touch $@

$(VENV)/.runtime: requirements.txt | $(PYTHON)
	@echo "installing what Counterfoil needs into $(VENV); the first time this takes about a minute"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.tests: requirements-test.txt $(VENV)/.runtime
	@echo "installing what its tests need into $(VENV)"
	@$(PIP) -r requirements-test.txt
	@touch $@

$(PYTHON):
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Counterfoil needs Python 3.11 or newer; give PYTHON3=…")'
	@$(PYTHON3) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

lower = $(shell echo '$(1)' | tr '[:upper:]' '[:lower:]')
