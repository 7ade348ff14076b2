"""A place's law asked in sentences: who may, why not, what is up, and when one could register."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from eligibility import BirthDate, Facts, Split, contests_due, decide, load_pack, next_election
from eligibility.facts import Registered
from eligibility.truth_classes import changes


class Law:
    """One pack, and a person who meets every rule of it unless something else is stated."""

    def __init__(self, place, *, sworn=(), **districts):
        self.pack = load_pack(place)
        self.sworn = sworn
        self.split = Split("home", "home", {kind: str(number) for kind, number in districts.items()})

    def decide(self, on, *, born="1980-01-31", since="1985-01-31", sworn=None, registered=None, in_person=False):
        at = None
        if registered is not None:
            local = datetime.fromisoformat(registered).replace(tzinfo=ZoneInfo(self.pack.time_zone))
            at = Registered(local, in_person)
        statements = frozenset(self.sworn if sworn is None else sworn)
        facts = Facts(BirthDate.parse(born), since and date.fromisoformat(since), statements, at)
        return decide(facts, self.pack, date.fromisoformat(on), self.split)

    def may(self, on, **stated):
        """The ids of the contests the person may vote in."""
        return set(self.decide(on, **stated).eligible_ids)

    def why_not(self, contest, on, **stated):
        """The one finding that keeps the person from a contest: requirement, what they have, what is needed."""
        (chosen,) = (one for one in self.decide(on, **stated).contests if one.id == contest)
        (finding,) = (one for one in chosen.findings if not one.met)
        assert finding.cite
        return finding.requirement, finding.value, finding.needs

    def slate(self, on):
        """What is up on a day: id, authority, district kind, seats, method, ranks."""
        due = contests_due(self.pack, date.fromisoformat(on))
        return [(one.id, one.authority, one.district_kind, one.seats, one.method, one.ranks) for one in due]

    def turns(self, on):
        """The districts up on a day, by contest, where not all of them are."""
        due = contests_due(self.pack, date.fromisoformat(on))
        return {one.id: set(one.districts_up) for one in due if one.districts_up is not None}

    def days(self, first, last):
        """Every election day of some years."""
        day, found = date(first - 1, 12, 31), []
        while (day := next_election(self.pack, day)) is not None and day.year <= last:
            found.append(day.isoformat())
        return found

    def periods(self):
        """Every day on which some value of the law begins or ends."""
        return sorted(day.isoformat() for day in changes(self.pack))

    def outside(self):
        """What the city doesn't control, by whose it is."""
        return {one.id: one.authority for one in self.pack.outside}

    def statuses(self):
        """The law's own status from each day on."""
        return {one.from_.isoformat(): one.value for one in self.pack.status.values}

    def papers(self):
        """Each rule for papers: how many of identity and of residency, what they show, and what else it asks."""
        return {one.id: _rule(one) for one in self.pack.proof.papers}


def _rule(one):
    more = {"on one paper": one.on_one_paper, "points": one.identity_points, "home points": one.residency_points}
    return one.identity, one.residency, one.shows, {what: asked for what, asked in more.items() if asked}


PLURALITY = ("plurality", None)
