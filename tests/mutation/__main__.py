"""`make test-mutation`: every mutant of every pack (or of the places named), and the score."""

from __future__ import annotations

import os
import sys

from eligibility import pack_names
from tests.mutation.mutants import mutants_of
from tests.mutation.run import survivors


def main() -> int:
    """Print the survivors and the score of each place; 1 when anything survived."""
    places = sys.argv[1:] or pack_names()
    mutants = [mutant for place in places for mutant in mutants_of(place)]
    alive = sorted(survivors(mutants, workers=os.cpu_count() or 2, tell=True), key=lambda one: (one.place, one.line))
    for mutant in alive:
        print(f"survived: {mutant.words}")
    for place in places:
        total = sum(one.place == place for one in mutants)
        left = sum(one.place == place for one in alive)
        print(f"{place:<16} {total - left:>5} of {total:>5} caught")
    caught = len(mutants) - len(alive)
    print(f"{'all':<16} {caught:>5} of {len(mutants):>5} caught, {caught / len(mutants):.2%}")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
