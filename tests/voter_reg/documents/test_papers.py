"""What each paper says, and what it does not say."""

import hashlib
from contextlib import closing
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pypdfium2
import pytest

from eligibility import load_pack, pack_names
from tests.laws.words import STATUS, says
from tests.voter_reg.documents.conftest import AT, COPY
from tests.voter_reg.documents.reading import letters, pages, tags, text
from voter_reg.documents import (
    AssistantSignature,
    DrawnSignature,
    Letter,
    PaperArchive,
    ReadNotice,
    RegistrationFacts,
    TypedSignature,
    VotedIn,
    VotingFacts,
    blank_form,
    letter_on_registration,
    letter_on_the_rules,
    letter_on_voting,
    notice_letter,
    signed_form,
    slip,
    typeset,
)
from voter_reg.documents.law_text import law_blocks, of_pack
from voter_reg.language import OWN_NAMES, said, words
from voter_reg.proof_words import told, where_documents, who_documents

KEY = "0123456789abcdef" * 4
NOTHING = "It says nothing about citizenship or immigration status."
NEVER_ASKED = "The form asks nothing about citizenship or immigration status."
LETTER = Letter(
    ("City Hall", "350 S 5th St"),
    ("Ayaan Xaashi", "12 Oak St", "Minneapolis, MN 55411"),
    said("About your form"),
    (said("Please call us."),),
)


def every_paper(pack, w, signed):
    """One of each, as the city would give it out."""
    kept = {"key": KEY, "at": AT}
    return {
        "signed": signed_form(signed(), pack, w, **kept),
        "rules": letter_on_the_rules(pack, w, **kept),
        "registration": letter_on_registration(RegistrationFacts("Ayaan Xaashi", date(2026, 3, 1)), pack, w, **kept),
        "voting": letter_on_voting(VotingFacts("Ayaan Xaashi", ()), pack, w, **kept),
        "blank": blank_form(pack, w).paper,
        "slip": slip("K7QM-2RWX", pack, w),
        "letter": notice_letter(LETTER, pack, w, at=AT),
    }


@pytest.mark.parametrize("language", list(OWN_NAMES))
def test_every_paper_is_set_in_every_language_of_the_service(pack, signed, language):
    for name, paper in every_paper(pack, words(language), signed).items():
        assert f"/Lang({language})".encode() in typeset(paper).replace(b"/Lang (", b"/Lang("), name


def test_demonstration_stands_on_every_page_of_every_paper(pack, signed, english):
    for name, paper in every_paper(pack, english, signed).items():
        assert all("DEMONSTRATION" in page for page in pages(typeset(paper))), name


def test_where_the_law_is_in_force_nothing_says_demonstration(signed, english):
    takoma = load_pack("takoma-park")
    assert not takoma.demonstration
    for name, paper in every_paper(takoma, english, signed).items():
        assert "DEMONSTRATION" not in text(typeset(paper)), name


def test_every_paper_has_one_title_and_no_heading_skips_a_level(pack, signed, english):
    for name, paper in every_paper(pack, english, signed).items():
        levels = [int(kind[1]) for kind, _ in tags(typeset(paper)) if kind in {"H1", "H2", "H3", "H4"}]
        assert levels.count(1) == 1, name
        assert all(after <= before + 1 for before, after in pairwise(levels)), name


def test_the_signed_form_says_everything_that_was_signed(pack, signed, english):
    pdf = typeset(signed_form(signed(), pack, english, key=KEY, at=AT))
    shown, whole = text(pdf), letters(pdf)

    for said_there in (
        "Full name Ayaan Xaashi", "Living in Minneapolis since June 2019", "Proof Municipal ID, confirmed", "K7QM-2RWX",
        "Contests open to me on November 6, 2029", "City Council Member, Ward 3", "November 28, 2026, 12:30 PM",
        "notice-7", NEVER_ASKED, "signed-form.html",
    ):  # fmt: skip
        assert said_there in shown, said_there
    for line in pack.oath:
        assert line.text in shown
    for digest in (
        pack.digest,
        "f00dcafe" * 8,
        KEY,
        hashlib.sha256(COPY.encode()).hexdigest(),
    ):
        assert digest in whole
    assert "If you are under 18, we do not show your data to your parents" in shown


