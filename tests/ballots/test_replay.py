"""Replay: the same bytes from the same pack, map and facts, and a clean no when any of them is not what it was."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import eligibility
from ballots.replay import FactsDestroyed, NotTheSame, read_document, replay, without_facts
from eligibility import BadInput, load_pack
from eligibility.archive import Archive, NotArchived
from eligibility.district_map import DistrictMap
from tests.eligibility.grids import MAP_TOML, PARK_LAYER, WARD_LAYER, WARDS, collection, feature, square, write
from voter_reg.cli import main

PACKS = Path(eligibility.__file__).parent / "packs"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A pack in a directory of its own and a small map of the same city."""
    folder = tmp_path_factory.mktemp("replay")
    toml = MAP_TOML.replace("gridtown", "minneapolis") + WARD_LAYER + PARK_LAYER
    write(folder / "source", toml=toml, wards=WARDS, parks=collection(feature(square(0, 0, 2, 2), park=6)))
    assert main(["map", "build", str(folder / "source"), "--out", str(folder / "city.map")]) == 0
    shutil.copytree(PACKS / "minneapolis", folder / "pack")
    return folder


@pytest.fixture
def decide(folder, capsysbinary):
    def decided(*more, pack=None):
        capsysbinary.readouterr()
        asked = ["ballot", "decide", "--pack", str(pack or folder / "pack"), "--on", "2025-11-04", "--born",
                 "1990-06", "--resident-since", "2025-10-15", "--json", *more]  # fmt: skip
        assert main(asked) == 0
        return capsysbinary.readouterr().out

    return decided


@pytest.fixture
def with_map(folder, decide):
    return decide("--map", str(folder / "city.map"), "--address", "100 1st Ave S")


def again(raw, archive):
    return replay(read_document(raw, "decision"), archive)


def test_a_decision_replays_to_the_byte_from_where_its_pack_and_map_were(with_map, tmp_path):
    assert json.loads(with_map)["style"]
    assert again(with_map, Archive(tmp_path)) == with_map


def test_a_decision_without_a_map_replays_too(decide, tmp_path):
    raw = decide("--registered", "2025-10-14T17:00", "--sworn", "of-age")

    assert again(raw, Archive(tmp_path)) == raw


def test_a_changed_pack_no_longer_replays_unless_the_old_one_is_in_the_archive(folder, decide, tmp_path):
    shutil.copytree(folder / "pack", tmp_path / "mine")
    file = tmp_path / "mine" / "pack.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("value = 18", "value = 17"), "utf-8")
    raw = decide(pack=tmp_path / "mine")
    archive = Archive(tmp_path / "archive")
    archive.keep_pack(load_pack(tmp_path / "mine"), tmp_path / "mine")
    file.write_text(text.replace("value = 18", "value = 16"), "utf-8")

    with pytest.raises(NotArchived, match="the pack"):
        again(raw, Archive(tmp_path / "empty"))
    assert again(raw, archive) == raw


def test_a_map_that_is_gone_is_found_in_the_archive(folder, decide, tmp_path):
    shutil.copyfile(folder / "city.map", tmp_path / "mine.map")
    raw = decide("--map", str(tmp_path / "mine.map"), "--address", "100 1st Ave S")
    archive = Archive(tmp_path / "archive")
    archive.keep_map(DistrictMap.open(tmp_path / "mine.map"), tmp_path / "mine.map")
    archive.keep_map(DistrictMap.open(tmp_path / "mine.map"), tmp_path / "mine.map")
    (tmp_path / "mine.map").unlink()

    with pytest.raises(NotArchived, match="the map"):
        again(raw, Archive(tmp_path / "empty"))
    assert again(raw, archive) == raw
    assert len(list((tmp_path / "archive" / "maps").iterdir())) == 1


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("style",), "S9"),
        (("demonstration",), False),
        (("contests", 0, "eligible"), False),
        (("contests", 0, "findings", 0, "value"), 44),
        (("contests", 0, "findings", 0, "cite"), "hearsay"),
        (("gives_up",), []),
        (("replay", "facts", "birth"), "1990-07"),
        (("replay", "facts", "sworn"), ["guardian"]),
        (("replay", "salt"), "00" * 16),
        (("replay", "engine"), "1"),
        (("split",), "nowhere"),
        (("on",), "2021-11-02"),
    ],
)
def test_whatever_is_changed_in_a_decision_is_a_clean_no(with_map, tmp_path, path, value):
    document = json.loads(with_map)
    inner = document
    for key in path[:-1]:
        inner = inner[key]
    assert inner[path[-1]] != value
    inner[path[-1]] = value

    with pytest.raises(NotTheSame):
        replay(document, Archive(tmp_path))


def test_after_its_facts_are_destroyed_only_the_class_is_left_and_still_gives_the_contests(with_map, tmp_path):
    left = without_facts(json.loads(with_map), date(2027, 9, 1))

    with pytest.raises(FactsDestroyed, match=r"facts destroyed on 2027-09-01; its class gives the same contests"):
        replay(left, Archive(tmp_path))
    kept = json.dumps(left)
    assert "1990" not in kept
    assert json.loads(with_map)["replay"]["salt"] not in kept
    assert " days on election day" not in kept


def test_a_class_that_was_tampered_with_says_so(with_map, tmp_path):
    left = without_facts(json.loads(with_map), date(2027, 9, 1))
    left["contests"][0]["findings"][0]["met"] = False

    with pytest.raises(FactsDestroyed, match="does NOT give"):
        replay(left, Archive(tmp_path))


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b'{"replay": 1}', b"\xff", b'{"replay": {}}', b"[" * 100_000])
def test_what_is_no_decision_is_bad_input_in_one_line(raw, tmp_path):
    with pytest.raises(BadInput) as refused:
        again(raw, Archive(tmp_path))

    assert "\n" not in str(refused.value)


@settings(max_examples=80)
@given(data=st.data())
def test_a_mangled_decision_never_replays_and_never_ends_in_anything_but_a_clear_no(data, folder, tmp_path_factory):
    raw = _decision(folder)
    cut = data.draw(st.integers(0, len(raw) - 2))
    mangled = raw[:cut] + data.draw(st.binary(min_size=1, max_size=6)) + raw[cut + data.draw(st.integers(0, 6)) :]
    archive = Archive(tmp_path_factory.mktemp("none"))

    try:
        result = again(mangled, archive)
    except (BadInput, NotTheSame, NotArchived, FactsDestroyed) as refused:
        assert "\n" not in str(refused)
    else:
        assert result == json.dumps(json.loads(mangled), ensure_ascii=False).encode() + b"\n"


def _decision(folder, made={}):  # noqa: B006 - one decision for every example
    if not made:
        from contextlib import redirect_stdout  # noqa: PLC0415
        from io import BytesIO, TextIOWrapper  # noqa: PLC0415

        out = TextIOWrapper(BytesIO(), encoding="utf-8")
        with redirect_stdout(out):
            asked = ["ballot", "decide", "--pack", str(folder / "pack"), "--on", "2025-11-04", "--born", "1990",
                     "--resident-since", "2020-01-01", "--json"]  # fmt: skip
            assert main(asked) == 0
        out.flush()
        made["raw"] = out.buffer.getvalue()
    return made["raw"]
