"""One registration form, set and signed, against a bare compile of one page of text by the same typesetter."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import typst

from benchmarks.row import Row, at_most, milliseconds
from benchmarks.turns import take_turns
from eligibility import load_pack
from voter_reg.documents import Answer, ReadNotice, SignedForm, TypedSignature, issue, signed_form
from voter_reg.documents.city_key import new_city_key
from voter_reg.language import words

ROUNDS, MOST = 15, 15.0
AT = datetime(2026, 11, 28, 18, 0, tzinfo=UTC)


def rows() -> Iterator[Row]:
    pack = load_pack("minneapolis")
    key = new_city_key(place=pack.name, demonstration=True, now=AT)
    page = ("The quick brown fox jumps over the lazy dog. " * 60).encode()
    compiler = typst.Compiler(ignore_system_fonts=True)
    count = iter(range(1_000_000))

    def ours() -> object:
        # Another name each time, so that nothing of the last form is set again from the typesetter's memory.
        form = SignedForm(
            code="K7QM-2RWX",
            signed_at=AT,
            language="en",
            answers=(Answer("Full name", f"Ayaan Xaashi {next(count)}"), Answer("Address", "12 Oak St")),
            oath=tuple(line.text for line in pack.oath),
            election=date(2029, 11, 6),
            contests=("Mayor", "City Council Member, Ward 3"),
            notice=ReadNotice(pack.notices["en"], pack.digest[:16], "en", AT),
            signature=TypedSignature("Ayaan Xaashi"),
            pack_digest=pack.digest,
            form_version="0" * 64,
            copy=b"<!doctype html>" * 500,
        )
        return issue(signed_form(form, pack, words("en"), key=key.fingerprint, at=AT), key, AT)

    def floor() -> object:
        return compiler.compile(b"%d " % next(count) + page, format="pdf")

    turns = take_turns(_cpu(ours), _cpu(floor), ROUNDS)
    mine, bare = f"{milliseconds(turns.ours)} CPU", f"{milliseconds(turns.floor)} CPU, one bare page"
    yield at_most("a signed registration form as PDF/UA, three pages", mine, bare, turns.ratio, MOST)


def _cpu(work: Callable[[], object]) -> Callable[[], float]:
    def measure() -> float:
        started = time.process_time()
        work()
        return time.process_time() - started

    return measure