@pytest.mark.parametrize(
    ("signature", "shown"),
    [
        (TypedSignature("Ayaan X."), "Typed by me Ayaan X."),
        (DrawnSignature(("1,1 2,2",)), "Signed by hand, as drawn on the screen"),
        (AssistantSignature(), "Signed by an assistant at my wish, because I cannot sign."),
    ],
)
def test_the_form_says_how_it_was_signed(pack, signed, english, signature, shown):
    pdf = typeset(signed_form(signed(signature=signature), pack, english, key=KEY, at=AT))

    assert shown in text(pdf)
    drawn = ("Figure", "The signature, drawn by hand") in tags(pdf)
    assert drawn == isinstance(signature, DrawnSignature)


@pytest.mark.parametrize("stroke", ["1000,1", "1,-1", "1", "1,2,3", "a,b"])
def test_a_stroke_that_is_no_line_is_refused(pack, signed, english, stroke):
    with pytest.raises(ValueError, match=r"."):
        signed_form(signed(signature=DrawnSignature((stroke,))), pack, english, key=KEY, at=AT)


def test_no_election_and_no_contest_are_said_plainly(pack, signed, english):
    none = typeset(signed_form(signed(election=None, contests=()), pack, english, key=KEY, at=AT))
    empty = typeset(signed_form(signed(contests=()), pack, english, key=KEY, at=AT))

    assert "No election was planned then." in text(none)
    assert "Contests open to me on November 6, 2029 None." in text(empty)


def test_a_notice_read_in_another_language_keeps_it(pack, signed):
    notice = ReadNotice("# Lea esto\n\n- **Uno** dos", "v", "es", AT)
    pdf = typeset(signed_form(signed(notice=notice), pack, words("en"), key=KEY, at=AT))

    assert "Lea esto" in text(pdf)
    assert "in this language: Español" in text(pdf)
    assert b"/Lang(es)" in pdf.replace(b"/Lang (", b"/Lang(")


def test_where_the_law_swears_residence_no_paper_says_that_it_was_never_asked(signed, english):
    burlington = load_pack("burlington")
    for name, paper in every_paper(burlington, english, signed).items():
        assert NEVER_ASKED not in text(typeset(paper)), name
    rules = text(typeset(letter_on_the_rules(burlington, english, key=KEY, at=AT)))
    assert "I live in the United States on a permanent or indefinite basis" in rules


@pytest.mark.parametrize("which", ["rules", "registration", "voting"])
def test_every_letter_says_show_your_lawyer_and_what_it_does_not_say_and_how_to_check_it(pack, signed, english, which):
    paper = every_paper(pack, english, signed)[which]
    shown = text(typeset(paper))

    assert "Show this to your lawyer first." in shown
    assert "What this letter does not say" in shown
    assert "voter-reg paper verify FILE" in shown
    assert KEY in letters(typeset(paper))
    assert not says(STATUS, paper.title)
    assert "vote" not in paper.title.lower() or which == "voting"


def test_named_letters_say_nothing_of_status_and_the_one_on_the_rules_names_nobody(pack, signed, english):
    papers = every_paper(pack, english, signed)
    for which in ("registration", "voting"):
        shown = text(typeset(papers[which]))
        assert NOTHING in shown
        assert "Ayaan Xaashi" in shown
        assert not says(STATUS, shown.replace(NOTHING, "").replace(NEVER_ASKED, ""))
    rules = text(typeset(papers["rules"]))
    assert "Ayaan" not in rules
    assert "K7QM" not in rules
    assert "Governor" in rules, "what the list is not for"


def test_no_recorded_vote_is_said_plainly_and_a_recorded_one_by_election(pack, english):
    plainly = "No vote is recorded with this service."
    two = (VotedIn(date(2027, 11, 2), "City election", False), VotedIn(date(2025, 11, 4), "City election", True))

    def letter(*elections):
        return text(typeset(letter_on_voting(VotingFacts("A", elections), pack, english, key=KEY, at=AT)))

    assert plainly in letter()
    assert plainly in letter(two[0])
    assert plainly not in letter(*two)
    assert "City election, November 4, 2025 Yes" in letter(*two)
    assert "City election, November 2, 2027 No" in letter(*two)


