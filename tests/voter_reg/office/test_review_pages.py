"""The review room through its pages, over the real service: queue, item, pictures with a name in them, decisions."""

import html
import io
import re
from dataclasses import replace

import pytest
from PIL import Image, ImageChops
from sqlalchemy import text

from eligibility import load_pack, pack_names
from tests.voter_reg.office.town_office import town_office
from tests.voter_reg.papers import picture, register_with_papers
from tests.voter_reg.town import Office
from voter_reg.language import words
from voter_reg.office.front import EXTENSION
from voter_reg.office.paper_image import marked
from voter_reg.proof_words import needed, who_documents
from voter_reg.roles import Role
from voter_reg.service import review
from voter_reg.store.db import db

CHECKS = ["name", "address"]
CARD, BILL, LEASE = "identity_school-id_1", "residency_utility-bill_1", "residency_lease_1"
ENOUGH = {"answer": "approve", "checks": CHECKS, "papers": [CARD, BILL], f"dated_{BILL}": "2025-10-20"}
REFUSAL = {"answer": "refuse", "reason": "too-old", "note": "It is of last year."}


@pytest.fixture
def town(tmp_path, town_map, monkeypatch):
    monkeypatch.setattr(review, "SECOND_LOOK_ONE_IN", 2**40)
    with town_office(tmp_path / "instance", town_map) as opened:
        for name, role in (("rio", Role.REVIEWER), ("ren", Role.REVIEWER), ("hana", Role.HEAD_JUDGE)):
            opened.enrol(name, role)
        yield opened


def waits(town, name="Amina Yusuf", kinds=("utility-bill",)):
    """Someone registers and waits; the path of their review."""
    town.later(seconds=1)
    with Office(town.config, town.now).open() as office:
        register_with_papers(office, kinds, picture(), name=name)
        db.session.rollback()
        newest = "SELECT id FROM review ORDER BY opened_at DESC LIMIT 1"
        return f"/proofs/{db.session.execute(text(newest)).scalar_one()}"


def rows(town, statement):
    with town.app.app_context():
        found = [tuple(row) for row in db.session.execute(text(statement))]
        db.session.rollback()
    return found


def version(person, path):
    return re.search(r'name="version" value="(\d+)"', person.get(path).text)[1]


def decide(person, path, **values):
    return person.send(f"{path}/decide", page=path, version=version(person, path), **values)


def test_a_reviewer_finds_the_item_approves_it_and_is_led_to_the_next(town):
    first = waits(town)
    town.later(hours=1)
    second = waits(town, "Hodan Nur")
    person = town.signed_in("rio")
    home, queue = person.get("/").text, person.get("/proofs").text
    assert "Proofs of residency to review" in home
    assert queue.index(first) < queue.index(second)
    assert "Amina" not in queue

    page = person.get(first).text
    for shown in (
        "Amina Yusuf",
        "1990-01-01",
        "100 OAK ST",
        "Bill for phone",
        "within 30 days of November 4",
        "paper 1 on this",
    ):
        assert shown in page
    done = decide(person, first, **ENOUGH)

    assert done.location == "/proofs?done=approved"
    after = person.get(done.location).text
    assert "the papers are destroyed" in after
    assert f'<a class="button" href="{second}" autofocus>Next one</a>' in after
    assert sorted(rows(town, "SELECT state FROM voter")) == [("active",), ("waiting",)]
    assert rows(town, "SELECT count(*) FROM paper") == [(1,)]


def test_opening_an_item_and_each_page_of_it_is_in_the_log(town):
    path = waits(town)
    person = town.signed_in("rio")

    page = person.get(path).text
    for sheet in re.findall(r'<img src="([^"]+)"', page):
        assert person.get(sheet).status_code == 200

    found = rows(town, "SELECT actor, role, action FROM log_entry WHERE action LIKE 'review%' ORDER BY id")
    assert found == [("staff:rio", "reviewer", "review"), ("staff:rio", "reviewer", "review-page")]


def test_a_page_is_a_jpeg_that_is_not_stored_nor_offered_as_a_file_and_bears_the_readers_name(town):
    path = waits(town)
    answer = town.signed_in("rio").get(f"{path}/papers/1/1")

    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == "inline"
    assert "filename" not in str(answer.headers)
    other = town.signed_in("ren").get(f"{path}/papers/1/1")
    assert len({answer.data, other.data, picture()}) == 3


