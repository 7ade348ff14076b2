"""What people are told before anything is asked, in Minneapolis and in the invented city; and "check" keeps nothing."""

import hashlib
import logging
import re

import pytest
from sqlalchemy import text

from tests.voter_reg.portal.conftest import SIGN, Person, make_portal
from tests.voter_reg.portal.desk import MemoryDesk
from tests.voter_reg.portal.own_pages import GETS, signed_in, visible
from voter_reg.demo import CITY
from voter_reg.demo.city import write_pack
from voter_reg.language import words
from voter_reg.service.polling_places import PollingPlace
from voter_reg.store.db import db

FORM = ("/", "/check", "/notice", "/address", "/contests/W-3%20P-04", "/name", "/card", "/contact", "/review", "/save",
        "/shared-device", "/vouch", "/vouch/done", "/record", "/nothing")  # fmt: skip
EXIT = re.compile(r'<(?:a class="exit[^"]*" href="/left" data-exit|button class="[^"]*" data-exit)>([^<]+)<')


TONGUES = {language: words(language) for language in ("en", "es")}
"""Two of the four: the invented city's pages are compiled for these tests alone."""


@pytest.fixture(scope="module", params=["minneapolis", CITY])
def desk(request, tmp_path_factory):
    if request.param == "minneapolis":
        return MemoryDesk()
    folder = tmp_path_factory.mktemp("demonstration") / "pack"
    write_pack(folder)
    return MemoryDesk(folder)


@pytest.fixture(scope="module")
def pages(desk):
    """Every page of the form, to the end of it."""
    person = Person(make_portal(desk, TONGUES).test_client())
    person.up_to_review()
    seen = {path: person.get(path).text for path in FORM}
    seen["mistakes"] = person.be(name="").text
    person.send("/review", **SIGN)
    seen["/done"] = person.get("/done").text
    return seen


def landing(desk, language):
    return Person(make_portal(desk, TONGUES).test_client()).get(f"/?lang={language}").text


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            "Last day online: October 16, 2029, 5:00 PM. After that you can still register in person, also on election",
        ),
        ("es", "Último día por internet: 16 de octubre de 2029, 5:00 pm."),
    ],
)
def test_the_first_page_names_the_last_day_and_minute_for_the_coming_election(desk, language, told):
    assert told in visible(landing(desk, language))


def test_after_an_election_its_day_is_not_named_any_more():
    desk = MemoryDesk(now=MemoryDesk().moment.replace(month=11, day=7))
    shown = visible(Person(make_portal(desk, TONGUES).test_client()).get("/").text)

    assert "2029" not in shown


def test_it_names_each_contest_that_is_not_on_this_list_and_who_would_give_them_up(desk, pages):
    shown = visible(pages["/"])
    place = "Minneapolis" if desk.pack.name == "Minneapolis" else CITY

    assert [contest.title for contest in desk.pack.outside if contest.title not in shown] == []
    assert f"{place} school board" in shown
    gives_up = (
        "Someone who may vote on the State's list has them there, and gives them up by being on this list instead."
    )
    assert gives_up in shown
    contests = visible(pages["/contests/W-3%20P-04"])
    for contest in desk.pack.outside:
        assert contest.title in contests
        assert contest.why in contests
    assert "gives them up by being on this list instead." in contests


def test_where_a_precinct_votes_stands_beside_its_contests_once_the_city_has_said_so(desk):
    at = "/contests/W-3%20P-04"
    assert "Your polling place" not in visible(Person(make_portal(desk).test_client()).get(at).text)

    desk.polling = {"W-3 P-04": PollingPlace("W-3 P-04", "River <b>Hall", "5 Main St", "")}
    page = Person(make_portal(desk).test_client()).get(at).text
    assert "Your polling place River <b>Hall 5 Main St" in visible(page)
    assert "River &lt;b&gt;Hall" in page


def test_it_says_that_this_is_not_the_states_form(desk, pages):
    told = "It is not the State's form, and it puts you on no list of the State."

    assert told in visible(pages["/"])
    assert "No es el formulario del Estado" in visible(landing(desk, "es"))


def test_it_says_for_how_many_months_a_record_and_the_lists_are_kept(desk):
    first = visible(Person(make_portal(desk).test_client()).get("/").text)

    for kind, told in (
        ("record", "go {} months after the election"),
        ("election", "The lists of an election: {} months"),
    ):
        assert told.format(desk.pack.retention[kind].latest.value.months) in first


