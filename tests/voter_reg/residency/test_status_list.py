"""The status list: signed, fresh, no larger than it may be, and fetched by a schedule that tells of no card."""

import json
import time
import tracemalloc
import zlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility import BadInput
from tests.voter_reg.residency.issuing import (
    ADDRESS,
    BORN,
    EDWARDS,
    KEYS,
    NOW,
    NUMBER,
    STRANGER,
    at,
    b64,
    card,
    public,
    signed,
    status_list,
)
from tests.voter_reg.residency.talker import Talker, http
from voter_reg.residency.card_keys import read_card_keys
from voter_reg.residency.card_status import CardStatus
from voter_reg.residency.offline import OfflineCards
from voter_reg.residency.status_list import LARGEST_LIST, LARGEST_TOKEN, read_status_list
from voter_reg.residency.verifier import PresentedCard


def read(token, now=NOW):
    return read_status_list(token, KEYS, now)


@pytest.mark.parametrize("bits", [2, 4, 8])
def test_each_card_has_the_status_that_stands_in_its_place(bits):
    listed = read(status_list({0: 1, 5: 2, 31: 1}, bits=bits))

    assert [listed.status(index) for index in (0, 1, 5, 30, 31)] == [
        "revoked",
        "valid",
        "suspended",
        "valid",
        "revoked",
    ]


def test_one_bit_says_revoked_or_not():
    assert [read(status_list({9: 1}, bits=1)).status(index) for index in (8, 9, 10)] == ["valid", "revoked", "valid"]


def test_a_status_that_means_nothing_to_us_is_none():
    assert read(status_list({3: 3})).status(3) is None
    assert read(status_list({3: 255}, bits=8)).status(3) is None


def test_a_place_outside_the_list_has_no_status():
    listed = read(status_list(size=4))

    assert [listed.status(index) for index in (15, 16, -1, 10**30)] == ["valid", None, None, None]


@pytest.mark.parametrize(
    "token",
    [
        status_list(key=STRANGER),
        status_list(header={"alg": "none"}),
        status_list(header={"alg": "HS256"}),
        status_list(header={"kid": "9"}),
        status_list(header={"typ": "dc+sd-jwt"}),
        status_list(header={"typ": "jwt"}),
        status_list(header={"kid": "2", "alg": "ES256"}, key=EDWARDS),
        status_list(iss="https://other.example"),
        status_list(sub=None),
        status_list(sub=7),
        status_list(iat=None),
        status_list(iat=at(seconds=121)),
        status_list(exp=None, ttl=None),
        status_list(exp=at(seconds=-1)),
        status_list(exp=at()),
        status_list(exp="later"),
        status_list(ttl="900"),
        status_list(ttl=0),
        status_list(ttl=-1),
        status_list(iat=at(seconds=-900)),
        status_list(iat=at(hours=-24), exp=at(days=9), ttl=9_000_000),
        status_list(status_list=None),
        status_list(status_list=[]),
        status_list(status_list={"bits": 2}),
        status_list(bits=2, lst=7),
        status_list(bits=2, lst="!"),
        status_list(bits=2, lst=b64(b"not deflated")),
        status_list(bits=2, lst=b64(zlib.compress(bytes(64))[:-1])),
        status_list(bits=2, lst=b64(zlib.compress(bytes(64)) + b"more")),
        status_list(status_list={"bits": 3, "lst": b64(zlib.compress(bytes(64)))}),
        status_list(status_list={"bits": True, "lst": b64(zlib.compress(bytes(64)))}),
        status_list(status_list={"bits": "2", "lst": b64(zlib.compress(bytes(64)))}),
        status_list(bits=2, lst=b64(zlib.compress(bytes(LARGEST_LIST + 1), 9))),
        card(),
        "",
        "a.b.c",
        "A" * (LARGEST_TOKEN + 1),
    ],
    ids=lambda _: "list",
)
def test_a_list_that_is_not_right_in_every_way_is_none(token):
    assert read(token) is None


def test_a_list_of_the_largest_size_is_read_and_a_bomb_is_not_inflated():
    assert read(status_list(bits=2, lst=b64(zlib.compress(bytes(LARGEST_LIST), 9)))).status(7) == "valid"

    engine = zlib.compressobj(9)
    bomb = b"".join(engine.compress(bytes(2**20)) for _ in range(150)) + engine.flush()
    token = status_list(bits=2, lst=b64(bomb))
    assert len(token) < LARGEST_TOKEN
    tracemalloc.start()
    assert read(token) is None
    assert tracemalloc.get_traced_memory()[1] < 2**23, "150 MiB were inflated"
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("token", "fresh_until"),
    [
        (status_list(), at(minutes=15)),
        (status_list(exp=at(minutes=5)), at(minutes=5)),
        (status_list(ttl=60), at(minutes=1)),
        (status_list(exp=None), at(minutes=15)),
        (status_list(ttl=None), at(minutes=15)),
        (status_list(iat=at(minutes=-10)), at(minutes=5)),
        (status_list(exp=at(days=9), ttl=None), at(hours=24)),
        (status_list(iss="https://municipal-id.example"), at(minutes=15)),
    ],
    ids=lambda _: "list",
)
def test_a_list_is_fresh_until_the_first_of_its_ends(token, fresh_until):
    assert read(token).fresh_until.timestamp() == fresh_until


