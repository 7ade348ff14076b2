"""What papers the pages ask for: the place's own rule, and never a paper that it does not ask for."""

from dataclasses import replace
from html import unescape

import pytest

from eligibility import load_pack, pack_names
from tests.voter_reg.portal.conftest import Person, make_portal
from tests.voter_reg.portal.desk import MemoryDesk
from voter_reg.language import words
from voter_reg.portal.site import Offers
from voter_reg.proof_words import needed, who_documents
from voter_reg.service.registration import Receipt


def arrived(place, way):
    """Someone who has just registered in a place and still has to show papers; the last page."""
    desk = MemoryDesk(place, offers=Offers(uploads=True))
    person = Person(make_portal(desk).test_client())
    person.accept()
    (token,) = desk.rows
    draft, version = desk.rows[token]
    receipt = Receipt("K7QM-4XTD-9PWA", "waiting-for-papers", "", desk.now().isoformat(), way)
    desk.rows[token] = (replace(draft, receipt=receipt), version)
    return unescape(person.get("/done").text)


def at_the_card(place):
    person = Person(make_portal(MemoryDesk(place)).test_client())
    person.accept()
    person.live_at()
    person.be()
    return unescape(person.get("/card").text)


@pytest.mark.parametrize("place", pack_names())
def test_the_last_page_says_what_the_place_asks_for(place):
    assert needed(load_pack(place), words("en")) in arrived(place, "papers")


@pytest.mark.parametrize("place", pack_names())
def test_who_has_sent_papers_is_asked_to_come_in_only_where_every_rule_asks_who_they_are(place):
    asked = "Bring what shows who you are" in arrived(place, "uploaded")

    assert asked == (place not in {"burlington", "new-york-city", "winooski"})


@pytest.mark.parametrize("place", pack_names())
def test_the_list_of_papers_goes_with_the_rule(place):
    pack, page = load_pack(place), at_the_card(place)

    assert needed(pack, words("en")) in page
    assert ("<h2>Who you are</h2>" in page) == bool(who_documents(pack))
    for document in pack.residency_documents:
        assert document.title in page
    assert ("Not older than 30 days on election day" in page) == (place in {"minneapolis", "san-francisco"})
    assert ("(2 points)" in page) == (place == "san-francisco")
