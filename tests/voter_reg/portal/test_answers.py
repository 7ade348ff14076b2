"""Reading names and dates as people type them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voter_reg.language import words
from voter_reg.portal.answers import Refused, date_fields, read_birth, read_line, read_name, read_since

TODAY = date(2026, 11, 3)


def born(month="1", day="31", year="1990", **more):
    return read_birth({"birth_month": month, "birth_day": day, "birth_year": year, **more}, TODAY)


def since(month="1", day="", year="2020", birth=None):
    return read_since({"since_month": month, "since_day": day, "since_year": year}, TODAY, birth)


def refused(read, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        read(*args, **kwargs)
    return caught.value.field


def answer_or_message(read):
    try:
        return read()
    except Refused as problem:
        return str(problem.message)


@pytest.mark.parametrize(
    "name",
    ["A", "Ọ", "Cabdiraxmaan Maxamed Cali", "María del Carmen Núñez y Ríos", "Tswb Vaj", "O’Brien-Smith, Jr.", "李小龍",
     "محمد بن سلمان", "ភាសាខ្មែរ", "நா. முத்துக்குமார்", "Nguyễn Thị Minh Khai", "Nuʻulopa", "FNU",
     "X Æ A-12"],
)  # fmt: skip
def test_a_name_may_be_of_any_script_and_length(name):
    assert read_name(name, "name") == name


@pytest.mark.parametrize(
    "name", ["Ana 😀", "Ana\0", "Ana\x07", "Ana\ufffd", "12", "--", "<b>Ana</b>", f"Ana{chr(0xD800)}"]
)
def test_what_no_name_has_is_refused(name):
    assert refused(read_name, name, "name") == "name"


def test_a_name_of_200_characters_is_taken_and_of_201_refused():
    assert read_name("a" * 200, "name")
    assert refused(read_name, "a" * 201, "name")


def test_marks_that_only_turn_the_direction_are_taken_out_and_joiners_stay():
    assert read_name("\u202eAna\u202c", "name") == "Ana"
    assert read_name("می\u200cخواهم", "name") == "می\u200cخواهم"


def test_the_same_name_typed_in_two_ways_is_one():
    assert read_name("Jose\u0301   Núñez ", "name") == read_name("José Núñez", "name")


def test_an_address_line_keeps_numbers_and_signs_but_no_control_characters():
    assert read_line(" 33½ Oakland Ave N #4 ", "address", 200) == "33½ Oakland Ave N #4"
    assert refused(read_line, "33 Oak\x00land", "address", 200) == "address"
    assert refused(read_line, "a" * 10_000, "address", 200) == "address"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(("1", "31", "1990"), "1990-01-31"), (("01", "01", "1990"), "1990-01-01"), (("Jan", "1", "1990"), "1990-01-01"),
     (("september", "9", "2001"), "2001-09-09"), (("١", "٣", "١٩٩٠"), "1990-01-03"),
     (("2", "29", "2000"), "2000-02-29")],
)  # fmt: skip
def test_dates_are_read_as_people_write_them(typed, kept):
    assert born(*typed) == kept


def test_a_birth_date_may_be_known_to_the_month_or_the_year():
    assert born("5", "", birth_partly="yes") == "1990-05"
    assert born("", "", birth_partly="yes") == "1990"
    assert refused(born, "5", "") == "birth_day"
    assert refused(born, "", "") == "birth_month"
    assert refused(born, "", "5", birth_partly="yes") == "birth_month"


@pytest.mark.parametrize(
    ("typed", "field"),
    [(("2", "29", "1990"), "birth_day"), (("2", "30", "2000"), "birth_day"), (("13", "1", "1990"), "birth_month"),
     (("0", "1", "1990"), "birth_month"), (("1", "32", "1990"), "birth_day"), (("1", "1", "90"), "birth_year"),
     (("1", "1", ""), "birth_year"), (("junk", "1", "1990"), "birth_month"), (("1", "x", "1990"), "birth_day"),
     (("1", "1", "0000"), "birth_year"), (("1" * 10_000, "1", "1990"), "birth_month"),
     (("1", "-1", "1990"), "birth_day"),
     (("1", "1", "1990\x00"), "birth_year")],
)  # fmt: skip
def test_a_day_that_does_not_exist_is_refused_at_its_field(typed, field):
    assert refused(born, *typed) == field


def test_who_is_born_today_is_taken_and_tomorrow_refused():
    assert born("11", "3", "2026") == "2026-11-03"
    assert refused(born, "11", "4", "2026") == "birth_year"


def test_who_is_130_is_taken_and_who_is_older_refused():
    assert born("11", "3", "1896") == "1896-11-03"
    assert refused(born, "11", "2", "1896") == "birth_year"
    assert born("", "", "1896", birth_partly="yes") == "1896"
    assert refused(born, "", "", "1895", birth_partly="yes") == "birth_year"


def test_one_may_live_here_since_this_month_but_not_the_next():
    assert since("11", "", "2026") == "2026-11"
    assert refused(since, "12", "", "2026") == "since_year"
    assert since("11", "3", "2026") == "2026-11-03"
    assert refused(since, "11", "4", "2026") == "since_year"


def test_one_may_live_here_since_birth_but_not_before():
    assert since("5", "", "2000", birth="2000-05-20") == "2000-05"
    assert refused(since, "4", "", "2000", birth="2000-05-20") == "since_year"
    assert since("1", "", "2000", birth="2000") == "2000-01"


def test_a_missing_month_of_coming_is_asked_for():
    assert refused(since, "", "", "2020") == "since_month"
    assert refused(since, "5", "", "") == "since_year"


@pytest.mark.parametrize("iso", ["1990", "1990-05", "1990-05-03"])
def test_a_date_shown_again_reads_back_the_same(iso):
    fields = date_fields("birth", iso)

    assert read_birth({"birth_partly": "", **fields}, TODAY) == iso


def test_a_date_is_said_as_precisely_as_it_is_known():
    assert [words("en").partly_known(iso) for iso in ("1990", "1990-05", "1990-05-03")] == [
        "1990",
        "May 1990",
        "May 3, 1990",
    ]


@given(st.text(max_size=300))
def test_any_text_is_a_name_or_refused_with_a_message(text):
    name = answer_or_message(lambda: read_name(text, "name"))

    assert name.endswith(".") or read_name(name, "name") == name


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12), st.sampled_from(["", "yes"]))
def test_any_three_texts_are_a_date_or_refused_with_a_message(month, day, year, partly):
    iso = answer_or_message(lambda: born(month, day, year, birth_partly=partly))

    assert iso.endswith(".") or words("en").partly_known(iso)