def test_who_stands_here_is_found_by_their_code_and_a_code_of_nobody_or_of_who_is_done_finds_no_one(town):
    with Office(town.config, town.now).open() as office:
        code = office.register(name="Luis Vang").code
    person = town.signed_in("rio")
    assert "Waits for the person to come" in person.get("/proofs").text

    sent = person.send("/proof-by-code", page="/proofs", code=code.lower().replace("-", " "))

    assert re.fullmatch("/proofs/[0-9a-f]{16}", sent.location)
    page = person.get(sent.location).text
    assert "Luis Vang" in page
    assert "Nothing was sent" in page
    done = decide(person, sent.location, answer="approve", checks=CHECKS, papers=[CARD, LEASE])
    assert done.location == "/proofs?done=approved"
    for wrong in (code, "", "AAAA-BBBB-CCCC", "ü"):
        answer = person.send("/proof-by-code", page="/proofs", code=wrong)
        assert (answer.status_code, "No one with this code" in answer.text) == (422, True)


def test_facility_staff_bring_a_number_that_finds_the_review_and_opens_nothing_else(town):
    with Office(town.config, town.now).open() as office:
        token, draft, version_now = office.draft(proof="facility-staff")
        receipt = office.submit(token, draft, version_now)
    person = town.signed_in("rio")

    sent = person.send("/proof-by-code", page="/proofs", code=receipt.reference.lower())

    assert sent.location.startswith(f"/proofs/{receipt.reference.replace('-', '').lower()}")
    assert receipt.code not in receipt.reference


def test_a_refusal_is_found_by_the_code_and_its_appeal_is_entered(town):
    path = waits(town)
    for name in ("rio", "ren"):
        decide(town.signed_in(name), path, **REFUSAL)
    number = path.removeprefix("/proofs/")[:8]
    person = town.signed_in("rio")

    found = person.send("/proof-by-code", page="/proofs", code=f"{number[:4]}-{number[4:]}")

    assert f"{number} was refused, and may be appealed" in found.text
    assert person.send(f"{path}/appeal", page="/proofs").location == "/proofs?done=waiting"


@pytest.mark.parametrize("wrong", ["papers/1/2", "papers/2/1", "papers/0/1", "papers/1/0", "papers/x/1", "papers/-1/1"])
def test_a_page_that_is_not_there_is_missing(town, wrong):
    path = waits(town)

    assert town.signed_in("rio").get(f"{path}/{wrong}").status_code == 404


def test_a_second_person_decides_on_their_own_and_the_first_one_cannot_open_it_again(town):
    path = waits(town)
    first, second = town.signed_in("rio"), town.signed_in("ren")

    assert decide(first, path, **REFUSAL).location == "/proofs?done=second"
    assert first.get(path).status_code == 404
    assert first.get(f"{path}/papers/1/1").status_code == 404
    assert "(not yours)" in first.get("/proofs").text

    page = second.get(path).text
    assert "Someone else has decided" in page
    assert "last year" not in page
    assert decide(second, path, **REFUSAL).location == "/proofs?done=refused"
    assert "may be appealed" in second.get("/proofs").text


def test_where_two_disagree_the_head_judge_sees_both_and_nothing_else(town):
    path, other = waits(town), waits(town, "Hodan Nur")
    hana = town.signed_in("hana")
    assert "Nothing waits" in hana.get("/proofs").text
    assert hana.get(path).status_code == 404
    decide(town.signed_in("rio"), path, **REFUSAL)
    decide(town.signed_in("ren"), path, **ENOUGH)

    page = hana.get(path).text
    assert "It is of last year." in page
    assert "Ask for more" not in page
    assert hana.get(other).status_code == 404
    assert decide(hana, path, **ENOUGH).location == "/proofs?done=approved"


