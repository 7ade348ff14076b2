"""The limits of vouching: eight at an election however many come at once, tries counted, and everything expires."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from tests.voter_reg.officers import CLERK
from tests.voter_reg.service.neighbors import (
    applicant,
    at_once,
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
from tests.voter_reg.town import DAY, NOW
from voter_reg.service import demands, elections, vouching
from voter_reg.service.codes import new_vouching_code
from voter_reg.service.limits import TooMany
from voter_reg.service.scope import Scope
from voter_reg.service.vouching import NotPossible
from voter_reg.store.db import transaction


def stating(office, **said):
    """The town with a rule of vouching of its own, as a pack states it."""
    stated = {"same_precinct": True, "vouched_for_may_vouch": False, **said, "source": SimpleNamespace(cite="A law")}
    pack = office.city.pack
    proof = SimpleNamespace(ways=pack.proof.ways, source=pack.proof.source, vouching=SimpleNamespace(**stated))
    return replace(office.city, pack=replace(pack, proof=proof))


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

    def test_the_rule_comes_from_the_pack_or_from_minnesotas_law(self, office):
        assert vouching.rule(office.city.pack).most == 8
        assert "201.061, subd. 3" in vouching.rule(office.city.pack).cite
        assert vouching.rule(stating(office, most=3).pack) == vouching.Rule(3, True, False, "A law")

    def test_a_pack_that_says_three_lets_three(self, office):
        office.city = stating(office, most=3)
        neighbor = voucher(office)
        for number in range(3):
            vouch(office, neighbor.code, applicant(office, f"Neighbor {number}").vouching_code)

        with pytest.raises(NotPossible):
            look(office, neighbor.code, applicant(office, "Fourth").vouching_code)

    def test_a_pack_without_limits_lets_anyone_on_the_roll(self, office):
        office.city = stating(office, most=None, same_precinct=False, vouched_for_may_vouch=True)
        neighbor = voucher(office, address="300 OAK ST", split="A-3")
        new = [applicant(office, f"Neighbor {number}") for number in range(9)]
        for one in new:
            vouch(office, neighbor.code, one.vouching_code)
            office.later(minutes=1)

        vouch(office, new[0].code, applicant(office, "Another").vouching_code)
        assert [str(line) for line in vouching.oath(office.city.pack)] == [
            "I am registered to vote in Minneapolis city elections.",
            "I know this person, and I know that they live at the address shown here.",
        ]

    def test_nine_at_once_are_never_more_than_eight(self, office):
        neighbor = voucher(office)
        pages = [
            look(office, neighbor.code, applicant(office, f"Neighbor {number}").vouching_code) for number in range(9)
        ]

        outcomes = at_once(office, [lambda page=page: swear(office, page) for page in pages])

        assert sorted(str(type(one).__name__) for one in outcomes) == ["NoneType"] * 8 + ["NotPossible"]
        assert len(rows("SELECT id FROM voter WHERE state = 'active'")) == 9, "the voucher and eight others"
        assert sorted(row["count"] for row in rows("SELECT count FROM vouching_count")) == [1] * 8 + [8]

    def test_one_oath_sent_from_two_tabs_at_once_counts_once(self, office):
        neighbor, new = voucher(office), applicant(office)
        page = look(office, neighbor.code, new.vouching_code)

        assert at_once(office, [lambda: swear(office, page)] * 2) == [None, None]
        assert sorted(row["count"] for row in rows("SELECT count FROM vouching_count")) == [1, 1]


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
            session.execute(text("ALTER TABLE vouching_try RENAME TO away"))

        with pytest.raises(TooMany):
            look(office, "00000-00000", "0000-0000-0000")

        with transaction() as session:
            session.execute(text("ALTER TABLE away RENAME TO vouching_try"))
        with pytest.raises(NotPossible):
            look(office, "00000-00000", "0000-0000-0000")

    def test_many_at_once_get_no_more_than_one_after_another(self, office):
        neighbor = voucher(office)

        outcomes = at_once(office, [lambda: look(office, neighbor.code, "0000-0000-0000")] * 8)

        assert sorted(type(one).__name__ for one in outcomes) == ["NotPossible"] * 5 + ["TooMany"] * 3


class TestRemoving:
    def test_a_code_goes_after_fourteen_days_and_a_count_after_election_day(self, office):
        neighbor, new = voucher(office), applicant(office)
        vouch(office, neighbor.code, new.vouching_code)
        applicant(office, "Second")
        left = lambda: tuple(len(rows(f"SELECT * FROM vouching_{table}")) for table in ("code", "count"))  # noqa: E731 - a name for a look taken twice

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
