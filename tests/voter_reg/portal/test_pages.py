"""What is on the pages: their words, their links, their weight, and colours that everyone can read."""

import gzip
import re
from importlib import resources
from itertools import pairwise

import pytest

from tests.voter_reg.portal.conftest import SIGN, Person, make_portal
from tests.voter_reg.portal.desk import MemoryDesk
from voter_reg.web.assets import read_file

PATHS = ("/", "/check", "/notice", "/address", "/contests/W-3%20P-04", "/name", "/card", "/review", "/contact", "/save",
         "/left", "/shared-device",
         "/nothing")  # fmt: skip
OUTING = re.compile(r"non-?citizen|\balien|immigrant|undocumented|foreign", re.IGNORECASE)
ASKING = re.compile(r"citizen|immigra|nationality|country of birth|social security|a-number|\bssn\b", re.IGNORECASE)
PROMISES = re.compile(r"\b(safe|safely|anonymous|erased?)\b", re.IGNORECASE)
TEMPLATES = resources.files("voter_reg").joinpath("templates", "portal")
STYLE = read_file("portal.css").decode()


@pytest.fixture(scope="module")
def pages():
    """Every page as a person sees it, mistakes included."""
    person = Person(make_portal(MemoryDesk()).test_client())
    person.up_to_review()
    seen = {path: person.get(path).text for path in PATHS}
    seen["address, several"] = person.live_at("33 Oakland").text
    seen["name, mistakes"] = person.be(name="", birth_year="90", since_month="").text
    seen["card, mistake"] = person.show_card("1").text
    seen["review, mistakes"] = person.send("/review").text
    person.send("/review", **SIGN)
    seen["/done"] = person.get("/done").text
    return seen


def visible(html):
    """The words of a page, without the notice that law prescribes."""
    html = re.sub(r'<div class="law">.*?</div>', "", html, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", html)


def test_no_page_names_people_by_their_papers(pages):
    organisation = "Immigrant Law Center of Minnesota"
    for path, page in pages.items():
        assert not OUTING.search(visible(page).replace(organisation, "")), path


def test_no_field_asks_for_anyone_s_status(pages):
    for path, page in pages.items():
        asked = " ".join(re.findall(r"<(?:label|legend|input|select|textarea)[^>]*>[^<]*", page))
        assert not ASKING.search(asked), path


def test_the_landing_page_alone_speaks_of_status_and_only_to_say_we_do_not_ask(pages):
    reviewed = {
        "We do not ask about citizenship or immigration status.",
        "Immigrant Law Center of Minnesota",
        "Federal law makes it a crime for anyone but a U.S. citizen to vote for these offices.",
    }
    for path, page in pages.items():
        words = visible(page)
        for sentence in reviewed:
            words = words.replace(sentence, "")
        assert not ASKING.search(words), path


def test_no_page_promises_what_nobody_can_keep(pages):
    for path, page in pages.items():
        assert not PROMISES.search(visible(page)), path


def test_every_page_of_a_demonstration_says_so(pages):
    for path, page in pages.items():
        assert "DEMONSTRATION" in page, path


def test_every_page_names_its_language_and_direction_and_its_title_first_says_what_it_is(pages):
    titles = [re.search(r"<title>([^<]+)</title>", page)[1] for page in pages.values()]

    assert all('<html lang="en" dir="ltr">' in page for page in pages.values())
    assert len(set(titles)) >= len(PATHS)
    assert all(
        ("Error: " in title) == ("several" in path or "mistake" in path)
        for path, title in zip(pages, titles, strict=True)
    )


def test_every_field_has_a_label_and_every_description_exists(pages):
    for path, page in pages.items():
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids)), path
        for described in re.findall(r'aria-(?:describedby|labelledby)="([^"]+)"', page):
            assert set(described.split()) <= set(ids), (path, described)
        for identifier in re.findall(r'<(?:input type="text"|textarea)[^>]* id="([^"]+)"', page):
            assert f'<label for="{identifier}"' in page, (path, identifier)
        for target in re.findall(r'href="#([^"]+)"', page):
            assert target in ids, (path, target)


def test_headings_go_down_one_step_at_a_time_from_one_title(pages):
    for path, page in pages.items():
        levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
        assert levels.count(1) == 1, path
        assert all(after <= before + 1 for before, after in pairwise(levels)), path


def test_every_link_leads_somewhere_here_or_to_a_named_helper(pages):
    adapter = make_portal(MemoryDesk()).url_map.bind("localhost")
    for path, page in pages.items():
        for target in re.findall(r'(?:href|action|src)="(/[^"#?]*)', page):
            assert adapter.match(target, method="POST" if f'action="{target}"' in page else "GET"), (path, target)
        for target in re.findall(r'(?:action|src)="([^"]+)"', page):
            assert target.startswith("/"), (path, target)


def test_nothing_is_inline_that_the_policy_forbids(pages):
    for path, page in pages.items():
        assert not re.search(r"\bstyle=|\bon[a-z]+=\"|<style|javascript:|<script>", page), path


def test_a_first_visit_weighs_100_kilobytes_at_most_and_a_next_page_20(pages):
    files = sum(len(read_file(name)) for name in ("portal.css", "portal.js", "mark.svg"))

    assert files + len(pages["/"].encode()) <= 100_000
    for path, page in pages.items():
        assert len(page.encode()) <= 20_000, path


def test_style_and_script_stay_small():
    assert len(read_file("portal.css")) <= 30_000
    assert len(read_file("portal.js")) <= 15_000
    assert len(gzip.compress(STYLE.encode())) <= 6_000


def test_the_style_knows_no_left_and_no_right():
    rules = re.sub(r"/\*.*?\*/", "", STYLE, flags=re.DOTALL)

    assert not re.search(
        r"(?:margin|padding|border)-(?:left|right|top|bottom)|[^-]\b(?:left|right):|text-align: (?:left|right)", rules
    )


def tokens(theme):
    block = STYLE.split("prefers-color-scheme: dark", 1)[1 if theme == "dark" else 0]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block.split("}", 1)[0]))


def luminance(colour):
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT_ON_GROUND = [
    (text, ground)
    for ground in ("paper", "paper-soft", "blue-soft", "amber-soft", "red-soft", "green-soft")
    for text in ("ink", "ink-soft", "blue", "blue-deep")
] + [("on-blue", "blue"), ("on-blue", "blue-deep"), ("amber", "amber-soft"), ("red", "red-soft"), ("red", "paper"),
     ("green", "green-soft"), ("green", "paper"), ("amber", "paper")]  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_stands_out_from_its_ground(theme, text, ground):
    colours = tokens(theme)

    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("edge", ["edge", "ring", "blue", "red"])
def test_edges_of_fields_and_the_focus_ring_are_seen(theme, edge):
    colours = tokens(theme)

    for ground in ("paper", "paper-soft", "blue-soft"):
        assert contrast(colours[edge], colours[ground]) >= 3


@pytest.mark.parametrize("place", ["minneapolis", "san-francisco"])
def test_every_place_has_its_own_words(place):
    page = Person(make_portal(MemoryDesk(place)).test_client()).get("/").text

    assert MemoryDesk(place).pack.name in page
    assert "None" not in visible(page)