def test_an_appeal_that_is_entered_here_goes_to_someone_new(town):
    path = waits(town)
    first, second = town.signed_in("rio"), town.signed_in("ren")
    decide(first, path, **REFUSAL)
    decide(second, path, **REFUSAL)
    assert first.get(path).status_code == 404

    done = first.send(f"{path}/appeal", page="/proofs")

    assert done.location == "/proofs?done=waiting"
    for person in (first, second):
        assert person.get(path).status_code == 404
        assert "Appealed: waits for someone new" in person.get("/proofs").text
    assert first.send(f"{path}/appeal", page="/proofs").status_code == 404


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({}, "Choose one answer."),
        ({"answer": "burn"}, "Choose one answer."),
        ({"answer": "approve"}, "The place’s rule is not met yet. It lacks"),
        ({**ENOUGH, "checks": ["name"]}, "Each point of the list must be met"),
        ({**ENOUGH, "papers": [BILL]}, "One more paper that shows who they are"),
        ({**ENOUGH, f"dated_{BILL}": "2025-09-01"}, "Not counted, since too old or without its date: Bill"),
        ({**ENOUGH, f"dated_{BILL}": "last week"}, "Write the date on a paper like 2026-11-24."),
        ({**ENOUGH, "papers": ["identity_passport_1"]}, "names a paper that is not on the place’s list"),
        ({**ENOUGH, "papers": ["x", "", "_", "identity_"]}, "names a paper that is not on the place’s list"),
        ({**ENOUGH, "papers": [CARD, BILL, "sworn-statement"]}, "takes no sworn statement"),
        ({"answer": "approve", "checks": ["passport"]}, "names a point that is not on the list"),
        ({"answer": "ask"}, "Say what is missing"),
        ({"answer": "refuse", "reason": "too-old"}, "a note that says what you saw"),
        ({"answer": "refuse", "note": "So."}, "one of the reasons"),
        ({**REFUSAL, "note": "x" * 1001}, "more than 1000"),
    ],
)
def test_what_is_not_whole_is_said_and_what_was_typed_stays(town, values, says):
    path = waits(town)
    person = town.signed_in("rio")

    answer = decide(person, path, **values)

    assert answer.status_code == 422
    assert says.lower() in answer.text.lower()
    if "note" in values:
        assert values["note"] in answer.text
    assert rows(town, "SELECT state, version FROM review") == [("waiting", 1)]


def test_who_was_slower_looks_again(town):
    path = waits(town)
    slow, quick = town.signed_in("rio"), town.signed_in("ren")
    seen = version(slow, path)
    decide(quick, path, answer="ask", missing=["newer-paper"])

    answer = slow.send(f"{path}/decide", page=path, version=seen, **ENOUGH)

    assert answer.status_code == 409
    assert "Someone else was faster" in answer.text


def by_the_rule_of(town, monkeypatch, place):
    """The office decides by another place's pack from here on."""
    desk = town.app.extensions[EXTENSION]
    pack = load_pack(place)
    moved = replace(desk.bench, city=lambda: replace(desk_city, pack=pack))
    with town.app.app_context():
        desk_city = desk.bench.city()
    monkeypatch.setattr(desk, "bench", moved)


@pytest.mark.parametrize("place", pack_names())
def test_the_page_lists_each_places_papers_and_a_date_only_where_an_age_is_set(town, monkeypatch, place):
    path = waits(town, kinds=())
    by_the_rule_of(town, monkeypatch, place)
    pack = load_pack(place)

    page = html.unescape(town.signed_in("rio").get(path).text)

    keys = re.findall(r'name="papers" value="([^"]+)"', page)
    asked = [("identity", one) for one in who_documents(pack)] + [
        ("residency", one) for one in pack.residency_documents
    ]
    assert {key.rpartition("_")[0] for key in keys} - {""} == {f"{half}_{one.id}" for half, one in asked}
    assert ("sworn-statement" in keys) == ("sworn-statement" in pack.proof.ways)
    dated = {key.rpartition("_")[0] for key in re.findall(r'name="dated_([^"]+)"', page)}
    assert dated == {f"residency_{one.id}" for one in pack.residency_documents if one.within_days}
    assert needed(pack, words("en")) in page


def test_a_paper_with_an_address_alone_does_where_the_place_asks_for_nothing_else(town, monkeypatch):
    path = waits(town, kinds=())
    by_the_rule_of(town, monkeypatch, "burlington")
    person = town.signed_in("rio")

    assert decide(person, path, answer="approve", checks=CHECKS).status_code == 422
    done = decide(person, path, answer="approve", checks=CHECKS, papers=["residency_paper-with-address_1"])
    assert done.location == "/proofs?done=approved"


