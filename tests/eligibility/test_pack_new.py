"""A city's own pack: it loads and is proven from the first minute, is a proposal, and says what is to be found."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility import BadInput, PackError, load_pack, pack_names
from eligibility.pack_new import Beginning, begin_pack
from eligibility.pack_todo import todo
from eligibility.truth_table import prove

TODAY = date(2026, 11, 23)
MINE = Beginning("my-city", "My City", "ocd-division/country:us/state:mn/place:my_city", "America/Denver")


def test_the_template_begins_a_pack_that_loads_and_is_proven(tmp_path):
    pack = begin_pack(MINE, tmp_path / "mine", TODAY)

    assert (pack.place, pack.name, pack.ocd_id, pack.time_zone) == (MINE.place, MINE.name, MINE.ocd_id, MINE.time_zone)
    assert (pack.legal_status, pack.demonstration) == ("proposed", True)
    assert prove(pack).failures == ()
    assert prove(pack).rows > 1_000
    assert "My City has no law for this yet" in pack.notices["en"]


@pytest.mark.parametrize("like", pack_names())
def test_the_rules_of_every_place_begin_a_pack_that_is_a_proposal_with_everything_to_confirm(tmp_path, like):
    pack, known = begin_pack(MINE, tmp_path / "mine", TODAY, like), load_pack(like)

    assert (pack.place, pack.name, pack.legal_status, pack.demonstration) == ("my-city", "My City", "proposed", True)
    assert [office.id for office in pack.offices] == [office.id for office in known.offices]
    assert [r.kind for r in pack.requirements] == [r.kind for r in known.requirements]
    text = (tmp_path / "mine" / "pack.toml").read_text(encoding="utf-8")
    assert text.count("\nchecked_on = 2026-11-23\nto_confirm = ") == text.count("\nchecked_on = ")
    assert f"begun from the rules of {known.name}" in pack.notices["en"]


def test_each_value_of_the_template_says_what_to_find(tmp_path):
    begin_pack(MINE, tmp_path / "mine", TODAY)
    found = todo(tmp_path / "mine", TODAY)

    assert len(found) > 25
    assert all(one.what.startswith("Find ") for one in found)
    assert "requirement[1].values[1]" in {one.where for one in found}


def test_a_value_checked_more_than_90_days_ago_is_open_again(tmp_path):
    begin_pack(MINE, tmp_path / "mine", TODAY)
    file = tmp_path / "mine" / "pack.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text("\n".join(line for line in text.splitlines() if not line.startswith("to_confirm")), "utf-8")

    # The one value that the template itself has from a source, of the federal law, was checked on 2026-11-22.
    assert todo(tmp_path / "mine", date(2027, 2, 20)) == []
    assert [one.where for one in todo(tmp_path / "mine", date(2027, 2, 21))] == ["outside[1]"]
    assert len(todo(tmp_path / "mine", date(2027, 2, 22))) > 25


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"place": "My City"}, "is not a slug"),
        ({"place": "minneapolis"}, "ships with the service already"),
        ({"name": ""}, "must be one line"),
        ({"name": "two\nlines"}, "must be one line"),
        ({"name": "x" * 81}, "must be one line"),
        ({"name": "bell\x07"}, "must be one line"),
        ({"ocd_id": "place:mine"}, "does not begin with ocd-division"),
        ({"ocd_id": 'ocd-division/country:us/"'}, "is not an Open Civic Data id"),
        ({"time_zone": "America/Denvr"}, "did you mean 'America/Denver'"),
        ({"time_zone": 'x" \n y'}, "unknown time_zone"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_and_leaves_nothing(tmp_path, changes, says):
    with pytest.raises(BadInput, match=says) as refused:
        begin_pack(Beginning(**{**{key: getattr(MINE, key) for key in Beginning.__slots__}, **changes}),
                   tmp_path / "mine", TODAY)  # fmt: skip

    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over_and_nowhere_is_no_place(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")

    with pytest.raises(BadInput, match="never written over"):
        begin_pack(MINE, tmp_path / "mine", TODAY)
    with pytest.raises(BadInput, match="no parent directory"):
        begin_pack(MINE, tmp_path / "no" / "where", TODAY)
    with pytest.raises(PackError, match="no such pack"):
        begin_pack(MINE, tmp_path / "other", TODAY, "atlantis")
    assert [one.name for one in tmp_path.iterdir()] == ["mine"]


names = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1, max_size=60).filter(
    lambda name: name == name.strip() and name.isprintable()
)


@settings(max_examples=40, deadline=None)
@given(name=names, like=st.none() | st.sampled_from(["takoma-park", "burlington"]))
def test_any_name_comes_back_as_it_was_given(name, like, tmp_path_factory):
    mine = Beginning("my-city", name, MINE.ocd_id, MINE.time_zone)

    assert begin_pack(mine, tmp_path_factory.mktemp("named") / "mine", TODAY, like).name == name
