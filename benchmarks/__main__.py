"""`python -m benchmarks [NAME…]`: run the measurements and print one table; exit 1 when a budget is missed."""

from __future__ import annotations

import sys
from importlib import import_module

from benchmarks.row import NotThere, Row, markdown

MEASUREMENTS = {
    "proofs": "proving every pack",
    "tagging": "tagging 1,000,000",
    "lookup": "address look-up",
    "sealing": "seal and open",
    "audit": "the access log",
    "matches": "match look-up",
    "pages": "pages of the portal",
    "registration": "a whole registration",
    "login": "a sign-in of staff",
    "papers": "cleaning papers",
}


def run(name: str) -> list[Row]:
    print(f"measuring: {MEASUREMENTS[name]} …", file=sys.stderr, flush=True)
    try:
        return list(import_module(f"benchmarks.{name}").rows())
    except (NotThere, ImportError) as missing:
        return [Row(MEASUREMENTS[name], f"not there: {missing}")]


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        print(f"make bench: no measurement {unknown[0]!r}; there are {', '.join(MEASUREMENTS)}", file=sys.stderr)
        return 2
    rows = [row for name in names or MEASUREMENTS for row in run(name)]
    print(markdown(rows))
    return int(any(row.met is False for row in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
