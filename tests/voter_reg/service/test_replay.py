"""Law 7 for decisions that are kept: replayed while their facts live, logged before they are opened, and then gone."""

import json
from datetime import date

import pytest
from sqlalchemy import text

from ballots.replay import FactsDestroyed, NotTheSame
from eligibility import BadInput
from tests.voter_reg.town import CLERK, DAY, card
from voter_reg.service import elections
from voter_reg.service.replay import replay_kept
from voter_reg.service.work import run
from voter_reg.store.db import db

ELECTION = "minneapolis-2025-11-04"


@pytest.fixture
def voter(office, town_map):
    elections.create("minneapolis", town_map, DAY, by=CLERK, now=office.now, archive=office.shelf.archive)
    office.register(card(1), split="B-3")
    for _, job_id in office.sent:
        run(job_id, office.bench)
    return db.session.execute(text("SELECT voter_id FROM decision")).scalar_one()


def replayed(office, voter_id):
    return replay_kept(office.vault, office.shelf, ELECTION, voter_id, by=CLERK, now=office.now)


def test_a_kept_decision_replays_to_the_contests_and_the_style_it_had(office, voter):
    document = replayed(office, voter)

    assert [one["id"] for one in document["contests"] if one["eligible"]] == [
        "mayor", "council-ward-2", "board-of-estimate", "park-at-large", "park-district-park-3"]  # fmt: skip
    assert document["style"]
    assert document["replay"]["facts"]["birth"] == "1990-01-01"
    assert replayed(office, voter) == document


def test_who_replays_is_in_the_log_even_when_there_is_nothing_to_see(office, voter):
    with pytest.raises(FactsDestroyed, match="no decision of that voter"):
        replayed(office, "f" * 32)

    logged = db.session.execute(text("SELECT actor, subject FROM log_entry WHERE action = 'replay'")).all()
    assert [tuple(row) for row in logged] == [(CLERK.label, office.vault.index("log-subject", "f" * 32))]


def test_when_the_key_of_its_month_is_gone_so_are_the_facts(office, voter):
    epoch = "2027-09"  # 22 months after the election
    office.vault.destroy(epoch, date(2027, 10, 1))

    with pytest.raises(FactsDestroyed, match=f"facts destroyed with the key of {epoch}"):
        replayed(office, voter)


@pytest.mark.parametrize(("key", "value"), [("contests", []), ("style", "S99"), ("engine", "1"), ("salt", "00" * 16)])
def test_a_kept_decision_that_differs_from_its_facts_is_a_clean_no(office, voter, key, value):
    row = db.session.execute(text("SELECT sealed FROM decision")).scalar_one()
    name = f"{ELECTION}|{voter}"
    kept = json.loads(office.vault.open("decision", name, row))
    sealed = office.vault.seal("decision", name, row[1:8].decode(), json.dumps({**kept, key: value}).encode())
    db.session.execute(text("UPDATE decision SET sealed = :sealed"), {"sealed": sealed})
    db.session.commit()

    with pytest.raises(NotTheSame):
        replayed(office, voter)


def test_an_unknown_election_is_bad_input(office, voter):
    with pytest.raises(BadInput, match="no such election"):
        replay_kept(office.vault, office.shelf, "nowhere", voter, by=CLERK, now=office.now)
