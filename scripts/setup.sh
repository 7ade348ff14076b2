#!/usr/bin/env bash
# Makes .venv and installs what is locked: `service` to run it, `dev` to test it as well.
#
# Everything comes as wheels checked against the hashes in the locks: neither compiler nor curl is needed. Quiet when it
# works; one line when it doesn't, with the whole story in .venv.log.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:?service or dev}
log=.venv.log

fail() {
    echo "make setup: $1" >&2
    exit 1
}

works() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; }

find_python() {
    local name
    for name in python3.13 python3.12 python3.11 python3; do
        # A name on the PATH may be a stub for a version that isn't there: only running it tells.
        if command -v "$name" >/dev/null && works "$name"; then
            echo "$name"
            return
        fi
    done
    return 1
}

install_debian() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    export DEBIAN_FRONTEND=noninteractive
    apt-get update >>"$log" 2>&1 && apt-get install -y --no-install-recommends "$@" >>"$log" 2>&1
}

make_venv() {
    local python version
    python=$(find_python) || { install_debian python3 python3-venv && python=$(find_python); } \
        || fail "Python 3.11, 3.12 or 3.13 is needed and none is on the PATH"
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
        install_debian "$version-venv" || install_debian python3-venv \
            || fail "$python has no ensurepip: install Debian's $version-venv (or another full Python), then try again"
    fi
    rm -rf .venv
    "$python" -m venv .venv >>"$log" 2>&1 || fail "$python could not make .venv; see $log"
}

install() {
    .venv/bin/python -m pip install --quiet --no-input --only-binary :all: --require-hashes -r "$1" >>"$log" 2>&1 \
        || fail "pip could not install $1: $(grep -m1 '^ERROR' "$log" || echo "see $log")"
}

: >"$log"
works .venv/bin/python || make_venv
if [ "$kind" = dev ]; then install requirements-dev.lock; else install requirements.lock; fi
install requirements-build.lock
.venv/bin/python -m pip install --quiet --no-input --no-deps --no-build-isolation --no-index -e . >>"$log" 2>&1 \
    || fail "the project itself could not be installed: $(grep -m1 -i 'error' "$log" || echo "see $log")"
rm -f "$log"
touch .venv/.ready-service
[ "$kind" != dev ] || touch .venv/.ready-dev
