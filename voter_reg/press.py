"""The press: the papers that people take away, made when they are asked for and signed by the city.

It is handed what it prints. A registrant's record comes opened and logged from the use case that was asked for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from html import unescape

from eligibility import Pack
from voter_reg.documents import (
    Answer,
    AssistantSignature,
    CityKey,
    DrawnSignature,
    Paper,
    PaperArchive,
    PaperSignature,
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
from voter_reg.service.voter_record import Amendment, VoterRecord

Clock = Callable[[], datetime]

_ROW = re.compile(r'<th scope="row">([^<]*)</th><td>([^<]*)</td>')
_LANGUAGE = re.compile(r'<html lang="([^"<>]*)"')
_NOTICE = re.compile(r"<pre lang=[^<>]*>([^<]*)</pre>")
_DOCUMENT = "<!doctype"


class Press:
    """Makes papers for one place with its key. `archive` keeps each blank form and certificate for good."""

    media_type = "application/pdf"
    ending = "pdf"

    def __init__(self, pack: Pack, key: CityKey, archive: PaperArchive, clock: Clock) -> None:
        self._pack, self._key, self._archive, self._clock = pack, key, archive, clock
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
        w = _spoken(_language_of(record))
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
        """What the copy says, whatever the record says since; after it the changes that were signed, and no others."""
        signed = [one for one in record.amendments if one.text.startswith(_DOCUMENT)]
        seen = record.notice_seen_at
        return SignedForm(
            code=record.code,
            signed_at=self._local(record.registered_at),
            language=w.language,
            answers=(
                *_as_signed(record, w),
                *(Answer(said("Changed on %(time)s", time=one.at), _in_words(one)) for one in signed),
            ),
            oath=record.oath,
            election=date.fromisoformat(record.shown_for) if record.shown_for else None,
            contests=record.contests,
            notice=ReadNotice(
                _notice_of(record),
                record.notice_version or "",
                record.notice_language,
                self._local(seen) if seen else None,
            ),
            signature=_signature(record),
            pack_digest=_rules_of(record, w),
            form_version=record.signed_copy_sha256,
            copy=record.signed_copy.encode(),
        )

    def _local(self, iso: str) -> datetime:
        at = datetime.fromisoformat(iso)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(self._clock().tzinfo)


def _spoken(language: str) -> Words:
    return words(language if language in OWN_NAMES else ENGLISH)


def _language_of(record: VoterRecord) -> str:
    """The language that the form was signed in; news may come in another one since."""
    found = _LANGUAGE.search(record.signed_copy)
    return found[1] if found else record.language


def _as_signed(record: VoterRecord, w: Words) -> tuple[Answer, ...]:
    """The answers as they stand in the copy; what the form says elsewhere is not told twice."""
    elsewhere = {w.text(name) for name in ("Signed", "Received", "Confirmation code", "Rules")}
    return tuple(Answer(name, answer) for name, answer in _rows_of(record) if name not in elsewhere)


def _rules_of(record: VoterRecord, w: Words) -> str:
    """The version of the rules that the form was signed under."""
    return dict(_rows_of(record)).get(w.text("Rules"), "").rpartition(", ")[2]


def _rows_of(record: VoterRecord) -> list[tuple[str, str]]:
    return [(unescape(name), unescape(answer)) for name, answer in _ROW.findall(record.signed_copy)]


def _notice_of(record: VoterRecord) -> str:
    """The notice as it was read, out of the copy; a form on paper may have had one printed on it that is not there."""
    found = _NOTICE.search(record.signed_copy)
    return unescape(found[1]) if found else ""


def _in_words(change: Amendment) -> str:
    """What a signed change says, row by row."""
    rows = _ROW.findall(change.text)
    return unescape("; ".join(f"{name}: {value}" for name, value in rows)) if rows else change.text


def _signature(record: VoterRecord) -> TypedSignature | DrawnSignature | AssistantSignature | PaperSignature:
    made = record.signature
    if made is not None and made.kind in {"paper", "mark"}:
        return PaperSignature(mark=made.kind == "mark")
    if made is not None and made.kind == "drawn":
        return DrawnSignature(made.strokes)
    if made is not None and made.kind == "assistant":
        return AssistantSignature()
    return TypedSignature((made.text if made else None) or record.name)
