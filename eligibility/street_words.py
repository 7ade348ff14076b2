"""Words of United States street addresses: street types, directions, units, ordinals, and how each is abbreviated.

The abbreviations follow USPS Publication 28 (appendix B for directions, C1 for street types, C2 for units). Every key
is upper-case ASCII without punctuation, as `eligibility.address_text` leaves a word.
"""

from __future__ import annotations


def _spellings(table: str) -> dict[str, str]:
    """Read lines of ``ABBREVIATION OTHER OTHER…`` into a map from every spelling to the abbreviation."""
    lines = [line.split() for line in table.strip().splitlines()]
    return {word: words[0] for words in lines for word in words}


# Words that are hardly ever the name of a street by themselves: where one stands, the street's name has ended.
PLAIN_TYPES = _spellings("""
    ALY ALLEY ALLEE ALLY
    AVE AVENUE AV AVEN AVENU AVN AVNUE
    BLVD BOULEVARD BLV BOUL BOULV
    BYP BYPASS BYPA BYPAS BYPS
    CIR CIRCLE CIRC CIRCL CRCL CRCLE
    CRES CRESCENT CRSENT CRSNT
    CSWY CAUSEWAY CAUSWA
    CT COURT
    CTS COURTS
    CURV CURVE
    DR DRIVE DRIV DRV
    EXPY EXPRESSWAY EXP EXPR EXPRESS EXPW
    FWY FREEWAY FREEWY FRWAY FRWY
    HWY HIGHWAY HIGHWY HIWAY HIWY HWAY
    LN LANE
    PKWY PARKWAY PARKWY PKWAY PKY PKWYS PARKWAYS
    PL PLACE
    PLZ PLAZA PLZA
    RD ROAD
    RTE ROUTE
    SKWY SKYWAY
    SQ SQUARE SQR SQRE SQU
    ST STREET STR STRT
    TER TERRACE TERR
    TPKE TURNPIKE TRNPK TURNPK
    TRL TRAIL TRAILS TRLS
    WAY WY
    XING CROSSING CRSSNG
""")

# Words that are as often part of a name (Oak Park Ave, Lake Shore Dr): a type only where they end the street.
NAME_TYPES = _spellings("""
    ANX ANNEX
    ARC ARCADE
    BCH BEACH
    BND BEND
    BLF BLUFF
    BRG BRIDGE
    BRK BROOK
    CTR CENTER CENTRE
    CLB CLUB
    CMN COMMON
    CMNS COMMONS
    COR CORNER
    CRK CREEK
    CV COVE
    DL DALE
    EST ESTATE
    ESTS ESTATES
    FLD FIELD
    FLDS FIELDS
    FLS FALLS
    FRST FOREST
    GDNS GARDENS
    GDN GARDEN
    GLN GLEN
    GRN GREEN
    GRV GROVE
    GTWY GATEWAY
    HBR HARBOR
    HL HILL
    HLS HILLS
    HOLW HOLLOW
    HTS HEIGHTS
    ISLE ISLES
    ISLA ISLAND
    KNL KNOLL
    KNLS KNOLLS
    LDG LODGE
    LK LAKE
    LKS LAKES
    LNDG LANDING
    LOOP LOOPS
    MALL
    MDW MEADOW
    MDWS MEADOWS
    MEWS
    ML MILL
    MNR MANOR
    MTN MOUNTAIN
    OVAL
    PARK PARKS PRK
    PASS
    PATH PATHS
    PIKE PIKES
    PNES PINES
    PROM PROMENADE
    PT POINT
    RDG RIDGE
    RIV RIVER
    ROW
    RUN
    SHR SHORE
    SHRS SHORES
    SPG SPRING
    SPGS SPRINGS
    SPUR SPURS
    STA STATION
    TRCE TRACE
    VIS VISTA
    VLG VILLAGE
    VLY VALLEY
    VW VIEW
    WALK WALKS
""")

DIRECTIONS = _spellings("""
    N NORTH NO NTH
    S SOUTH SO STH
    E EAST
    W WEST
    NE NORTHEAST
    NW NORTHWEST
    SE SOUTHEAST
    SW SOUTHWEST
""")

# A unit's designator: those of a dwelling or office all say "the one called 3", so that Apt 3, Unit 3 and #3 agree;
# the others are part of what the unit is called (floor 2 is not apartment 2).
UNIT_WORDS = dict.fromkeys(["#", "APT", "APARTMENT", "UNIT", "STE", "SUITE", "NUMBER", "NUM", "RM", "ROOM"], "#") | (
    _spellings("""
        BLDG BUILDING
        DEPT DEPARTMENT
        FL FLOOR FLR
        HNGR HANGAR
        LOT
        OFC OFFICE
        SLIP
        SPC SPACE
        TRACT
        TRLR TRAILER
    """)
)

