"""The pack loader: what it refuses, in one line with file, key and nearest known word."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import eligibility
from eligibility import PackError, load_pack, pack_names

PACKS = Path(eligibility.__file__).parent / "packs"
MINNEAPOLIS = (PACKS / "minneapolis" / "pack.toml").read_text(encoding="utf-8")


@pytest.fixture
def changed(tmp_path):
    """A copy of Minneapolis's pack with one piece of its text replaced, given by directory."""

    def change(old, new, count=1):
        assert old in MINNEAPOLIS
        shutil.copytree(PACKS / "minneapolis", tmp_path / "pack", dirs_exist_ok=True)
        (tmp_path / "pack" / "pack.toml").write_text(MINNEAPOLIS.replace(old, new, count), encoding="utf-8")
        return tmp_path / "pack"

    return change


def refusal(folder):
    with pytest.raises(PackError) as refused:
        load_pack(folder)
    line = str(refused.value)
    assert "\n" not in line
    return line


def test_two_packs_ship_with_the_service():
    assert {"minneapolis", "san-francisco"} <= set(pack_names())


def test_an_unknown_pack_names_the_nearest():
    assert "did you mean 'minneapolis'" in refusal("mineapolis")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('authority = "city"', 'authority = "federal"', "forbidden authority 'federal'"),
        ('authority = "city"', 'authority = "state"', "forbidden authority 'state'"),
        ('authority = "city"', 'authority = "county"', "forbidden authority 'county'"),
        (
            'authority = "park-board"',
            'authority = "parkboard"',
            "unknown authority 'parkboard' (did you mean 'park-board'?)",
        ),
        ("title = ", "titel = ", "missing title; found the unknown key 'titel'"),
        ("time_zone", "timezone", "missing time_zone; found the unknown key 'timezone'"),
        ('name = "Minneapolis"', 'name = "Minneapolis"\nnickname = "City of Lakes"', "unknown key 'nickname'"),
        ("America/Chicago", "America/Chikago", "did you mean 'America/Chicago'?"),
        ("from = 2013-01-01", "from = 2013-02-30", "is not TOML"),
        ("from = 2013-01-01", 'from = "2013-01-01"', "from must be a date"),
        ("from = 2013-01-01", "from = 2013-01-01T00:00:00Z", "from must be a date"),
        ("value = 18", "value = 180", "value is 180; it must lie from 0 to 120"),
        ("value = 18", "value = -1", "value is -1"),
        ("value = 18", "value = 18.0", "value must be a whole number"),
        ("value = 18", "value = true", "value must be a whole number"),
        ('value = "proposed"', 'value = "in force"', "did you mean 'in-force'?"),
        ('kind = "age"', 'kind = "agee"', "unknown kind 'agee' (did you mean 'age'?)"),
        ('contests = "all"', 'contests = ["mayer"]', "unknown office 'mayer' (did you mean 'mayor'?)"),
        ('contests = "all"', 'contests = ["mayor", "mayor"]', "names something twice"),
        ('contests = "all"', 'contests = ["mayor"]', "is open on 2021-11-02 without a requirement of age"),
        ('id = "council"', 'id = "mayor"', "contest id 'mayor' stands twice"),
        ('id = "school-board"', 'id = "mayor"', "contest id 'mayor' stands twice"),
        ("ranks = 3", "ranks = 0", "ranks is 0"),
        ("month = 11", "month = 13", "month is 13"),
        ('rule = "tuesday-after-first-monday"', 'rule = "first-tusday"', "did you mean 'first-tuesday'?"),
        ("Ward {district}", "Ward", "district_title must hold {district}"),
        ('place = "minneapolis"', 'place = "Minneapolis MN"', "is not a slug"),
        ('closes_at = "17:00"', 'closes_at = "5 pm"', "is not a time"),
        ('closes_at = "17:00"', 'closes_at = "24:00"', "is not a time"),
        ('shows = ["photo"', 'shows = ["fingerprint"', "shows unknown 'fingerprint'"),
        ('href = "https://', 'href = "http://', "is not an https link"),
        ('cite = "Minn. Const. art. VII, sec. 1: who has', 'cite = "   "\n#', "cite is blank"),
        ('ocd_id = "ocd-division/country:us/', 'ocd_id = "', "does not begin with ocd-division"),
        ("first = 2013", "first = 2009", "mayor: its first election, of 2009, came before 2013-01-01"),
        (
            'closes_days_before = 21\ncloses_at = "17:00"\nsame_day = true\nsame_day_until = "20:00"',
            'closes_days_before = 0\ncloses_at = "20:00"\nsame_day = true\nsame_day_until = "19:59"',
            "registration in person ends at 19:59, before 20:00",
        ),
        ('as_of = "election-day"', 'as_of = "next-general-election"', "needs a [[general_election]]"),
        ('text = "None. Minnesota', 'txet = "None. Minnesota', "missing text; found the unknown key 'txet'"),
    ],
)
def test_a_pack_that_cannot_be_trusted_is_refused_with_the_reason(changed, old, new, says):
    line = refusal(changed(old, new))

    assert says in line
    assert "pack.toml" in line


