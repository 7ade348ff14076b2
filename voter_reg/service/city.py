"""The city being served: its pack, its map, its zone, and when registration closes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from eligibility import BadInput, Pack, load_pack, next_election
from eligibility.district_map import DistrictMap
from voter_reg.config import Config
from voter_reg.service.live import require_published, shown_as
from voter_reg.store.db import snapshot

_YESTERDAY = timedelta(days=-1)


@dataclass(frozen=True, slots=True)
class City:
    """One place with its rules and lines, read once at start; `_coming` remembers the next election of a day."""

    pack: Pack
    map: DistrictMap
    _coming: dict[date, date | None] = field(default_factory=dict, repr=False, compare=False)

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this city's dates and deadlines are meant."""
        return ZoneInfo(self.pack.time_zone)

    def today(self, now: datetime) -> date:
        """The city's calendar day at an instant."""
        return now.astimezone(self.zone).date()

    def election_id(self, day: date) -> str:
        """The id of this city's election on a day, whether or not it is set up."""
        return f"{self.pack.place}-{day.isoformat()}"

    def statements(self, now: datetime) -> tuple[str, ...]:
        """The statements that the law asks to swear for the coming election, by their keys."""
        election = self.coming_election(now)
        return () if election is None else self.pack.statements_on(election)

    def coming_election(self, now: datetime) -> date | None:
        """The next election day, today's included; searched for once a day, since every page asks."""
        today = self.today(now)
        if today not in self._coming:
            self._coming[today] = next_election(self.pack, today + _YESTERDAY)
        return self._coming[today]


def open_city(config: Config) -> City:
    """Read the pack and the map of an installation.

    Raises:
        BadInput: either cannot be trusted, or they are of two places.
    """
    pack = shown_as(load_pack(config.pack), demonstration=config.demonstration)
    city = City(pack, DistrictMap.open(config.map_file))
    if city.map.place != city.pack.place:
        raise BadInput(f"the map is of {city.map.place!r}, the pack of {city.pack.place!r}", str(config.map_file))
    return city


def require_open_to_residents(city: City) -> None:
    """Let a portal open for a demonstration, or for a live pack by which an election is published.

    Raises:
        ApprovalMissing: the pack is live, and no election of it is published.
    """
    if not city.pack.demonstration:
        with snapshot() as session:
            require_published(session, city.pack)
