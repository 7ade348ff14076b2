"""Street edges and VIP segments over the small square city of `grids`, for tests of maps made from ranges."""

from tests.eligibility.grids import MAP_TOML, SIDE, SOUTH, WEST, write

HEADER = "street,l_from,l_to,l_parity,l_zip,r_from,r_to,r_parity,r_zip,lon1,lat1,lon2,lat2"
COLUMNS = ", ".join(f'{name} = "{name}"' for name in HEADER.split(","))
NO_POINTS = MAP_TOML[: MAP_TOML.index("[addresses]")]
RANGES = f'[[addresses]]\nkind = "ranges"\nfile = "ranges.csv"\ncolumns = {{ {COLUMNS} }}\n'
RANGES_TOML = NO_POINTS + RANGES
BOTH_TOML = MAP_TOML.replace("[addresses]", "[[addresses]]") + RANGES
VIP = '[[addresses]]\nkind = "vip"\nfile = "segments.xml"\n'


def edge(street, start, end, left="", right=""):
    """A row of a file of ranges: from `start` to `end` in sides of the grid; a side is such as "100-198 E 55401"."""
    places = [f"{at:.6f}" for x, y in (start, end) for at in (WEST + x * SIDE, SOUTH + y * SIDE)]
    return ",".join([street, *_side(left), *_side(right), *places])


def _side(text):
    ends, parity, zip_code = [*text.split(), "", "", ""][:3]
    first, _, last = ends.partition("-")
    return first, last, parity, zip_code


# Elm runs east through P-1 and P-2; Oak runs north through P-1 and P-3; Line runs along the line of wards 1 and 2.
EDGES = (
    edge("ELM ST", (0.1, 0.5), (0.9, 0.5), "101-199 O 55401", "100-198 E 55401"),
    edge("ELM ST", (0.9, 0.5), (1.5, 0.5), "201-299 O 55402", "200-298 E 55402"),
    edge("N OAK AVE", (0.5, 1.1), (0.5, 1.9), "2-98 E", "1-99 O"),
    edge("S OAK AVE", (0.5, 0.9), (0.5, 0.1), "1-99 O", "2-98 E"),
    edge("LINE RD", (0.1, 1.0), (0.9, 1.0), "1-99 O", "2-98 E"),
    edge("BACK LN", (0.9, 0.2), (0.1, 0.2), "898-800 B", ""),
)


def write_ranges(folder, *edges, toml=RANGES_TOML, **source):
    write(folder, toml=toml, **source)
    (folder / "ranges.csv").write_text("\n".join([HEADER, *(edges or EDGES)]) + "\n", encoding="utf-8")
    return folder


def segment(number, precinct="p1", first="1", last="99", **fields):
    """One StreetSegment; a field given as None is left out."""
    own = {
        "City": "Gridtown",
        "OddEvenBoth": "both",
        "PrecinctId": precinct,
        "StartHouseNumber": first,
        "EndHouseNumber": last,
        "State": "ZZ",
        "StreetName": "MEADOW",
        "StreetSuffix": "LN",
        "Zip": "55401",
    } | fields
    inner = "".join(f"<{key}>{value}</{key}>" for key, value in own.items() if value is not None)
    return f'<StreetSegment id="ss{number}">{inner}</StreetSegment>'


def precinct(id_, name, number="", split=""):
    texts = {"Name": name, "Number": number, "PrecinctSplitName": split}
    inner = "".join(f"<{key}>{value}</{key}>" for key, value in texts.items() if value)
    return f'<Precinct id="{id_}"><LocalityId>loc1</LocalityId>{inner}</Precinct>'


PRECINCTS = (precinct("p1", "P-1"), precinct("p2", "P-2"), precinct("p3", "Third", "P-3"), precinct("p4", "P-10"))


def vip(*elements, precincts=PRECINCTS, version="6.0", head=""):
    body = "\n".join((*precincts, *elements))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{head}<VipObject schemaVersion="{version}">\n{body}\n</VipObject>\n'
    )


def write_vip(folder, raw, toml=NO_POINTS + VIP, **source):
    write(folder, toml=toml, **source)
    (folder / "segments.xml").write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    return folder
