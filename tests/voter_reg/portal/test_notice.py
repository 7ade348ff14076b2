"""A notice becomes a page and nothing in it becomes markup by itself."""

import re

from hypothesis import given
from hypothesis import strategies as st

from eligibility import load_pack, pack_names
from voter_reg.portal.notice import render_notice

MADE_HERE = re.compile(r'</?(h[2-4]|p|ul|li|strong|em)>|<a href="https://[^"<> ]*" rel="noreferrer">|</a>')


def test_headings_lists_and_bold_are_shown():
    html = render_notice("# First\n\nSome **bold** words\nover two lines.\n\n- one\n- two\n  and more\n")

    assert html == (
        "<h2>First</h2>\n<p>Some <strong>bold</strong> words over two lines.</p>\n"
        "<ul><li>one</li><li>two and more</li></ul>"
    )


def test_a_script_in_a_notice_is_shown_as_text():
    assert "<script" not in render_notice('<script>x</script> [a](javascript:x) [b](https://x.org/"onload=)')


def test_every_word_of_every_pack_s_notice_is_on_the_page():
    for place in pack_names():
        notice = load_pack(place).notices["en"]
        shown = re.sub(r"<[^>]+>", " ", render_notice(notice)).replace("&#39;", "'").replace("&#34;", '"')
        assert re.findall(r"\w+", notice) == re.findall(r"\w+", shown)


@given(st.text(alphabet="#-*[]()<>\"'& ahtps:/.\n", max_size=200))
def test_no_markup_but_our_own_comes_out(text):
    rest = MADE_HERE.sub("", render_notice(text))

    assert "<" not in rest
    assert ">" not in rest
