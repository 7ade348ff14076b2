# The commands of this house. `make` alone lists them. Nothing is written outside this folder, except Debian packages
# that root lacks (python3-venv, chromium). Paths are relative, so a folder with spaces in its name works.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-long test-mutation test-fuzz lint bench messages lock clean

# Pip keeps no cache in the home folder unless the caller names one.
export PIP_NO_CACHE_DIR := $(if $(PIP_CACHE_DIR),,1)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PLAYWRIGHT_BROWSERS_PATH := $(CURDIR)/.venv/browsers
# Chromium and the font library would keep theirs there too.
export XDG_CACHE_HOME := $(CURDIR)/.venv/cache
export XDG_CONFIG_HOME := $(CURDIR)/.venv/config
# The tests start some hundred processes: each would compile the service anew where the caller forbids to keep that.
test test-long: export PYTHONDONTWRITEBYTECODE :=
# They write to memory where there is room: their databases are thrown away, so waiting for a disk proves nothing.
test test-long: export PYTEST_DEBUG_TEMPROOT := $(shell test -w /dev/shm && df -Pk /dev/shm | awk 'NR == 2 && $$4 > 4000000 { print "/dev/shm" }')

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

setup: .venv/.ready-dev ## make .venv with everything that service and developers need, from the hashed locks

demo: .venv/.ready-service ## start the demonstration city (PORT=8000, DIR=where it keeps its data)
	@exec .venv/bin/python -m voter_reg demo $(if $(PORT),--port $(PORT)) $(if $(DIR),--dir "$(DIR)")

test: setup lint ## lint, then the whole test suite, browser included
	@scripts/browser.sh
	@scripts/tools.sh
	@.venv/bin/python -m pytest -n auto --maxprocesses 4 --dist worksteal -q $(ARGS)

test-long: setup ## what is too long for every run: all on PostgreSQL, axe in every language, every path in every way
	@.venv/bin/python -m pytest -n auto --maxprocesses 4 --dist worksteal -q -m long $(ARGS)

test-mutation: setup ## change every rule value of every pack by the least, and see that a test notices (ONLY="burlington" picks places)
	@.venv/bin/python -m tests.mutation $(ONLY)

test-fuzz: setup ## send 100,000 hostile posts to every form of the portal, and look at all that is kept (POSTS=2000, SEED=7 repeats a run)
	@.venv/bin/python -m tests.fuzz --posts $(or $(POSTS),100000) $(if $(SEED),--seed $(SEED))

lint: setup ## style, types and import contracts, the fastest first
	@scripts/lint.sh

bench: setup ## measure against floors in the same run and print one table (ONLY="tagging lookup" picks rows)
	@.venv/bin/python -m benchmarks $(ONLY)

messages: setup ## write what the pages say now into the catalogues of each language
	@.venv/bin/python scripts/messages.py

lock: setup ## write the locks anew from pyproject.toml (UPGRADE=1 takes the newest versions)
	@scripts/lock.sh

clean: ## remove what these commands made, the demonstration's data not included
	@rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.ready-service: pyproject.toml requirements.lock requirements-build.lock scripts/setup.sh
	@scripts/setup.sh service

.venv/.ready-dev: pyproject.toml requirements-dev.lock requirements-build.lock scripts/setup.sh
	@scripts/setup.sh dev
