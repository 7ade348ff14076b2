"""The voucher's pages: codes never come back, one answer for whatever is wrong, no oath without its tick."""

import re
from html import unescape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.voter_reg.portal.conftest import Person, make_portal
from tests.voter_reg.portal.desk import GOOD_CARD, VOUCHER_CODE, VOUCHING_CODE, MemoryDesk
from tests.voter_reg.service.neighbors import applicant, voucher
from voter_reg.apps import create_portal
from voter_reg.portal.vouch import NOT_POSSIBLE, PAGE_LIFETIME

RIGHT = {
    "code": VOUCHER_CODE,
    "birth_month": "1",
    "birth_day": "1",
    "birth_year": "1990",
    "vouching_code": VOUCHING_CODE,
}


def look(person, **changes):
    return person.send("/vouch", **{**RIGHT, **changes})


def page_of(answer):
    return unescape(re.search(r'name="page" value="([^"]*)"', answer.text)[1])


def swear(person, answer, **values):
    token = unescape(re.search(r'name="csrf_token" value="([^"]*)"', answer.text)[1])
    return person.client.post("/vouch/oath", data={"csrf_token": token, "page": page_of(answer), **values})


def test_a_voucher_sees_for_whom_swears_and_is_thanked_without_a_name(person, desk):
    answer = look(person)
    assert answer.status_code == 200
    assert "Zoë &lt;b&gt;Ødegård&lt;/b&gt;" in answer.text
    assert "33 OAKLAND AVE N" in answer.text
    assert answer.text.count("<li>") >= 4

    done = swear(person, answer, sworn="yes")

    assert (done.status_code, done.location) == (303, "/vouch/done")
    assert desk.sworn == ["applicant"]
    assert "degård" not in person.get("/vouch/done").text


def test_without_the_tick_nothing_is_sworn_and_the_page_is_shown_again(person, desk):
    again = swear(person, look(person))

    assert again.status_code == 422
    assert "Tick the line to swear the oath." in again.text
    assert desk.sworn == []
    assert swear(person, again, sworn="yes").location == "/vouch/done"


@pytest.mark.parametrize(
    "changes",
    [{"code": "00000-00000"}, {"vouching_code": "0000-0000-0000"}, {"birth_day": "2"}],
    ids=["code", "vouching code", "birth date"],
)
def test_whatever_is_wrong_has_one_answer(person, changes):
    answer = look(person, **changes)

    assert answer.status_code == 422
    assert str(NOT_POSSIBLE) in unescape(answer.text)
    assert answer.text.count('class="error"') == 1


def test_what_was_typed_comes_back_and_the_codes_do_not(person):
    for changes in ({"birth_day": "31", "birth_month": "2"}, {"birth_year": "1991"}):
        answer = look(person, **changes)

        assert f'value="{changes.get("birth_year", "1990")}"' in answer.text
        for code in (VOUCHER_CODE, VOUCHING_CODE):
            assert code not in re.sub("such as [^<.]+", "", answer.text)


@pytest.mark.parametrize(
    ("field", "typed"),
    [("code", ""), ("code", VOUCHING_CODE), ("code", "x" * 10_000), ("code", "7K2M9 QX4T\u0660"), ("code", "\0" * 10),
     ("vouching_code", ""), ("vouching_code", VOUCHER_CODE), ("vouching_code", "🗳" * 12), ("birth_year", "1800"),
     ("birth_month", "13"), ("birth_day", "")],
)  # fmt: skip
def test_what_can_be_nobodys_is_told_at_the_field_and_nobody_is_asked(person, desk, field, typed):
    answer = look(person, **{field: typed})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert desk.asked == []


def test_codes_may_be_typed_as_people_write_them(person):
    assert look(person, code=" 7k2m9 qx4tb", vouching_code="7k2m9qx4tb3d").status_code == 200


def test_too_many_tries_are_told_to_wait(person):
    answer = look(person, code="TRY00-00000")

    assert answer.status_code == 429
    assert "wait" in answer.text


@pytest.mark.parametrize("page", ["", "x", "x" * 5_000, "e30.abc.def", "\0"])
def test_a_page_that_was_not_made_here_is_refused(person, desk, page):
    token = re.search(r'name="csrf_token" value="([^"]*)"', person.get("/vouch").text)[1]
    answer = person.client.post("/vouch/oath", data={"csrf_token": unescape(token), "page": page, "sworn": "yes"})

    assert answer.status_code == 410
    assert desk.sworn == []


def test_a_page_is_good_for_half_an_hour(person, desk, monkeypatch):
    answer = look(person)
    monkeypatch.setattr("voter_reg.portal.vouch.PAGE_LIFETIME", -PAGE_LIFETIME)

    assert swear(person, answer, sworn="yes").status_code == 410
    assert desk.sworn == []


def test_what_ended_meanwhile_is_told_and_names_nobody(person, desk):
    answer = look(person)
    desk.vouching_ended = True

    ended = swear(person, answer, sworn="yes")

    assert ended.status_code == 409
    assert "degård" not in ended.text


def test_another_language_keeps_the_birth_date_and_asks_nobody(person, desk):
    answer = look(person, then="in-es")

    assert answer.status_code == 200
    assert 'lang="es"' in answer.text
    assert 'value="1990"' in answer.text
    assert VOUCHER_CODE not in answer.text.replace("7K2M9-QX4TB.", "")
    assert desk.asked == []


def test_the_oath_can_be_read_in_another_language_before_it_is_sworn(person, desk):
    answer = swear(person, look(person), then="in-es")

    assert answer.status_code == 200
    assert 'lang="es"' in answer.text
    assert desk.sworn == []
    assert swear(person, answer, sworn="yes").location == "/vouch/done"


def test_where_there_is_no_vouching_the_page_says_so():
    person = Person(make_portal(MemoryDesk("takoma-park")).test_client())

    page = person.get("/vouch").text

    assert "is not a way to register" in page
    assert 'name="vouching_code"' not in page


def test_no_code_stands_in_an_address(person):
    answer = look(person)
    done = swear(person, answer, sworn="yes")

    for location in (answer.request.path, answer.request.query_string.decode(), done.location):
        assert not {VOUCHER_CODE, VOUCHING_CODE} & set(location.split("/"))


def test_who_asked_to_be_vouched_for_is_shown_the_code_to_hand_out(person):
    person.accept()
    person.live_at()
    person.be()
    person.send("/way", page="/card", way="vouching")
    person.send("/contact")
    person.send("/review", signature="typed", typed_name="Nguyễn Thị Minh Khai", signed="yes")

    done = person.get("/done").text

    assert VOUCHING_CODE in done
    assert "Do not hand out the other code." in done
    assert GOOD_CARD not in done


@given(sent=st.dictionaries(st.sampled_from([*RIGHT, "birth_partly", "then"]), st.text(max_size=60)))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_answer_breaks_the_page(person, sent):
    assert look(person, **sent).status_code in {200, 422}


def test_over_the_service_a_neighbor_is_vouched_for(config, office):
    neighbor, new = voucher(office), applicant(office)
    person = Person(create_portal(config, clock=office.clock).test_client())

    answer = look(person, code=neighbor.code, vouching_code=new.vouching_code)
    assert "New Neighbor" in answer.text
    assert new.vouching_code not in page_of(answer)
    assert swear(person, answer, sworn="yes").location == "/vouch/done"
    assert swear(person, answer, sworn="yes").location == "/vouch/done", "sent twice, it counts once"
    again = look(person, code=neighbor.code, vouching_code=new.vouching_code)
    assert (again.status_code, "New Neighbor" in again.text) == (422, False)
