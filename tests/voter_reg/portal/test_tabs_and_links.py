"""Two tabs, the back button, the link to finish later, and leaving."""

import re
from datetime import timedelta

from tests.voter_reg.portal.conftest import NAME, Person, hidden
from voter_reg.portal.resume import ResumeLinks


def link_of(person):
    return re.search(r"/resume/([^<\s]+)", person.get("/save").text)[1]


def test_the_slower_of_two_tabs_is_told_and_may_choose(person, desk):
    person.accept()
    person.live_at()
    old_tab = hidden(person.get("/name"))
    person.be(name="From the new tab")

    answer = person.client.post("/name", data={**old_tab, **NAME, "name": "From the old tab"})

    assert answer.status_code == 409
    assert "Another tab is newer" in answer.text
    assert 'name="name" value="From the old tab"' in answer.text
    assert [draft.name for draft, _ in desk.rows.values()] == ["From the new tab"]

    person.client.post("/name", data={**hidden(answer), **NAME, "name": "From the old tab"})
    assert [draft.name for draft, _ in desk.rows.values()] == ["From the old tab"]


def test_sending_the_same_page_twice_is_no_conflict(person):
    person.accept()
    person.live_at()
    sent = {**hidden(person.get("/name")), **NAME}

    assert person.client.post("/name", data=sent).location == "/card"
    assert person.client.post("/name", data=sent).location == "/card"


def test_a_review_older_than_a_change_is_not_signed(person, desk):
    person.up_to_review()
    old = hidden(person.get("/review"))
    person.be(name="Someone changed it")

    answer = person.client.post("/review", data={**old, "signed": "yes"})

    assert answer.status_code == 409
    assert desk.registered == []


def test_starting_again_goes_on_with_the_form_that_is_there(person, desk):
    person.accept()
    person.live_at()

    assert person.accept().location == "/name"
    assert len(desk.rows) == 1


def test_save_and_finish_later_keeps_a_good_answer_and_shows_the_link(person, desk):
    person.accept()
    answer = person.live_at(then="save")

    assert answer.location == "/save"
    assert [draft.address for draft, _ in desk.rows.values()] == ["33 OAKLAND AVE N"]
    assert "Your address" in person.get("/save").text


def test_save_and_finish_later_is_never_held_up_by_a_mistake(person):
    person.accept()
    person.live_at()

    assert person.be(name="", then="save").location == "/save"


def test_the_link_opens_the_form_on_another_device_only_after_a_press(person, stranger):
    person.accept()
    person.live_at()
    sealed = link_of(person)

    page = stranger.get(f"/resume/{sealed}")
    assert page.status_code == 200
    assert "OAKLAND" not in page.text
    assert "__Host-draft" not in str(page.headers)

    assert stranger.send(f"/resume/{sealed}").location == "/name"
    assert stranger.get("/name").status_code == 200


def test_the_link_holds_no_answer(person):
    person.up_to_review()
    sealed = link_of(person).casefold()

    for secret in ("oakland", "khai", "1990"):
        assert secret not in sealed


def test_a_link_that_was_changed_forgotten_or_never_made_says_so(person, stranger):
    person.accept()
    sealed = link_of(person)

    for wrong in (f"{sealed}x", "x", "a.b.c", "%00", sealed.replace(".", "-")):
        assert stranger.get(f"/resume/{wrong}").status_code == 410
    person.send("/leave", page="/address")
    assert stranger.get(f"/resume/{sealed}").status_code == 410


def test_a_link_ends_with_the_draft_it_opens():
    token = "t" * 43

    assert (
        ResumeLinks("secret", timedelta(days=14)).open(ResumeLinks("secret", timedelta(days=14)).seal(token)) == token
    )
    assert (
        ResumeLinks("secret", timedelta(seconds=-1)).open(ResumeLinks("secret", timedelta(days=1)).seal(token)) is None
    )
    assert ResumeLinks("other", timedelta(days=14)).open(ResumeLinks("secret", timedelta(days=14)).seal(token)) is None


def test_leaving_forgets_the_form_here_and_on_the_server(person, desk):
    person.accept()
    person.live_at()
    answer = person.send("/leave", page="/name")

    assert answer.location == "/left"
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert desk.rows == {}
    assert person.get("/name").status_code == 404


def test_the_page_after_leaving_says_nothing_of_what_was_here(person):
    page = person.get("/left").text

    for word in ("vote", "registr", "ballot", "election"):
        assert word not in page.casefold()


def test_another_site_cannot_clear_someone_s_form(person):
    answer = person.client.get("/left", headers={"Sec-Fetch-Site": "cross-site"})

    assert "Clear-Site-Data" not in answer.headers


def test_every_page_of_the_form_has_a_way_out(person):
    person.accept()
    person.live_at()
    person.be()
    person.show_card()
    for path in ("/notice", "/address", "/contests/W-3%20P-04", "/name", "/card", "/review", "/save"):
        page = person.get(path).text
        assert 'action="/leave"' in page, path
    for path in ("/address", "/name", "/card", "/review", "/contests/W-3%20P-04"):
        assert "Save and finish later" in person.get(path).text, path


def test_checking_an_address_keeps_nothing(app, desk):
    person = Person(app.test_client())
    answer = person.send("/check", address="33 Oakland Ave S")

    assert answer.location == "/contests/W-9%20P-02"
    assert "__Host-draft" not in str(answer.headers)
    assert desk.rows == {}
    page = person.get(answer.location).text
    assert "City Council Member, Ward 9" in page
    assert "OAKLAND" not in page


def test_checking_while_a_form_is_open_leaves_the_form_alone(person):
    person.accept()
    person.live_at()
    person.send("/check", address="33 Oakland Ave S")

    page = person.get("/contests/W-9%20P-02").text
    assert "Back to your form" in page
    assert 'value="33 Oakland Ave N"' in person.get("/address").text


def test_the_contests_of_no_split_are_no_page(person):
    assert person.get("/contests/W-99%20P-99").status_code == 404
    assert person.get("/contests/../etc").status_code == 404
