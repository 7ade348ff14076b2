#!/usr/bin/env bash
# Style, types and import contracts, the fastest first, so that the commonest mistake is told within a second.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=$PWD/.venv/bin/python

check() {
    local what=$1 output
    shift
    output=$("$@" 2>&1) && return
    printf '%s\n' "$output" >&2
    echo "make lint: $what" >&2
    exit 1
}

check "ruff found problems" "$bin" -m ruff check --quiet .
check "files are not formatted; run .venv/bin/python -m ruff format" "$bin" -m ruff format --check --quiet .
check "an import runs against the house" "$bin" scripts/import_contracts.py
check "mypy --strict found problems" "$bin" -m mypy --no-error-summary
