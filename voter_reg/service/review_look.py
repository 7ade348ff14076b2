"""One person's look at a proof: what they say, what it comes to by the place's rule, and what of it is kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from eligibility import BadInput, Pack
from voter_reg.service.city import City
from voter_reg.service.review_opening import BY_PAPERS, IN_PERSON, UPLOADED
from voter_reg.service.review_proof import SWORN, WHO, Seen, half_of, judge, lacks, takes_oath
from voter_reg.service.review_record import ASK, Answer, Step
from voter_reg.service.review_rules import PLACED, checklist, shows_address


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person says of a review that they opened at `version`.

    `papers` are those that they saw, and `sworn` is whether a further sworn statement is there instead: they are judged
    by the place's rule, and of the papers nothing is kept but that.
    """

    answer: Answer
    version: int
    reason: str = ""
    missing: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    note: str = ""
    papers: tuple[Seen, ...] = ()
    sworn: bool = False


def seen(steps: Sequence[Step], way: str) -> frozenset[str]:
    """The points that need not be seen again: those of before the registrant was asked for the rest, and of visits.

    Whoever decides second looks at papers that were sent with their own eyes. What someone showed in person they cannot
    see, and nobody has to come twice for it: that a colleague saw it counts.
    """
    return frozenset(
        check
        for step in steps
        for check in step.checks
        if step.answer == ASK or (way == IN_PERSON and check != PLACED) or (way == UPLOADED and _in_person(check))
    )


@dataclass(frozen=True, slots=True)
class Looked:
    """What a person's look comes to: the points to keep, the rule that is met, and else where and what lacks."""

    points: tuple[str, ...]
    rule: str | None
    lacks: tuple[str, str] | None


def look(  # noqa: PLR0917 - all of it counts
    pack: Pack, way: str, made: Verdict, before: Collection[str], day: date, home: str | None = None
) -> Looked:
    """Judge what a person saw, with what was seen before: by the place's rule, as of the election on `day`.

    `home` is how the home is told.

    Raises:
        BadInput: a point or a paper that is on no list of this way.
    """
    known = {point.key for point in checklist(pack, way, home)}
    if not set(made.checks) <= known:
        raise BadInput("names a point that is not on the list", "checks")
    points = {*made.checks, *before}
    not_all = ("checks", "each point of the list must be met before you approve")
    if way not in BY_PAPERS:
        if made.papers or made.sworn:
            raise BadInput("asks for no papers", "papers")
        return Looked(made.checks, None, None if known <= points else not_all)
    judged = judge(pack, made.papers, before, day)
    if takes_oath(pack) and (made.sworn or SWORN in before):
        # It says where they live, and not that the map would agree.
        return Looked((*made.checks, SWORN), SWORN, None if known & {PLACED} <= points else not_all)
    if made.sworn:
        raise BadInput("takes no sworn statement instead of papers", "papers")
    kept = (*made.checks, *judged.halves)
    if not judged.finding.met:
        return Looked(kept, None, ("papers", lacks(pack, judged)))
    rule = next(one for one in pack.proof.papers if judged.finding.rule and one.id == judged.finding.rule.id)
    needed = known if shows_address(rule) else known - {"address"}
    return Looked(kept, rule.id, None if needed <= points else not_all)


def counted_from(city: City, now: datetime) -> date:
    """The election day that the age of papers counts from; today where no election comes."""
    return city.coming_election(now) or city.today(now)


def _in_person(point: str) -> bool:
    """Whether a point is of what is only ever shown in person."""
    return point == SWORN or half_of(point) == WHO
