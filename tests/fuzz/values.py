"""What is typed where it does not belong: texts, numbers and files that something, somewhere, has once fallen over.

Every text holds `MARK`, so that one search of the database and the log finds whatever was kept in clear.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

MARK = "zqwxvole"
"""Stands in every text and nowhere else."""

TAG, QUOTED, APOSTROPHED = f"<{MARK} x>", f'" onfocus={MARK}', f"' onfocus={MARK}"
"""Texts that must never stand on a page as they were sent."""

PRODUCT = "{{7919*7907}}", "62615533"
"""A template's expression, and what a page would say if anything evaluated it."""

SCRIPTS = (
    "Amina Yusuf", "Nguyễn Thị Minh Khai", "Ксения Преображенская", "عائشة بنت محمد", "שרה כהן", "王小明", "山田 花子",
    "김민준", "ប៊ុន ធឿន", "အောင်ဆန်း", "ผู้ใหญ่", "ສົມສັກ", "தமிழ்ச்செல்வி", "हिन्दी नाम", "বাংলা", "ਗੁਰਪ੍ਰੀਤ", "ગુજરાતી", "සිංහල",
    "አበበ በቂላ", "ⵉⵎⴰⵣⵉⵖⵏ", "ᏣᎳᎩ", "ᐃᓄᒃᑎᑐᑦ", "Ἀθηνᾶ", "Հայկ", "ქართული", "ߒߞߏ", "𞤀𞤁𞤂𞤢𞤥", "𐓏𐓘𐓻𐓘𐓻𐓟", "Hmoob Xyooj",
    "Þorgerður Ñandú",
)  # fmt: skip

NUMBERS = (
    "0", "-1", "+1", "00", "1", "12", "13", "31", "32", "29", "30", "999", "1000", "1582", "1895", "1900", "1990",
    "2004", "2025", "2026", "9999", "10000", "99999999999999999999", "1e3", "0x7c6", "0b11", "1_990", "1.0", "1,990",
    "NaN", "inf", "-0", "1٩٩٠", "١٩٩٠", "१९९०", "１９９０", "𝟙𝟡𝟡𝟘", "一九九〇", "²", "①", "½", "Ⅷ", "๑๒", "᠑", "٣",
    "1\u00a02", "1\u2028", "1\n", "\u200f1", "1\u0301", "1\ufe0f\u20e3", "𞥑", "9" * 5000,
)  # fmt: skip

_Text = Callable[[Random], "str | bytes"]

