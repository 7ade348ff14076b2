"""The Municipal ID check: five answers a draft, one answer for every kind of no, and no number kept anywhere."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from tests.voter_reg.town import Registry, card
from voter_reg.desk import Cards, PortalDesk
from voter_reg.portal.site import Offers
from voter_reg.service import drafts
from voter_reg.service.drafts import Stale
from voter_reg.service.registration import MOST_CARD_TRIES, check_card
from voter_reg.store.db import db

GOOD, BAD, DOWN = card(1), card(2), card(3)
ANSWERS = {GOOD: "confirmed", BAD: "not_confirmed", DOWN: "unavailable"}


@pytest.fixture
def registry():
    return Registry(dict(ANSWERS))


@pytest.fixture
def token(office):
    return office.draft()[0]


def ask(office, registry, token, number):
    _, version = drafts.load(office.vault, token, office.now)
    return check_card(office.vault, registry, token, version, number, office.now)


def stored(office, token):
    return drafts.load(office.vault, token, office.now)[0]


def test_a_confirmed_card_is_kept_as_a_keyed_mark(office, registry, token):
    assert ask(office, registry, token, GOOD) == "confirmed"

    draft = stored(office, token)
    assert (draft.proof, draft.card_mark, draft.card_tries) == ("card", office.vault.index("card", GOOD), 1)
    assert registry.asked == [(GOOD, "1990-01-01", "100 OAK ST")]


def test_a_card_that_is_not_confirmed_takes_an_earlier_proof_away(office, registry, token):
    ask(office, registry, token, GOOD)

    assert ask(office, registry, token, BAD) == "not_confirmed"
    assert (stored(office, token).proof, stored(office, token).card_mark) == (None, None)


def test_after_five_answers_every_card_is_not_confirmed_and_nobody_is_asked(office, registry, token):
    answers = [ask(office, registry, token, BAD) for _ in range(MOST_CARD_TRIES)]

    assert answers == ["not_confirmed"] * 5
    assert ask(office, registry, token, GOOD) == "not_confirmed"
    assert len(registry.asked) == 5


def test_the_fifth_answer_may_still_be_yes(office, registry, token):
    for _ in range(MOST_CARD_TRIES - 1):
        ask(office, registry, token, BAD)

    assert ask(office, registry, token, GOOD) == "confirmed"


def test_a_registry_that_does_not_answer_costs_no_try_and_proves_nothing(office, registry, token):
    assert [ask(office, registry, token, DOWN) for _ in range(8)] == ["unavailable"] * 8

    assert (stored(office, token).card_tries, stored(office, token).proof) == (0, None)
    assert ask(office, registry, token, GOOD) == "confirmed"


def test_many_requests_at_once_get_no_more_answers_than_one_after_another(office, registry, token):
    _, version = drafts.load(office.vault, token, office.now)
    inner = []

    class Rival:
        """While the registry thinks, the same browser asks again from the same page."""

        def check(self, *_):
            with pytest.raises(Stale):
                check_card(office.vault, registry, token, version, BAD, office.now)
            inner.append(stored(office, token).card_tries)
            return "not_confirmed"

    check_card(office.vault, Rival(), token, version, BAD, office.now)

    assert inner == [1]
    assert registry.asked == []


def test_answers_changed_while_the_registry_thinks_are_not_proven_by_its_answer(office, registry, token):
    draft, version = drafts.load(office.vault, token, office.now)

    class OtherTab:
        def check(self, *_):
            drafts.save(office.vault, token, replace(draft, birth="2000-01-01"), version + 1, office.now)
            return "confirmed"

    with pytest.raises(Stale):
        check_card(office.vault, OtherTab(), token, version, GOOD, office.now)

    assert (stored(office, token).birth, stored(office, token).proof) == ("2000-01-01", None)


def test_no_number_is_stored_not_even_for_a_while(office, registry, token, config):
    seen = []

    class Looking:
        def check(self, *_):
            seen.append(all_bytes(config))
            return "confirmed"

    ask(office, Looking(), token, GOOD)

    assert GOOD.encode() not in seen[0]
    assert GOOD.encode() not in all_bytes(config)


def all_bytes(config):
    db.session.execute(text("SELECT 1"))
    return b"".join(path.read_bytes() for path in config.instance_dir.rglob("*") if path.is_file())


def test_every_kind_of_answer_takes_the_same_time(office, registry, monkeypatch):
    ticks, slept = [0.0], []

    def sleep(seconds):
        slept.append(seconds)
        ticks[0] += seconds

    class Slow(Registry):
        def check(self, number, born, address):
            ticks[0] += {GOOD: 0.02, BAD: 0.3, DOWN: 0.1}[number]
            return super().check(number, born, address)

    monkeypatch.setattr("voter_reg.desk.time.monotonic", lambda: ticks[0])
    monkeypatch.setattr("voter_reg.desk.time.sleep", sleep)
    desk = PortalDesk(office.vault, office.city, office.clock, Offers(), Cards(Slow(dict(ANSWERS)), None, 0.35))

    took = []
    for number in (GOOD, BAD, DOWN):
        token, draft, version = office.draft()
        before = ticks[0]
        desk.check_card(token, draft, version, number)
        took.append(round(ticks[0] - before, 6))

    assert took == [0.35, 0.35, 0.35]
    assert len(slept) == 3
