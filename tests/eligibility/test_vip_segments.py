"""VIP street segments: which precinct each names, and files that are cut short, hostile or contradict themselves."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility import MapError
from eligibility import vip_segments as module
from eligibility.map_build import build_map
from tests.eligibility.grids import PARK_LAYER, built, collection, feature, refusal, square
from tests.eligibility.ranges import NO_POINTS, RANGES, VIP, precinct, segment, vip, write_ranges, write_vip

TABLE = NO_POINTS.replace("precincts.geojson", "table.csv")
PARKS = collection(feature(square(0, 0, 0.5, 2), park=5), feature(square(0.5, 0, 1.5, 2), park=6))
BOMB = '<!DOCTYPE bomb [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x SYSTEM "file:///etc/passwd">'


def test_segments_need_no_polygons_and_name_their_precincts(tmp_path):
    elements = (
        segment(1, "p1", "2", "98", OddEvenBoth="even"),
        segment(2, "p2", "1", "99", OddEvenBoth="odd"),
        segment(
            3, "p3", "100", "198", StreetDirection="N", AddressDirection="NE", StreetName="OAK", StreetSuffix="AVE"
        ),
        segment(4, "p4", "5", "5", StreetName="BROADWAY", StreetSuffix=None, OddEvenBoth=None, Zip=None),
    )
    folder = write_vip(tmp_path, vip(*elements), toml=TABLE + VIP)
    (folder / "table.csv").write_text("precinct,ward\nP-1,1\nP-2,1\nP-3,2\nP-10,2\n", encoding="utf-8")
    city, report = built(folder)

    assert (report.warnings, city.info()["ranges"], city.info()["addresses"]) == ((), 4, 0)
    typed = ("50 Meadow Ln", "51 meadow lane apt 2", "150 N Oak Ave NE", "5 Broadway 55499")
    assert [city.lookup(one).split for one in typed] == ["P-1", "P-2", "P-3", "P-10"]
    assert city.lookup("51 Meadow Ln").districts == {"ward": "1"}
    assert [city.lookup(one).status for one in ("100 Meadow Ln", "6 Broadway", "150 S Oak Ave")] == ["not_found"] * 3


def test_a_segment_of_all_addresses_is_the_whole_street(tmp_path):
    whole = segment(1, "p2", None, None, IncludesAllAddresses="true")
    city, _ = built(write_vip(tmp_path, vip(whole)))

    assert {city.lookup(f"{n} Meadow Ln").split for n in (1, 98, 123_456_789)} == {"P-2"}


def test_a_split_is_found_by_its_name_and_an_unsplit_precinct_takes_any(tmp_path):
    precincts = (precinct("a", "P-1", split="1"), precinct("b", "P-1", "9", "2"), precinct("c", "P-2", split="A"))
    elements = [segment(n, id_, "1", "9", StreetName=f"{id_}CREEK") for n, id_ in enumerate("abc")]
    folder = write_vip(tmp_path, vip(*elements, precincts=precincts), toml=NO_POINTS + VIP + PARK_LAYER, parks=PARKS)
    city, _ = built(folder)

    assert [city.lookup(f"5 {id_}creek Ln").split for id_ in "abc"] == ["P-1.1", "P-1.2", "P-2"]


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (
            precinct("p1", "P-9"),
            "line 3: StreetSegment ss1: is in the precinct 'P-9', which the map does not have (did",
        ),
        (precinct("p1", ""), "is in the precinct without a name, which the map does not have"),
        (precinct("p1", "P-2", "P-3"), "is in a precinct 'P-2' 'P-3' '' that may be any of P-2, P-3"),
        (precinct("p1", "P-1"), "that may be any of P-1.1, P-1.2"),
        (precinct("p1", "P-1", split="3"), "that may be any of P-1.1, P-1.2"),
        (precinct("p9", "P-1"), "segments.xml: line 3: StreetSegment ss1: has the PrecinctId 'p1', which no Precinct"),
    ],
)
def test_a_precinct_that_is_not_one_of_the_map_is_refused(tmp_path, one, says):
    raw = vip(segment(1), precincts=(one,)).replace('encoding="UTF-8"?>\n', 'encoding="UTF-8"?>')

    assert says in refusal(write_vip(tmp_path, raw, toml=NO_POINTS + VIP + PARK_LAYER, parks=PARKS))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"OddEvenBoth": "E"}, "has the OddEvenBoth 'E'; it must be odd, even or both"),
        ({"StartHouseNumber": None}, "has the StartHouseNumber '', which is no house number"),
        ({"EndHouseNumber": "9A"}, "has the EndHouseNumber '9A', which is no house number"),
        ({"EndHouseNumber": "-9"}, "has the EndHouseNumber '-9'"),
        ({"EndHouseNumber": "٩"}, "which is no house number"),
        ({"EndHouseNumber": "100001"}, "has a range of more than 100,000 house numbers, 1 to 100001"),
        ({"StartHouseNumber": "100"}, "starts at house number 100 and ends before it, at 99"),
        ({"StreetName": None}, "has no StreetName"),
        ({"PrecinctId": None}, "has the PrecinctId '', which no Precinct has"),
        ({"StreetName": "x" * 1001}, "has a text of more than 1000 characters"),
    ],
)
def test_a_segment_with_a_mistake_is_refused_by_its_line_and_id(tmp_path, fields, says):
    line = refusal(write_vip(tmp_path, vip(segment(7, **fields))))

    assert says in line
    assert line.startswith("segments.xml: line 7: StreetSegment ss7: ")


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("", "segments.xml: is empty"),
        (vip(segment(1))[:-60], "(is the file cut short?)"),
        (vip(segment(1))[:400], "(is the file cut short?)"),
        ("street,from,to\n", "segments.xml: line 1: is not XML at column 1: syntax error"),
        (vip(segment(1)).encode("utf-16"), "is not UTF-8"),
        (vip(segment(1, StreetName="A&B")), "is not XML"),
        (vip(segment(1, StreetName="&a;")), "is not XML at column"),
        (vip(segment(1, StreetName="&b;"), head=BOMB), "line 2: has a document type (DOCTYPE)"),
        (vip(segment(1), head=OUTSIDE), "line 2: has a document type (DOCTYPE)"),
        (vip(segment(1), head="<!DOCTYPE VipObject>"), "line 2: has a document type (DOCTYPE)"),
        ("<VipObject/>", "is not a VIP file of version 5 or 6, but VipObject"),
        ("<html/>", "is not a VIP file of version 5 or 6, but html"),
        (vip(segment(1), version="3.0"), "but VipObject 3.0"),
        (vip(), "has no StreetSegment that can be read"),
        (
            vip(segment(1), precincts=(precinct("p1", "P-1"),) * 2),
            "line 4: Precinct p1: has an id that another Precinct",
        ),
        ("<a>" * 200_000, "is not a VIP file"),
    ],
)
def test_a_file_that_is_no_vip_file_is_refused(tmp_path, raw, says):
    assert says in refusal(write_vip(tmp_path, raw))


def test_a_file_beyond_the_longest_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "LONGEST_FILE", 500)

    assert "segments.xml: is longer than 500 bytes" in refusal(write_vip(tmp_path, vip(segment(1))))


def test_depth_alone_harms_nothing(tmp_path):
    deep = "<x>" * 100_000 + "</x>" * 100_000
    city, _ = built(write_vip(tmp_path, vip(deep, segment(1))))

    assert city.lookup("5 Meadow Ln").split == "P-1"


@pytest.mark.parametrize(
    ("second", "overlaps"),
    [
        ({"first": "99", "last": "120"}, True),
        ({"first": "100", "last": "120"}, False),
        ({"OddEvenBoth": "odd"}, True),
        ({"Zip": "55402"}, False),
        ({"Zip": None}, True),
        ({"StreetDirection": "N"}, False),
        ({"StreetSuffix": "LANE"}, True),
        ({"StreetSuffix": "ST"}, False),
    ],
)
def test_segments_that_overlap_with_different_wards_are_refused_with_both_named(tmp_path, second, overlaps):
    folder = write_vip(tmp_path, vip(segment(1, "p1"), segment(2, "p3", **second)))

    if overlaps:
        line = refusal(folder)
        assert "segments.xml: line 7: StreetSegment ss1: overlaps line 8: StreetSegment ss2 with different" in line or (
            "segments.xml: line 8: StreetSegment ss2: overlaps line 7: StreetSegment ss1 with different" in line
        )
        assert "MEADOW LN" in line
        assert "1 to 99 in P-1" in line
    else:
        assert built(folder)[1].warnings == ()


def test_odd_and_even_segments_and_a_single_common_number_of_the_other_parity_do_not_overlap(tmp_path):
    elements = (segment(1, "p1", OddEvenBoth="odd"), segment(2, "p3", OddEvenBoth="even"))
    touching = (
        segment(3, "p1", "1", "10", StreetName="OAK", OddEvenBoth="odd"),
        segment(4, "p3", "10", StreetName="OAK"),
    )

    assert built(write_vip(tmp_path, vip(*elements, *touching)))[1].warnings == ()


def test_segments_that_overlap_with_the_same_wards_are_asked_and_warned_of(tmp_path):
    city, report = built(write_vip(tmp_path, vip(segment(1, "p1"), segment(2, "p2", "90", "120"))))

    assert report.warnings == (
        "1 pairs of ranges hold the same houses in different places (90 MEADOW LN first) and are ambiguous there",
    )
    assert [city.lookup(f"{n} Meadow Ln").status for n in (89, 90, 100)] == ["found", "ambiguous", "found"]


def test_what_is_not_understood_is_left_out_and_told_of(tmp_path):
    elements = (
        segment(1, "p1"),
        segment(2, "p2", StreetName="QUEENS", HouseNumberPrefix="12-"),
        segment(3, "p2", StreetName="KINGS", HouseNumberSuffix="A"),
        segment(4, "p2", StreetName=None, IncludesAllStreets="true"),
    )
    city, report = built(write_vip(tmp_path, vip(*elements)))

    assert report.warnings == ("3 ranges are left out, not understood ('12-1 to 12-99 QUEENS' first)",)
    assert [city.lookup(f"5 {name} Ln").status for name in ("Queens", "Kings", "Meadow")] == [
        "not_found",
        "not_found",
        "found",
    ]


def test_segments_of_another_city_are_left_out_up_to_one_in_twenty(tmp_path):
    own = [segment(n, "p1", "1", "9", StreetName=f"{n}TH") for n in range(4, 23)]
    city, report = built(write_vip(tmp_path / "a", vip(*own, segment(2, City="Otherville"))))
    assert report.warnings == ("1 street segments are of 'Otherville', which cities does not name; they are left out",)
    assert city.lookup("5 Meadow Ln").status == "not_found"
    assert "of '--', which" in built(write_vip(tmp_path / "signs", vip(*own, segment(2, City="--"))))[1].warnings[0]
    other = [segment(n, "p1", City="Otherville", StreetName=f"OAK{n}") for n in (2, 3)]
    assert "2 of 21 street segments are of 'Otherville', which cities does not name: another city's?" in refusal(
        write_vip(tmp_path / "b", vip(*own, *other))
    )
    toml = NO_POINTS.replace("[precincts]", 'cities = ["Otherville"]\n[precincts]') + VIP
    assert built(write_vip(tmp_path / "c", vip(*own, *other), toml=toml))[1].warnings == ()


def test_a_named_precinct_wins_over_a_place_on_an_edge(tmp_path):
    folder = write_ranges(tmp_path, toml=NO_POINTS + RANGES + VIP)
    elements = segment(1, "p3", "1", "99", StreetName="LINE", StreetSuffix="RD", Zip=None)
    (folder / "segments.xml").write_text(vip(elements), encoding="utf-8")
    city, report = built(folder)

    assert report.warnings == ()
    assert (city.lookup("50 Line Rd").status, city.lookup("50 Line Rd").split) == ("found", "P-3")
    assert city.lookup("150 Elm St").split == "P-1"


def test_the_same_segments_in_any_order_give_the_same_bytes(tmp_path):
    elements = [segment(n, "p1", StreetName=f"{n}TH") for n in range(4, 9)]
    for name, ordered in (("a", elements), ("b", elements[::-1])):
        built(write_vip(tmp_path / name, vip(*ordered)))

    assert (tmp_path / "a" / "city.map").read_bytes() == (tmp_path / "b" / "city.map").read_bytes()


RAW = vip(segment(1, "p1", "2", "98", OddEvenBoth="even"), segment(2, "p3", "1", "99", OddEvenBoth="odd")).encode()


@settings(max_examples=60)
@given(data=st.data())
def test_no_mangled_file_ends_in_anything_but_a_clear_refusal_or_a_map(data, tmp_path_factory):
    start = data.draw(st.integers(0, len(RAW) - 1))
    end = min(len(RAW), start + data.draw(st.integers(0, 12)))
    folder = write_vip(tmp_path_factory.mktemp("mangled"), RAW[:start] + data.draw(st.binary(max_size=8)) + RAW[end:])

    try:
        build_map(folder, folder / "city.map")
    except MapError as refused:
        assert "\n" not in str(refused)