VALUES = st.none() | st.integers() | st.text(max_size=9) | st.floats()
CLAIMED = st.dictionaries(st.sampled_from(["sub", "iat", "exp", "ttl", "status_list"]), VALUES)


@given(st.text(max_size=200) | CLAIMED)
def test_reading_a_list_never_raises(strange):
    token = strange if isinstance(strange, str) else signed(strange, {"typ": "statuslist+jwt"})

    assert read(token) is None


class Issuer:
    """A server that hands out what it is told to; `asked` counts."""

    def __init__(self, token=None, answer=None, seconds=1.0):
        body = (token or status_list({7: 0})).encode()
        self.talker = Talker(answer if answer is not None else http(body, Content_Type="application/statuslist+jwt"))
        self.status = CardStatus(KEYS, f"http://127.0.0.1:{self.talker.port}/v1/status-list", seconds)
        self.cards = OfflineCards(KEYS, self.status)

    @property
    def asked(self):
        return len(self.talker.heard)

    def says(self, token):
        self.talker._answer = http(token.encode())

    def hangs_up(self):
        self.talker._answer = http(b"", "503 Away")


@pytest.fixture
def issuer():
    made = []

    def make(*arguments, **named):
        made.append(Issuer(*arguments, **named))
        return made[-1]

    yield make
    for one in made:
        one.talker.close()


SHOWN = PresentedCard(NUMBER, BORN, ADDRESS)


def test_a_valid_card_is_read_and_the_list_is_fetched_once_for_all_cards(issuer):
    one = issuer()

    assert [one.cards.read(card(), NOW + timedelta(minutes=n)) for n in (0, 1, 14)] == [SHOWN] * 3
    assert one.asked == 1


def test_the_issuer_is_asked_for_the_whole_list_and_told_nothing(issuer):
    one = issuer()
    one.cards.read(card(), NOW)

    ((head, body),) = one.talker.heard
    assert head.startswith("GET /v1/status-list HTTP/1.1\r\n")
    assert "Authorization" not in head
    assert body == ""


@pytest.mark.parametrize(
    ("statuses", "found"),
    [({7: 1}, "revoked"), ({7: 2}, "revoked"), ({7: 3}, "unavailable"), ({6: 1, 8: 2}, SHOWN)],
)
def test_a_revoked_and_a_suspended_card_are_refused_and_an_unknown_status_settles_nothing(issuer, statuses, found):
    assert issuer(status_list(statuses)).cards.read(card(), NOW) == found


@pytest.mark.parametrize(
    "token",
    [
        status_list(key=STRANGER),
        status_list(header={"alg": "none"}),
        status_list(size=1),
        status_list(sub="https://municipal-id.example/other-list"),
        status_list(exp=at(seconds=-1)),
        "nonsense",
        "é",
    ],
    ids=lambda _: "list",
)
def test_a_list_that_is_re_signed_too_short_another_or_stale_settles_nothing(issuer, token):
    assert issuer(token).cards.read(card(), NOW) == "unavailable"


@pytest.mark.parametrize(
    "answer",
    [
        http(status_list().encode(), "404 Not Found"),
        http(status_list().encode(), "302 Found", Location="http://127.0.0.1:9/"),
        http(status_list().encode(), Content_Encoding="gzip"),
        http(b"A" * (LARGEST_TOKEN + 1)),
        http(status_list().encode(), Content_Length="99999"),
        [],
        [b"HTTP/1.1 200 OK\r\n", *[b"X: 1\r\n", 0.1] * 30],
    ],
    ids=lambda _: "answer",
)
def test_an_issuer_that_is_broken_slow_or_lying_settles_nothing_and_nothing_raises(issuer, answer):
    assert issuer(answer=answer, seconds=0.5).cards.read(card(), NOW) == "unavailable"


def test_an_issuer_that_is_not_there_settles_nothing():
    status = CardStatus(KEYS, "http://127.0.0.1:9/v1/status-list", 0.5)

    assert OfflineCards(KEYS, status).read(card(), NOW) == "unavailable"


def test_a_card_that_is_refused_by_itself_asks_for_no_list(issuer):
    one = issuer()

    assert one.cards.read(card(key=STRANGER), NOW) == "untrusted"
    assert one.cards.read(card(exp=at(days=-1)), NOW) == "out_of_date"
    assert one.asked == 0


