"""The rule of proof: what shows who someone is and where they live, and whether what was shown is enough.

Papers are judged while they lie on the table. What may be kept of them is the id of the rule that they met and nothing
else: never which paper it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from eligibility.dated import Citation

PAPER_SHOWS = ("photo", "birth-date", "name", "address", "signature")
"""What an identity paper may show."""

PAPERS = "identity-and-residency-documents"
WAYS = ("municipal-id", PAPERS, "vouching", "facility-staff", "prior-registration", "sworn-statement")
"""The ways of proof that a pack may offer."""


@dataclass(frozen=True, slots=True)
class IdentityDocument:
    """A paper that shows who someone is; `shows` names what it proves, `points` what it is worth where they count."""

    id: str
    title: str
    shows: tuple[str, ...]
    source: Citation
    points: int = 1


@dataclass(frozen=True, slots=True)
class ResidencyDocument:
    """A paper that shows where someone lives; `within_days` of the election, or None where no age is set."""

    id: str
    title: str
    within_days: int | None
    source: Citation
    points: int = 1


Shown = IdentityDocument | ResidencyDocument
"""One paper on the table, by what the pack knows of its like. Two papers of one like are two."""


@dataclass(frozen=True, slots=True)
class PaperRule:
    """One combination of papers that is enough.

    At least `identity` and `residency` papers, worth `identity_points` and `residency_points`; the identity papers show
    all of `shows`: together, or on one of them where `on_one_paper`.
    """

    id: str
    identity: int
    residency: int
    shows: tuple[str, ...]
    source: Citation
    on_one_paper: bool = False
    identity_points: int = 0
    residency_points: int = 0


@dataclass(frozen=True, slots=True)
class Vouching:
    """Another voter swears to where someone lives: for at most so many at an election (None for no limit)."""

    most: int | None
    same_precinct: bool
    vouched_for_may_vouch: bool
    source: Citation


@dataclass(frozen=True, slots=True)
class FacilityStaff:
    """Staff of a home or shelter swear for its residents; `text` says who counts as staff. `most` as in vouching."""

    most: int | None
    text: str
    source: Citation


@dataclass(frozen=True, slots=True)
class PriorRegistration:
    """An earlier registration, under another name or address, within the same precinct or anywhere in the city."""

    same_precinct: bool
    source: Citation


@dataclass(frozen=True, slots=True)
class Proof:
    """The ways to prove identity and residency, in the pack's order of preference, and the rule of each."""

    ways: tuple[str, ...]
    source: Citation
    papers: tuple[PaperRule, ...] = ()
    vouching: Vouching | None = None
    facility_staff: FacilityStaff | None = None
    prior_registration: PriorRegistration | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """What a rule still needs: `what` is identity, residency, either with "-points", or one of PAPER_SHOWS."""

    what: str
    short: int


@dataclass(frozen=True, slots=True)
class ProofFinding:
    """Whether the papers are enough. `rule` is the first that they meet, or that lacks least; None without any."""

    met: bool
    rule: PaperRule | None
    missing: tuple[Missing, ...]


def satisfied(proof: Proof, shown: Iterable[Shown]) -> ProofFinding:
    """Judge the papers on the table by each rule for papers, in the pack's order.

    A paper that is too old is not shown: see `recent_enough`.
    """
    papers = tuple(shown)
    lacking = [(rule, _missing(rule, papers)) for rule in proof.papers]
    if not lacking:
        return ProofFinding(False, None, ())
    # The first of those that lack least, so that a rule that is met comes before all others.
    rule, missing = min(lacking, key=lambda one: sum(lack.short for lack in one[1]))
    return ProofFinding(not missing, rule, missing)


def recent_enough(document: Shown, dated: date | None, election_day: date) -> bool:
    """Whether a residency paper, dated or due on a day, is near enough to the election.

    One without a date is so only where no age is set; an identity paper always is.
    """
    if isinstance(document, IdentityDocument) or document.within_days is None:
        return True
    return dated is not None and abs((election_day - dated).days) <= document.within_days


def why_not_vouch(rule: Vouching, *, vouched_for: int, was_vouched_for: bool) -> str | None:
    """Why a voter may not vouch for one more at this election: "most" or "was-vouched-for"; None when they may.

    `vouched_for` counts those whom the voter has vouched for at it already.
    """
    if was_vouched_for and not rule.vouched_for_may_vouch:
        return "was-vouched-for"
    return "most" if rule.most is not None and vouched_for >= rule.most else None


def _missing(rule: PaperRule, papers: tuple[Shown, ...]) -> tuple[Missing, ...]:
    identity = [paper for paper in papers if isinstance(paper, IdentityDocument)]
    residency = [paper for paper in papers if isinstance(paper, ResidencyDocument)]
    short = [
        Missing("identity", rule.identity - len(identity)),
        Missing("identity-points", rule.identity_points - sum(paper.points for paper in identity)),
        Missing("residency", rule.residency - len(residency)),
        Missing("residency-points", rule.residency_points - sum(paper.points for paper in residency)),
        *(Missing(what, 1) for what in _not_shown(rule, identity)),
    ]
    return tuple(one for one in short if one.short > 0)


def _not_shown(rule: PaperRule, identity: list[IdentityDocument]) -> tuple[str, ...]:
    """What the identity papers do not show together, or what the one that shows most does not."""
    lacking = [set(rule.shows) - set(paper.shows) for paper in identity] or [set(rule.shows)]
    left = min(lacking, key=len) if rule.on_one_paper else set.intersection(*lacking)
    return tuple(what for what in rule.shows if what in left)
