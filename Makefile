# Two commands matter: `make run` and `make test`. The rest is for people who work on the project.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
UV_VERSION := 0.13.8
BIN := .venv/bin
STAMP := .venv/.synced
export GX_ANALYTICS_ENABLED := False

help: ## List the targets
	@awk -F':.*## ' '/^[a-z][a-z-]*:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one with make PYTHON=python3.12 …"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(STAMP): uv.lock pyproject.toml | $(BIN)/uv
	@echo "Setting up .venv from uv.lock …"
	@VIRTUAL_ENV= $(BIN)/uv sync --quiet --frozen --inexact --all-extras
	@touch $@

setup: $(STAMP) ## Install everything the project needs into .venv

run: $(STAMP) ## Set up, then run the daily job once (WORLD=folder: on other people's tables, AS_OF=day)
	@$(BIN)/health run $(if $(WORLD),--world "$(WORLD)") $(if $(AS_OF),--as-of $(AS_OF))

up: $(STAMP) ## Start Airflow with its scheduler and pages, and the sandbox (PORT=8080), until Ctrl-C
	@$(BIN)/health up $(if $(PORT),--port $(PORT))

test: $(STAMP) ## Run the tests that need nothing but this clone: in up to four processes, whole stacks alone
	@$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile $(SIDE_BY_SIDE); \
		first=$$?; $(BIN)/pytest tests/end_to_end && exit $$first

drill: $(STAMP) ## Run the failure drills: kills, restarts, full disks, restore, upgrade
	@$(BIN)/pytest tests/drills $(DRILLS)

soak: $(STAMP) ## Live through 30 days of the vendors' faults, and compare with calm days (DAYS=30, SEED=3; half an hour)
	@HEALTH_SOAK_DAYS=$(or $(DAYS),30) HEALTH_SOAK_SEED=$(or $(SEED),3) $(BIN)/pytest tests/soak -s

chart: $(STAMP) ## Hold the values for Kubernetes against the chart's schema (CHART=folder of the chart)
	@AIRFLOW_CHART="$(CHART)" $(BIN)/pytest tests/chart

test-data: $(STAMP) ## Run the tests on data that others made (HEALTH_SHARED_DATA=folder)
	@$(BIN)/pytest tests/shared_data

check: $(STAMP) secrets ## Lint, types, import directions, SQL, spelling, lock, secrets
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/sqlfluff lint --nocolor --processes 2 include/sql
	@$(BIN)/codespell
	@$(BIN)/uv lock --check --quiet

secrets: $(STAMP) ## Look for secrets in the repository that .secrets.baseline does not know (half a minute)
	@git ls-files -z | grep -zvE '(^uv\.lock|\.svg|^\.secrets\.baseline)$$' | \
		xargs -0 $(BIN)/detect-secrets-hook --baseline .secrets.baseline

audit: $(STAMP) ## Look up known vulnerabilities of what uv.lock installs; needs the internet
	@mkdir -p var
	@$(BIN)/uv export --quiet --frozen --all-extras --no-emit-project --no-dev -o var/audit.txt
	@$(BIN)/uvx --quiet pip-audit==2.10.1 --strict --requirement var/audit.txt --require-hashes --disable-pip

bench: $(STAMP) ## Measure against the limits of this machine (minutes)
	@$(BIN)/uv sync --quiet --frozen --inexact --all-extras --group bench
	@set -e; for file in extract vendors apart parallel warehouse write score trend attribution readings rollup backfill day verify check export push push_salesforce; do \
		echo "== bench/$$file.py"; $(BIN)/python bench/$$file.py; done

load: $(STAMP) ## Run the whole daily job at scale and print what each stage costs (ACCOUNTS=100000, DAYS=7)
	@$(BIN)/python bench/load.py $(or $(ACCOUNTS),100000) $(or $(DAYS),7)

clean: ## Remove what runs left behind: var/ (store, logs, secrets)
	@rm -rf var

# Those that share nothing but the machine; stacks share their folders and ports.
SIDE_BY_SIDE := $(addprefix tests/,unit sandbox database dags soak)

# Those of the ordinary tests that are drills too: docs/runbook.md, Drills.
DRILLS := $(addprefix tests/,database/drills database/test_upgrade.py database/test_landing_killed.py \
	database/test_landing_kept.py database/crm/test_killed.py database/embedded/test_recovery.py \
	end_to_end/test_extract_faults.py end_to_end/test_extract_cut.py end_to_end/test_run_stopped.py)

.PHONY: chart help setup run up test test-data drill check secrets audit bench load clean