def test_points_are_counted_where_the_place_counts_them_and_what_was_ticked_stays_ticked(town, monkeypatch):
    path = waits(town, kinds=())
    by_the_rule_of(town, monkeypatch, "san-francisco")
    person, bill = town.signed_in("rio"), "residency_utility-bill_1"
    ticked = {"answer": "approve", "checks": CHECKS, f"dated_{bill}": "2026-06-01"}

    less = decide(person, path, papers=["identity_second-photo-card_1", bill], **ticked)

    assert less.status_code == 422
    assert "worth 1 more point; birth date on an identity paper" in less.text
    assert f'value="{bill}" checked' in less.text
    assert 'value="2026-06-01"' in less.text
    both = ["identity_second-photo-card_1", "identity_birth-certificate_1", bill]
    assert decide(person, path, papers=both, **ticked).location == "/proofs?done=approved"


def test_what_was_seen_before_stands_on_the_page_without_the_paper(town):
    path = waits(town)
    person = town.signed_in("rio")
    decide(person, path, answer="ask", missing=["newer-paper"], checks=["name"], papers=[CARD])

    page = person.get(path).text

    assert "Seen before: enough to show who they are (rule “photo-card-and-paper”)" in page
    assert "Seen before: The name on the papers is this name." in page
    assert " checked>" not in page


def test_a_note_is_shown_as_text(town):
    path = waits(town)
    decide(town.signed_in("rio"), path, **{**REFUSAL, "note": "<script>x</script>"})
    decide(town.signed_in("ren"), path, **ENOUGH)

    page = town.signed_in("hana").get(path).text

    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert "<script>x" not in page


def test_both_roles_in_one_person_work_each_where_it_is_asked_for(town):
    town.enrol("bo", Role.REVIEWER, Role.HEAD_JUDGE)
    path = waits(town)
    decide(town.signed_in("rio"), path, **REFUSAL)
    decide(town.signed_in("ren"), path, **ENOUGH)
    person = town.signed_in("bo")

    assert f'href="{path}"' in person.get("/proofs").text
    assert decide(person, path, **REFUSAL).location == "/proofs?done=refused"
    assert rows(town, "SELECT role FROM log_entry WHERE actor = 'staff:bo' AND action = 'review-refuse'") == [
        ("head-judge",)
    ]


class TestTheWatermark:
    def difference(self, page, words="rio · September 1, 2025, 12:04 PM"):
        made = Image.open(io.BytesIO(marked(page, words)))
        return ImageChops.difference(made, Image.open(io.BytesIO(page)).convert("RGB")).convert("L"), made

    @pytest.mark.parametrize("size", [(300, 300), (340, 440), (1700, 2200), (2000, 300), (30, 900)])
    def test_it_is_all_over_a_page_of_any_size(self, size):
        changed, made = self.difference(picture(size=size))

        assert made.size == size
        quarters = [(x, y, x + size[0] // 2, y + size[1] // 2) for x in (0, size[0] // 2) for y in (0, size[1] // 2)]
        assert all(changed.crop(box).getextrema()[1] > 40 for box in quarters)

    @pytest.mark.parametrize("colour", ["white", "black", "red", "gray"])
    def test_it_shows_on_paper_of_any_colour(self, colour):
        page = io.BytesIO()
        Image.new("RGB", (600, 800), colour).save(page, "JPEG")

        changed, _ = self.difference(page.getvalue())

        assert sum(changed.histogram()[26:]) > 600 * 800 // 200

    def test_the_paper_can_still_be_read(self):
        page = picture(size=(1700, 2200))
        changed, _ = self.difference(page)

        assert sum(changed.histogram()[41:]) < 1700 * 2200 // 5

    def test_nothing_of_the_page_but_its_picture_is_passed_on(self):
        page = io.BytesIO()
        tags = Image.Exif()
        tags[0x010E] = "a planted description"
        Image.new("RGB", (300, 300), "white").save(page, "JPEG", exif=tags, comment=b"a planted comment")

        made = marked(page.getvalue(), "rio")

        assert b"planted" in page.getvalue()
        assert b"planted" not in made

    def test_a_gray_page_is_marked_as_well(self):
        page = io.BytesIO()
        Image.new("L", (300, 300), 200).save(page, "JPEG")

        assert Image.open(io.BytesIO(marked(page.getvalue(), "rio"))).mode == "RGB"
