#!/usr/bin/env bash
# Makes sure that the browser tests have a Chromium: one on the PATH, Debian's, or Playwright's own.
set -euo pipefail
cd "$(dirname "$0")/.."
log=.venv/browser.log

for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null && "$name" --version >/dev/null 2>&1; then exit 0; fi
done
if compgen -G ".venv/browsers/chromium*" >/dev/null; then exit 0; fi

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    if apt-get update >"$log" 2>&1 && apt-get install -y --no-install-recommends chromium >>"$log" 2>&1; then exit 0; fi
fi
if PLAYWRIGHT_BROWSERS_PATH=$PWD/.venv/browsers .venv/bin/python -m playwright install chromium >>"$log" 2>&1; then
    exit 0
fi
echo "make test: the browser tests need Chromium and none could be installed (see $log)" >&2
exit 1
