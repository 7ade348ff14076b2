"""Frozen rosters and their poll books: order, digests, CSV that no spreadsheet misreads."""

import csv
import io
import json
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ballots.formats.manifest import describe, write_manifest
from ballots.formats.pollbook_csv import COLUMNS, plain_cell, write_poll_book
from ballots.poll_books import poll_books
from ballots.roster import block_bytes, in_roster_order, read_block, roster_digest
from eligibility import BadInput
from tests.ballots.cities import HEAD, SPLITS, election, voter

VOTERS = in_roster_order(
    [
        voter("Zed", SPLITS[0]),
        voter("Ángel Núñez Ortiz", SPLITS[4], sort_name="Núñez Ortiz Ángel"),
        voter("María Abalos", SPLITS[3], sort_name="Abalos María"),
        voter("Xaawo Cali Warsame", SPLITS[0]),
        voter("Nguyễn Văn An", SPLITS[2]),
        voter("ሀና", SPLITS[1]),
    ]
)
CONTESTS = [c.id for c in election().all_contests]
PRECINCTS = [s.precinct for s in SPLITS]


def parsed(raw):
    return list(csv.reader(io.StringIO(raw.decode(), newline="")))


def test_a_roster_stands_by_precinct_with_ward_2_before_ward_10_and_then_by_name():
    assert [(v.precinct, v.name) for v in VOTERS] == [
        ("W-1 P-01", "Xaawo Cali Warsame"),
        ("W-1 P-01", "Zed"),
        ("W-1 P-02", "ሀና"),
        ("W-2 P-01", "Nguyễn Văn An"),
        ("W-2 P-02", "María Abalos"),
        ("W-10 P-01", "Ángel Núñez Ortiz"),
    ]


def test_a_name_sorts_without_its_marks():
    names = in_roster_order([voter("Obi"), voter("Öberg"), voter("oak")])

    assert [v.name for v in names] == ["oak", "Öberg", "Obi"]


def test_each_voter_stands_in_exactly_the_poll_books_of_their_contests_and_of_their_precinct():
    books = list(poll_books(VOTERS, CONTESTS, PRECINCTS))

    for one in VOTERS:
        by_contest = {b.contest for b in books if b.contest and one in b.entries}
        by_precinct = {b.precinct for b in books if b.precinct and one in b.entries}
        assert by_contest == set(one.contests)
        assert len(by_contest) == 5
        assert by_precinct == {one.precinct}


def test_one_contest_in_one_precinct_can_be_asked_for():
    (book,) = poll_books(VOTERS, CONTESTS, PRECINCTS, contest="mayor", precinct="W-1 P-01")

    assert (book.path, len(book.entries)) == ("contest-mayor-precinct-w-1-p-01", 2)


def test_a_contest_the_election_does_not_have_names_the_nearest():
    with pytest.raises(BadInput, match="did you mean 'mayor'"):
        list(poll_books(VOTERS, CONTESTS, PRECINCTS, contest="mayer"))


def test_precincts_whose_names_differ_only_in_signs_get_files_of_their_own():
    books = list(poll_books([], [], ["W-1 P-1", "w 1 p 1", "W/1/P/1", "…"]))

    assert len({b.path for b in books}) == 4


def test_a_poll_book_is_rfc_4180_with_a_header_and_crlf():
    raw = write_poll_book([replace(VOTERS[0], name='Ana "Nita" Cruz, Jr.', address="1\r\n2")])

    assert raw.startswith(b"Line,Name,Sort name,")
    assert raw.endswith(b"\r\n")
    assert parsed(raw)[0] == list(COLUMNS)
    assert parsed(raw)[1][1] == 'Ana "Nita" Cruz, Jr.'


@given(st.text(max_size=40).filter(lambda s: "\x00" not in s))
@example("=1+1")
@example("  =cmd()")
@example("＝1+1")
@example("@SUM(A1)")
@example("\t=1")
def test_no_cell_begins_a_formula_and_nothing_else_is_changed(text):
    cell = plain_cell(text)

    assert cell.lstrip(" ")[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"} or cell == ""
    assert cell in {text, f"'{text}"}


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20), min_size=1, max_size=5))
def test_any_name_survives_the_csv(names):
    raw = write_poll_book([replace(VOTERS[0], name=name) for name in names])

    assert [row[1] for row in parsed(raw)[1:]] == [plain_cell(name) for name in names]


def test_a_block_comes_back_as_it_was():
    assert read_block(block_bytes(VOTERS)) == VOTERS


def test_a_block_frozen_before_there_were_marks_is_read_without_any():
    version, rows = json.loads(block_bytes(VOTERS))
    older = json.dumps([version - 1, [row[:8] + row[9:] for row in rows]]).encode()

    assert read_block(older) == VOTERS


def test_the_reviewers_mark_comes_back_and_stands_in_a_column_of_its_own():
    marked = [replace(VOTERS[0], review="1"), VOTERS[1]]

    assert read_block(block_bytes(marked)) == marked
    assert [row[COLUMNS.index("Review")] for row in parsed(write_poll_book(marked))] == ["Review", "1", ""]


def test_a_block_of_another_format_is_refused():
    with pytest.raises(ValueError, match="format 3"):
        read_block(b"[3,[]]")


def test_the_roster_digest_changes_with_the_head_any_voter_and_the_order_of_precincts():
    blocks = [("a", block_bytes(VOTERS[:2])), ("b", block_bytes(VOTERS[2:]))]
    digest = roster_digest(HEAD, blocks)

    assert digest == roster_digest(HEAD, blocks)
    assert digest != roster_digest(replace(HEAD, demonstration=False), blocks)
    assert digest != roster_digest(HEAD, blocks[::-1])
    assert digest != roster_digest(HEAD, [("a", block_bytes([replace(VOTERS[0], style="S9"), VOTERS[1]])), blocks[1]])


def test_the_manifest_counts_each_file_and_carries_its_digest_and_says_demonstration():
    raw = write_poll_book(VOTERS)
    file = describe("contest-mayor.csv", raw, len(VOTERS), contest="mayor", precinct=None)
    manifest = json.loads(write_manifest(HEAD, "d" * 64, len(VOTERS), [file]))

    assert manifest["demonstration"] is True
    assert manifest["voters"] == 6
    assert manifest["files"] == [
        {"path": "contest-mayor.csv", "contest": "mayor", "precinct": None, "voters": 6, "sha256": file.sha256}
    ]
    assert write_manifest(HEAD, "d" * 64, 6, [file]) == write_manifest(HEAD, "d" * 64, 6, [file])
