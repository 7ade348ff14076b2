"""What a reviewer saw, judged by the place's own rule: which papers of its list, and of what date.

Which papers they were is gone when the answer is given. What is kept is the id of the rule that they met, or, where
that is not yet the case, which half of which rule they met: so that nobody has to show a paper twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from eligibility import BadInput, Pack
from eligibility.proof import (
    PAPER_SHOWS,
    IdentityDocument,
    Missing,
    PaperRule,
    ProofFinding,
    ResidencyDocument,
    Shown,
    recent_enough,
    satisfied,
)
from voter_reg.proof_words import asks_where, asks_who, where_documents, who_documents

SWORN: Final = "sworn-statement"
"""The way of a place that takes a further sworn statement from those who have no such papers."""

WHO, WHERE = "identity", "residency"
"""The two halves of a rule for papers."""

MOST_OF_A_KIND: Final = 9
"""Papers of one kind that the page has room for: as many as a pack's rule can ask for."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A paper that a reviewer saw: on which list of the place, its id there, and its date where its age counts."""

    half: str
    paper: str
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper that a reviewer may have seen, as the page lists it.

    `number` is its place among those that were sent, None for one that is shown in person. `within_days` is how near
    to election day its date must be, None where no age is set.
    """

    paper: str
    copy: int
    title: str
    half: str
    within_days: int | None
    number: int | None


@dataclass(frozen=True, slots=True)
class Judged:
    """What the papers come to. `finding` is of what was seen now and before; `old` are those that do not count.

    `halves` are the halves of rules that are met: of the rule alone that is met, else of each.
    """

    finding: ProofFinding
    halves: tuple[str, ...]
    old: tuple[str, ...]


def offered(pack: Pack, sent: Sequence[tuple[int, str]]) -> tuple[PaperRow, ...]:
    """The papers to tick: those that were sent, by number and id, and then the place's lists, as its rules ask."""
    listed = {one.id: one for one in pack.residency_documents}
    rows = [
        _row(listed[paper], [before for _, before in sent[:place]].count(paper) + 1, number)
        for place, (number, paper) in enumerate(sent)
        if paper in listed
    ]
    came = [paper for _, paper in sent]
    listed_here: tuple[Shown, ...] = (*who_documents(pack), *where_documents(pack))
    for document in listed_here:
        already = came.count(document.id) if isinstance(document, ResidencyDocument) else 0
        rows += [_row(document, copy, None) for copy in range(already + 1, _most(pack, document) + 1)]
    return tuple(rows)


def judge(pack: Pack, seen: Iterable[Seen], before: Collection[str], day: date) -> Judged:
    """Judge the papers that were seen by the place's rule, with the halves of rules that were met before.

    `day` is the election day from which the age of a paper counts.

    Raises:
        BadInput: a paper that is not on the place's list.
    """
    papers = [(_listed(pack, one), one.dated) for one in seen]
    shown = [paper for paper, dated in papers if recent_enough(paper, dated, day)]
    old = tuple(paper.title for paper, dated in papers if not recent_enough(paper, dated, day))
    finding = satisfied(replace(pack.proof, papers=tuple(_left(rule, before) for rule in pack.proof.papers)), shown)
    rules = pack.proof.papers
    if finding.met and finding.rule is not None:
        rules = tuple(rule for rule in rules if rule.id == finding.rule.id)
    return Judged(finding, tuple(half for rule in rules for half in _halves(pack, rule, shown, before)), old)


def lacks(pack: Pack, judged: Judged) -> str:
    """Why papers are not enough, for the reviewer: what the rule lacks that lacks least, and what is too old."""
    finding = judged.finding
    if finding.rule is None:
        return "this place has no rule for papers: it must be shown another way"
    short = "; ".join(_short(finding.missing, one_paper=finding.rule.on_one_paper))
    old = f". Not counted, since too old or without its date: {', '.join(judged.old)}" if judged.old else ""
    other = ". The place has other rules that would do as well" if len(pack.proof.papers) > 1 else ""
    return f"the place’s rule is not met yet. It lacks {short}{old}{other}"


def takes_oath(pack: Pack) -> bool:
    """Whether the place takes a further sworn statement instead of papers."""
    return SWORN in pack.proof.ways


def half_of(key: str) -> str | None:
    """Which half of a rule a kept point is; None for any other point."""
    half, _, rule = key.partition(":")
    return half if rule and half in {WHO, WHERE} else None


def _listed(pack: Pack, seen: Seen) -> Shown:
    lists: dict[str, tuple[Shown, ...]] = {WHO: pack.identity_documents, WHERE: pack.residency_documents}
    found = next((one for one in lists.get(seen.half, ()) if one.id == seen.paper), None)
    if found is None:
        raise BadInput("names a paper that is not on the place’s list", "papers")
    return found


def _row(document: Shown, copy: int, number: int | None) -> PaperRow:
    who = isinstance(document, IdentityDocument)
    within = document.within_days if isinstance(document, ResidencyDocument) else None
    return PaperRow(document.id, copy, document.title, WHO if who else WHERE, within, number)


def _most(pack: Pack, document: Shown) -> int:
    """How many papers of one kind can count under some rule."""
    who = isinstance(document, IdentityDocument)
    asked = [
        (rule.identity, rule.identity_points) if who else (rule.residency, rule.residency_points)
        for rule in pack.proof.papers
    ]
    return min(MOST_OF_A_KIND, max((max(1, papers, -(-points // document.points)) for papers, points in asked)))


def _left(rule: PaperRule, before: Collection[str]) -> PaperRule:
    """What a rule still asks for, without the halves that were met before."""
    if f"{WHO}:{rule.id}" in before:
        rule = replace(rule, identity=0, identity_points=0, shows=())
    if f"{WHERE}:{rule.id}" in before:
        rule = replace(rule, residency=0, residency_points=0)
    return rule


def _halves(pack: Pack, rule: PaperRule, shown: Sequence[Shown], before: Collection[str]) -> tuple[str, ...]:
    asked = {WHO: asks_who(rule), WHERE: asks_where(rule)}
    alone = {
        WHO: replace(rule, residency=0, residency_points=0),
        WHERE: replace(rule, identity=0, identity_points=0, shows=()),
    }
    return tuple(
        f"{half}:{rule.id}"
        for half in (WHO, WHERE)
        if asked[half]
        and (f"{half}:{rule.id}" in before or satisfied(replace(pack.proof, papers=(alone[half],)), shown).met)
    )


_KINDS: Final = {WHO: "that shows who they are", WHERE: "that shows where they live"}
_PLURALS: Final = {WHO: "that show who they are", WHERE: "that show where they live"}


def _short(missing: Sequence[Missing], *, one_paper: bool) -> list[str]:
    found = []
    for lack in missing:
        half = lack.what.removesuffix("-points")
        if half in _KINDS and lack.what == half:
            many = f"{lack.short} more papers {_PLURALS[half]}"
            found.append(f"one more paper {_KINDS[half]}" if lack.short == 1 else many)
        elif half in _KINDS:
            found.append(f"papers {_PLURALS[half]} worth {lack.short} more {'point' if lack.short == 1 else 'points'}")
    on_it = [lack.what.replace("-", " ") for lack in missing if lack.what in PAPER_SHOWS]
    if on_it:
        all_of = " and ".join(on_it)
        found.append(f"{all_of} on the same identity paper" if one_paper else f"{all_of} on an identity paper")
    return found