# Units that need no number, and are read as such only behind the street (Front Ave and Upper Afton Rd are streets).
LONE_UNITS = _spellings("""
    ATTIC
    BSMT BASEMENT
    FRNT FRONT
    GARAGE
    LBBY LOBBY
    LOWR LOWER DOWN DOWNSTAIRS
    PH PENTHOUSE
    REAR BACK
    SIDE
    UPPR UPPER UP UPSTAIRS
""")

# What may follow these: "lower level", "rear house", "main floor".
LONE_UNIT_KINDS = frozenset({"APT", "APARTMENT", "DUPLEX", "FLAT", "FLOOR", "FLR", "HALF", "HOUSE", "LEVEL", "UNIT"})

# Highways are named by number: the number belongs to the name and is no unit.
ROUTE_WORDS = frozenset({"HWY", "RTE", "RD", "INTERSTATE", "I"})
ROUTE_PREFIXES = frozenset({"US", "STATE", "CO", "COUNTY", "TRUNK", "TOWNSHIP", "OLD"})

# First words that the field abbreviates: spelled out in a name.
SPELLED_OUT = {"ST": "SAINT", "STE": "SAINTE", "MT": "MOUNT", "FT": "FORT"}

# Further abbreviations inside names, folded for comparison only.
NAME_ABBREVIATIONS = {
    "SERVICE": "SVC",
    "FRONTAGE": "FRTG",
    "MEMORIAL": "MEM",
    "COUNTY": "CO",
    "JUNIOR": "JR",
    "DOCTOR": "DR",
    "INTERSTATE": "I",
}

COUNTRIES = frozenset({"USA", "US", "AMERICA"})

STATES = frozenset(
    [
        "AL",
        "AK",
        "AZ",
        "AR",
        "CA",
        "CO",
        "CT",
        "DE",
        "DC",
        "FL",
        "GA",
        "HI",
        "ID",
        "IL",
        "IN",
        "IA",
        "KS",
        "KY",
        "LA",
        "ME",
        "MD",
        "MA",
        "MI",
        "MN",
        "MS",
        "MO",
        "MT",
        "NE",
        "NV",
        "NH",
        "NJ",
        "NM",
        "NY",
        "NC",
        "ND",
        "OH",
        "OK",
        "OR",
        "PA",
        "RI",
        "SC",
        "SD",
        "TN",
        "TX",
        "UT",
        "VT",
        "VA",
        "WA",
        "WV",
        "WI",
        "WY",
        "PR",
        "MINN",
        "MINNESOTA",
        "CALIFORNIA",
        "CALIF",
        "MARYLAND",
        "VERMONT",
        "WISCONSIN",
        "IOWA",
    ]
)
# State codes that are street words as well (Nebraska, Connecticut): never read as a state without a comma before them.
DOUBTFUL_STATES = STATES & (DIRECTIONS.keys() | PLAIN_TYPES.keys() | UNIT_WORDS.keys() | {"CO", "IN", "OR", "LA", "ME"})

_ONES = ["FIRST", "SECOND", "THIRD", "FOURTH", "FIFTH", "SIXTH", "SEVENTH", "EIGHTH", "NINTH"]
_TEENS = [
    "TENTH",
    "ELEVENTH",
    "TWELFTH",
    "THIRTEENTH",
    "FOURTEENTH",
    "FIFTEENTH",
    "SIXTEENTH",
    "SEVENTEENTH",
    "EIGHTEENTH",
    "NINETEENTH",
]
_TENS = ["TWENTY", "THIRTY", "FORTY", "FIFTY", "SIXTY", "SEVENTY", "EIGHTY", "NINETY"]

# A unit's number in words ("apartment three").
NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate("ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN".split(), start=1)  # noqa: SIM905
}

# First to nineteenth, and twentieth, thirtieth… in one word.
ORDINAL_WORDS = {word: number for number, word in enumerate(_ONES + _TEENS, start=1)} | {
    word.removesuffix("Y") + "IETH": 10 * ten for ten, word in enumerate(_TENS, start=2)
}
TENS = {word: 10 * ten for ten, word in enumerate(_TENS, start=2)}


def ordinal(number: int) -> str:
    """``1ST``, ``2ND``, ``11TH``, ``42ND``."""
    ending = "TH" if number // 10 % 10 == 1 else {1: "ST", 2: "ND", 3: "RD"}.get(number % 10, "TH")
    return f"{number}{ending}"
