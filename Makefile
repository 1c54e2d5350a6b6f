# `make run` to see it work, `make test` to prove it; each does all the set-up it needs.

SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export HOST ?= 127.0.0.1
export PORT ?= 8000
# Modules are compiled once, not at every start, also where a machine's default is otherwise.
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
# One more than cores: tests of servers and browsers mostly wait.
WORKERS ?= $(shell echo $$(( $$(nproc) + 1 )))

.PHONY: help run test unit real mutants check check-python check-scripts setup setup-test editor catalogue lock audit bench bench-live bench-pdf bench-files bench-fragments clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: setup ## set up, make the demo cohort when the instance is empty, serve on http://127.0.0.1:8000
	@$(BIN)/flask demo --if-empty
	@exec $(BIN)/flask serve

test: setup-test check ## set up, then style, types, contracts, templates and every test
	$(BIN)/python -m pytest -n $(WORKERS)

unit: setup-test ## the fast tests, on SQLite: no browser, no server, no PDF; T=tests/deciding runs one folder
	$(BIN)/python -m pytest -n $(WORKERS) -m "not browser and not kill and not real" $(T)

real: setup-test ## the other tests: PostgreSQL, real servers, PDFs, Chromium; T= too
	$(BIN)/python -m pytest -n $(WORKERS) -m "browser or kill or real" $(T)

mutants: setup-test ## break 150 places of pure modules and services, one at a time, and name what no test notices
	$(BIN)/python -m tests.mutants

check: setup-test ## style, types, contracts, templates, catalogue, the editor's bytes
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target check-python check-scripts

check-python:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --quiet --check --lint templates

check-scripts:
	frontend/check

setup: $(VENV)/.app ## the virtual environment, pinned packages, the PDF's libraries and fonts
	@requirements/system requirements/apt.txt

setup-test: $(VENV)/.tools ## the same with the tests' tools, Chromium and PostgreSQL
	@requirements/system requirements/apt.txt requirements/apt-tools.txt

$(VENV)/.python:
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.app: $(VENV)/.python requirements/app.txt requirements/exports.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --use-pep517 --require-hashes -r requirements/app.txt -r requirements/exports.txt
	@touch $@

$(VENV)/.tools: $(VENV)/.app requirements/tools.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --use-pep517 --require-hashes -r requirements/tools.txt
	@touch $@

editor: ## build the editor's bundle from frontend/ (needs Node)
	cd frontend && npm ci --ignore-scripts --no-audit --no-fund && node build.mjs

catalogue: setup-test ## write workgroup/translations/messages.pot from the pages' text
	$(BIN)/pybabel -q extract -F workgroup/translations/babel.cfg -k _l -k _n:1,2 --no-location --sort-output --omit-header --no-wrap -o workgroup/translations/messages.pot .

lock: ## rewrite requirements/*.txt from the .in files, with hashes
	requirements/lock

audit: ## compare the pinned packages with known advisories, where the network has them
	requirements/audit

bench: bench-live bench-pdf bench-files bench-fragments ## every benchmark; each prints its machine

bench-live: setup-test ## 300 editors in rooms of ten
	$(BIN)/python -m benchmarks.live

bench-pdf: setup-test ## setting the demo report, beside bare WeasyPrint
	$(BIN)/python -m benchmarks.pdf

bench-files: setup-test ## 200 files of 5 MB in both databases, beside a folder
	$(BIN)/python -m benchmarks.files

bench-fragments: setup-test ## what one change costs an open page among a thousand comments, and the longest lists
	$(BIN)/python -m benchmarks.fragments

clean: ## remove the virtual environment and caches; the instance stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache frontend/node_modules
