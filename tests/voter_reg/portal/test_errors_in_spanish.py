"""When something is in the way, in Spanish: the right status, the page's language, what to do next, and the way out."""

import re

import pytest
from sqlalchemy import text

from tests.voter_reg.portal.conftest import NAME, SIGN, Person, hidden
from tests.voter_reg.portal.desk import GOOD_CARD, SLEEPING_CARD, MemoryDesk
from tests.voter_reg.portal.own_pages import BORN, signed_in, visible
from tests.voter_reg.town import card
from tests.voter_reg.web.test_uploads import form
from voter_reg.language import words
from voter_reg.portal.cookies import DRAFT_COOKIE
from voter_reg.portal.site import Offers
from voter_reg.store.db import db

MB = 1024 * 1024
SPANISH = words("es")


@pytest.fixture
def desk():
    return MemoryDesk(offers=Offers(uploads=True))


@pytest.fixture
def person(app):
    made = Person(app.test_client())
    made.get("/?lang=es")
    return made


def says_what_to_do(answer, status, *, title, next_step, leads_to=()):
    """The page of a problem: each sentence is Spanish and stands there, with what to press next and the way out."""
    page, shown = answer.text, visible(answer.text)
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert '<html lang="es" dir="ltr">' in page
    for sentence in (title, next_step):
        said = SPANISH.text(sentence)
        assert said != sentence, "there is no translation"
        assert said in shown
        assert sentence not in shown
    assert page.count("<h1>") == 1
    main = page[page.index("<main") : page.index("</main>")]
    assert re.findall(r'<a[^>]* href="(/[a-z]*)"', main[main.index("</h1>") :]) == list(leads_to)
    assert "data-exit" in page
    assert 'href="tel:6126732700"' in page, "the line that speaks Spanish"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_form_of_12_megabytes(person):
    person.accept()
    person.live_at()
    answer = person.client.post(
        "/name", data=b"name=" + b"x" * 12 * MB, content_type="application/x-www-form-urlencoded"
    )

    says_what_to_do(
        answer,
        413,
        title="That was too much to send",
        next_step="Go back and make it shorter. A file may have 10 MB at most. Your saved answers are kept.",
        leads_to=("/resume", "/"),
    )
    assert person.get("/resume").location == "/name"


@pytest.mark.parametrize(("size", "status"), [(12, 422), (40, 413)])
def test_a_photo_that_is_too_large(person, size, status):
    person.accept()
    person.live_at()
    person.be()
    fields = {**hidden(person.get("/papers")), "kind": "utility-bill"}
    sent = form(b"\xff\xd8\xff" + b"0" * size * MB, **fields)
    length = str(sent["input_stream"].getbuffer().nbytes)
    answer = person.client.post("/papers", **sent, environ_overrides={"CONTENT_LENGTH": length})

    assert answer.status_code == status
    assert '<html lang="es"' in answer.text
    assert "10 MB" in visible(answer.text)
    assert ("Lo que envió es demasiado" in answer.text) == (status == 413)
    assert person.get("/name").text.count(NAME["name"]) == 1


def test_too_many_tries_at_vouching(person):
    typed = {"code": "TRY00-00000", **BORN, "vouching_code": "7K2M-9QX4-TB3D"}

    says_what_to_do(
        person.send("/vouch", **typed),
        429,
        title="Please wait a little",
        next_step="Wait a few minutes and try again.",
        leads_to=("/vouch", "/"),
    )


def test_too_many_tries_at_ones_own_record_name_the_minute_to_try_again(me):
    me.get("/?lang=es")
    answers = [me.send("/record", code="WRONG-CODE1", **BORN) for _ in range(12)]

    assert {answer.status_code for answer in answers} == {422, 429}
    waits = answers[-1]
    assert waits.status_code == 429
    assert '<html lang="es"' in waits.text
    told = SPANISH.text("There were too many tries. To protect registrants, you have to wait. Try again at %(time)s.")
    assert told.split(".")[0] in visible(waits.text)
    assert re.search(r"\d{1,2}:\d\d", visible(waits.text))
    assert "There were too many tries" not in waits.text


class TestRegistryAway:
    def test_the_card_page_says_so_keeps_the_number_and_offers_papers(self, person):
        person.accept()
        person.live_at()
        person.be()
        answer = person.show_card(SLEEPING_CARD)
        shown = visible(answer.text)

        assert answer.status_code == 503
        assert '<html lang="es"' in answer.text
        for said in (
            "We cannot check cards right now",
            "Nothing is lost. Try again in a few minutes, or go on and show other papers.",
        ):
            assert SPANISH.text(said) in shown
            assert said not in shown
        assert f'value="{SLEEPING_CARD}"' in answer.text
        assert 'action="/way"' in answer.text
        assert person.show_card(GOOD_CARD).location == "/contact"

    def test_over_the_real_service_too_and_on_ones_own_record(self, own_portal, me, office):
        resident = Person(own_portal.test_client())
        resident.get("/?lang=es")
        resident.accept()
        resident.live_at("100 oak street")
        resident.be()
        first = resident.show_card(card(9))
        signed_in(me)
        me.get("/?lang=es")
        me.send("/record/address", address="100 ash street", signed="Amina")
        second = me.send("/record/card", card=card(9))

        for answer in (first, second):
            assert answer.status_code == 503
            assert '<html lang="es"' in answer.text
            assert SPANISH.text("We cannot check cards right now") in visible(answer.text)


