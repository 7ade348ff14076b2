"""The registration form exactly as it was signed: every answer, the oath, the notice, and the page itself attached."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from eligibility import Pack
from voter_reg.documents.blocks import Block, Bullets, Code, Copy, Drawing, Paper, Paragraph, Rows, plain
from voter_reg.documents.frame import grouped, how_to_check, lines, paper_of, section
from voter_reg.documents.law_text import law_blocks
from voter_reg.documents.letters import asks_nothing
from voter_reg.language import OWN_NAMES, Said, Words


@dataclass(frozen=True, slots=True)
class Answer:
    """A question as the page put it, and what was answered: the person's own words, or ours for a choice."""

    question: Said | str
    answer: Said | str


@dataclass(frozen=True, slots=True)
class TypedSignature:
    """Signed by typing a name."""

    text: str


@dataclass(frozen=True, slots=True)
class DrawnSignature:
    """Signed by drawing: strokes, each of points "x,y" within 0 to 999, as the draft keeps them."""

    strokes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AssistantSignature:
    """Signed by an assistant for a person who cannot sign; who helped is not kept."""


@dataclass(frozen=True, slots=True)
class PaperSignature:
    """Signed on paper, by hand or by a mark; the paper has it."""

    mark: bool = False


@dataclass(frozen=True, slots=True)
class ReadNotice:
    """The notice as it was read: its text, which one it was, its language, and when.

    `text` is empty where a paper form had another notice than the one that the service has. `read_at` is in the city's
    zone; None where the notice was printed on a paper form, and nobody knows.
    """

    text: str
    version: str
    language: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignedForm:
    """A form as it was signed. Everything is as it was then; nothing is looked up anew.

    `oath` and `contests` are the lines as they were shown, `language` the one of the pages, `copy` the signed page
    (HTML in UTF-8) byte for byte, `signed_at` in the city's zone.
    """

    code: str
    signed_at: datetime
    language: str
    answers: tuple[Answer, ...]
    oath: tuple[str, ...]
    election: date | None
    contests: tuple[str, ...]
    notice: ReadNotice
    signature: TypedSignature | DrawnSignature | AssistantSignature | PaperSignature
    pack_digest: str
    form_version: str
    copy: bytes


def signed_form(form: SignedForm, pack: Pack, w: Words, *, key: str, at: datetime) -> Paper:
    """The form as a paper.

    Args:
        form: The form as it was signed.
        pack: The place.
        w: The language of the paper's own words.
        key: The fingerprint of the certificate that it will be signed with.
        at: When the paper is made, in the city's zone.
    """
    attached = hashlib.sha256(form.copy).hexdigest()
    blocks: tuple[Block, ...] = (
        Paragraph(plain(w.text("This is the city's own form. It is not a form of the State."))),
        Paragraph(plain(asks_nothing(pack, w))),
        *section(
            w.text("What I answered"),
            Rows(
                (w.text("Question"), w.text("Answer")),
                tuple((w.say(one.question), w.say(one.answer)) for one in form.answers),
            ),
        ),
        *_contests(form, w),
        *section(w.text("What I swore"), Bullets(lines(*form.oath), numbered=True)),
        *section(w.text("How I signed"), *_signature(form, w)),
        *section(w.text("The notice I read"), *_notice(form, w)),
        *section(
            w.text("The page that was signed"),
            Paragraph(
                plain(
                    w.text(
                        "The page on which the form was signed is attached to this file as %(name)s, unchanged to the "
                        "last letter.",
                        name=_COPY,
                    )
                )
            ),
            Rows((w.text("What"), w.text("Value")), _versions(form, w)),
            Code(w.text("SHA-256 of %(name)s", name=_COPY), grouped(attached), size=8.6),
        ),
        *how_to_check(w, key),
    )
    copy = Copy(_COPY, "text/html", w.text("The page that was signed"), form.copy)
    title = w.text("My registration form")
    return paper_of(pack, w, title, blocks, at=at, copy=copy, foot=f"{title} · {form.code}")


_COPY = "signed-form.html"


def _contests(form: SignedForm, w: Words) -> tuple[Block, ...]:
    if form.election is None:
        return section(w.text("Contests open to me"), Paragraph(plain(w.text("No election was planned then."))))
    heading = w.text("Contests open to me on %(day)s", day=w.date(form.election))
    if not form.contests:
        return section(heading, Paragraph(plain(w.text("None."))))
    return section(heading, Bullets(lines(*form.contests)))


def _signature(form: SignedForm, w: Words) -> tuple[Block, ...]:
    when = Rows(
        (w.text("What"), w.text("Value")),
        ((w.text("Signed"), w.moment(form.signed_at)), (w.text("Confirmation code"), form.code)),
    )
    if isinstance(form.signature, DrawnSignature):
        label = w.text("Signed by hand, as drawn on the screen")
        return when, Drawing(label, w.text("The signature, drawn by hand"), _strokes(form.signature))
    if isinstance(form.signature, TypedSignature):
        return when, Rows((w.text("How"), w.text("Name typed")), ((w.text("Typed by me"), form.signature.text),))
    if isinstance(form.signature, PaperSignature):
        on_paper = w.text("A mark on the paper form") if form.signature.mark else w.text("On the paper form")
        return when, Paragraph(plain(on_paper))
    return when, Paragraph(plain(w.text("Signed by an assistant at my wish, because I cannot sign.")))


def _strokes(signature: DrawnSignature) -> tuple[tuple[tuple[int, int], ...], ...]:
    strokes = []
    for stroke in signature.strokes:
        points = [tuple(int(part) for part in point.split(",")) for point in stroke.split()]
        if any(len(point) != 2 or not 0 <= min(point) <= max(point) <= 999 for point in points):
            raise ValueError("a stroke has a point that is not within 0 to 999")
        if points:
            strokes.append(tuple((point[0], point[1]) for point in points))
    return tuple(strokes)


def _notice(form: SignedForm, w: Words) -> tuple[Block, ...]:
    notice = form.notice
    language = OWN_NAMES.get(notice.language, notice.language)
    if notice.read_at is None:
        read = w.text(
            "It was printed on the form, in %(language)s, version %(version)s.",
            language=language,
            version=notice.version,
        )
    else:
        read = w.text(
            "Read on %(when)s, in this language: %(language)s. Version: %(version)s",
            when=w.moment(notice.read_at),
            language=language,
            version=notice.version,
        )
    if not notice.text:
        kept = w.text("The city keeps the blank form of that version, with its words.")
        return Paragraph(plain(read), "soft"), Paragraph(plain(kept))
    lang = None if notice.language == w.language else notice.language
    return Paragraph(plain(read), "soft"), *law_blocks(notice.text, level=3, lang=lang)


def _versions(form: SignedForm, w: Words) -> tuple[tuple[str, str], ...]:
    return (
        (w.text("Language of the pages"), OWN_NAMES.get(form.language, form.language)),
        (w.text("Version of the form"), grouped(form.form_version)),
        (w.text("Version of the rules"), grouped(form.pack_digest)),
    )
