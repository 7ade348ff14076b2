"""The press: the papers that people take away, made when they are asked for and signed by the city.

It is handed what it prints. A registrant's record comes opened and logged from the use case that was asked for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from html import unescape

from eligibility import BadInput, Pack
from eligibility.archive import Archive
from voter_reg.documents import (
    Answer,
    AssistantSignature,
    CityKey,
    DrawnSignature,
    Paper,
    PaperArchive,
    ReadNotice,
    RegistrationFacts,
    SignedForm,
    TypedSignature,
    VotingFacts,
    blank_form,
    issue,
    letter_on_registration,
    letter_on_the_rules,
    letter_on_voting,
    signed_form,
    slip,
)
from voter_reg.documents.city_key import as_pem
from voter_reg.language import ENGLISH, OWN_NAMES, Words, said, words
from voter_reg.service.signed_copy import answers_of
from voter_reg.service.voter_record import Amendment, VoterRecord

Clock = Callable[[], datetime]

_ROW = re.compile(r'<th scope="row">([^<]*)</th><td>([^<]*)</td>')


class Press:
    """Makes papers for one place with its key. `archive` keeps each blank form and certificate for good."""

    media_type = "application/pdf"
    ending = "pdf"

    def __init__(self, pack: Pack, key: CityKey, archive: PaperArchive, packs: Archive, clock: Clock) -> None:
        self._pack, self._key, self._archive, self._packs, self._clock = pack, key, archive, packs, clock
        self._blank: dict[str, bytes] = {}

    def blank_form(self, language: str) -> bytes:
        """The paper form; made once a language, and kept in the archive under its version."""
        made = self._blank.get(language)
        if made is None:
            form = blank_form(self._pack, _spoken(language))
            self._archive.keep_form(form)
            self._blank[language] = made = self._signed(form.paper)
        return made

    def slip(self, code: str, language: str, by: date | None = None) -> bytes:
        """What to bring, and by when: the code, and neither a name nor an address."""
        return self._signed(slip(code, self._pack, _spoken(language), by=by))

    def certificates(self) -> str:
        """Every certificate that the city ever signed with, as PEM."""
        known = dict.fromkeys((self._key.certificate, *self._archive.certificates()))
        return "".join(as_pem(one) for one in known)

    def form(self, record: VoterRecord) -> bytes:
        """The form exactly as signed, with the signed page attached byte for byte."""
        w = _spoken(record.language)
        form = self._signed_form(record, w)
        return self._signed(signed_form(form, self._pack, w, key=self._key.fingerprint, at=self._clock()))

    def rules_letter(self, language: str) -> bytes:
        """What the city's rules are, with nobody's name."""
        w = _spoken(language)
        return self._signed(letter_on_the_rules(self._pack, w, key=self._key.fingerprint, at=self._clock()))

    def registration_letter(self, record: VoterRecord) -> bytes:
        """That the person is registered, and since when."""
        facts = RegistrationFacts(record.name, self._local(record.registered_at).date(), None)
        w = _spoken(record.language)
        return self._signed(letter_on_registration(facts, self._pack, w, key=self._key.fingerprint, at=self._clock()))

    def voting_letter(self, record: VoterRecord) -> bytes:
        """What the service knows of the person's voting: it holds no history of it, and the letter says so."""
        facts, w = VotingFacts(record.name, ()), _spoken(record.language)
        return self._signed(letter_on_voting(facts, self._pack, w, key=self._key.fingerprint, at=self._clock()))

    def _signed(self, paper: Paper) -> bytes:
        return issue(paper, self._key, self._clock())

    def _signed_form(self, record: VoterRecord, w: Words) -> SignedForm:
        return SignedForm(
            code=record.code,
            signed_at=self._local(record.registered_at),
            language=record.language,
            answers=(
                *_as_signed(record, w),
                *(Answer(said("Changed on %(time)s", time=one.at), _in_words(one)) for one in record.amendments),
            ),
            oath=record.oath,
            election=date.fromisoformat(record.shown_for) if record.shown_for else None,
            contests=record.contests,
            notice=ReadNotice(
                self._notice_of(record, w),
                record.notice_version or "",
                record.notice_language,
                self._local(record.notice_seen_at or record.registered_at),
            ),
            signature=_signature(record),
            pack_digest=record.notice_version or self._pack.digest,
            form_version=record.signed_copy_sha256,
            copy=record.signed_copy.encode(),
        )

    def _notice_of(self, record: VoterRecord, w: Words) -> str:
        """The notice as it was read, by the version of the pack that it stood in; never today's in its place."""
        try:
            version = record.notice_version or ""
            pack = self._pack if version == self._pack.digest else self._packs.pack(version)
            return pack.notices[record.notice_language]
        except (BadInput, KeyError):
            return w.text("The notice stands in the attached copy, word for word as it was read.")

    def _local(self, iso: str) -> datetime:
        at = datetime.fromisoformat(iso)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(self._clock().tzinfo)


def _spoken(language: str) -> Words:
    return words(language if language in OWN_NAMES else ENGLISH)


def _as_signed(record: VoterRecord, w: Words) -> tuple[Answer, ...]:
    """The answers as they were signed, whatever the record says since: they stand in the copy."""
    if not record.amendments:
        return tuple(Answer(question, answer) for question, answer in answers_of(record, w))
    elsewhere = {w.text(name) for name in ("Signed", "Received", "Confirmation code", "Rules")}
    rows = ((unescape(name), unescape(answer)) for name, answer in _ROW.findall(record.signed_copy))
    return tuple(Answer(name, answer) for name, answer in rows if name not in elsewhere)


def _in_words(change: Amendment) -> str:
    """What a signed change says, row by row."""
    rows = _ROW.findall(change.text)
    return unescape("; ".join(f"{name}: {value}" for name, value in rows)) if rows else change.text


def _signature(record: VoterRecord) -> TypedSignature | DrawnSignature | AssistantSignature:
    made = record.signature
    if made is not None and made.kind == "drawn":
        return DrawnSignature(made.strokes)
    if made is not None and made.kind == "assistant":
        return AssistantSignature()
    return TypedSignature((made.text if made else None) or record.name)
