"""The office's few files: small, the same tokens as the portal's, and fit for either direction of writing."""

import gzip
import re

from voter_reg.web.assets import read_file

STYLE = read_file("office.css").decode()


def test_style_and_script_of_both_doors_together_stay_small_as_sent_by_a_server_that_compresses():
    style = sum(len(gzip.compress(read_file(name))) for name in ("portal.css", "office.css"))
    script = sum(len(gzip.compress(read_file(name))) for name in ("portal.js", "office.js"))

    assert style <= 15_000
    assert script <= 5_000


def test_both_doors_have_the_same_tokens():
    tokens = STYLE.partition("/* The office's one stylesheet")[0]

    assert tokens == read_file("portal.css").decode().partition("/* The portal's one stylesheet")[0]
    assert tokens.count("--ink:") == 2, "light and dark"


def test_the_style_knows_no_left_and_no_right_and_loads_nothing():
    rules = re.sub(r"/\*.*?\*/", "", STYLE, flags=re.DOTALL)

    assert not re.search(
        r"(?:margin|padding|border)-(?:left|right|top|bottom)|[^-]\b(?:left|right):|text-align: (?:left|right)", rules
    )
    assert "url(" not in rules
    assert "@import" not in rules


def test_every_colour_is_a_token():
    rules = STYLE.partition("/* The office's one stylesheet")[2].partition("@media print")[0]

    assert set(re.findall(r"#[0-9a-f]{3,8}\b", rules)) <= {"#fff"}, "white is the ground of a code to scan"


def test_the_script_stores_nothing_and_speaks_to_this_site_alone():
    script = read_file("office.js").decode()

    assert not re.search(r"localStorage|sessionStorage|indexedDB|document\.cookie|https?://|eval|innerHTML", script)