@pytest.mark.parametrize("key", ["cite", "href", "checked_on"])
def test_each_value_without_its_source_is_refused(changed, key):
    cited = MINNEAPOLIS[: MINNEAPOLIS.index("[[help]]")]  # a help line is a phone number, not a rule
    lines = [m.start() for m in re.finditer(rf"^{key} = .*\n", cited, re.MULTILINE)]

    assert len(lines) > 50
    for n, start in enumerate(lines):
        end = MINNEAPOLIS.index("\n", start) + 1
        folder = changed("", "")
        (folder / "pack.toml").write_text(MINNEAPOLIS[:start] + MINNEAPOLIS[end:], encoding="utf-8")
        assert f"missing {key}" in refusal(folder), (n, MINNEAPOLIS[start:end])


def test_two_values_from_one_day_contradict_each_other(changed):
    value = MINNEAPOLIS[
        MINNEAPOLIS.index("[[requirement.values]]") : MINNEAPOLIS.index('[[requirement]]\nkind = "residency"')
    ]

    assert "contradicts the value before it" in refusal(
        changed(value, value + value.replace("value = 18", "value = 16"))
    )


def test_values_out_of_order_are_refused(changed):
    value = MINNEAPOLIS[
        MINNEAPOLIS.index("[[requirement.values]]") : MINNEAPOLIS.index('[[requirement]]\nkind = "residency"')
    ]

    assert "list values by date" in refusal(changed(value, value + value.replace("2013-01-01", "2012-01-01")))


def test_two_ages_for_one_contest_contradict_each_other(changed):
    age = MINNEAPOLIS[MINNEAPOLIS.index("[[requirement]]") : MINNEAPOLIS.index('[[requirement]]\nkind = "residency"')]

    assert "two requirements of age" in refusal(changed(age, age + age.replace('"all"', '["mayor"]')))


def test_an_age_rule_that_begins_after_the_office_is_refused(changed):
    assert "without a requirement of age" in refusal(
        changed("from = 2013-01-01\nvalue = 18", "from = 2014-01-01\nvalue = 18")
    )


def test_a_special_election_on_the_ordinary_day_is_refused(changed):
    source = 'cite = "x"\nhref = "https://example.org"\nchecked_on = 2026-01-01'
    special = f'[[special_election]]\nday = 2025-11-04\noffice = "mayor"\nseats = 1\n{source}\n\n[[outside]]'

    assert "on its ordinary day 2025-11-04" in refusal(changed("[[outside]]", special))


def test_a_later_value_is_used_from_its_day_on(changed):
    value = MINNEAPOLIS[
        MINNEAPOLIS.index("[[requirement.values]]") : MINNEAPOLIS.index('[[requirement]]\nkind = "residency"')
    ]
    later = value.replace("2013-01-01", "2025-11-04").replace("value = 18", "value = 16")
    years = load_pack(changed(value, value + later)).requirements[0].years

    assert years.on(date(2025, 11, 3)).value == 18
    assert years.on(date(2025, 11, 4)).value == 16
    assert years.on(date(2012, 12, 31)) is None


def test_an_empty_a_missing_and_a_half_pack_are_refused(tmp_path):
    assert "cannot be read" in refusal(tmp_path)
    (tmp_path / "pack.toml").write_bytes(b"")
    assert "is empty" in refusal(tmp_path)
    (tmp_path / "pack.toml").write_bytes(b"\xff\xfe\x00")
    assert "is not UTF-8" in refusal(tmp_path)


def test_a_pack_without_its_english_notice_is_refused(changed):
    folder = changed("place", "place")
    (folder / "notices" / "en.md").unlink()

    assert "needs its risk notice in English" in refusal(folder)


def test_the_digest_is_of_what_the_pack_says_and_not_of_its_layout(changed):
    original = load_pack("minneapolis")

    assert load_pack(changed("\n\n[[office]]", "\n\n# a remark\n\n[[office]]")).digest == original.digest
    assert load_pack(changed("value = 18", "value = 17")).digest != original.digest


def test_the_digest_covers_the_notices(changed):
    folder = changed("place", "place")
    notice = folder / "notices" / "en.md"
    notice.write_text(notice.read_text(encoding="utf-8") + "More.\n", encoding="utf-8")

    assert load_pack(folder).digest != load_pack("minneapolis").digest


@settings(max_examples=60)
@given(cut=st.integers(0, len(MINNEAPOLIS) - 1))
def test_a_truncated_pack_is_refused_or_whole(cut, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cut")
    shutil.copytree(PACKS / "minneapolis" / "notices", folder / "notices")
    (folder / "pack.toml").write_text(MINNEAPOLIS[:cut], encoding="utf-8")

    try:
        loaded = load_pack(folder)
    except PackError as refused:
        assert "\n" not in str(refused)
    else:
        # Only help lines stand at the end; losing one leaves a whole pack.
        assert len(loaded.offices) == 5
        assert len(loaded.requirements) == 2


@settings(max_examples=150)
@given(data=st.data())
def test_no_mangled_pack_ends_in_anything_but_a_clear_refusal(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("mangled")
    shutil.copytree(PACKS / "minneapolis" / "notices", folder / "notices")
    start = data.draw(st.integers(0, len(MINNEAPOLIS) - 1))
    end = min(len(MINNEAPOLIS), start + data.draw(st.integers(0, 30)))
    text = MINNEAPOLIS[:start] + data.draw(st.text(max_size=12)) + MINNEAPOLIS[end:]
    (folder / "pack.toml").write_bytes(text.encode("utf-8", "surrogatepass"))

    try:
        load_pack(folder)
    except PackError as refused:
        assert "\n" not in str(refused)
