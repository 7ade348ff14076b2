"""A card shown by its code: settled here, by the same tries, answers and mark as a card whose number is typed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tests.voter_reg.residency import issuing
from tests.voter_reg.residency.issuing import KEYS, LIST, NUMBER, STRANGER
from tests.voter_reg.town import NOW, Registry
from voter_reg.desk import Cards, PortalDesk
from voter_reg.portal.site import Offers
from voter_reg.residency.offline import OfflineCards
from voter_reg.service import drafts
from voter_reg.service.drafts import Stale
from voter_reg.service.registration import MOST_CARD_TRIES, check_card, check_presented
from voter_reg.store.db import db

TIMES = {"iat": int((NOW - timedelta(days=9)).timestamp()), "exp": int((NOW + timedelta(days=9)).timestamp())}
OURS = {"number": NUMBER, "born": "1990-01-01", "address": "100 Oak Street, Apt 4"}


def code(claims=None, **changes):
    return issuing.card({**OURS, **(claims or {})}, **{**TIMES, **changes})


class Statuses:
    """A status list in memory: 7 is valid, 8 revoked, 9 suspended, the others unknown; none while it is away."""

    def __init__(self):
        self.is_away, self.renewed = False, 0

    def status(self, uri, index, now):
        known = {7: "valid", 8: "revoked", 9: "suspended"}
        return None if self.is_away or uri != LIST else known.get(index)

    def keep_fresh(self, now):
        self.renewed += 1


def at(index):
    return {"status_list": {"idx": index, "uri": LIST}}


@pytest.fixture
def statuses():
    return Statuses()


@pytest.fixture
def cards(statuses):
    return OfflineCards(KEYS, statuses)


@pytest.fixture
def token(office):
    return office.draft()[0]


def show(office, cards, token, presented):
    _, version = drafts.load(office.vault, token, office.now)
    return check_presented(office.vault, cards, token, version, presented, office.now)


def stored(office, token):
    return drafts.load(office.vault, token, office.now)[0]


def test_a_shown_card_and_its_typed_number_leave_one_mark(office, cards):
    shown, typed = office.draft()[0], office.draft()[0]
    assert show(office, cards, shown, code()) == "confirmed"
    _, version = drafts.load(office.vault, typed, office.now)
    assert check_card(office.vault, Registry(), typed, version, NUMBER, office.now) == "confirmed"

    kept = stored(office, shown)
    assert (kept.proof, kept.card_mark, kept.card_tries) == ("card", office.vault.index("card", NUMBER), 1)
    assert stored(office, typed) == kept


@pytest.mark.both_databases
def test_one_card_registers_one_voter_however_it_is_shown(office, cards):
    first = office.draft()[0]
    show(office, cards, first, code())
    office.submit(first, *drafts.load(office.vault, first, office.now))
    second, third = office.draft(name="Abdi Yusuf")[0], office.draft(name="Sahra Yusuf")[0]
    office.prove(second, NUMBER)
    show(office, cards, third, code({"address": "100 OAK ST"}, iat=TIMES["iat"] + 86_400))
    receipts = [office.submit(one, *drafts.load(office.vault, one, office.now)) for one in (second, third)]

    assert {receipt.public_state for receipt in receipts} == {"registered"}
    states = db.session.execute(text("SELECT state FROM voter")).scalars()
    assert sorted(states) == ["active", "held", "held"]


def refused_cards():
    """Every kind of no."""
    return [
        code({"born": "1990-01-02"}),
        code({"born": "1990-01"}),
        code({"born": "1990"}),
        code({"address": "102 Oak St"}),
        code({"address": "100 Elm St"}),
        code({"address": "under the bridge"}),
        code({"address": ""}),
        code({"address": "!"}),
        code(exp=TIMES["iat"]),
        code(iss="https://other.example"),
        code(status=at(8)),
        code(status=at(9)),
        code(key=STRANGER),
        code(header={"alg": "none"}),
        code()[:-1],
        NUMBER,
        "",
        "x" * 10**6,
    ]


def test_every_kind_of_no_is_one_answer_and_takes_an_earlier_proof_away(office, cards):
    for presented in refused_cards():
        token = office.draft()[0]
        assert show(office, cards, token, code()) == "confirmed"

        assert show(office, cards, token, presented) == "not_confirmed", presented[:80]
        kept = stored(office, token)
        assert (kept.proof, kept.card_mark, kept.card_tries) == (None, None, 2)


def test_an_address_is_compared_by_its_building_as_the_registry_does(office, cards, token):
    for address in ("100 OAK ST", "100 oak street apt 9", "100 Oak St, Minneapolis, MN 55401"):
        assert show(office, cards, token, code({"address": address})) == "confirmed"


def test_a_birth_date_is_compared_as_precise_as_it_is_known(office, cards):
    for known, answer in (("1990", "confirmed"), ("1990-01", "not_confirmed"), ("1990-01-01", "not_confirmed")):
        token = office.draft(birth=known)[0]
        assert show(office, cards, token, code({"born": "1990"})) == answer


def test_a_home_that_is_no_address_never_matches_a_card_without_one(office, cards):
    for home in (None, "", "!"):
        token = office.draft(address=home)[0]
        assert show(office, cards, token, code({"address": "!"})) == "not_confirmed"


@pytest.mark.parametrize(
    "presented", [code(status=at(10)), code(status={"status_list": {"idx": 7, "uri": LIST + "x"}})]
)
def test_a_status_that_cannot_be_settled_costs_no_try_and_proves_nothing(office, cards, token, presented):
    assert [show(office, cards, token, presented) for _ in range(8)] == ["unavailable"] * 8

    assert (stored(office, token).card_tries, stored(office, token).proof) == (0, None)


def test_a_list_that_is_away_keeps_no_one_from_trying_later(office, cards, statuses, token):
    statuses.is_away = True
    assert show(office, cards, token, code()) == "unavailable"
    statuses.is_away = False

    assert show(office, cards, token, code()) == "confirmed"


def test_shown_and_typed_cards_share_five_answers(office, cards, token):
    registry = Registry({NUMBER: "not_confirmed"})
    for _ in range(3):
        show(office, cards, token, "nonsense")
    for _ in range(2):
        office.prove(token, NUMBER, registry)

    assert MOST_CARD_TRIES == 5
    assert show(office, cards, token, code()) == "not_confirmed"
    assert stored(office, token).proof is None


def test_another_tab_that_was_faster_is_told(office, cards, token):
    draft, version = drafts.load(office.vault, token, office.now)
    drafts.save(office.vault, token, replace(draft, unit="9"), version, office.now)

    with pytest.raises(Stale):
        check_presented(office.vault, cards, token, version, code(), office.now)


def test_nothing_of_a_card_is_stored_but_its_mark(office, cards, token, config):
    presented = code({"address": "100 Oak Street, Apt 4711"})
    assert show(office, cards, token, presented) == "confirmed"

    kept = b"".join(path.read_bytes() for path in config.instance_dir.rglob("*") if path.is_file())
    assert not any(word.encode() in kept for word in (NUMBER, presented, presented.split("~")[1], "4711"))
    assert "4711" not in repr(stored(office, token))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(where=st.integers(0, len(code()) - 1), letter=st.sampled_from("ABab01-_~."))
def test_no_changed_card_ever_confirms(office, cards, where, letter):
    presented = code()
    changed = presented[:where] + letter + presented[where + 1 :]
    token = office.draft()[0]

    assert show(office, cards, token, changed) == ("confirmed" if changed == presented else "not_confirmed")


def desk_of(office, cards, seconds=0.0):
    return PortalDesk(office.vault, office.city, office.clock, Offers(), Cards(Registry(), cards, seconds))


def test_the_desk_reads_cards_where_keys_are_configured_and_offers_it_nowhere_else(office, cards):
    token, draft, version = office.draft()

    assert desk_of(office, None).check_presented(token, draft, version, code()) == "unavailable"
    assert desk_of(office, cards).check_presented(token, draft, version, code()) == "confirmed"


def test_every_answer_about_a_shown_card_takes_the_same_time(office, cards, monkeypatch):
    ticks = [0.0]
    monkeypatch.setattr("voter_reg.desk.time.monotonic", lambda: ticks[0])
    monkeypatch.setattr("voter_reg.desk.time.sleep", lambda seconds: ticks.append(ticks.pop() + seconds))
    took = []
    for presented in (code(), code(status=at(8)), code(exp=TIMES["iat"]), code(status=at(10)), "nonsense"):
        token, draft, version = office.draft()
        before = ticks[0]
        desk_of(office, cards, 0.35).check_presented(token, draft, version, presented)
        took.append(round(ticks[0] - before, 6))

    assert took == [0.35] * 5


def test_the_list_is_renewed_by_visits_and_not_by_cards(office, cards, statuses):
    desk = desk_of(office, cards)
    for _ in range(5):
        desk.is_stopped()
    assert statuses.renewed == 1

    office.later(seconds=1)
    desk.is_stopped()
    assert statuses.renewed == 2
