"""What a place's own rule of proof asks for, in plain words: made here once, for every page and every paper.

A pack has one or more rules for papers, and one of them is enough. Each shape of rule has its sentence; the lists of
papers that go with them name only what some rule asks for.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from eligibility.pack import Pack
from eligibility.proof import IdentityDocument, PaperRule, ResidencyDocument
from voter_reg.language import Said, Words, said

_ON_IT: Final[Mapping[str, Said]] = MappingProxyType(
    {
        "photo": said("a photo"),
        "birth-date": said("your birth date"),
        "name": said("your name"),
        "address": said("your address"),
        "signature": said("your signature"),
    }
)


def asks_who(rule: PaperRule) -> bool:
    """Whether a rule asks for anything that shows who someone is."""
    return bool(rule.identity or rule.identity_points or rule.shows)


def asks_where(rule: PaperRule) -> bool:
    """Whether a rule asks for papers that show where someone lives, beside those that show who they are."""
    return bool(rule.residency or rule.residency_points)


def sentence(rule: PaperRule) -> Said:
    """What a rule asks for, by its shape."""
    if not asks_where(rule):
        return _who(rule)
    if not asks_who(rule):
        return _where(rule)
    one_who, one_where = _is_one(rule.identity, rule.identity_points), _is_one(rule.residency, rule.residency_points)
    if one_who and one_where:
        return said("One paper that shows who you are and one that shows where you live.")
    if rule.identity_points and one_where:
        return said(
            "Papers that show who you are, worth %(points)s points together, and one paper that shows where you live.",
            points=rule.identity_points,
        )
    return said("You need both. %(who)s %(where)s", who=_who(rule), where=_where(rule))


def told(pack: Pack, rule: PaperRule, w: Words) -> str:
    """The sentence of a rule; and what must be on the papers, where not every listed one has it."""
    return " ".join(filter(None, (w.say(sentence(rule)), _must_have(pack, rule, w))))


def needed(pack: Pack, w: Words) -> str:
    """All that a place asks for in papers, as one text; empty where it takes none."""
    rules = [told(pack, rule, w) for rule in pack.proof.papers]
    return " ".join((w.text("One of these is enough:"), *rules)) if len(rules) > 1 else "".join(rules)


def who_documents(pack: Pack) -> tuple[IdentityDocument, ...]:
    """The place's papers that show who someone is; none where no rule asks for one."""
    return pack.identity_documents if any(map(asks_who, pack.proof.papers)) else ()


def where_documents(pack: Pack) -> tuple[ResidencyDocument, ...]:
    """The place's papers that show where someone lives; none where no rule asks for one."""
    return pack.residency_documents if any(map(asks_where, pack.proof.papers)) else ()


def always_asks_who(pack: Pack) -> bool:
    """Whether who has shown where they live must still show who they are: so by every rule that asks for the former."""
    rules = [rule for rule in pack.proof.papers if asks_where(rule)]
    return bool(rules) and all(map(asks_who, rules))


def points_of(pack: Pack, document: IdentityDocument | ResidencyDocument) -> int:
    """What a paper is worth where points of its like are counted; 0 where none are."""
    who = isinstance(document, IdentityDocument)
    counted = (rule.identity_points if who else rule.residency_points for rule in pack.proof.papers)
    return document.points if any(counted) else 0


def _who(rule: PaperRule) -> Said:
    if rule.identity_points:
        return said("Papers that show who you are, worth %(points)s points together.", points=rule.identity_points)
    if rule.identity > 1:
        return said("%(papers)s papers that show who you are.", papers=rule.identity)
    if "address" in rule.shows and not asks_where(rule):
        return said("One paper that shows both who you are and where you live.")
    return said("One paper that shows who you are.")


def _where(rule: PaperRule) -> Said:
    if rule.residency_points:
        return said("Papers that show where you live, worth %(points)s points together.", points=rule.residency_points)
    if rule.residency > 1:
        return said("%(papers)s papers that show where you live.", papers=rule.residency)
    return said("One paper that shows where you live.")


def _is_one(papers: int, points: int) -> bool:
    return papers <= 1 and not points


def _must_have(pack: Pack, rule: PaperRule, w: Words) -> str:
    if all(set(rule.shows) <= set(document.shows) for document in pack.identity_documents):
        return ""
    what = ", ".join(w.say(_ON_IT[each]) for each in rule.shows)
    if _is_one(rule.identity, rule.identity_points):
        return w.text("The paper that shows who you are must have: %(what)s.", what=what)
    if rule.on_one_paper:
        return w.text("One of the papers that show who you are must have: %(what)s.", what=what)
    return w.text("The papers that show who you are must have, together: %(what)s.", what=what)