_TEXTS: tuple[_Text, ...] = (
    lambda _: "",
    lambda _: " ",
    lambda _: MARK,
    lambda _: TAG,
    lambda _: f"<script>{TAG}</script><!--",
    lambda _: QUOTED,
    lambda _: APOSTROPHED,
    lambda _: f"</textarea></title>{TAG}",
    lambda _: f"&lt;{MARK}&#x3c;&amp;",
    lambda _: f"{MARK}\x00",
    lambda _: f"\x00{MARK}",
    lambda chance: MARK + "".join(map(chr, range(1, 32)))[chance.randrange(31) :],
    lambda _: f"{MARK}\x7f\x80\x85\x9f",
    lambda _: f"{MARK}\ud800".encode("utf-8", "surrogatepass"),
    lambda _: f"\udfff{MARK}\udbff".encode("utf-8", "surrogatepass"),
    lambda _: MARK.encode() + b"\xff\xfe\xc0\x80\xf5",
    lambda _: MARK.encode("utf-16"),
    lambda _: f"+ADw-{MARK}+AD4-",
    lambda _: f"{MARK}\r\nSet-Cookie: a=b\r\n\r\n",
    lambda _: f"{MARK}\u2028{MARK}\u2029",
    lambda _: f"\u202e{MARK}\u202c",
    lambda _: f"{MARK}\u200b\u2060\ufeff\u00ad",
    lambda _: f"{MARK}\ufffd\ufffe\uffff\U0010ffff",
    lambda _: f"{MARK}\ue000\U000f0000",
    lambda _: f"{MARK} 😀👨‍👩‍👧‍👦🏳️‍🌈",
    lambda _: MARK + "\u0301" * 300,
    lambda _: "ﷺ" * 60 + MARK,
    lambda _: "Аmіnа " + MARK,
    lambda _: "ﬀİıſẞ" + MARK,
    lambda chance: f"{chance.choice(SCRIPTS)} {MARK}",
    lambda chance: chance.choice(NUMBERS),
    lambda chance: (MARK + chance.choice('aé字😀\u0301<"& ')) * 1200,
    lambda chance: MARK + chance.choice("a字\u202e \n") * 10_000,
    lambda _: f"{MARK}'; DROP TABLE voter; --",
    lambda _: f"' OR '1'='1' UNION SELECT sealed FROM voter /* {MARK} */",
    lambda _: f"%_{MARK}%",
    lambda _: json.dumps({"name": MARK, "$ne": None, "__proto__": {"x": 1}}),
    lambda _: "[" * 3000,
    lambda _: "null",
    lambda _: f"%({MARK})s",
    lambda _: f"%s %d %n %% %(name)s {MARK}",
    lambda _: f"{PRODUCT[0]}{MARK}",
    lambda _: "{%raw%}{{config}}{{''.__class__.__mro__}}" + MARK,
    lambda _: "{0.__class__}{" + MARK + "}",
    lambda _: f"${{7919*7907}}#{{7919*7907}}{MARK}",
    lambda _: f"$(touch {MARK})`{MARK}`|{MARK}&&",
    lambda _: f"../../../../etc/passwd\x00{MARK}",
    lambda _: f"file:///etc/{MARK}",
    lambda _: f"https://{MARK}.example/",
    lambda _: f"javascript:{MARK}()",
    lambda _: f"=cmd|'/C {MARK}'!A0",
    lambda _: f"(((a+)+)+)+{MARK}!",
    lambda _: f"{MARK}@{MARK}.example\r\nBcc: {MARK}@other.example",
    lambda _: f'"{MARK}"@example.org',
    lambda _: f"{MARK}@xn--{'a' * 70}.example",
    lambda _: f"{MARK}@{'ü' * 80}.example",
    lambda _: f"{MARK}@[127.0.0.1]",
    lambda _: f"{MARK}@..example.",
    lambda _: f"{MARK}@\u3002example\u3002org",
    lambda chance: "".join(chr(chance.randrange(0x110000)) for _ in range(chance.randrange(60))).encode(
        "utf-8", "surrogatepass"
    ),
    lambda chance: chance.randbytes(chance.randrange(80)),
)

CHOICES = (
    "yes", "no", "on", "off", "true", "save", "in-es", "in-en", "in-xx", "in-", "in-so", "in-in-es", "address",
    "no-fixed", "facility", "program", "unlisted", "papers", "uploaded", "vouching", "facility-staff",
    "prior-registration", "municipal-id", "card", "guardian", "age", "en", "es", "so", "hmn", "xx", "utility-bill",
    "constructor", "__class__", "None", "100 OAK ST", "A-1",
)  # fmt: skip

_STARTS = (
    b"", b"\xff\xd8\xff", b"\xff\xd8\xff\xe1\xff\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\xff\xff\xff\xffWEBP", b"%PDF-1.7\n",
    b"GIF89a", b"II*\x00", b"\x00\x00\x00\x20ftypheic", b"PK\x03\x04", b"\x1f\x8b\x08", b"<svg onload=alert(1)>",
    b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>", b"\x7fELF", b"MZ", b"#!/bin/sh\n",
    b"\xd0\xcf\x11\xe0", b"{\\rtf", b"\x00" * 64,
)  # fmt: skip
_TAKEN = slice(1, 6)  # those that go on to a decoder, a process each: seldom


def text(chance: Random) -> str | bytes:
    """A text that no field asks for, or one that another field does; bytes go out as they are."""
    return chance.choice(CHOICES) if chance.random() < 0.25 else chance.choice(_TEXTS)(chance)


def number(chance: Random) -> str | bytes:
    """The same for a field of digits."""
    return chance.choice(NUMBERS) if chance.random() < 0.8 else text(chance)


def file(chance: Random) -> bytes:
    """A small file that is none of those taken; few look as if they were."""
    taken = chance.random() < 0.01
    start = chance.choice(_STARTS[_TAKEN] if taken else (*_STARTS[:1], *_STARTS[6:]))
    return start + (b"" if chance.random() < 0.1 else chance.randbytes(chance.randrange(200)) + MARK.encode())


def ascii_text(chance: Random) -> str:
    """A text as a header can carry it."""
    found = text(chance)
    raw = found.encode("utf-8", "surrogatepass") if isinstance(found, str) else found
    return raw.decode("latin-1").translate({10: 32, 13: 32, 0: 32})[:2000]
