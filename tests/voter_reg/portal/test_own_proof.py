"""What a registrant who waits sees of their review, and what they can do about it from their own record."""

from io import BytesIO

import pytest

from tests.voter_reg.portal.conftest import Person
from tests.voter_reg.portal.own_pages import signed_in, visible
from tests.voter_reg.residency.made_files import photo
from tests.voter_reg.reviewing import ONE, THREE, TWO, say
from voter_reg.service import review


@pytest.fixture
def waiting(own_portal, office, never_sampled):
    person = Person(own_portal.test_client())
    person.code = office.register().code
    return person


def send_paper(person, **values):
    paper = {"kind": "utility-bill", "paper": (BytesIO(photo()), "bill.jpg"), **values}
    return person.send("/record/proof", page="/record", **paper)


def shown(person):
    return visible(person.get("/record").text)


def test_who_has_to_come_in_is_told_until_when_and_by_what_number_the_office_knows_them(waiting, office):
    page = visible(signed_in(waiting))

    assert "We are waiting for your papers" in page
    assert "The last day for the next election is" in page
    assert waiting.code not in page


def test_what_more_is_needed_stands_on_the_record_with_its_date_and_can_be_sent(waiting, office):
    signed_in(waiting)
    say(office, "ask", missing=("newer-paper",))
    assert "We need something more from you by Thursday, September 11, 2025: A newer paper." in shown(waiting)

    assert send_paper(waiting).location == "/record"

    assert "A person looks at what you gave us. You have our answer by Thursday, September 11, 2025." in shown(waiting)


def test_a_refusal_says_why_and_a_second_look_is_asked_for_once(waiting, office):
    signed_in(waiting)
    send_paper(waiting)
    for reviewer in (ONE, TWO):
        say(office, "refuse", by=reviewer)
    page = shown(waiting)
    assert "We could not accept your papers." in page
    assert "The papers are older than the rule allows." in page
    assert "You can appeal until Monday, September 15, 2025." in page

    for _ in range(2):
        assert waiting.send("/record/appeal", page="/record").location == "/record"

    assert "You have our answer by Thursday, September 11, 2025." in shown(waiting)
    with pytest.raises(review.BadInput, match="another person"):
        say(office, "approve", by=ONE)
    say(office, "refuse", by=THREE)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"kind": "passport"}, "Choose which paper it is."),
        ({"paper": (BytesIO(b""), "")}, "Choose a photo or a PDF of the paper."),
        ({"paper": (BytesIO(b"<svg/>"), "a.svg")}, "drawing"),
    ],
)
def test_a_paper_that_cannot_be_taken_is_told_and_keeps_the_kind(waiting, values, said):
    signed_in(waiting)

    answer = send_paper(waiting, **values)

    assert (answer.status_code, said in visible(answer.text)) == (422, True)


def test_the_sixth_paper_is_refused_and_the_five_stay(waiting, office):
    signed_in(waiting)
    for _ in range(5):
        assert send_paper(waiting).status_code == 303

    answer = send_paper(waiting)

    assert (answer.status_code, "the most that we take" in visible(answer.text)) == (422, True)


def test_who_needs_nothing_is_led_back(me):
    signed_in(me)

    assert me.get("/record/proof").location == "/record"
    for path in ("/record/proof", "/record/appeal"):
        assert me.send(path, page="/record/name").location == "/record"
