"""Setting: what goes in comes out as text, the same bytes each time, tagged, in memory; what no font has is told."""

import subprocess
import sys
import threading
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.canary.watch import cannot_watch, read, together, watched
from tests.repository import ROOT
from tests.voter_reg.documents.conftest import AT, COPY
from tests.voter_reg.documents.reading import attachments, letters, pages, reader, tags, text
from voter_reg.documents import signed_form, typeset
from voter_reg.documents.blocks import Bullets, Drawing, Line, Paper, Paragraph, Rows, Run, Unprinted, plain
from voter_reg.language import Words

UNPRINTED = Unprinted("Letters not here", "In no font.", ("Here", "Exactly"), "The exact text")


def paper(*texts, **changes):
    blocks = (Paragraph(plain("Beginning.")), Rows(("Asked", "Answered"), tuple(("Name", one) for one in texts)))
    whole = Paper("A paper", "en", "Minneapolis", "A foot", "Page {n} of {all}", blocks, UNPRINTED, at=AT)
    return replace(whole, **changes)


def bare(said):
    """Without spaces, and with letters and their accents as one, as a font may set them."""
    return "".join(unicodedata.normalize("NFKC", said).split())


@pytest.mark.parametrize(
    "name",
    [
        '#import "x": *', "$x^2$ and $ alone", "*bold* _slanted_ `raw`", 'He said "no" and \'yes\'',
        "back\\slash \\u{41}",
        "<label> @reference", "// no comment /* none */", "= no heading", "- no item", "[#panic()]", "{n} of {all}",
        "~non~breaking -- dash --- dash ...", "https://example.org/a?b=c#d", "%(place)s %s %%", "&lt;b&gt;",
        "Cristóbal Ñúñez-Güiraldes", "Xaashi Cabdi Ciise Ꞌ", "Nplias Xyooj ʼ", "Þorgerður Æsa", "Nguyễn Thị Ánh",
        "Мария Сергеевна", "Ελένη Παπά", "x" * 200, "Ab " * 66,
    ],
)  # fmt: skip
def test_a_name_comes_out_as_it_went_in(name):
    assert bare(name) in bare(letters(typeset(paper(name))))


_LETTERS = st.characters(
    whitelist_categories=("Lu", "Ll", "Nd", "Po", "Ps", "Pe", "Sc", "Sm", "Pd"),
    max_codepoint=0x24F,
    blacklist_characters="\xad",
)


@given(name=st.text(_LETTERS, min_size=1, max_size=200))
def test_whatever_is_typed_in_latin_letters_and_signs_is_text(name):
    found = bare(letters(typeset(paper(name))))

    assert bare(name) in found or "*" in found, "set as it is, or told to be set otherwise"


@given(name=st.text(max_size=60))
def test_whatever_is_typed_at_all_makes_a_paper(name):
    pdf = typeset(paper(name))

    assert pdf.startswith(b"%PDF-1.7")
    if "Letters not here" in text(pdf):
        attached = attachments(pdf)["exact-text.txt"].decode()
        assert "".join(name.split()) in "".join(attached.split())


@pytest.mark.parametrize("name", ["شيماء عبد الله", "דוד בן־גוריון"])
def test_right_to_left_names_keep_all_their_letters(name):
    found = letters(typeset(paper(name)))

    assert set(bare(name)) <= set(bare(found)) | {"־"}


def test_a_letter_that_no_font_has_is_told_in_words_and_by_number_and_attached_exactly():
    name = "Zoe \U0001e900\U0001e901"  # Adlam, which no ordinary machine has
    pdf = typeset(paper(name))
    said = text(pdf)

    assert "Letters not here In no font." in said
    assert "U+1E900 U+1E901" in said
    assert attachments(pdf) == {"exact-text.txt": f"{name}\n".encode()}
    assert "\U0001e900" not in said


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("evil \u202egnp.exe", "evil gnp.exe*"),
        ("nul\x00l", "null*"),
        ("half \ud800 pair", "half pair*"),
        ("a\u2028b", "ab*"),
    ],
)
def test_signs_that_show_nothing_or_turn_others_around_are_not_set(name, written):
    assert written in text(typeset(paper(name)))


def test_joiners_of_persian_and_indian_scripts_are_ordinary():
    assert "Letters not here" not in text(typeset(paper("a\u200cb")))


def test_a_paper_with_all_letters_says_nothing_of_missing_ones():
    pdf = typeset(paper("Ayaan"))

    assert "Letters not here" not in text(pdf)
    assert attachments(pdf) == {}


