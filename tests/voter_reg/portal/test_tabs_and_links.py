"""Two tabs, the back button, the link to finish later, and leaving."""

import re
import time

from tests.voter_reg.portal.conftest import NAME, SIGN, Person, hidden
from voter_reg.portal.resume import ResumeLinks


def link_of(person):
    person.saved = person.send("/save").text
    return re.search(r"/resume/([^<\s]+)", person.saved)[1]


def code_of(person):
    return re.search(r'class="code">([^<]+)', person.saved)[1]


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

    answer = person.client.post("/review", data={**old, **SIGN})

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


def test_link_and_code_open_the_form_on_another_device_once(person, stranger):
    person.accept()
    person.live_at()
    sealed, code = link_of(person), code_of(person)

    page = stranger.get(f"/resume/{sealed}")
    assert page.status_code == 200
    assert "OAKLAND" not in page.text
    assert "__Host-draft" not in str(page.headers)

    assert stranger.send(f"/resume/{sealed}", code=code).location == "/name"
    assert stranger.get("/name").status_code == 200
    assert person.send(f"/resume/{sealed}", code=code).status_code == 422, "it works once"


def test_a_wrong_code_keeps_what_was_typed_and_says_what_to_do(person, stranger):
    person.accept()
    sealed = link_of(person)

    for typed in ("", "AAAAA-AAAAA", "x" * 10_000):
        answer = stranger.send(f"/resume/{sealed}", code=typed)
        assert answer.status_code == 422
        assert f'value="{typed[:40]}"' in answer.text or not typed
        assert "__Host-draft" not in str(answer.headers)


def test_the_page_with_the_link_is_the_only_one_with_the_code(person):
    person.up_to_review()
    page = person.send("/save").text

    assert "/resume/" in page
    assert "/resume/" not in person.get("/save").text, "a look at the page again shows neither"


def test_the_link_holds_no_answer(person):
    person.up_to_review()
    sealed = link_of(person).casefold()

    for secret in ("oakland", "khai", "1990"):
        assert secret not in sealed


def test_a_link_that_was_changed_or_never_made_says_so(person, stranger):
    person.accept()
    sealed = link_of(person)

    for wrong in (f"{sealed}x", "x", "a.b.c", "%00", sealed.replace(".", "-")):
        assert stranger.get(f"/resume/{wrong}").status_code == 410


def test_a_link_made_elsewhere_or_a_day_ago_opens_nothing(monkeypatch):
    here = ResumeLinks("a secret of this portal")
    sealed = here.seal("link")
    made = time.time()

    assert here.open(sealed) == "link"
    assert ResumeLinks("another secret").open(sealed) is None
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: made + 24 * 3600 + 2)
    assert here.open(sealed) is None


def test_a_form_left_alone_for_an_hour_is_not_shown_again_on_that_device(person, monkeypatch):
    person.accept()
    person.live_at()
    left = time.time()

    monkeypatch.setattr("voter_reg.portal.cookies.time.time", lambda: left + 59 * 60)
    assert person.get("/name").status_code == 200, "and each page counts anew"
    monkeypatch.setattr("voter_reg.portal.cookies.time.time", lambda: left + (59 + 61) * 60)
    answer = person.get("/name")
    assert answer.status_code == 403
    assert "Nobody used it for a while" in answer.text
    assert person.get("/name").status_code == 404, "the browser's cookie is taken back"


def test_what_is_typed_after_the_hour_is_taken_since_the_page_was_open(person, monkeypatch):
    person.accept()
    person.live_at()
    sent, left = {**hidden(person.get("/name")), **NAME}, time.time()

    monkeypatch.setattr("voter_reg.portal.cookies.time.time", lambda: left + 61 * 60)
    assert person.client.post("/name", data=sent).location == "/card"


def test_saying_that_one_is_still_here_counts_anew(person, monkeypatch):
    person.accept()
    person.live_at()
    token, left = hidden(person.get("/name"))["csrf_token"], time.time()

    monkeypatch.setattr("voter_reg.portal.cookies.time.time", lambda: left + 59 * 60)
    assert person.client.post("/still-here", headers={"X-CSRFToken": token}).status_code == 204


def test_a_shared_device_closes_after_five_minutes_and_stays_shared(person, monkeypatch):
    assert person.send("/shared-device", shared="yes").location == "/"
    person.accept()
    person.live_at()
    left = time.time()

    monkeypatch.setattr("voter_reg.portal.cookies.time.time", lambda: left + 4 * 60)
    assert "data-shared" in person.get("/name").text
    monkeypatch.setattr("voter_reg.portal.cookies.time.time", lambda: left + 10 * 60)
    assert person.get("/name").status_code == 403
    assert "This device is set up" in person.get("/shared-device").text


def test_whoever_starts_on_a_shared_device_after_that_finds_a_form_of_their_own(person, monkeypatch):
    person.send("/shared-device", shared="yes")
    person.accept()
    person.live_at()
    page, left = {**hidden(person.get("/name")), **NAME}, time.time()
    monkeypatch.setattr("voter_reg.portal.cookies.time.time", lambda: left + 10 * 60)

    assert person.client.post("/name", data=page).status_code == 403, "what the last person typed is not taken"
    assert person.accept().location == "/address"
    assert person.get("/address").text.count("33 Oakland") == 0


def test_nobody_revives_it_by_saying_that_they_are_still_here(person, monkeypatch):
    person.accept()
    person.live_at()
    token, left = hidden(person.get("/name"))["csrf_token"], time.time()
    monkeypatch.setattr("voter_reg.portal.cookies.time.time", lambda: left + 61 * 60)

    assert person.client.post("/still-here", headers={"X-CSRFToken": token}).status_code == 403
    assert person.get("/name").status_code == 404


def test_a_form_that_lay_for_long_is_not_taken_up_again_by_starting(person, monkeypatch):
    person.accept()
    person.live_at()
    left = time.time()
    monkeypatch.setattr("voter_reg.portal.cookies.time.time", lambda: left + 61 * 60)

    assert person.accept().location == "/address"
    assert person.get("/address").text.count("33 Oakland") == 0


def test_a_shared_device_offers_no_file_and_clears_itself_for_the_next_person(person):
    person.send("/shared-device", shared="yes")
    person.register()
    done = person.get("/done").text

    assert "download" not in done
    assert "Finish and clear this device" in done
    assert '"storage"' in person.send("/leave", page="/done").headers["Clear-Site-Data"]
    assert person.get("/done").status_code == 404


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
