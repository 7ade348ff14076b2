"""Small square cities for tests of maps: two by two precincts of one kilometre, drawn anew for each mistake."""

import copy
import json

import pytest

from eligibility import MapError
from eligibility.district_map import DistrictMap
from eligibility.map_build import build_map

SIDE = 0.01  # degrees, about a kilometre
WEST, SOUTH = -93.30, 45.00

MAP_TOML = """
place = "gridtown"
effective_from = 2022-05-01
[precincts]
file = "precincts.geojson"
id = "precinct"
districts = { ward = "ward" }
[addresses]
file = "addresses.csv"
columns = { address = "address", zip = "zip", lon = "lon", lat = "lat" }
"""

ADDRESSES = """address,zip,lon,lat
100 1st Ave S,55401,-93.295,45.005
100 1st Ave N,55401,-93.295,45.015
200 2nd St E,55402,-93.285,45.005
200 2nd St W,55402,-93.285,45.015
12 1/2 Oak Ln,,-93.296,45.004
"""

PARK_LAYER = '\n[[layer]]\nkind = "park"\nfile = "parks.geojson"\nid = "park"\n'
WARD_LAYER = '\n[[layer]]\nkind = "ward"\nfile = "wards.geojson"\nid = "ward"\nnests = true\n'


def square(x, y, width=1.0, height=1.0):
    """A ring whose south-west corner is at (x, y) in sides."""
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
    return [[round(WEST + east * SIDE, 7), round(SOUTH + north * SIDE, 7)] for east, north in corners]


def feature(ring, **properties):
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def collection(*features, **members):
    return {"type": "FeatureCollection", "features": list(features), **members}


PRECINCTS = collection(
    feature(square(0, 0), precinct="P-1", ward=1),
    feature(square(1, 0), precinct="P-2", ward=1),
    feature(square(0, 1), precinct="P-3", ward=2),
    feature(square(1, 1), precinct="P-10", ward=2),
)
WARDS = collection(feature(square(0, 0, 2, 1), ward="01"), feature(square(0, 1, 2, 1), ward="02"))


def precincts(change=None):
    """The precinct layer, changed by a function if one is given."""
    layer = copy.deepcopy(PRECINCTS)
    if change:
        change(layer["features"])
    return layer


def write(folder, *, toml=MAP_TOML, addresses=ADDRESSES, layer=None, **layers):
    """Write a map's source; further layers by file name without its ending."""
    folder.mkdir(exist_ok=True)
    (folder / "map.toml").write_text(toml, encoding="utf-8")
    (folder / "addresses.csv").write_text(addresses, encoding="utf-8")
    for name, content in {"precincts": layer or precincts(), **layers}.items():
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        (folder / f"{name}.geojson").write_bytes(raw)
    return folder


def built(folder):
    """The map of a source, opened, and what its builder reported."""
    report = build_map(folder, folder / "city.map")
    return DistrictMap.open(folder / "city.map"), report


def refusal(folder):
    """The one line that a source is refused with; nothing is written."""
    with pytest.raises(MapError) as refused:
        build_map(folder, folder / "city.map")
    line = str(refused.value)
    assert "\n" not in line
    assert not (folder / "city.map").exists()
    assert not [path for path in folder.iterdir() if path.name.startswith(".")], "a temporary file was left"
    return line
