# Two commands on a fresh machine: `make demo` and `make test`. `make help` lists the rest.

SHELL := /bin/sh
PYTHON ?= python3
VENV_PYTHON := .venv/bin/python
.DEFAULT_GOAL := help

# How many tests run at once, and what else to hand to pytest: make test JOBS=4 ARGS="tests/ops -x"
JOBS ?= 2
ARGS ?=

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## Install what is missing and run everything with demonstration data, until Ctrl-C
	@exec $(PYTHON) -m scripts.set_up demo --serve

.PHONY: demo-reset
demo-reset: ## Stop the demo if it runs and remove its data
	@if [ -x $(VENV_PYTHON) ]; then exec $(VENV_PYTHON) -m scripts.serve --reset; else echo "Nothing was set up yet."; fi

.PHONY: test
test: ## Install what is missing and run all tests on servers of their own
	@$(PYTHON) -m scripts.set_up test
	@exec $(VENV_PYTHON) -m pytest -n $(JOBS) $(ARGS)

.PHONY: quick
quick: ## Run the tests that open no browser and do not walk every address as every role
	@$(PYTHON) -m scripts.set_up test
	@exec $(VENV_PYTHON) -m pytest -n $(JOBS) -m "not journey and not isolation" $(ARGS)

.PHONY: set-up
set-up: ## Install everything for development, run nothing
	@$(PYTHON) -m scripts.set_up test

.PHONY: check
check: set-up ## Check style, types, architecture, templates and migrations
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m ruff format --check .
	$(VENV_PYTHON) -m mypy .
	.venv/bin/lint-imports
	.venv/bin/djlint --lint --quiet templates
	$(VENV_PYTHON) -m collections_crm.embedded start --kind test
	EMBEDDED_KIND=test $(VENV_PYTHON) manage.py makemigrations --check --dry-run
	DJANGO_SETTINGS_MODULE=tests.ops.lint_settings $(VENV_PYTHON) manage.py lintmigrations

.PHONY: format
format: set-up ## Rewrite code and templates in the house style
	$(VENV_PYTHON) -m ruff check --fix .
	$(VENV_PYTHON) -m ruff format .

.PHONY: bench
bench: set-up ## Measure speed against the targets in docs
	@$(VENV_PYTHON) -m collections_crm.embedded start --kind test
	@EMBEDDED_KIND=test $(VENV_PYTHON) -m bench $(ARGS)

.PHONY: walls
walls: set-up ## Take each wall between agencies away in turn and show that the proofs notice
	@$(VENV_PYTHON) -m collections_crm.embedded start --kind test
	@exec $(VENV_PYTHON) -m tests.tenancy.walls_down

.PHONY: doctor
doctor: ## Check the demo's servers, settings and fonts
	@exec $(VENV_PYTHON) manage.py doctor $(ARGS)

.PHONY: shell
shell: ## Open a Python shell with the demo's data
	@$(VENV_PYTHON) -m collections_crm.embedded start --kind demo
	@exec $(VENV_PYTHON) manage.py shell

.PHONY: lock
lock: set-up ## Renew the lock files from requirements/*.in; no registry is named in them
	$(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check uv
	for name in base dev; do \
		.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
			--no-header --upgrade requirements/$$name.in --output-file requirements/$$name.txt || exit 1; \
	done

.PHONY: messages
messages: set-up ## Collect new sentences for translation, and compile the translations
	$(VENV_PYTHON) -m scripts.messages extract
	$(VENV_PYTHON) -m scripts.messages compile
