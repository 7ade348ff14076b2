#!/usr/bin/env bash
# Writes the three locks: what the service runs on, what its developers need, what builds it.
#
# The locks hold names, versions and hashes alone: no index address and no trace of the machine that wrote them. They
# serve Python 3.11 to 3.13, so write them with 3.11, the version with the most conditional dependencies.
# `make lock` keeps the versions that are locked; `UPGRADE=1 make lock` takes the newest.
set -euo pipefail
cd "$(dirname "$0")/.."

python=${PYTHON:-.venv/bin/python}
"$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
    || { echo "make lock: write the locks with Python 3.11, not $("$python" --version)" >&2; exit 2; }

# A setting of this machine must not enter the locks.
for name in "${!PIP_@}"; do unset "$name"; done
export PIP_CONFIG_FILE=/dev/null

log=$(mktemp)
trap 'rm -f "$log"' EXIT

compile() {
    "$python" -m piptools compile --quiet --no-emit-options --no-header --generate-hashes --allow-unsafe \
        --strip-extras ${UPGRADE:+--upgrade} "$@" >/dev/null 2>"$log" \
        || { cat "$log" >&2; echo "make lock: pip-compile failed" >&2; exit 1; }
}

compile --output-file requirements.lock pyproject.toml
compile --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
compile --only-build-deps --build-deps-for editable --output-file requirements-build.lock pyproject.toml
