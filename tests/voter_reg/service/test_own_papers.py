"""Own papers: the form byte for byte, letters on request, and more than code and birth date for the one on voting."""

import pytest

from eligibility import BadInput
from tests.voter_reg.officers import CLERK
from tests.voter_reg.service.own_person import CARD, actions, registered, rows
from tests.voter_reg.town import card
from voter_reg.service import own_papers
from voter_reg.service.own_limits import FREE, Wait
from voter_reg.service.own_papers import NotShown, PlainPapers
from voter_reg.service.own_record import NotSignedIn


@pytest.fixture
def me(office):
    return registered(office)


def form(me, voter_id=None):
    papers = PlainPapers(me.office.city.pack)
    return own_papers.own_form(me.office.vault, papers, voter_id or me.voter_id, now=me.office.now)


def letter(me, which, typed="", voter_id=None):
    office, papers = me.office, PlainPapers(me.office.city.pack)
    return own_papers.letter(office.vault, papers, voter_id or me.voter_id, which, typed, language="en", now=office.now)


def test_the_form_is_what_was_signed_byte_for_byte_with_changes_after_it(me):
    signed = me.look().record.signed_copy
    assert form(me).content.decode() == signed

    me.change("name", name="Amina Warsame", sort_name="Amina Warsame")
    content = form(me).content.decode()
    assert content.startswith(signed)
    assert content.endswith(me.look().record.amendments[0].text)


def test_file_names_tell_nothing(me):
    names = [form(me).file_name, letter(me, "rules").file_name, letter(me, "voting", CARD).file_name]

    assert not any(word in name for name in names for word in ("vot", "regist", "elect"))


def test_the_letter_on_the_rules_names_nobody_and_opens_nothing(me):
    voter_id, before = me.voter_id, len(actions())
    said = letter(me, "rules", voter_id=voter_id).content.decode()

    assert "Amina" not in said
    assert len(actions()) == before


def test_each_letter_tells_its_own_and_is_logged(me):
    assert "registered on" in letter(me, "registration").content.decode()
    assert "no record of whether" in letter(me, "voting", CARD).content.decode()
    assert {"registration-letter", "voting-letter"} <= set(actions())


@pytest.mark.parametrize("typed", ["", "x", "0" * 12, card(9), "é" * 4000, "\x00"])
def test_voting_is_not_told_by_code_and_birth_date_alone(me, typed):
    with pytest.raises(NotShown):
        letter(me, "voting", typed)

    assert actions()[-1] == "letter-refused"
    assert "voting-letter" not in actions()


def test_the_card_they_registered_with_is_enough_however_it_is_typed(me):
    assert letter(me, "voting", f" {CARD[:4]} {CARD[4:8]}-{CARD[8:]} ")


def test_a_code_from_the_office_works_once_for_one_person_that_day(office, me):
    other = registered(office, None)
    mine = own_papers.give_code(office.vault, me.voter_id, by=CLERK, now=office.now)
    with pytest.raises(NotShown):
        letter(other, "voting", mine)

    assert letter(me, "voting", mine.lower())
    with pytest.raises(NotShown):
        letter(me, "voting", mine)


@pytest.mark.parametrize(("seconds", "good"), [(8 * 3600 - 1, True), (8 * 3600, False)])
def test_a_code_from_the_office_ends(office, me, seconds, good):
    code = own_papers.give_code(office.vault, me.voter_id, by=CLERK, now=office.now)
    assert code not in str(rows("SELECT mark FROM own_code"))
    office.later(seconds=seconds)

    if good:
        assert letter(me, "voting", code)
    else:
        with pytest.raises(NotShown):
            letter(me, "voting", code)


def test_guesses_are_limited_and_right_ones_cost_nothing(me):
    for _ in range(FREE + 1):
        letter(me, "voting", CARD)
    for _ in range(FREE):
        with pytest.raises(NotShown):
            letter(me, "voting", card(9))

    with pytest.raises(Wait):
        letter(me, "voting", CARD)
    me.office.later(minutes=1)
    letter(me, "voting", CARD)


def test_who_has_no_card_on_the_record_needs_the_office(office):
    me = registered(office, None)

    with pytest.raises(NotShown):
        letter(me, "voting", CARD)


def test_there_is_no_other_letter_and_none_for_who_has_left(office, me):
    with pytest.raises(BadInput):
        letter(me, "history")
    voter_id = me.voter_id
    me.leave(voter_id)
    for which in ("registration", "voting"):
        with pytest.raises(NotSignedIn):
            letter(me, which, CARD, voter_id)
    with pytest.raises(BadInput):
        own_papers.give_code(office.vault, voter_id, by=CLERK, now=office.now)