def test_leaving_stands_in_the_letter_on_a_registration_only_when_someone_left(pack, english):
    facts = RegistrationFacts("A", date(2026, 3, 1))

    def letter(one):
        return text(typeset(letter_on_registration(one, pack, english, key=KEY, at=AT)))

    assert "Registered on March 1, 2026" in letter(facts)
    assert "Left the list on" not in letter(facts)
    assert "Left the list on April 2, 2026" in letter(replace(facts, left_on=date(2026, 4, 2)))


@pytest.mark.parametrize("place", pack_names())
def test_every_place_has_its_blank_form_with_oath_notice_proof_and_help(place, english):
    pack = load_pack(place)
    form = blank_form(pack, english)
    shown = text(typeset(form.paper))

    for line in pack.oath:
        assert " ".join(line.text.split()) in shown
    for document in (*who_documents(pack), *where_documents(pack)):
        assert document.title in shown
    for line in pack.help:
        assert line.name in shown
    for question in (
        "Street address",
        "No fixed address?",
        "Full name",
        "Birth date",
        "Signature",
        f"Living in {pack.name}",
    ):
        assert question in shown
    assert form.version[:16] in shown


@pytest.mark.parametrize("place", pack_names())
def test_slip_and_blank_form_say_what_the_places_rule_asks_for(place, english):
    pack = load_pack(place)
    for paper in (slip("K7QM-2RWX", pack, english), blank_form(pack, english).paper):
        shown = text(typeset(paper))
        for rule in pack.proof.papers:
            assert told(pack, rule, english) in shown
        for document in set(pack.identity_documents) - set(who_documents(pack)):
            assert document.title not in shown


def test_slip_and_blank_form_tell_of_facility_staff_and_earlier_registration_where_the_place_has_them(pack, english):
    other = load_pack("takoma-park")
    anywhere = replace(pack.proof, prior_registration=replace(pack.proof.prior_registration, same_precinct=False))
    for made in (lambda of: slip("K7QM-2RWX", of, english), lambda of: blank_form(of, english).paper):
        shown = text(typeset(made(pack)))
        assert "Someone who works at the shelter or facility where you live, and says that you live there." in shown
        assert f"Who counts as staff {pack.proof.facility_staff.text}" in shown
        assert "An earlier registration of yours in the same precinct, under another name or address." in shown
        assert "An earlier registration of yours in this city" in text(typeset(made(replace(pack, proof=anywhere))))
        without = text(typeset(made(other)))
        assert not [words for words in ("works at the shelter", "counts as staff", "earlier reg") if words in without]


def test_points_stand_beside_the_papers_that_they_count_for(english):
    shown = text(typeset(slip("K7QM-2RWX", load_pack("san-francisco"), english)))

    assert "from any government (2 points)" in shown
    assert "A birth certificate (1 point)" in shown
    assert "insurance bill (at most 30 days old)" in shown


def test_the_blank_form_asks_nothing_about_status(pack, english):
    form = blank_form(pack, english).paper
    asked = replace(
        form, blocks=tuple(block for block in form.blocks if block.kind in {"box", "ticks", "bullets", "heading"})
    )
    own = [line for line in pack.notices["en"].splitlines() if line.startswith("- ")]
    for block in asked.blocks:
        said_there = str(block)
        if (
            not any(item.lstrip("- ").split("*")[0][:40] in said_there for item in own)
            and "Law Center" not in said_there
        ):
            assert not says(STATUS, said_there), said_there


def test_the_notice_stands_in_full_before_the_first_question(pack, english):
    shown = text(typeset(blank_form(pack, english).paper))

    assert shown.index("perhaps anyone who asks") < shown.index("Your answers")


