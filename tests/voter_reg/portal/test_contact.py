"""How a person wants to be told: what is taken, what is refused, and that nothing typed can become a header."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voter_reg.portal.answers import Refused
from voter_reg.portal.contact import read_email, read_mail_to


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("", None), ("  ", None), (" a.b+c@Example.COM ", "a.b+c@example.com"),
     ("a@bücher.example", "a@xn--bcher-kva.example"),
     (f"{'a' * 64}@b.example", f"{'a' * 64}@b.example")],
)  # fmt: skip
def test_an_address_is_kept_as_mail_servers_know_it(typed, kept):
    assert read_email(typed, "email") == kept


@pytest.mark.parametrize(
    "typed",
    ["a", "a@", "@b.example", "a@b", "a b@c.example", "a@b.example\nBcc: c@d.example", "a@b.example\rx", "ñ@b.example",
     f"{'a' * 65}@b.example", "a..b@c.example", "a@b..example", "a@1.2.3.4", "<a@b.example>", '"a"@b.example',
     "a@b.example,c@d.example", "a@-b.example", "a@" + "b" * 63 + "." + ("c" * 60 + ".") * 4 + "example"],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(Refused) as refused:
        read_email(typed, "email")
    assert refused.value.field == "email"


@given(st.text(max_size=60) | st.from_regex(r"[a-z.]{1,9}[@\r\n,;<> ]{1,3}[a-z.]{1,9}"))
def test_whatever_is_typed_an_address_is_one_plain_word(typed):
    try:
        kept = read_email(typed, "email")
    except Refused:
        return
    assert kept is None or (kept.isascii() and kept.isprintable() and not set(kept) & set(' ,;<>()"\\:'))


def test_a_postal_address_keeps_its_lines():
    assert read_mail_to(" 12  Elm St \r\n\r\nMinneapolis, MN 55401\n", "mail_to") == "12 Elm St\nMinneapolis, MN 55401"
    assert read_mail_to(" \n ", "mail_to") is None


@pytest.mark.parametrize("typed", ["one line", "\n".join("abcdef"), "a\n" + "b" * 61, "a\nb\x00"])
def test_a_postal_address_that_cannot_be_printed_is_refused(typed):
    with pytest.raises(Refused):
        read_mail_to(typed, "mail_to")
