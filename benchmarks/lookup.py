"""Looking addresses up in a map of 250,000: how fast it opens, how many a second, and how it grows with the map.

The budgets are absolute (50 ms to open, 100,000 look-ups a second, 10 ms for what is offered while typing), so they are
measured as they are, several times over, and the median counts. Opening is measured with the operating system's cache
warm.
"""

from __future__ import annotations

import csv
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from benchmarks.growth import exponent
from benchmarks.row import Row, milliseconds
from eligibility.district_map import DistrictMap
from eligibility.map_build import build_map

STREETS, HOUSES = 500, 500
SIDE = 10  # precincts along each side of the square city
ROUNDS, ASKED = 7, 50_000
TYPED = 5_000
GROWTH = ((100, 100), (316, 316), (1000, 1000))  # streets, houses on each


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        path, addresses = _build(Path(folder), STREETS, HOUSES)
        opened = statistics.median(_seconds(lambda: DistrictMap.open(path)) for _ in range(ROUNDS))
        yield Row("open a map of 250,000 addresses", milliseconds(opened), "", None, "≤ 50 ms", opened <= 0.05)
        first = statistics.median(_seconds(lambda: DistrictMap.open(path).lookup(addresses[0])) for _ in range(ROUNDS))
        yield Row("open it and answer the first address (proves the index's hashes)", milliseconds(first))
        city, chance = DistrictMap.open(path), Random(1)
        exact = [chance.choice(addresses) for _ in range(ASKED)]
        rate = statistics.median(_rate(city, exact) for _ in range(ROUNDS))
        yield Row("look up, exact", f"{rate:,.0f}/s", "", None, "≥ 100,000/s", rate >= 100_000)
        respelled = [_respelled(address) for address in exact[:2_000]]
        rate = statistics.median(_rate(city, respelled) for _ in range(ROUNDS))
        yield Row("look up, respelled (direction in front, type spelled out)", f"{rate:,.0f}/s")
        first = statistics.median(_seconds(lambda: DistrictMap.open(path).ahead("100 b")) for _ in range(ROUNDS))
        yield Row("open it and answer the first typed-ahead", milliseconds(first))
        slowest = _percentile(_typed_ahead(city, addresses))
        yield Row("typed-ahead, 99th percentile", milliseconds(slowest), "", None, "≤ 10 ms", slowest <= 0.01)
    yield from _growth()


def _growth() -> Iterator[Row]:
    """Square cities of growing size: the mean time of an exact look-up, and of an offer while typing."""
    sizes, exact, ahead = [], [], []
    for streets, houses in GROWTH:
        with tempfile.TemporaryDirectory() as folder:
            path, addresses = _build(Path(folder), streets, houses)
            city, chance = DistrictMap.open(path), Random(1)
            asked = [chance.choice(addresses) for _ in range(ASKED)]
            sizes.append(len(addresses))
            exact.append(1 / statistics.median(_rate(city, asked) for _ in range(ROUNDS)))
            times = _typed_ahead(city, addresses)
            ahead.append(statistics.mean(times))
            if len(sizes) == len(GROWTH):
                slowest = milliseconds(_percentile(times))
                yield Row(f"typed-ahead in a map of {len(addresses):,}, 99th percentile", slowest)
    span = f"{sizes[0]:,} to {sizes[-1]:,} addresses"
    for what, seconds in (("look-up", exact), ("typed-ahead", ahead)):
        ours = f"exponent {exponent(sizes, seconds):.2f} ({', '.join(f'{1e6 * each:.1f}' for each in seconds)} µs)"
        yield Row(f"growth of {what}, {span}", ours)


def _typed_ahead(city: DistrictMap, addresses: list[str]) -> list[float]:
    """How long each beginning of random addresses takes, from one character on, in seconds."""
    chance, times = Random(2), []
    city.ahead("1 a")
    for _ in range(TYPED):
        address = chance.choice(addresses)
        begun = address[: chance.randint(1, len(address))]
        times.append(_seconds(lambda: city.ahead(begun)))  # noqa: B023 - called at once
    return times


def _percentile(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def _build(folder: Path, streets: int, houses: int) -> tuple[Path, list[str]]:
    """A square city of 100 precincts, half its streets by name and half by number, as many houses on each."""
    cells = [(x, y) for x in range(SIDE) for y in range(SIDE)]
    features = [
        {
            "type": "Feature",
            "properties": {"precinct": f"P-{x}-{y}", "ward": x + 1},
            "geometry": {"type": "Polygon", "coordinates": [_ring(x, y)]},
        }
        for x, y in cells
    ]
    (folder / "precincts.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    addresses = []
    with (folder / "addresses.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("address", "lon", "lat"))
        for street in range(streets):
            for house in range(houses):
                side = "N" if house % 2 else "S"
                name = f"{street // 2 + 1}TH AVE" if street % 2 else f"{_word(street)} ST"
                addresses.append(f"{100 + house} {name} {side}")
                lon, lat = -40 + (house + 0.5) / houses * SIDE / 100, 45 + (street + 0.5) / streets * SIDE / 100
                writer.writerow((addresses[-1], f"{lon:.6f}", f"{lat:.6f}"))
    (folder / "map.toml").write_text(
        'place = "bench"\neffective_from = 2020-01-01\n'
        '[precincts]\nfile = "precincts.geojson"\nid = "precinct"\ndistricts = { ward = "ward" }\n'
        '[addresses]\nfile = "addresses.csv"\ncolumns = { address = "address", lon = "lon", lat = "lat" }\n'
    )
    build_map(folder, folder / "bench.map")
    city = DistrictMap.open(folder / "bench.map")
    # Ask for each address as the map writes it: "1TH" above becomes "1ST".
    return folder / "bench.map", [found for a in addresses if (found := city.lookup(a).address)]


def _ring(x: int, y: int) -> list[list[float]]:
    corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)]
    return [[-40 + east / 100, 45 + north / 100] for east, north in corners]


def _word(number: int) -> str:
    return "".join("BDFGHJKLMNPRSTVZ"[int(digit, 16)] + "A" for digit in f"{number:03x}")


def _respelled(address: str) -> str:
    number, name, kind, side = address.split()
    direction, spelled = {"N": "North", "S": "South"}[side], {"AVE": "Avenue", "ST": "Street"}[kind]
    return f"{number} {direction} {name.title()} {spelled}"


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _rate(city: DistrictMap, addresses: list[str]) -> float:
    started = time.perf_counter()
    found = sum(city.lookup(address).status == "found" for address in addresses)
    seconds = time.perf_counter() - started
    assert found == len(addresses), "an address of the map was not found in it"
    return len(addresses) / seconds
