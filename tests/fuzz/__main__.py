"""`make test-fuzz`: many posts to every form of the portal, until something is wrong or all are sent."""

from __future__ import annotations

import argparse
import secrets
import sys
import time

from tests.fuzz.run import Wrong, run


def main() -> int:
    """Print the seed, how far it is, and what was sent; 1 with the request that shows it when something is wrong."""
    parser = argparse.ArgumentParser(prog="tests.fuzz", description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=None, help="what an earlier run printed, to have the same again")
    parser.add_argument("--all", action="store_true", help="go on after a mistake, and tell all of them at the end")
    asked = parser.parse_args()
    seed = secrets.randbelow(10**9) if asked.seed is None else asked.seed
    print(f"seed {seed}", flush=True)
    began = time.monotonic()
    try:
        tally = run(asked.posts, seed, lambda line: print(line, flush=True), goes_on=asked.all)
    except Wrong as wrong:
        print(f"\nWRONG: {wrong}")
        return 1
    for rule in sorted(tally.sent):
        reached = f"{tally.taken[rule]:>6} taken, {tally.accepted[rule]:>6} accepted"
        print(f"{rule:<20} {tally.sent[rule]:>7} sent, {reached}")
    print("the log: " + ", ".join(f"{what} {number}×" for what, number in sorted(tally.done.items())))
    print("statuses: " + ", ".join(f"{status} {number}×" for status, number in sorted(tally.statuses.items())))
    print(f"{tally.posts / (time.monotonic() - began):.0f} posts a second")
    print(
        f"{tally.posts} posts and {tally.requests - tally.posts} other requests, "
        f"{len(tally.problems) or 'nothing'} wrong; {tally.rows}"
    )
    return 1 if tally.problems else 0


if __name__ == "__main__":
    sys.exit(main())