def test_a_kept_list_serves_while_it_is_fresh_and_not_a_second_longer(issuer):
    one = issuer()
    one.cards.read(card(), NOW)
    one.hangs_up()

    assert one.cards.read(card(), NOW + timedelta(minutes=14, seconds=59)) == SHOWN
    assert one.cards.read(card(), NOW + timedelta(minutes=15)) == "unavailable"


def test_an_issuer_that_is_away_is_asked_again_after_ten_seconds_and_not_before(issuer):
    one = issuer(answer=http(b"", "503 Away"))
    found = [one.cards.read(card(), NOW + timedelta(seconds=n)) for n in (0, 5, 9.9)]
    one.says(status_list())

    assert (found, one.asked) == (["unavailable"] * 3, 1)
    assert one.cards.read(card(), NOW + timedelta(seconds=10)) == SHOWN


def test_an_older_list_never_takes_the_place_of_a_newer_one(issuer):
    one = issuer(status_list({7: 1}, iat=at(minutes=-1)))
    assert one.cards.read(card(), NOW) == "revoked"

    one.says(status_list({}, iat=at(minutes=-2)))
    one.status.keep_fresh(NOW + timedelta(minutes=10))
    wait_until(lambda: one.status._tried > NOW)
    assert one.cards.read(card(), NOW + timedelta(minutes=10)) == "revoked"
    assert one.asked == 2


def test_the_list_is_renewed_half_way_in_the_background_whether_or_not_a_card_is_read(issuer):
    one = issuer()
    one.cards.keep_fresh(NOW)
    wait_until(lambda: one.status._kept)
    for minutes in (1, 5, 7):
        one.cards.keep_fresh(NOW + timedelta(minutes=minutes))
    assert one.asked == 1

    one.says(status_list({7: 1}, iat=at(minutes=8), exp=at(minutes=23)))
    one.cards.keep_fresh(NOW + timedelta(minutes=8))
    wait_until(lambda: one.status._kept.signed > NOW)
    assert one.cards.read(card(), NOW + timedelta(minutes=8)) == "revoked"
    assert one.asked == 2


def wait_until(is_so):
    ends = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.01)


@pytest.mark.parametrize("url", ["", "ftp://x", "http://", "list", "http://a b"])
def test_an_address_of_the_list_that_is_none_stops_the_start(url):
    with pytest.raises(BadInput, match="VOTER_REG_CARD_STATUS_URL"):
        CardStatus(KEYS, url)


PUBLIC = [public(KEYS.keys[name]).as_dict(private=False) for name in ("1", "2")]


def keys_file(tmp_path, content):
    path = tmp_path / "card-keys.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_the_issuers_own_document_is_the_file_of_keys(tmp_path):
    read_ = read_card_keys(keys_file(tmp_path, {"issuer": "https://a.example", "jwks": {"keys": PUBLIC}}))

    assert (read_.issuer, set(read_.keys)) == ("https://a.example", {"1", "2"})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is not JSON"),
        ("[]", "is not {"),
        ({"issuer": "", "jwks": {"keys": PUBLIC}}, "is not {"),
        ({"issuer": "a", "jwks": {"keys": []}}, "is not {"),
        ({"issuer": "a", "jwks": {"keys": PUBLIC * 9}}, "is not {"),
        ({"issuer": "a", "jwks": {"keys": [PUBLIC[0], {**PUBLIC[1], "kid": "1"}]}}, "two keys have one kid"),
        ({"issuer": "a", "jwks": {"keys": [{**PUBLIC[0], "kid": ""}]}}, "has no kid"),
        ({"issuer": "a", "jwks": {"keys": ["key"]}}, "has no kid"),
        ({"issuer": "a", "jwks": {"keys": [STRANGER.as_dict(private=True)]}}, "is the private one"),
        ({"issuer": "a", "jwks": {"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "1"}]}}, "not of P-256 or Ed25519"),
        ({"issuer": "a", "jwks": {"keys": [{**PUBLIC[0], "crv": "P-384"}]}}, "not of P-256 or Ed25519"),
        ({"issuer": "a", "jwks": {"keys": [{**PUBLIC[0], "use": "enc"}]}}, "not of P-256 or Ed25519"),
        ({"issuer": "a", "jwks": {"keys": [{**PUBLIC[0], "x": b64(bytes(32))}]}}, "is not a key"),
        ({"issuer": "a", "jwks": {"keys": [{**PUBLIC[0], "x": 7}]}}, "is not a key"),
        ({"issuer": "a", "jwks": {"keys": [{**PUBLIC[1], "x": "AA"}]}}, "is not a key"),
    ],
)
def test_a_file_of_keys_that_cannot_be_trusted_stops_the_start_and_is_named(tmp_path, content, said):
    with pytest.raises(BadInput, match=r"card-keys\.json: .*") as refused:
        read_card_keys(keys_file(tmp_path, content))
    assert said in str(refused.value)


def test_a_file_of_keys_that_is_not_there_stops_the_start(tmp_path):
    with pytest.raises(BadInput, match="cannot be read"):
        read_card_keys(tmp_path / "none.json")