def test_the_same_paper_has_the_same_bytes_and_another_moment_other_ones():
    assert typeset(paper("Ayaan")) == typeset(paper("Ayaan"))
    assert typeset(paper("Ayaan")) != typeset(paper("Ayaan", at=AT.replace(minute=31)))


def test_a_paper_of_no_day_names_none():
    assert b"CreationDate" in typeset(paper("Ayaan"))
    assert b"CreationDate" not in typeset(paper("Ayaan", at=None))


def test_it_says_that_it_is_pdf_ua_and_its_title_and_its_language():
    pdf = typeset(paper("Ayaan", language="so", title="Cinwaan"))
    root = reader(pdf).root

    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == (
        "so",
        True,
        True,
    )
    assert reader(pdf).trailer["/Info"]["/Title"] == "Cinwaan"


def test_headings_lists_tables_and_drawings_are_tagged_in_reading_order():
    blocks = (
        Paragraph(plain("First.")),
        Bullets((Line(plain("one")), Line((Run("two", strong=True),))), numbered=True),
        Rows(("Asked", "Answered"), (("Name", "Ayaan"),)),
        Drawing("Signed", "A signature", (((0, 0), (999, 999)), ((5, 5),))),
    )
    kinds = [kind for kind, _ in tags(typeset(paper(blocks=blocks)))]

    order = [kinds.index(kind) for kind in ("H1", "P", "L", "Table", "Figure")]
    assert order == sorted(order)
    assert kinds.count("LI") == 2
    assert kinds.count("TH") == 2
    assert ("Figure", "A signature") in tags(typeset(paper(blocks=blocks)))


def test_what_is_in_another_language_is_marked_so():
    blocks = (Paragraph(plain("Hello."), lang="en"),)

    assert b"/Lang(en)" in typeset(paper(blocks=blocks, language="so")).replace(b"/Lang (", b"/Lang(")


def test_a_right_to_left_paper_is_set_from_the_right():
    pdf = typeset(paper("x", rtl=True, language="ar"))

    assert reader(pdf).root["/ViewerPreferences"]["/Direction"] == "/R2L"


def test_page_numbers_count_to_the_last_page():
    pdf = typeset(paper(*(f"Name {number}" for number in range(80))))

    assert len(pages(pdf)) > 2
    for number, page in enumerate(pages(pdf), 1):
        assert f"Page {number} of {len(pages(pdf))}" in page


def test_threads_may_set_papers_at_once():
    made, expected = {}, {name: typeset(paper(name)) for name in "abcd"}

    def work(name):
        made[name] = [typeset(paper(name)) for _ in range(10)]

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert made == {name: [pdf] * 10 for name, pdf in expected.items()}


def test_a_pseudo_language_from_right_to_left_makes_the_whole_form(pack, signed):
    turned = Words("ar", lambda message: message, "rtl")

    assert len(pages(typeset(signed_form(signed(), pack, turned, key="ab" * 32, at=AT)))) >= 2


PROGRAM = """
from voter_reg.documents import issue
from voter_reg.documents.blocks import *
from voter_reg.documents.city_key import new_city_key
from datetime import datetime, UTC
u = Unprinted("h", "w", ("a", "b"), "c")
at = datetime(2026, 11, 28, tzinfo=UTC)
key = new_city_key(place="X", demonstration=True, now=at)
for name in ("Quetzalcoatlina", "Quetzalcoatlina \\U0001e900"):
    p = Paper("t", "en", "X", "f", "{n}{all}", (Paragraph(plain(name)),), u, at=at,
              copy=Copy("a.html", "text/html", "x", name.encode()))
    assert issue(p, key, at).startswith(b"%PDF")
"""


def test_setting_and_signing_write_no_file(tmp_path):
    if reason := cannot_watch():
        pytest.skip(f"writes to files cannot be watched here: {reason}")
    trace, script = tmp_path / "trace", tmp_path / "program.py"
    script.write_text(PROGRAM, "utf-8")
    command = [*watched(trace), sys.executable, "-B", str(script)]
    done = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr
    written = together(read(trace))
    assert not [raw for raw in written if b"uetzalcoatl" in raw or b"%PDF" in raw]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["program.py", "trace"]


def test_an_attached_file_comes_back_byte_for_byte(pack, english, signed):
    pdf = typeset(signed_form(signed(), pack, english, key="ab" * 32, at=AT))

    assert attachments(pdf) == {"signed-form.html": COPY.encode()}
