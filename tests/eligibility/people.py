"""People and questions about them, for tests that read as sentences."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from eligibility import BirthDate, Facts, Split, decide, load_pack
from eligibility.facts import Registered
from eligibility.requirement import SWORN_KEYS

MINNEAPOLIS = load_pack("minneapolis")
SAN_FRANCISCO = load_pack("san-francisco")
WARD_3_PARK_5 = Split("W-3 P-01", "W-3 P-01", {"ward": "3", "park": "5"})
CITYWIDE = Split("1", "1", {})


def facts(born="1990-06-15", since="2020-01-01", sworn=()):
    return Facts(BirthDate.parse(born), since and date.fromisoformat(since), frozenset(sworn))


def contests(pack, on, split=None, **stated):
    """The ids of the contests that a person may vote in."""
    return decide(facts(**stated), pack, date.fromisoformat(on), split).eligible_ids


def why_not(pack, contest, on, split=None, **stated):
    """The one finding that keeps a person from a contest."""
    decision = decide(facts(**stated), pack, date.fromisoformat(on), split)
    (chosen,) = (c for c in decision.contests if c.id == contest)
    (finding,) = (f for f in chosen.findings if not f.met)
    return finding


_FIRST = datetime(2013, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 17 * 365 * 86_400).map(lambda seconds: _FIRST + timedelta(seconds=seconds))
"""Any second of the years that the packs tell of."""


@st.composite
def people(draw):
    """Anyone: whole and partial birth dates, residence stated or not, anything sworn, registered at any time."""
    born = draw(st.dates(date(1890, 1, 1), date(2030, 12, 31)))
    known = draw(st.sampled_from(["day", "month", "year"]))
    birth = BirthDate(born.year, None if known == "year" else born.month, born.day if known == "day" else None)
    since = draw(st.none() | st.dates(date(1890, 1, 1), date(2030, 12, 31)))
    registered = draw(st.none() | st.builds(Registered, MOMENTS, st.booleans()))
    return Facts(birth, since, draw(st.frozensets(st.sampled_from(SWORN_KEYS))), registered)
