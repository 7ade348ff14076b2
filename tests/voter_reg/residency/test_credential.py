"""A presented card: believed only whole, signed by its issuer, in time, and showing exactly what was signed."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.voter_reg.residency.issuing import (
    ADDRESS,
    BORN,
    CLAIMS,
    EDWARDS,
    KEY,
    KEYS,
    LIST,
    NOW,
    NUMBER,
    STRANGER,
    at,
    b64,
    card,
    content,
    digest,
    disclosure,
    signed,
    unb64,
)
from voter_reg.residency.credential import LONGEST, Credential, read_credential
from voter_reg.residency.strict import read_base64
from voter_reg.residency.verifier import PresentedCard

GOOD = card()
SHOWN = PresentedCard(NUMBER, BORN, ADDRESS)


def read(presented, now=NOW):
    return read_credential(presented, KEYS, now)


def test_a_good_card_shows_number_birth_date_and_address_and_where_its_status_stands():
    assert read(GOOD) == Credential(SHOWN, LIST, 7)


def test_both_algorithms_are_read_each_under_a_key_of_its_own():
    assert read(card(header={"alg": "EdDSA", "kid": "2"}, key=EDWARDS)) == Credential(SHOWN, LIST, 7)


def test_what_a_card_shows_is_not_in_its_repr():
    assert not any(value in repr(read(GOOD)) for value in CLAIMS.values())


@pytest.mark.parametrize("born", ["1990", "1990-04", "1990-04-30"])
def test_a_birth_date_is_as_precise_as_the_card_has_it(born):
    assert read(card({**CLAIMS, "born": born})).card.born == born


@pytest.mark.parametrize(
    "presented",
    [
        card(header={"alg": "none"}),
        signed(content([disclosure(*one) for one in CLAIMS.items()]), {"alg": "none"}).rstrip(".") + "~" * 4,
        card(header={"alg": "NONE"}),
        card(header={"alg": "HS256"}),
        card(header={"alg": "HS256", "kid": "2"}, key=EDWARDS),
        card(header={"alg": "EdDSA"}),
        card(header={"alg": "ES256", "kid": "2"}),
        card(header={"alg": "Ed25519", "kid": "2"}, key=EDWARDS),
        card(header={"alg": ["ES256"]}),
        card(header={"alg": None}),
        card(key=STRANGER),
        card(header={"kid": "9"}),
        card(header={"kid": None}),
        card(header={"kid": ["1"]}),
        card(header={"kid": "1", "jwk": STRANGER.as_dict(private=False)}, key=STRANGER),
        card(header={"jku": "https://elsewhere.example/keys"}),
        card(header={"crit": ["exp"], "exp": 1}),
        card(header={"b64": False}),
        card(header={"typ": "jwt"}),
        card(header={"typ": "vc+sd-jwt"}),
        card(header={"typ": "statuslist+jwt"}),
        card(header={"typ": None}),
        card(iss="https://other.example"),
        card(iss=None),
        card(vct="urn:library-card:1"),
        card(vct=None),
        card(vct=["urn:municipal-id:1"]),
    ],
    ids=lambda _: "card",
)
def test_a_card_that_is_not_the_issuers_is_not_trusted(presented):
    assert read(presented) == "untrusted"


def test_a_signature_written_another_way_or_longer_or_of_another_card_is_none():
    jwt, rest = GOOD.split("~", 1)
    head, body, signature = jwt.split(".")
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twin = signature[:-1] + last[last.index(signature[-1]) ^ 1]  # the same bytes: its low bits are read by nobody
    assert unb64(twin) == unb64(signature)

    for wrong in (twin, signature + "A", "", b64(bytes(64)), card().split("~")[0].rpartition(".")[2][::-1]):
        assert read(f"{head}.{body}.{wrong}~{rest}") == "untrusted"


@pytest.mark.parametrize("text", ["AB", "AA=", "AAA+", "A", "AA AA", "é", "AAB"])
def test_base64_has_one_spelling(text):
    with pytest.raises(ValueError, match="is not"):
        read_base64(text)


@pytest.mark.parametrize(
    ("changes", "is_read"),
    [
        ({"exp": at(seconds=-119)}, True),
        ({"exp": at(seconds=-120)}, False),
        ({"exp": at(days=-1)}, False),
        ({"exp": None}, False),
        ({"exp": True}, False),
        ({"exp": str(at(days=1))}, False),
        ({"exp": float(at(days=1))}, False),
        ({"exp": 2**35}, True),
        ({"exp": 2**35 + 1}, False),
        ({"exp": 10**300}, False),
        ({"nbf": at(seconds=120)}, True),
        ({"nbf": at(seconds=121)}, False),
        ({"nbf": "soon"}, False),
        ({"iat": at(seconds=120)}, True),
        ({"iat": at(seconds=121)}, False),
        ({"iat": None}, False),
        ({"iat": -1}, False),
    ],
)
def test_a_card_is_read_from_its_first_second_to_its_last(changes, is_read):
    found = read(card(**changes))

    assert found == (Credential(SHOWN, LIST, 7) if is_read else "out_of_date")


def test_the_time_is_the_one_handed_in():
    assert read(GOOD, NOW + timedelta(days=364)) == Credential(SHOWN, LIST, 7)
    assert read(GOOD, NOW + timedelta(days=366)) == "out_of_date"


JWT, *SHOWN_PARTS = GOOD.rstrip("~").split("~")
FIRST, SECOND, THIRD = SHOWN_PARTS
OTHER = [disclosure(name, value) for name, value in {**CLAIMS, "number": "000000000195"}.items()]
RESERVED = disclosure("exp", "9999999999")


def of(*parts):
    return "~".join((JWT, *parts, ""))


@pytest.mark.parametrize(
    "presented",
    [
        of(FIRST, SECOND),
        of(FIRST, SECOND, THIRD, THIRD),
        of(FIRST, SECOND, SECOND),
        of(OTHER[0], SECOND, THIRD),
        of(FIRST, SECOND, disclosure("address", "200 Oak St")),
        of(FIRST, SECOND, RESERVED),
        of(FIRST, SECOND, ""),
        of(FIRST, SECOND, "A"),
        of(FIRST, SECOND, "é"),
        of(FIRST, SECOND, "\ud800"),
        of(FIRST, SECOND, THIRD + "="),
        of(FIRST, SECOND, THIRD)[:-1],
        of(FIRST, SECOND, THIRD) + signed({"nonce": "1"}, {"typ": "kb+jwt"}, STRANGER),
        "",
        "~",
        JWT,
        "100000000093",
        GOOD + " " * LONGEST,
        "A" * 5_000_000,
        "\x00" * 100,
    ],
    ids=lambda _: "card",
)
def test_missing_doubled_swapped_foreign_or_added_parts_make_a_card_unreadable(presented):
    assert read(presented) == "unreadable"


def test_the_order_in_which_a_card_discloses_is_its_own():
    assert read(of(THIRD, FIRST, SECOND)) == Credential(SHOWN, LIST, 7)


PARTS = [disclosure(name, value) for name, value in CLAIMS.items()]


def made_of(parts, **changes):
    return "~".join((signed(content(parts, **changes)), *parts, ""))


@pytest.mark.parametrize(
    "presented",
    [
        made_of(PARTS, _sd_alg="sha-512"),
        made_of(PARTS, _sd_alg="none"),
        made_of(PARTS, _sd_alg=["sha-256"]),
        made_of(PARTS, _sd=None),
        made_of(PARTS, _sd=digest(PARTS[0])),
        made_of(PARTS, _sd=[]),
        made_of(PARTS, _sd=[digest(one) for one in PARTS] + [digest(PARTS[0])]),
        made_of(PARTS, _sd=[digest(one) for one in PARTS] + ["decoy"] * 30),
        made_of(PARTS, number=NUMBER),
        made_of(PARTS, cnf={"jwk": STRANGER.as_dict(private=False)}),
        made_of(PARTS, address={"_sd": [digest(PARTS[2])]}),
        made_of([*PARTS[:2], disclosure("_sd", "x")]),
        made_of([*PARTS[:2], disclosure("...", "x")]),
        made_of([*PARTS[:2], RESERVED]),
        made_of([*PARTS[:2], disclosure("name", "Amina Yusuf")]),
        made_of([*PARTS[:2], disclosure("born", "1991-01-01", "b3RoZXI")]),
        made_of([*PARTS[:2], disclosure("address", ["100 Oak St"])]),
        made_of([*PARTS[:2], b64(b'["salt", "100 Oak St"]')]),
        made_of([*PARTS[:2], b64(b'{"address": "100 Oak St"}')]),
        made_of([*PARTS[:2], b64(b"[" * 1500)]),
        made_of([*PARTS[:2], disclosure("address", "x" * 201)]),
        made_of([*PARTS[:2], disclosure("address", "100 Oak\x00 St")]),
        made_of([*PARTS[:2], disclosure("address", "100 Oak \u202eSt")]),
        card({**CLAIMS, "number": "100000000094"}),
        card({**CLAIMS, "number": "1000 0000 0093"}),
        card({**CLAIMS, "born": "1990-02-30"}),
        card({**CLAIMS, "born": "01/01/1990"}),
        card(status=None),
        card(status={"status_list": {"idx": -1, "uri": LIST}}),
        card(status={"status_list": {"idx": True, "uri": LIST}}),
        card(status={"status_list": {"idx": "7", "uri": LIST}}),
        card(status={"status_list": {"idx": 7}}),
        card(status={"status_list": {"idx": 7, "uri": ""}}),
        card(status={"status_list": {"idx": 7, "uri": LIST}, "other": {}}),
        card(status={}),
    ],
    ids=lambda _: "card",
)
def test_even_a_signed_card_is_refused_when_it_is_not_of_the_one_form(presented):
    assert read(presented) == "unreadable"


def test_decoys_that_an_issuer_adds_are_passed_over():
    assert read(made_of(PARTS, _sd=[digest(one) for one in PARTS] + ["decoy"] * 29)) == Credential(SHOWN, LIST, 7)
    assert read(made_of(PARTS, _sd_alg="sha-256")) == Credential(SHOWN, LIST, 7)


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'{"iss": NaN}', b"\xff", b"[" * 2000, b'{"a":1,"a":2}'])
def test_a_signed_text_that_is_no_object_is_not_trusted(body):
    assert read("~".join((signed(body), *PARTS, ""))) == "untrusted"


def test_a_claim_named_twice_is_not_trusted_though_it_is_signed():
    whole = signed(b'{"iss": "https://other.example", ' + unb64(JWT.split(".")[1])[1:])

    assert read("~".join((whole, *PARTS, ""))) == "untrusted"


ALPHABET = "ABCabc019-_~.= é\x00"


@st.composite
def mutations(draw):
    """A good card with a few letters changed, removed, added or moved."""
    text = GOOD
    for _ in range(draw(st.integers(1, 3))):
        at_, to = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        how = draw(st.sampled_from(["change", "cut", "add", "double", "swap"]))
        letter = draw(st.sampled_from(ALPHABET) | st.characters())
        text = {
            "change": text[:at_] + letter + text[at_ + 1 :],
            "cut": text[:at_] + text[to:],
            "add": text[:at_] + letter + text[at_:],
            "double": text[:to] + text[at_:],
            "swap": text[to:] + text[at_:to] + text[:at_],
        }[how]
    return text


def same_parts(text):
    """Whether nothing but the order of the disclosures differs from the good card."""
    return sorted(text.split("~")) == sorted(GOOD.split("~")) and text.startswith(JWT) and text.endswith("~")


@given(mutations())
def test_no_change_of_a_good_card_is_ever_read_as_a_card(text):
    found = read(text)

    assert isinstance(found, str) or same_parts(text)
    assert same_parts(text) or found in {"unreadable", "untrusted"}


@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda raw: raw.decode("latin-1")))
def test_reading_never_raises(text):
    for presented in (text, f"{text}~~~~", f"{JWT}~{text}~{SECOND}~{THIRD}~", f"{text}~{FIRST}~{SECOND}~{THIRD}~"):
        assert read(presented) in {"unreadable", "untrusted"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(["iss", "vct", "iat", "nbf", "exp", "_sd", "_sd_alg", "status", "cnf"]), JSON)
def test_reading_never_raises_whatever_an_issuer_signs(name, value):
    found = read(made_of(PARTS, **{name: value}))

    assert isinstance(found, Credential) or found in {"unreadable", "untrusted", "out_of_date"}


@given(st.sampled_from(["alg", "kid", "typ", "crit", "x5c"]), JSON)
def test_a_header_with_anything_else_in_it_is_never_trusted(name, value):
    if value not in {"ES256", "1", "dc+sd-jwt"} if isinstance(value, str) else True:
        assert read(card(header={name: value}, key=KEY)) == "untrusted"
