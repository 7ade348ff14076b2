"""A place's pack: everything the law of one place says about who may vote in which municipal contests.

This file says what a pack is; `pack_loader` reads one and refuses what cannot be trusted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from eligibility.dated import Citation, Conflict, Dated
from eligibility.office import ElectionDay, GeneralElection, Office, Outside, Question, SpecialElection
from eligibility.proof import IdentityDocument, Proof, ResidencyDocument
from eligibility.requirement import Attestation, Requirement
from eligibility.retention import Clock

ENGLISH = "en"
"""The language that a pack is written in."""

LEGAL_STATUSES = ("in-force", "proposed", "struck-down", "rejected")


@dataclass(frozen=True, slots=True)
class Cited:
    """A text of the pack with its source."""

    text: str
    source: Citation
    conflict: Conflict | None = None


@dataclass(frozen=True, slots=True)
class Classification:
    """What the law says of who may see data of these `kinds`; no kinds where it says that none is classified."""

    kinds: tuple[str, ...]
    said: Cited


@dataclass(frozen=True, slots=True)
class HelpLine:
    """Someone to ask: a phone line, a relay or TTY service, or an organisation that gives legal help."""

    kind: str
    name: str
    phone: str
    href: str
    language: str


@dataclass(frozen=True, slots=True)
class Registration:
    """When and how one registers.

    `closes_days_before` election day at `closes_at` ("17:00", in the city's zone) ends registration ahead of the
    election. Where one may still register in person, `same_day_until` is the time on election day when that ends.
    `validity` is "continuing" or "one-election".
    """

    closes_days_before: int
    closes_at: str
    same_day_until: str | None
    validity: str


@dataclass(frozen=True, slots=True)
class PackWords:
    """The pack's own texts in one language: English -> translation, complete.

    `reviewed_by` names the certified translator who reviewed them together with the notice, and `reviewed_on` the day;
    blank and None while they await one.
    """

    texts: Mapping[str, str]
    reviewed_by: str
    reviewed_on: date | None


@dataclass(frozen=True, slots=True)
class Law1Conflict:
    """Where the place's own law demands what this service never asks for; a demonstration until counsel excepts it."""

    what: str
    source: Citation
    exception: Citation | None


@dataclass(frozen=True, slots=True)
class Pack:
    """One place, read and checked. `digest` is the SHA-256 of its canonical content, notices and words included."""

    place: str
    name: str
    ocd_id: str
    languages: tuple[str, ...]
    time_zone: str
    status: Dated[str]
    roll_open_to: Cited
    membership_discloses: Cited
    election_day: Dated[ElectionDay]
    general_election: Dated[GeneralElection] | None
    offices: tuple[Office, ...]
    specials: tuple[SpecialElection, ...]
    questions: tuple[Question, ...]
    outside: tuple[Outside, ...]
    requirements: tuple[Requirement, ...]
    identity_documents: tuple[IdentityDocument, ...]
    residency_documents: tuple[ResidencyDocument, ...]
    proof: Proof
    registration: Dated[Registration]
    oath: tuple[Cited, ...]
    challenge: Mapping[str, Cited]
    provisional: Cited
    reconciliation: Cited
    classification: tuple[Classification, ...]
    retention: Mapping[str, Dated[Clock]]
    list_access: Mapping[str, Cited]
    help: tuple[HelpLine, ...]
    notices: Mapping[str, str]
    law_1_conflicts: tuple[Law1Conflict, ...]
    digest: str
    translations: Mapping[str, PackWords] = field(default_factory=dict)
    on_trial: bool = False
    """Shown as a demonstration though its law is in force: nobody has authorised it to be live."""

    @property
    def legal_status(self) -> str:
        """The newest legal status: in-force, proposed, struck-down or rejected."""
        return self.status.latest.value

    @property
    def demonstration(self) -> bool:
        """Whether every roster of this pack is a demonstration (law 8, and law 1's unresolved conflicts)."""
        unresolved = any(conflict.exception is None for conflict in self.law_1_conflicts)
        return self.on_trial or self.legal_status != "in-force" or unresolved

    def as_demonstration(self) -> Pack:
        """The same pack, marked so that every page and roster made with it says that it is a demonstration."""
        return replace(self, on_trial=True)

    @property
    def words(self) -> Mapping[str, Mapping[str, str]]:
        """Language -> English -> translation, of each language that the pack has words in."""
        return {language: words.texts for language, words in self.translations.items()}

    @property
    def spoken(self) -> tuple[str, ...]:
        """English and each language with both a notice and words: those that may be offered to residents."""
        return tuple(
            language
            for language in self.languages
            if language == ENGLISH or (language in self.notices and language in self.translations)
        )

    def say(self, text: str, language: str) -> str:
        """One of the pack's texts in a language; in English where the pack has no words for it."""
        words = self.translations.get(language)
        return text if words is None else words.texts.get(text, text)

    def translation_reviewed(self, language: str) -> bool:
        """Whether a certified translator has reviewed the notice and the words of a language; English needs none."""
        words = self.translations.get(language)
        return language == ENGLISH or (words is not None and words.reviewed_on is not None)

    def office(self, office_id: str) -> Office:
        """The office of that id."""
        return next(office for office in self.offices if office.id == office_id)

    @property
    def district_kinds(self) -> frozenset[str]:
        """The kinds of district that the pack's offices are elected in."""
        return frozenset(office.district_kind for office in self.offices if office.district_kind)

    def wording(self, statement: str) -> str:
        """What is sworn under a statement's key."""
        return next(r.wording for r in self.requirements if isinstance(r, Attestation) and r.statement == statement)

    def statements_on(self, day: date) -> tuple[str, ...]:
        """The sworn statements that the requirements of an election on `day` ask for, in the pack's order."""
        asked = []
        for requirement in self.requirements:
            if isinstance(requirement, Attestation):
                in_force = requirement.required.on(day)
                if in_force is not None and in_force.value and requirement.statement not in asked:
                    asked.append(requirement.statement)
        return tuple(asked)