def test_a_form_has_one_version_for_the_same_words_and_another_for_others(pack, english):
    assert blank_form(pack, english).version == blank_form(pack, english).version
    others = (
        blank_form(pack, words("es")),
        blank_form(pack, english, bring_to=("City Hall",)),
        blank_form(load_pack("winooski"), english),
    )
    assert len({blank_form(pack, english).version, *(form.version for form in others)}) == 4


def test_day_and_month_stand_as_the_language_writes_them(pack):
    def order(language):
        box = next(
            block
            for block in blank_form(pack, words(language)).paper.blocks
            if getattr(block, "label", "") == words(language).text("Birth date")
        )
        return [part.label for part in box.parts]

    w = words("es")
    assert order("en") == ["Month", "Day", "Year"]
    assert order("es") == [w.text("Day"), w.text("Month"), w.text("Year")]


def test_the_archive_keeps_every_version_of_a_form_for_good(tmp_path, pack, english):
    archive, form = PaperArchive(tmp_path), blank_form(pack, english)
    file = archive.keep_form(form)

    assert archive.keep_form(form) == file
    assert file.read_bytes() == typeset(form.paper)
    archive.keep_form(blank_form(pack, words("so")))
    assert {(one.language, one.version == form.version) for one in archive.forms()} == {("en", True), ("so", False)}


def test_a_slip_has_the_code_and_neither_name_nor_address_and_is_two_pages_at_most(pack, english):
    pdf = typeset(slip("K7QM-2RWX", pack, english, by=date(2029, 11, 6)))

    assert "K7QM-2RWX" in text(pdf)
    assert "Come by Tuesday, November 6, 2029." in text(pdf)
    assert "Bank or credit card statement (at most 30 days old)" in text(pdf)
    assert len(pages(pdf)) <= 2


@pytest.mark.parametrize("lines", [1, 3, 4, 6])
def test_the_window_shows_the_whole_address_and_nothing_else(pack, english, lines):
    """A number 10 envelope's window shows 2.37 to 3.17 inches from the top for certain, 2.0 to 3.6 at the most."""
    address = tuple(f"Line {number} of it" for number in range(lines))
    pdf = typeset(notice_letter(replace(LETTER, address=address), pack, english, at=AT))
    with (
        closing(pypdfium2.PdfDocument(pdf)) as document,
        closing(document[0]) as page,
        closing(page.get_textpage()) as shown,
    ):
        boxes = [(shown.get_charbox(n), shown.get_text_range(n, 1)) for n in range(shown.count_chars())]
    inside = "".join(letter for box, letter in boxes if 11 - box[1] / 72 > 2.37 and 11 - box[3] / 72 < 3.25).split()
    near = "".join(letter for box, letter in boxes if 11 - box[1] / 72 > 2.0 and 11 - box[3] / 72 < 3.6).split()

    assert "".join(inside) == "".join(near) == "".join("".join(address).split())


def test_a_letter_has_between_one_and_six_lines_of_address(pack, english):
    for address in ((), tuple("1234567")):
        with pytest.raises(ValueError, match="1 to 6"):
            notice_letter(replace(LETTER, address=address), pack, english, at=AT)


def test_a_pack_that_has_translations_is_asked_for_them(pack):
    class Speaking:
        def say(self, text, language):
            return f"{text} [{language}]"

    assert of_pack(Speaking(), "Mayor", "es").parts[0].text == "Mayor [es]"
    assert of_pack(Speaking(), "Mayor", "es").lang is None
    assert of_pack(pack, "No such text", "es").lang == "en"
    assert of_pack(pack, "No such text", "en").lang is None


def test_the_notices_marks_become_headings_lists_and_emphasis():
    kinds = [
        block.kind for block in law_blocks("# A\n\nb **c** *d* [e](https://f.org)\n\n## G\n- h\n  i\n- j", level=3)
    ]
    blocks = law_blocks("# A\n\nb **c** *d* [e](https://f.org)", level=3)

    assert kinds == ["heading", "paragraph", "heading", "bullets"]
    assert [(run.text, run.strong, run.emphasis) for run in blocks[1].parts] == [
        ("b ", False, False), ("c", True, False), (" ", False, False), ("d", False, True), (" ", False, False),
        ("e (https://f.org)", False, False),
    ]  # fmt: skip