def test_legal_help_stands_on_the_first_page_and_beside_the_notice_with_links(desk, pages):
    helpers = [line for line in desk.pack.help if line.kind == "legal-help"]
    assert len(helpers) == 3
    for path in ("/", "/notice"):
        for line in helpers:
            assert f'<a href="{line.href}" rel="noreferrer">{line.name}</a>' in pages[path], (path, line.name)
    assert "ask a lawyer or a legal help organization before you register" in visible(pages["/"])
    assert "talk to a lawyer first" in pages["/notice"]


def test_every_page_has_each_phone_line_to_press_and_the_relay_for_whoever_cannot_hear(desk, pages):
    lines = [line for line in desk.pack.help if line.kind != "legal-help"]
    assert {line.kind for line in lines} == {"phone", "relay"}
    for path, page in pages.items():
        for line in lines:
            dial = line.phone.replace("-", "")
            assert f'<a href="tel:{dial}">{line.phone}</a>' in page, (path, line.phone)
        assert "Relay and TTY – Minnesota Relay" in visible(page), path


@pytest.mark.parametrize("language", TONGUES)
def test_the_lines_are_named_in_the_language_of_the_page(desk, language):
    shown = visible(landing(desk, language))

    for line in desk.pack.help:
        assert desk.pack.say(line.name, language) in shown, line.name


def test_one_press_leaves_from_every_page_of_the_form(pages):
    for path, page in pages.items():
        assert EXIT.findall(page) == ["Leave this site"], path
        assert page.index("data-exit") < page.index("<main"), path


def test_one_press_leaves_from_every_page_of_ones_own_record(me):
    signed_in(me)
    for path in ("/record", *GETS):
        answer = me.get(path)
        if answer.status_code == 200:
            assert EXIT.findall(answer.text) == ["Leave this site"], path


def test_no_page_names_the_other_city(desk, pages):
    other = CITY if desk.pack.name == "Minneapolis" else "Minneapolis"

    for path, page in pages.items():
        assert other not in page, path
    for language in TONGUES:
        assert other not in landing(desk, language)


class TestCheck:
    TYPED = ("104 ash street", "104 ahs street", "104 Nowhere Road", "elm", "100 oak street\u202e")

    @pytest.fixture
    def visitor(self, own_portal):
        return Person(own_portal.test_client())

    def test_a_look_up_leaves_no_row_no_file_and_no_line_in_any_log(self, visitor, config, office, caplog, capfd):
        visitor.get("/check")
        before = kept(config)
        caplog.set_level(logging.DEBUG)
        for address in self.TYPED:
            visitor.send("/check", address=address)
            visitor.send("/ahead", page="/check", address=address)
        assert kept(config) == before
        told = caplog.text + "".join(capfd.readouterr())
        assert [word for word in ("104", "ash", "ASH", "Nowhere", "elm") if word in told] == []
        assert office.sent == []

    def test_the_answer_is_named_by_the_precinct_alone_and_no_cookie_holds_more(self, visitor):
        answer = visitor.send("/check", address="104 ash street")

        assert (answer.status_code, answer.location) == (303, "/contests/C-1")
        assert "ash" not in "".join(answer.headers.getlist("Set-Cookie")).lower()
        assert "104 ASH" not in visitor.get("/contests/C-1").text.upper()
        assert visitor.client.get_cookie("__Host-draft") is None

    def test_what_could_not_be_found_is_shown_again_and_kept_nowhere_else(self, visitor, config):
        visitor.get("/check")
        before = kept(config)
        answer = visitor.send("/check", address="104 Nowhere Road")

        assert answer.status_code == 422
        assert "104 Nowhere Road" in answer.text
        assert "Nowhere" not in visitor.get("/check").text
        assert kept(config) == before


def kept(config):
    """Each row of each table, and a digest of each file."""
    db.session.rollback()
    rows = {table.name: sorted(map(str, db.session.execute(text(f"SELECT * FROM {table.name}")).all()))
            for table in db.metadata.sorted_tables}  # fmt: skip
    files = {
        str(file): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(config.instance_dir.rglob("*"))
        if file.is_file() and not file.name.endswith(("-shm", "-wal"))
    }
    return rows, files
