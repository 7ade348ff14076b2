"""From the first page to the code, without a script: the straight way, the ways back, and what goes wrong."""

import pytest

from eligibility import load_pack
from tests.voter_reg.portal.conftest import NAME, SIGN, Person, hidden, make_portal
from tests.voter_reg.portal.desk import GOOD_CARD, SIGNED, SLEEPING_CARD, STRANGE_CARD, MemoryDesk
from voter_reg.service.drafts import Stale
from voter_reg.service.registration import Closed, Incomplete


def test_the_landing_page_answers_without_asking_or_keeping_anything(person):
    answer = person.get("/")

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "<form" not in answer.text
    assert "We do not ask about citizenship or immigration status." in answer.text
    assert "Someone may guess it from this list." in answer.text


def test_the_whole_way_is_six_pages_and_ends_with_a_code(person, desk):
    assert person.accept().location == "/address"
    assert person.live_at(unit="4").location == "/contests/W-3%20P-04"
    contests = person.get("/contests/W-3%20P-04").text
    assert "City Council Member, Ward 3" in contests
    assert "Minneapolis school board" in contests
    assert person.be().location == "/card"
    assert person.show_card(f"{GOOD_CARD[:4]} {GOOD_CARD[4:8]}-{GOOD_CARD[8:]}").location == "/contact"
    review = person.get("/review").text
    assert "33 OAKLAND AVE N, 4" in review
    assert "<bdi>Nguyễn Thị Minh Khai</bdi>" in review
    assert person.send("/review", **SIGN).location == "/done"
    assert "K7QM-4XTD-9PWA" in person.get("/done").text

    (draft,) = desk.registered
    assert (draft.name, draft.birth, draft.resident_since) == (NAME["name"], "1990-01-01", "2019-05")
    assert (draft.split, draft.unit, draft.proof) == ("W-3 P-04", "4", "card")
    assert desk.asked == [(GOOD_CARD, "1990-01-01", "33 OAKLAND AVE N")]


def test_the_own_copy_is_what_was_signed_byte_for_byte(person):
    person.register()

    copy = person.get("/copy")

    assert copy.data == SIGNED.encode()
    assert copy.headers["Content-Disposition"].startswith("attachment;")


def test_who_has_no_card_registers_with_other_papers(person, desk):
    person.accept()
    person.live_at()
    person.be()
    assert person.send("/way", page="/card", way="papers").location == "/contact"
    assert "Papers, to be shown in person" in person.get("/review").text
    person.send("/review", **SIGN)

    assert "Bring your papers, with your code" in person.get("/done").text
    assert desk.registered[0].proof == "papers"


def test_nothing_is_asked_before_the_notice(person):
    for path in ("/address", "/name", "/card", "/review", "/done", "/copy", "/save", "/resume"):
        answer = person.get(path)
        assert answer.status_code == 404
        assert "find your form" in answer.text


def test_no_step_can_be_skipped(person):
    person.accept()
    assert person.get("/review").location == "/address"
    person.live_at()
    assert person.get("/card").location == "/name"
    assert person.send("/name", **NAME).location == "/card"
    assert person.get("/review").location == "/card"


def test_a_finished_form_cannot_be_opened_or_signed_again(person, desk):
    person.up_to_review()
    sent = {**hidden(person.get("/review")), **SIGN}
    first, second = person.client.post("/review", data=sent), person.client.post("/review", data=sent)

    assert (first.location, second.location) == ("/done", "/done")
    assert len(desk.registered) == 1
    assert person.get("/name").location == "/done"


def test_what_was_answered_is_shown_again_on_the_way_back(person):
    person.up_to_review()

    assert 'value="33 Oakland Ave N"' in person.get("/address").text
    page = person.get("/name").text
    assert 'value="Nguyễn Thị Minh Khai"' in page
    assert 'name="birth_year" value="1990"' in page


def test_another_birth_date_or_address_asks_for_the_card_again(person):
    person.up_to_review()
    assert person.be(birth_year="1991").location == "/card"
    person.show_card()
    person.live_at("33 Oakland Ave S")
    assert person.get("/review").location == "/card"


def test_another_name_alone_does_not(person):
    person.up_to_review()

    assert person.be(name="Minh Khai").location == "/contact"


@pytest.mark.parametrize(
    ("typed", "said"),
    [("33 Oakland", "More than one address matches"), ("33 Oaklnad Ave N", "Did you mean one of these?"),
     ("1 Nowhere", "find 1 Nowhere"), ("1 Main St, St Paul", "outside the city"), ("1 Line St", "close to a line"),
     ("corner of Lake and Oak", "I have no fixed address"),
     ("", "Enter your house number"), ("x" * 10_000, "too long"), ("😀" * 10_000, "too long"),
     ("33 Oak\x00land", "cannot read")],
)  # fmt: skip
def test_an_address_that_is_not_found_gets_one_clear_message_and_stays_typed(person, desk, typed, said):
    person.accept()
    answer = person.live_at(typed)

    assert answer.status_code == 422
    assert said in answer.text.replace("&#39;", "'")
    assert answer.text.count('<li><a href="#') == 1
    assert (f'name="address" value="{typed}"' in answer.text) == bool(typed)
    assert all(draft.address is None for draft, _ in desk.rows.values())


