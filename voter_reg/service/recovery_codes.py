"""Recovery codes: ten of them, each good once, kept only as keyed hashes."""

from __future__ import annotations

HOW_MANY = 10
"""Codes of a set; a new set ends the old one."""
