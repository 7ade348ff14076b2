"""Vouching: eight a voucher and no ninth, the same precinct, one answer for whatever is wrong, and no pair anywhere."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from eligibility import load_pack
from tests.voter_reg.officers import CLERK
from tests.voter_reg.service.neighbors import (
    applicant,
    full,
    look,
    row_id,
    rows,
    set_state,
    state,
    swear,
    vouch,
    vouched_for,
    voucher,
)  # fmt: skip
from tests.voter_reg.town import ANSWERS, DAY, card
from voter_reg.service import elections, jobs, matches, own_changes, vouching
from voter_reg.service.actors import RESIDENT, staff
from voter_reg.service.codes import new_vouching_code, plain_code
from voter_reg.service.live import Suspended
from voter_reg.service.own_changes import Change
from voter_reg.service.registration import Incomplete
from voter_reg.service.voter_record import version_of
from voter_reg.service.vouching import NotPossible
from voter_reg.service.who_looked import who_looked
from voter_reg.service.work import run
from voter_reg.store import voters
from voter_reg.store.db import snapshot, transaction

REVIEWERS = (staff("one", "reviewer"), staff("two", "reviewer"))
ELSEWHERE = {"address": "300 OAK ST", "split": "A-3"}


class TestTheCode:
    def test_who_is_to_be_vouched_for_waits_and_gets_a_code_of_their_own(self, office):
        receipt = applicant(office)

        assert state(office, receipt) == "waiting"
        assert receipt.public_state == "waiting-for-papers"
        assert len(plain_code(receipt.vouching_code)) == 12
        assert receipt.vouching_code != receipt.code
        assert rows("SELECT sworn_mark, code_index FROM vouching_code")[0]["code_index"] != receipt.vouching_code

    def test_it_has_sixty_random_bits_and_nobody_reads_one_letter_for_another(self):
        codes = {new_vouching_code() for _ in range(200)}

        assert len(codes) == 200
        assert not set("".join(codes)) & set("ILOU")
        assert 32**12 == 2**60

    @pytest.mark.parametrize("proof", ["card", "papers"])
    def test_nobody_else_gets_one(self, office, proof):
        receipt = office.register(card(1) if proof == "card" else None)

        assert receipt.vouching_code is None
        assert rows("SELECT * FROM vouching_code") == []

    def test_it_stands_nowhere_in_clear(self, office, config):
        receipt = applicant(office)

        kept = b"".join(file.read_bytes() for file in config.instance_dir.rglob("*") if file.is_file())
        for code in (receipt.vouching_code, plain_code(receipt.vouching_code)):
            assert code.encode() not in kept

    def test_where_the_law_knows_no_vouching_the_way_is_not_open(self, office):
        pack = office.city.pack
        office.city = replace(office.city, pack=replace(pack, proof=replace(pack.proof, ways=("municipal-id",))))

        with pytest.raises(Incomplete):
            applicant(office)
        assert rows("SELECT * FROM voter") == []


class TestVouching:
    def test_a_voter_of_the_precinct_sees_for_whom_and_swears_and_the_applicant_is_active(self, office):
        neighbor, new = voucher(office), applicant(office, name="Zoë Ødegård", unit="4B")
        office.sent.clear()

        shown = look(office, neighbor.code, new.vouching_code)
        assert (shown.name, shown.address) == ("Zoë Ødegård", "100 OAK ST 4B")
        assert state(office, new) == "waiting", "nothing is done before the oath"
        swear(office, shown)

        assert state(office, new) == "active"
        assert [kind for kind, _ in office.sent] == ["tag-voter", "notify"]
        assert jobs.find(office.sent[0][1]).args == {"voter": row_id(office, new)}

    def test_codes_may_be_typed_as_people_write_them(self, office):
        neighbor, new = voucher(office), applicant(office)

        vouch(office, neighbor.code.lower().replace("-", " "), f" {new.vouching_code.lower()} ")

        assert state(office, new) == "active"

    def test_another_split_of_the_same_precinct_will_do(self, office):
        neighbor, new = voucher(office, **ELSEWHERE), applicant(office)
        splits = {**office.city.map.splits, "A-3": replace(office.city.map.splits["A-3"], precinct="A-1")}
        office.city = replace(office.city, map=SimpleNamespace(splits=splits))

        vouch(office, neighbor.code, new.vouching_code)

        assert state(office, new) == "active"

    def test_the_code_serves_once(self, office):
        one, two, new = voucher(office, 1), voucher(office, 2), applicant(office)
        vouch(office, one.code, new.vouching_code)

        with pytest.raises(NotPossible):
            look(office, two.code, new.vouching_code)

    def test_the_oath_sent_twice_counts_once(self, office):
        neighbor, new = voucher(office), applicant(office)
        shown = look(office, neighbor.code, new.vouching_code)
        office.sent.clear()

        swear(office, shown)
        swear(office, shown)

        assert sorted(row["count"] for row in rows("SELECT count FROM vouching_count")) == [1, 1]
        assert len(office.sent) == 2

    def test_two_pages_open_at_once_count_once(self, office):
        neighbor, new = voucher(office), applicant(office)
        pages = [look(office, neighbor.code, new.vouching_code) for _ in range(2)]

        swear(office, pages[0])
        with pytest.raises(NotPossible):
            swear(office, pages[1])

        assert sorted(row["count"] for row in rows("SELECT count FROM vouching_count")) == [1, 1]

    def test_a_used_code_is_removed_within_a_day(self, office):
        neighbor, new = voucher(office), applicant(office)
        vouch(office, neighbor.code, new.vouching_code)

        office.later(days=1)
        vouching.remove_expired(office.city.today(office.now), office.now)

        assert rows("SELECT * FROM vouching_code") == []


def other_precinct(office):
    return voucher(office, **ELSEWHERE).code, applicant(office).vouching_code, {}


def waiting_voucher(office):
    return office.register(None, name="Waiting").code, applicant(office).vouching_code, {}


def held_voucher(office):
    receipt = voucher(office)
    set_state(office, receipt, "held")
    return receipt.code, applicant(office).vouching_code, {}


def wrong_birth(office):
    return voucher(office).code, applicant(office).vouching_code, {"birth": "1990-01-02"}


def birth_known_in_part_only(office):
    return voucher(office).code, applicant(office).vouching_code, {"birth": "1990"}


def unknown_code(office):
    return "00000-00000", applicant(office).vouching_code, {}


def unknown_vouching_code(office):
    applicant(office)
    return voucher(office).code, "0000-0000-0000", {}


def confirmation_code_in_its_place(office):
    return voucher(office).code, applicant(office).code, {}


def expired(office):
    codes = voucher(office).code, applicant(office).vouching_code
    office.later(days=14)
    return *codes, {}


def oneself(office):
    receipt = applicant(office)
    set_state(office, receipt, "active")
    return receipt.code, receipt.vouching_code, {}


def proven_meanwhile(office):
    receipt = applicant(office)
    set_state(office, receipt, "active")
    return voucher(office).code, receipt.vouching_code, {}


WRONG = (
    other_precinct, waiting_voucher, held_voucher, wrong_birth, birth_known_in_part_only, unknown_code,
    unknown_vouching_code, confirmation_code_in_its_place, expired, oneself, proven_meanwhile, vouched_for, full,
)  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=lambda one: one.__name__)
def test_whatever_is_wrong_the_answer_is_one_and_nothing_changes(office, wrong):
    code, word, more = wrong(office)
    before = rows("SELECT id, state FROM voter ORDER BY id"), rows("SELECT * FROM vouching_count ORDER BY mark")

    with pytest.raises(NotPossible) as answer:
        look(office, code, word, **more)

    assert (answer.value.args, str(answer.value)) == ((), "")
    assert before == (
        rows("SELECT id, state FROM voter ORDER BY id"), rows("SELECT * FROM vouching_count ORDER BY mark")
    )  # fmt: skip
    assert len(rows("SELECT * FROM vouching_try")) == 1, "the wrong try is counted, and no right one is"


class TestBetweenPageAndOath:
    def test_a_voucher_who_left_the_roll_meanwhile_may_not(self, office):
        neighbor, new = voucher(office), applicant(office)
        shown = look(office, neighbor.code, new.vouching_code)
        set_state(office, neighbor, "held")

        with pytest.raises(NotPossible):
            swear(office, shown)
        assert state(office, new) == "waiting"

    def test_a_code_that_ran_out_meanwhile_does_not_count(self, office):
        neighbor, new = voucher(office), applicant(office)
        office.later(days=13, hours=23, minutes=59)
        shown = look(office, neighbor.code, new.vouching_code)
        office.later(minutes=1)

        with pytest.raises(NotPossible):
            swear(office, shown)

    def test_a_held_applicant_is_vouched_for_like_anyone_and_stays_held(self, office):
        neighbor, new = voucher(office), applicant(office)
        set_state(office, new, "held")
        office.sent.clear()

        vouch(office, neighbor.code, new.vouching_code)

        assert state(office, new) == "held"
        assert office.sent == []

    def test_a_held_applicant_who_was_vouched_for_is_active_once_reviewers_release_it(self, office):
        neighbor = voucher(office)
        voucher(office, 2, name="Mohamed Ali", birth="1985-01-01")
        new = applicant(office, name="Muhammad Ali", birth="1985-01-01")
        for _, job_id in office.sent:
            run(job_id, office.bench)
        match, reasons = rows("SELECT id FROM match")[0]["id"], matches.REASONS["same"]
        for reviewer in REVIEWERS:
            matches.decide(office.vault, match, "same", reasons[0], by=reviewer, now=office.now)
        assert state(office, new) == "held"

        vouch(office, neighbor.code, new.vouching_code)
        assert state(office, new) == "held"
        for reviewer in REVIEWERS:
            matches.reopen(office.vault, match, "person-appealed", by=reviewer, now=office.now)

        assert state(office, new) == "active"

    def test_an_applicant_without_a_row_is_nobody(self, office):
        neighbor, new = voucher(office), applicant(office)
        with transaction() as session:
            session.execute(text("DELETE FROM voter WHERE state = 'waiting'"))

        with pytest.raises(NotPossible):
            look(office, neighbor.code, new.vouching_code)

    def test_a_page_made_up_for_another_applicant_is_refused(self, office):
        neighbor, new, other = voucher(office), applicant(office), applicant(office, "Other")
        shown = look(office, neighbor.code, new.vouching_code)

        with pytest.raises(NotPossible):
            swear(office, replace(shown, vouching=replace(shown.vouching, applicant=row_id(office, other))))

    def test_nobody_vouches_while_the_election_is_suspended(self, office, town_map):
        neighbor, new = voucher(office), applicant(office)
        shown = look(office, neighbor.code, new.vouching_code)
        elections.create("minneapolis", town_map, DAY, by=CLERK, now=office.now)
        with transaction() as session:
            session.execute(text("UPDATE election SET suspended = true"))

        with pytest.raises(Suspended):
            look(office, neighbor.code, new.vouching_code)
        with pytest.raises(Suspended):
            swear(office, shown)


def test_nobody_is_vouched_for_under_another_name_than_the_page_showed(office):
    neighbor, new = voucher(office), applicant(office)
    shown = look(office, neighbor.code, new.vouching_code)
    applicant_id = row_id(office, new)
    with snapshot() as session:
        sealed = voters.find(session, applicant_id).sealed
    wanted = Change("name", {"name": "Another", "sort_name": "Another"}, "Another")
    own_changes.change(office.vault, office.city, applicant_id, wanted, version_of(sealed), office.now)

    with pytest.raises(NotPossible):
        vouching.swear(office.vault, office.city, shown.vouching, by=RESIDENT, now=office.now)


class TestTheLog:
    def test_each_side_has_entries_of_its_own_and_none_names_the_other(self, office):
        neighbor, new = voucher(office), applicant(office)
        ids = [row_id(office, one) for one in (neighbor, new)]
        vouch(office, neighbor.code, new.vouching_code)

        entries = rows("SELECT action, subject, count FROM log_entry WHERE action LIKE 'vouch%' ORDER BY id")
        subjects = [office.vault.index("log-subject", one) for one in ids]
        assert [(one["action"], subjects.index(one["subject"])) for one in entries] == [
            ("vouching-checked", 0), ("vouching-shown", 1),
            ("vouching-checked", 0), ("vouched", 0), ("vouched-for", 1)]  # fmt: skip
        said = [[str(look.what) for look in who_looked(office.vault, one, by=RESIDENT, now=office.now)] for one in ids]
        assert "You vouched for a neighbor." in said[0]
        assert "A neighbor vouched for you." in said[1]

    def test_the_read_is_logged_before_the_name_is_opened(self, office, monkeypatch):
        neighbor, new = voucher(office), applicant(office)
        logged = []

        def opening(vault, row, sealed):
            if row == row_id(office, new):
                logged.append(rows("SELECT * FROM log_entry WHERE action = 'vouching-shown'"))
            return opened(vault, row, sealed)

        opened = vouching.RECORD.open
        monkeypatch.setattr(vouching.RECORD, "open", opening)

        look(office, neighbor.code, new.vouching_code)

        assert [len(entries) for entries in logged] == [1]

    def test_no_table_holds_both_sides_of_a_pair(self, office):
        neighbor, new = voucher(office), applicant(office)
        ids = {row_id(office, one) for one in (neighbor, new)}
        vouch(office, neighbor.code, new.vouching_code)

        for table in ("vouching_code", "vouching_count", "vouching_try", "job", "log_entry", "decision"):
            for row in rows(f"SELECT * FROM {table}"):
                marks = ids | {office.vault.index("log-subject", one) for one in ids}
                assert len({one for one in marks if one in str(row)}) <= 1, table


def test_the_oath_is_in_words_that_can_be_translated_and_says_the_limit():
    lines = vouching.oath(load_pack("minneapolis"))

    assert len(lines) == 4
    assert "8 people" in str(lines[3])
    assert "Minneapolis" in str(lines[0])
    assert ANSWERS["name"] not in " ".join(map(str, lines))
