"""The signed copy proves by itself, years later, what was asked, shown and sworn."""

from dataclasses import replace
from datetime import UTC, date, datetime

from eligibility import load_pack
from voter_reg.language import words
from voter_reg.service.drafts import Draft, Signature
from voter_reg.service.signed_copy import Shown, oath_of, signed_copy

PACK = load_pack("minneapolis")
DRAFT = Draft(
    notice_version="v1",
    notice_seen_at="2026-11-23T10:00:00+00:00",
    address="100 3RD AVE S",
    unit="4",
    split="P-1",
    name='Ana <b>"Nita"</b> Núñez & Ortiz',
    birth="1990-01",
    resident_since="2019-05",
    proof="card",
)
SIGNED_AT = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)


def copy(draft=DRAFT, pack=PACK, election=date(2029, 11, 6), contests=("Mayor", "City Council Member, Ward 3")):
    shown = Shown(election, contests, oath_of(draft, pack, words(draft.language)))
    return signed_copy(draft, pack, shown, "7K2M9-QX4TB", SIGNED_AT)


def test_it_holds_each_statement_in_the_words_that_were_sworn():
    pack = load_pack("san-francisco")

    assert pack.wording("guardian") in copy(replace(DRAFT, sworn=("guardian",)), pack)
    assert pack.wording("guardian") not in copy(DRAFT, pack)


def test_where_lawful_residence_is_sworn_it_does_not_say_that_nothing_was_asked():
    text = copy(replace(DRAFT, sworn=("lawful-residence",)), load_pack("winooski"))

    assert "it asks nothing about" not in text
    assert "a sworn statement about lawful residence" in text
    assert "it asks nothing about" in copy()


def test_it_holds_the_answers_the_contests_the_oath_and_the_notice():
    text = copy()

    for line in ("1990-01", "100 3RD AVE S 4", "2019-05", "7K2M9-QX4TB", "2026-11-23 12:30", PACK.digest):
        assert line in text
    assert "Contests open to me on Tuesday, November 6, 2029" in text
    assert "City Council Member, Ward 3" in text
    assert all(line.text in text for line in PACK.oath)
    assert "Forms for naturalization ask if you have ever registered to vote" in text


def test_it_says_that_it_is_not_a_form_of_the_state_and_a_demonstration():
    assert "It is not a form of the State" in copy()
    assert "DEMONSTRATION" in copy()


def test_a_name_with_markup_is_shown_as_it_was_typed():
    assert "Ana &lt;b&gt;&quot;Nita&quot;&lt;/b&gt; Núñez &amp; Ortiz" in copy()


def test_it_never_holds_the_cards_index_and_needs_nothing_from_elsewhere():
    text = copy(replace(DRAFT, card_mark="f" * 64))

    assert "f" * 64 not in text
    assert "http" not in text
    assert "<script" not in text


def test_without_an_election_or_a_contest_it_says_so():
    assert "No election is planned" in copy(election=None, contests=())
    assert "<li>None</li>" in copy(contests=())


def test_it_is_in_the_language_it_was_signed_in_and_keeps_the_laws_own_words_beside_it():
    text = copy(replace(DRAFT, language="es", notice_language="es"))

    assert '<html lang="es" dir="ltr">' in text
    assert "martes, 6 de noviembre de 2029" in text
    assert f'<pre lang="es">{PACK.notices["es"][:20]}' in text
    assert all(PACK.say(line.text, "es") in text for line in PACK.oath)


def test_it_tells_where_someone_without_a_fixed_address_stays_and_how_it_was_signed():
    drawn = Signature("drawn", strokes=("1,1 900,500", "3,3 4,4"))
    text = copy(replace(DRAFT, home="no-fixed", address="Under the bridge at 3rd", unit=None, signature=drawn))

    assert "No fixed address; the place where I stay" in text
    assert "Under the bridge at 3rd" in text
    assert '<polyline points="1,1 900,500"/>' in text

    helped = Signature("assistant", text="Ana Núñez")
    assert "Ana Núñez, typed by an assistant" in copy(replace(DRAFT, signature=helped))