def test_one_of_several_addresses_is_chosen_by_a_radio_button(person):
    person.accept()
    answer = person.live_at("33 Oakland")
    assert 'type="radio" name="choice" value="33 OAKLAND AVE S"' in answer.text

    chosen = person.live_at("33 Oakland", choice="33 OAKLAND AVE S")

    assert chosen.location == "/contests/W-9%20P-02"


def test_who_chooses_none_of_them_types_again(person):
    person.accept()

    assert person.live_at("33 Oakland Ave N", choice="").location == "/contests/W-3%20P-04"


def test_every_mistake_of_a_page_is_told_at_once_and_nothing_typed_is_lost(person):
    person.accept()
    person.live_at()
    answer = person.be(name="😀", birth_day="31", birth_month="2", since_year="")

    assert answer.status_code == 422
    for field in ("name", "birth_day", "since_year"):
        assert f'<a href="#{field}">' in answer.text
        assert f'id="{field}-error"' in answer.text
        assert f'{field}-error"' in answer.text.split(f'id="{field}"', 1)[1].split(">", 1)[0]
    assert 'name="name" value="😀"' in answer.text
    assert 'name="birth_day" value="31"' in answer.text


def test_typed_markup_is_shown_as_text(person):
    person.accept()
    person.live_at()
    answer = person.be(name='"><script>alert(1)</script>')

    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text


def test_a_wrong_an_expired_and_another_person_s_card_get_one_answer(person, desk):
    person.accept()
    person.live_at()
    person.be()
    answer = person.show_card(STRANGE_CARD)

    assert answer.status_code == 422
    assert "We could not confirm this card with this birth date and address." in answer.text
    assert all(draft.proof is None and STRANGE_CARD not in str(draft) for draft, _ in desk.rows.values())


@pytest.mark.parametrize("typed", ["", "1", "100000000017", "abc", "1" * 10_000, "１０００００００００１６x"])
def test_what_cannot_be_a_card_is_never_sent_to_the_registry(person, desk, typed):
    person.accept()
    person.live_at()
    person.be()

    assert person.show_card(typed).status_code == 422
    assert desk.asked == []


def test_a_registry_that_is_away_leads_to_other_papers(person):
    person.accept()
    person.live_at()
    person.be()
    answer = person.show_card(SLEEPING_CARD)

    assert answer.status_code == 503
    assert "Nothing is lost" in answer.text
    assert "Papers, to be shown in person" in answer.text


def test_nothing_is_signed_without_the_signature(person, desk):
    person.up_to_review()
    answer = person.send("/review")

    assert answer.status_code == 422
    assert "Tick the last line to sign." in answer.text
    assert desk.registered == []


def test_who_will_be_too_young_sees_it_before_signing(person):
    person.accept()
    person.live_at()
    person.be(birth_year="2015")
    person.show_card()

    review = person.get("/review").text

    assert "You must be 18 on election day. From your birth date we can be sure of 14." in review
    assert "Not at this election." in review


def test_san_francisco_asks_for_its_own_statements_and_registers_only_who_swears_them():
    desk = MemoryDesk("san-francisco")
    person = Person(make_portal(desk).test_client())
    person.up_to_review()
    review = person.get("/review").text
    assert load_pack("san-francisco").wording("guardian") in review

    refused = person.send("/review", **SIGN, sworn="guardian")
    assert refused.status_code == 422
    assert 'id="sworn-intends-to-remain-error"' in refused.text
    assert 'value="guardian" checked' in refused.text

    person.send("/review", **SIGN, sworn=["guardian", "intends-to-remain", "made-up"])
    assert desk.registered[0].sworn == ("guardian", "intends-to-remain")


def test_after_the_deadline_the_form_is_kept_and_the_page_says_why(person, desk):
    person.up_to_review()

    def closed(*_):
        raise Closed(desk.now())

    desk.submit = closed
    answer = person.send("/review", **SIGN)

    assert answer.status_code == 409
    assert "Online registration is closed" in answer.text
    assert person.get("/review").status_code == 200


def test_a_step_that_was_emptied_meanwhile_is_asked_again(person, desk):
    person.up_to_review()

    def incomplete(*_):
        raise Incomplete("name")

    desk.submit = incomplete

    assert person.send("/review", **SIGN).status_code == 303


def test_a_card_checked_while_another_tab_saves_is_a_matter_of_two_tabs(person, desk):
    person.accept()
    person.live_at()
    person.be()

    def slower(*_):
        raise Stale

    desk.check_card = slower
    answer = person.show_card()

    assert answer.status_code == 409
    assert GOOD_CARD not in answer.text
    assert "Use what I just sent" not in answer.text


def test_a_letter_that_looks_like_another_does_not_hide_an_address_and_stays_as_typed_in_a_name(own_portal):
    person, name = Person(own_portal.test_client()), "S\u0430ra Kim"  # a Cyrillic a, as below a Cyrillic O
    person.accept()

    assert person.live_at("100 \u041eak Street").location == "/contests/A-1"
    person.be(name=name)
    person.show_card()
    assert f"<bdi>{name}</bdi>" in person.get("/review").text
