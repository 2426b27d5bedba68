# `make` says what there is. Needs python3 with pip; everything else is set up on the way, in .venv.
.DEFAULT_GOAL := help
.PHONY: help setup run report test test-api-long test-journeys test-agreement test-server test-rules test-browser coverage check fix bench bench-platform bench-decisions docs docs-check messages lock clean
SHELL := /bin/sh
BIN := .venv/bin
DATA := build/demo
PLATFORM := build/platform
PEOPLE ?= 215000
CHANGES ?= 1000
WORKERS ?= 2
PARALLEL := -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# Asked once, by `make test`: they look at pages, or ask no database.
NO_SERVER := --ignore-glob 'tests/foundation/test_files_*' --ignore tests/foundation/test_embedded_postgres.py \
	--ignore tests/people/linkage/test_comparisons.py --ignore tests/people/imports/test_hostile_lists.py \
	--ignore tests/regions/test_browser.py --ignore tests/security/test_source.py

help: ## What can be done here
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.setup-run: requirements.lock pyproject.toml setup.sh
	@./setup.sh run
	@touch $@

.setup-test: requirements-dev.lock requirements-spark.lock pyproject.toml setup.sh
	@./setup.sh test
	@touch $@ .setup-run

.setup-bench: requirements-bench.lock .setup-run
	@./setup.sh bench
	@touch $@

setup: .setup-run ## Set up .venv with what Songhe needs

run: .setup-run ## The demo city in the console: sign in at the address it prints
	@$(BIN)/songhe serve --demo --data $(PLATFORM) --people $(PEOPLE)

report: .setup-run ## The demo city, all 27 items decided, the report page
	@$(BIN)/songhe demo report --city 420700 --folder $(DATA)

test: .setup-test ## All tests but the long stories in a browser; says what was skipped and why
	@$(BIN)/pytest $(PARALLEL) -rs --ignore tests/journeys

test-api-long: .setup-test ## The calls of other systems against their document, 300 examples a call; SONGHE_API_SEED gives others
	@SONGHE_API_EXAMPLES=$${SONGHE_API_EXAMPLES:-300} $(BIN)/pytest -n $(WORKERS) -rs tests/api/test_document.py

test-journeys: .setup-test ## The stories in Chromium, each page looked at for accessibility on a desk and on a phone
	@$(BIN)/pytest $(PARALLEL) -rs tests/journeys

test-agreement: .setup-test ## A whole city and a thousand changes: what is kept beside what the rules mean, cell by cell
	@SONGHE_AGREEMENT_PEOPLE=$(PEOPLE) SONGHE_AGREEMENT_CHANGES=$(CHANGES) $(BIN)/pytest -n 0 -q -s tests/decisions/test_agreement_city.py

test-server: .setup-test ## The platform's tests on the server that SONGHE_TEST_SERVER names, as its superuser
	@test -n "$$SONGHE_TEST_SERVER" || { echo "SONGHE_TEST_SERVER names no server" >&2; exit 2; }
	@$(BIN)/pytest $(PARALLEL) -rs tests/foundation tests/regions tests/people tests/security tests/demo/register $(NO_SERVER)

test-rules: .setup-test ## The tests of the engine and of the law
	@$(BIN)/pytest tests/kernel tests/rules tests/policies -rs

test-browser: .setup-test ## The pages in Chromium
	@$(BIN)/pytest tests/browser -rs

coverage: .setup-test ## Branch coverage of the engine; fails below 100 %
	@$(BIN)/pytest $(PARALLEL) tests/kernel tests/rules --ignore tests/rules/agreement \
		--cov=songhe.kernel --cov=songhe.rules --cov-branch --cov-report=term-missing --cov-fail-under=100

check: .setup-test ## Style, types, the order of the rooms, the law, the documents; changes nothing
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/songhe rules check
	@$(BIN)/python -m docs.generate --check
	@$(BIN)/python -m songhe.config.languages --check

fix: .setup-test ## Mend what can be mended by itself
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: .setup-bench ## Measure against the peer; figures for docs/reference/performance.md
	@$(BIN)/songhe bench

bench-platform: .setup-bench ## Measure the console, lists and the demo city; figures for docs/reference/performance-platform.md
	@$(BIN)/songhe bench --part platform

bench-decisions: .setup-bench ## Measure runs over everybody, one person, the loop beside; figures for docs/reference/performance-decisions.md
	@$(BIN)/songhe bench --part decisions

docs: .setup-test ## Make the reference pages anew
	@$(BIN)/python -m docs.generate

docs-check: .setup-test ## Whether the reference pages are those the code makes
	@$(BIN)/python -m docs.generate --check

messages: .setup-test ## Bring the catalogues of English words up to what templates and code say
	@$(BIN)/python -m songhe.config.languages

lock: ## Make the hashed lock files anew from pyproject.toml
	@./lock.sh

clean: ## Remove what was set up and made
	rm -rf .venv .uv .setup-* build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
