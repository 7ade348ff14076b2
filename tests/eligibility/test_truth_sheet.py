"""The truth table as a lawyer reads it: a page, a CSV, and nothing left out but the repetition."""

import csv
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

import eligibility
from eligibility import load_pack, pack_names, truth_sheet, truth_table
from eligibility.truth_classes import days_that_matter


class Reader(HTMLParser):
    """Counts a page's tables, rows and cells, and minds that every element is closed."""

    def __init__(self):
        super().__init__()
        self.open, self.cells, self.tables = [], [], 0

    def handle_starttag(self, tag, attrs):
        if tag == "meta":
            return
        self.open.append(tag)
        self.tables += tag == "table"
        if tag == "tr":
            self.cells.append([])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in {"td", "th"}:
            self.cells[-1].append(data)


@pytest.mark.parametrize("name", pack_names())
def test_the_sheet_has_every_answer_that_the_whole_table_has(name):
    pack = load_pack(name)
    told = list(truth_sheet.sheet(pack))
    seen = {(row.on, row.contest, row.eligible, row.why_not) for row in told}
    ages = {(row.on, row.person.age, row.person.residence, row.person.facts.sworn) for row in told}
    places = {(row.on, row.place.words) for row in told}
    times = {(row.on, row.person.registration) for row in told}

    for row in truth_table.rows(pack):
        if row.eligible:
            assert (row.on, row.contest, True, ()) in seen
        assert (row.on, row.person.age, row.person.residence, row.person.facts.sworn) in ages
        assert (row.on, row.place.words) in places
        assert (row.on, row.person.registration) in times


@pytest.mark.parametrize("name", ["takoma-park", "washington-dc", "san-francisco"])
def test_the_page_is_whole_and_has_a_cell_for_each_contest(name):
    pack, reader = load_pack(name), Reader()
    page = "".join(truth_sheet.as_html(pack))
    reader.feed(page)

    assert reader.open == []
    assert reader.tables == len(list(days_that_matter(pack)))
    assert {len(cells) for cells in reader.cells if cells[0].startswith("a day short")} <= {
        len(cells) for cells in reader.cells if cells[0] == "Person"
    }
    assert "script" not in page
    assert 'lang="en"' in page


def test_a_name_cannot_break_the_page(tmp_path):
    # Without its words: they translate the titles that are changed here.
    packs = Path(eligibility.__file__).parent / "packs"
    shutil.copytree(packs / "college-park", tmp_path / "pack", ignore=shutil.ignore_patterns("words"))
    file = tmp_path / "pack" / "pack.toml"
    text = file.read_text(encoding="utf-8").replace('name = "College Park"', 'name = "<script>alert(1)</script>"')
    file.write_text(text.replace('title = "Mayor"', 'title = "<b>Mayor"'), encoding="utf-8")

    page = "".join(truth_sheet.as_html(load_pack(tmp_path / "pack")))
    assert "<script" not in page
    assert "<b>" not in page


def test_the_csv_has_one_head_and_a_line_for_each_row():
    pack = load_pack("burlington")
    rows = list(truth_sheet.sheet(pack))
    read = list(csv.reader("".join(truth_sheet.as_csv(rows)).splitlines()))

    assert tuple(read[0]) == truth_sheet.HEAD
    assert [tuple(line) for line in read[1:]] == [truth_sheet.cells_of(row) for row in rows]


def test_contests_outside_say_no_in_every_row():
    pack = load_pack("takoma-park")
    outside = {one.id for one in pack.outside}

    found = [row for row in truth_sheet.sheet(pack) if row.contest in outside]
    assert {row.contest for row in found} == outside
    assert not any(row.eligible for row in found)
