"""Vouching: eight a voucher and no ninth, the same precinct, one answer for whatever is wrong, and no pair anywhere."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from eligibility import load_pack
from tests.voter_reg.officers import CLERK
from tests.voter_reg.service.neighbors import applicant, look, swear, vouch, voucher
from tests.voter_reg.town import ANSWERS, DAY, NOW, card
from voter_reg.service import demands, elections, jobs, vouching
from voter_reg.service.actors import RESIDENT
from voter_reg.service.codes import new_vouching_code, plain_code
from voter_reg.service.limits import TooMany
from voter_reg.service.live import Suspended
from voter_reg.service.registration import Incomplete
from voter_reg.service.scope import Scope
from voter_reg.service.vouching import NotPossible
from voter_reg.service.who_looked import who_looked
from voter_reg.store import voters
from voter_reg.store.db import db, transaction

ELSEWHERE = {"address": "300 OAK ST", "split": "A-3"}


def rows(query):
    db.session.rollback()
    return [dict(row) for row in db.session.execute(text(query)).mappings()]


def state(office, receipt):
    index = office.vault.index("code", plain_code(receipt.code))
    (row,) = rows(f"SELECT id, state FROM voter WHERE code_index = '{index}'")
    return row["state"]


def row_id(office, receipt):
    index = office.vault.index("code", plain_code(receipt.code))
    return rows(f"SELECT id FROM voter WHERE code_index = '{index}'")[0]["id"]


def set_state(office, receipt, new):
    voter_id = row_id(office, receipt)
    with transaction() as session:
        voters.change_state(session, voter_id, new)


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
        assert [kind for kind, _ in office.sent] == ["tag-voter"]
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

        assert sorted(row["count"] for row in rows("SELECT count FROM vouching_count")) == [1, 8]
        assert len(office.sent) == 1

    def test_two_pages_open_at_once_count_once(self, office):
        neighbor, new = voucher(office), applicant(office)
        pages = [look(office, neighbor.code, new.vouching_code) for _ in range(2)]

        swear(office, pages[0])
        with pytest.raises(NotPossible):
            swear(office, pages[1])

        assert sorted(row["count"] for row in rows("SELECT count FROM vouching_count")) == [1, 8]

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


def vouched_for(office):
    neighbor, first, second = voucher(office), applicant(office, "First"), applicant(office, "Second")
    vouch(office, neighbor.code, first.vouching_code)
    return first.code, second.vouching_code, {}


def full(office):
    neighbor = voucher(office)
    for number in range(8):
        vouch(office, neighbor.code, applicant(office, f"Neighbor {number}").vouching_code)
    return neighbor.code, applicant(office, "Ninth").vouching_code, {}


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


class TestTheLimit:
    def test_the_eighth_may_and_the_ninth_may_not(self, office):
        neighbor = voucher(office)
        new = [applicant(office, f"Neighbor {number}") for number in range(9)]
        for one in new[:8]:
            vouch(office, neighbor.code, one.vouching_code)
            office.later(minutes=1)

        with pytest.raises(NotPossible):
            look(office, neighbor.code, new[8].vouching_code)
        assert [state(office, one) for one in new] == ["active"] * 8 + ["waiting"]

    def test_another_voter_of_the_precinct_has_a_count_of_their_own(self, office):
        _, word, _ = full(office)

        vouch(office, voucher(office, 2).code, word)

        assert [row["state"] for row in rows("SELECT state FROM voter WHERE state <> 'active'")] == []

    def test_at_the_next_election_the_count_begins_anew(self, office):
        code, _, _ = full(office)
        office.now = datetime(2029, 9, 1, 17, tzinfo=UTC)

        vouch(office, code, applicant(office, "Ninth").vouching_code)

        assert {str(row["expires_on"]) for row in rows("SELECT expires_on FROM vouching_count")} == {
            "2025-11-04", "2029-11-06"}  # fmt: skip

    def test_who_was_vouched_for_may_vouch_at_the_next_election(self, office):
        first, _, _ = vouched_for(office)
        office.now = datetime(2029, 9, 1, 17, tzinfo=UTC)

        vouch(office, first, applicant(office, "Third").vouching_code)

    def test_who_has_the_way_in_their_record_may_not_whatever_was_counted(self, office):
        new = applicant(office)
        set_state(office, new, "active")  # a reviewer did it: no count was kept

        with pytest.raises(NotPossible):
            look(office, new.code, applicant(office, "Second").vouching_code)

    @pytest.mark.parametrize("stated", [None, 3])
    def test_how_many_comes_from_the_pack_or_from_minnesotas_law(self, stated):
        pack = load_pack("minneapolis")
        proof = type("Proof", (), {"source": pack.proof.source, "vouching": type("V", (), {"most": stated})()})()

        found = vouching.most(replace(pack, proof=proof))

        assert found.number == (stated or 8)
        assert "201.061, subd. 3" in found.cite

    def test_nine_at_once_are_never_more_than_eight(self, office):
        neighbor = voucher(office)
        pages = [
            look(office, neighbor.code, applicant(office, f"Neighbor {number}").vouching_code) for number in range(9)
        ]

        outcomes = at_once(office, [lambda page=page: swear(office, page) for page in pages])

        assert sorted(str(type(one).__name__) for one in outcomes) == ["NoneType"] * 8 + ["NotPossible"]
        assert len(rows("SELECT id FROM voter WHERE state = 'active'")) == 9, "the voucher and eight others"
        assert {row["count"] for row in rows("SELECT count FROM vouching_count")} == {8}

    def test_one_oath_sent_from_two_tabs_at_once_counts_once(self, office):
        neighbor, new = voucher(office), applicant(office)
        page = look(office, neighbor.code, new.vouching_code)

        assert at_once(office, [lambda: swear(office, page)] * 2) == [None, None]
        assert sorted(row["count"] for row in rows("SELECT count FROM vouching_count")) == [1, 8]


def at_once(office, works):
    """Let each work go in a thread of its own at one moment; what they gave or raised."""
    gate, outcomes = threading.Barrier(len(works)), []

    def run(work):
        with office.app.app_context():
            gate.wait(10)
            try:
                outcomes.append(work())
            except Exception as problem:  # noqa: BLE001 - the test looks at what it was
                outcomes.append(problem)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


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


class TestTries:
    def test_a_code_can_be_tried_five_times_an_hour_whether_or_not_it_is_anyones(self, office):
        new = applicant(office)
        for real in (voucher(office).code, "00000-00000"):
            for _ in range(5):
                with pytest.raises(NotPossible):
                    look(office, real, f"{new_vouching_code()}")
            with pytest.raises(TooMany):
                look(office, real, new.vouching_code)

    def test_after_an_hour_there_is_room_again(self, office):
        neighbor, new = voucher(office), applicant(office)
        for _ in range(5):
            with pytest.raises(NotPossible):
                look(office, neighbor.code, "0000-0000-0000")
        office.later(minutes=59)
        with pytest.raises(TooMany):
            look(office, neighbor.code, new.vouching_code)
        office.later(minutes=1)

        vouch(office, neighbor.code, new.vouching_code)

    def test_a_vouching_code_can_be_tried_ten_times_an_hour(self, office):
        neighbor, new = voucher(office), applicant(office)
        for number in range(10):
            with pytest.raises(NotPossible):
                look(office, f"0000{number}-00000", new.vouching_code)

        with pytest.raises(TooMany):
            look(office, neighbor.code, new.vouching_code)

    def test_right_tries_are_not_counted(self, office):
        full(office)

        assert rows("SELECT * FROM vouching_try") == []

    def test_tries_that_cannot_be_counted_are_refused(self, office):
        with transaction() as session:
            session.execute(text("DROP TABLE vouching_try"))

        with pytest.raises(TooMany):
            look(office, "00000-00000", "0000-0000-0000")

    def test_many_at_once_get_no_more_than_one_after_another(self, office):
        neighbor = voucher(office)

        outcomes = at_once(office, [lambda: look(office, neighbor.code, "0000-0000-0000")] * 8)

        assert sorted(type(one).__name__ for one in outcomes) == ["NotPossible"] * 5 + ["TooMany"] * 3


class TestTheLog:
    def test_each_side_has_entries_of_its_own_and_none_names_the_other(self, office):
        neighbor, new = voucher(office), applicant(office)
        ids = [row_id(office, one) for one in (neighbor, new)]
        vouch(office, neighbor.code, new.vouching_code)

        entries = rows("SELECT action, subject, count FROM log_entry WHERE action LIKE 'vouch%' ORDER BY id")
        subjects = [office.vault.index("log-subject", one) for one in ids]
        assert [(one["action"], subjects.index(one["subject"])) for one in entries] == [
            ("vouching-checked", 0), ("vouching-shown", 1), ("vouched", 0), ("vouched-for", 1)]  # fmt: skip
        said = [[look.what for look in who_looked(office.vault, one, by=RESIDENT, now=office.now)] for one in ids]
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


class TestRemoving:
    def test_a_code_goes_after_fourteen_days_and_a_count_after_election_day(self, office):
        neighbor, new = voucher(office), applicant(office)
        vouch(office, neighbor.code, new.vouching_code)
        applicant(office, "Second")
        left = lambda: tuple(len(rows(f"SELECT * FROM vouching_{table}")) for table in ("code", "count"))  # noqa: E731

        for at, expected in (
            (NOW + timedelta(days=13, hours=23), (1, 2)),
            (NOW + timedelta(days=14), (0, 2)),
            (datetime(2025, 11, 5, 5, 59, tzinfo=UTC), (0, 2)),  # still election day in the city
            (datetime(2025, 11, 5, 6, 0, tzinfo=UTC), (0, 0)),
        ):
            vouching.remove_expired(office.city.today(at), at)
            assert left() == expected, at

    @pytest.mark.parametrize(
        ("scope", "codes"), [("everything", 2), ("election:minneapolis-2025-11-04", 2), ("voters:{}", 1)]
    )
    def test_what_a_hold_covers_stays(self, office, town_map, scope, codes):
        elections.create("minneapolis", town_map, DAY, by=CLERK, now=office.now)
        neighbor, new = voucher(office), applicant(office)
        vouch(office, neighbor.code, new.vouching_code)
        other = applicant(office, "Second")
        scope = Scope.read(scope.format(row_id(office, other)))
        entry = demands.Entry("subpoena", NOW.date(), "A court", "All of it.", scope)
        demands.log_demand(office.vault, office.city, entry, by=CLERK, now=office.now)

        vouching.remove_expired(office.city.today(NOW + timedelta(days=400)), NOW + timedelta(days=400))

        assert len(rows("SELECT * FROM vouching_code")) == codes
        assert len(rows("SELECT * FROM vouching_count")) == 2

    def test_tries_go_after_the_longest_limit(self, office):
        with pytest.raises(NotPossible):
            look(office, "00000-00000", "0000-0000-0000")

        vouching.remove_expired(office.city.today(NOW), NOW + timedelta(days=1))
        assert len(rows("SELECT * FROM vouching_try")) == 1
        vouching.remove_expired(office.city.today(NOW), NOW + timedelta(days=1, seconds=1))
        assert rows("SELECT * FROM vouching_try") == []


def test_the_oath_is_in_words_that_can_be_translated_and_says_the_limit():
    lines = vouching.oath(load_pack("minneapolis"))

    assert len(lines) == 4
    assert "8 people" in str(lines[3])
    assert "Minneapolis" in str(lines[0])
    assert ANSWERS["name"] not in " ".join(map(str, lines))