class TestStopped:
    NEXT = (
        "Your saved answers are kept for 2 days from your last answer. You do not need to do anything. "
        "If you want to know more, call us."
    )

    @pytest.mark.parametrize("path", ["/", "/check", "/notice", "/name", "/review", "/done", "/vouch", "/resume"])
    def test_every_page_says_so(self, person, desk, path):
        person.accept()
        desk.stopped = True

        says_what_to_do(person.get(path), 503, title="Registration has stopped for now", next_step=self.NEXT)

    def test_what_is_sent_then_is_not_taken_and_one_may_leave(self, person, desk):
        person.up_to_review()
        fields = hidden(person.get("/review"))
        desk.stopped = True
        answer = person.client.post("/review", data={**fields, **SIGN})

        says_what_to_do(answer, 503, title="Registration has stopped for now", next_step=self.NEXT)
        assert desk.registered == []
        assert person.client.post("/leave", data={"csrf_token": fields["csrf_token"]}).location == "/left"

    def test_over_the_real_service(self, own_portal, office):
        resident = Person(own_portal.test_client())
        resident.get("/?lang=es")
        db.session.execute(text("UPDATE election SET suspended = true"))
        db.session.commit()
        office.later(seconds=2)

        says_what_to_do(resident.get("/"), 503, title="Registration has stopped for now", next_step=self.NEXT)


class TestErrorPages:
    def test_a_page_that_is_not_there(self, person):
        says_what_to_do(
            person.get("/no-such-page"),
            404,
            title="There is no such page",
            next_step="If you have a form open, it is still there.",
            leads_to=("/", "/check"),
        )

    def test_a_form_that_is_not_there(self, person):
        says_what_to_do(
            person.get("/name"),
            404,
            title="We can't find your form",
            next_step="If you saved a link, open it. If not, please start again.",
            leads_to=("/notice", "/"),
        )

    def test_a_way_that_the_page_does_not_know(self, person):
        answer = person.client.put("/name")

        says_what_to_do(
            answer,
            405,
            title="This page cannot be used that way",
            next_step="Nothing was changed.",
            leads_to=("/resume", "/"),
        )
        assert "POST" in answer.headers["Allow"]

    def test_a_page_that_was_open_too_long(self, person):
        person.accept()
        told = (
            "Go back to your form: what you saved is kept, and the page you were on can be sent again. "
            "If this comes back, your browser may be blocking cookies; the form needs one."
        )
        says_what_to_do(
            person.client.post("/address", data={"csrf_token": "old", "address": "33 Oakland Ave N"}),
            400,
            title="This page was open too long",
            next_step=told,
            leads_to=("/resume", "/"),
        )

    def test_a_form_closed_because_nobody_touched_it(self, person, monkeypatch):
        person.accept()
        at = person.client.get_cookie(DRAFT_COOKIE)
        assert at is not None
        monkeypatch.setattr("voter_reg.portal.cookies.time.time", lambda: 9_999_999_999.0)

        says_what_to_do(
            person.get("/address"),
            403,
            title="Your form is closed on this device",
            next_step="If you saved a link and a code, open the link. If not, please start again.",
            leads_to=("/notice", "/"),
        )
        assert person.client.get_cookie(DRAFT_COOKIE) is None

    def test_registration_that_is_closed(self, person, desk):
        person.up_to_review()
        desk.closed = True

        says_what_to_do(
            person.send("/review", **SIGN),
            409,
            title="Online registration is closed for now",
            next_step="Your form is kept. Call us to ask if you can still register in person.",
            leads_to=("/save", "/"),
        )

    def test_a_link_that_no_longer_works(self, person):
        says_what_to_do(
            person.get("/resume/not-all-of-it"),
            410,
            title="This link no longer works",
            next_step="Check that you copied all of it. If you did, please start again.",
            leads_to=("/notice", "/"),
        )

    def test_a_mistake_of_ours_tells_nothing_of_what_was_typed(self, person, desk, monkeypatch, caplog):
        person.accept()
        fields = hidden(person.get("/address"))
        monkeypatch.setattr(desk, "save", lambda *_: 1 / 0)
        answer = person.client.post("/address", data={**fields, "address": "33 Oakland Ave N"})

        says_what_to_do(
            answer,
            500,
            title="Something went wrong on our side",
            next_step="Go back to your form and try again in a few minutes. If it happens again, call us.",
            leads_to=("/resume", "/"),
        )
        assert "akland" not in (answer.text + caplog.text).lower()
        assert "ZeroDivisionError" not in answer.text
        assert "ZeroDivisionError" in caplog.text

    def test_the_language_is_the_browsers_where_none_was_chosen(self, app):
        stranger = app.test_client()
        headers = {"Accept-Language": "es-MX, en;q=0.5"}
        for path in ("/no-such-page", "/name", "/slip"):
            answer = stranger.get(path, headers=headers)
            assert (answer.status_code, '<html lang="es"' in answer.text, path) == (404, True, path)

    @pytest.mark.parametrize(
        ("asked", "given"),
        [
            ("es-MX, en;q=0.5", "es"),
            ("en-GB, es;q=0.5", "en"),
            ("so-SO", "so"),
            ("fr, HMN-latn;q=0.9, en;q=0.8", "hmn"),
            ("es;q=0, en;q=0.1", "en"),
            ("fr", "en"),
            ("*", "en"),
            ("", "en"),
        ],
    )
    def test_the_first_wish_that_the_city_speaks_counts(self, app, asked, given):
        page = app.test_client().get("/", headers={"Accept-Language": asked}).text

        assert f'<html lang="{given}"' in page
