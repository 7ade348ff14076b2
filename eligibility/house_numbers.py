"""House numbers of one side of a street: even, odd or both."""

from __future__ import annotations

EVEN, ODD, BOTH = 0, 1, 2
"""Which house numbers a range has. Even and odd are what is left of such a number after division by two."""


def has(parity: int, number: int) -> bool:
    """Whether a number is of a parity."""
    return parity in (BOTH, number % 2)


def first_of(number: int, parity: int) -> int:
    """The first house number of a parity that is not below `number`."""
    return number if has(parity, number) else number + 1


def last_of(number: int, parity: int) -> int:
    """The last house number of a parity that is not above `number`."""
    return number if has(parity, number) else number - 1
