#!/usr/bin/env bash
# Makes sure that the canary test can watch file writes: strace, from Debian where we may install it.
#
# Without it the suite still runs and the canary test says what it could not watch. PostgreSQL comes with a wheel of the
# development lock; Redis is used where it is on the PATH and nothing installs it, since its package starts a server.
set -euo pipefail
cd "$(dirname "$0")/.."
log=.venv/tools.log

if command -v strace >/dev/null; then exit 0; fi
if [ "$(uname)" = Linux ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    if apt-get update >"$log" 2>&1 && apt-get install -y --no-install-recommends strace >>"$log" 2>&1; then exit 0; fi
fi
echo "make test: strace is not here and could not be installed; the canary test will search, but not watch file writes" >&2
