"""A pack's own texts in other languages: complete or refused, covered by the digest, and composed by their parts."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

import eligibility
from eligibility import PackError, contest_title, contests_due, load_pack, pack_names
from eligibility.contest import contest_in
from eligibility.pack_todo import languages_todo
from eligibility.pack_words import texts_that_may_be_said, texts_to_say

PACKS = Path(eligibility.__file__).parent / "packs"
MINNEAPOLIS = PACKS / "minneapolis"
MAYOR = '"Mayor" = "Alcalde o alcaldesa"'


@pytest.fixture
def changed(tmp_path):
    """A copy of Minneapolis's pack with one piece of its Spanish words replaced, given by directory."""

    def change(old, new):
        folder = tmp_path / "pack"
        shutil.copytree(MINNEAPOLIS, folder, dirs_exist_ok=True)
        text = (MINNEAPOLIS / "words" / "es.toml").read_text(encoding="utf-8")
        assert old in text
        (folder / "words" / "es.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return change


def refusal(folder):
    with pytest.raises(PackError) as refused:
        load_pack(folder)
    line = str(refused.value)
    assert "\n" not in line
    return line


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (MAYOR, '"Mayer" = "Alcalde"', "'Mayer' is no text of this pack (did you mean 'Mayor'?)"),
        (MAYOR, f'{MAYOR}\n"Dog catcher" = "Perrero"', "'Dog catcher' is no text of this pack"),
        (MAYOR, '"Mayor" = "  "', "Mayor is blank"),
        (MAYOR, '"Mayor" = 7', "Mayor must be a text"),
        (MAYOR, "", "no words for 'Mayor'"),
        (MAYOR, f"{MAYOR}\n{MAYOR}", "is not TOML"),
        (MAYOR, '"Mayor" = "Alcalde de {city}"', "'Mayor' must keep no {place} and no other"),
        ("distrito {district} (Ward {district})", "distrito", "'Ward {district}' must keep {district} and no other"),
        ("distrito {district} (Ward {district})", "distrito {distrito}", "must keep {district} and no other"),
        ('reviewed_by = ""', "", "missing reviewed_by"),
        ('reviewed_by = ""', 'reviewed_by = "A. Translator"', "reviewed_by and reviewed_on go together"),
        ('reviewed_by = ""', 'reviewed_by = ""\nreviewed_on = 2026-12-01', "reviewed_by and reviewed_on go together"),
        ('reviewed_by = ""', 'reviewed_by = ""\nreviewer = "x"', "unknown key 'reviewer'"),
    ],
)
def test_words_that_are_not_exactly_the_packs_are_refused_with_the_reason(changed, old, new, says):
    line = refusal(changed(old, new))

    assert says in line
    assert "es.toml" in line


def test_every_text_that_residents_see_must_be_there():
    pack = load_pack("minneapolis")
    must = texts_to_say(pack)

    assert {"Mayor", "Ward {district}", pack.oath[0].text, pack.outside[0].why} <= set(must)
    assert {one.title for one in (*pack.identity_documents, *pack.residency_documents)} <= set(must)
    assert all(text not in must for text in texts_that_may_be_said(pack))


def test_a_file_that_lacks_any_one_text_is_refused(tmp_path):
    lines = (MINNEAPOLIS / "words" / "es.toml").read_text(encoding="utf-8").splitlines()
    must = texts_to_say(load_pack("minneapolis"))
    shutil.copytree(MINNEAPOLIS, tmp_path / "pack")

    for text in must:
        left = [line for line in lines if not line.startswith(f'"{text}" = ')]
        assert len(left) == len(lines) - 1, text
        (tmp_path / "pack" / "words" / "es.toml").write_text("\n".join(left), encoding="utf-8")
        assert "no words for" in refusal(tmp_path / "pack")


def test_many_missing_texts_are_counted(tmp_path):
    shutil.copytree(MINNEAPOLIS, tmp_path / "pack")
    (tmp_path / "pack" / "words" / "es.toml").write_text('reviewed_by = ""\n[words]\n', encoding="utf-8")

    line = refusal(tmp_path / "pack")

    assert "'Mayor', 'City Council Member', 'Ward {district}' and " in line
    assert "es.toml: words" in line


def test_a_file_named_after_no_language_of_the_pack_is_refused(tmp_path):
    shutil.copytree(MINNEAPOLIS, tmp_path / "pack")
    (tmp_path / "pack" / "words" / "es.toml").rename(tmp_path / "pack" / "words" / "ess.toml")

    assert "is named after no language of the pack (did you mean 'es'?)" in refusal(tmp_path / "pack")


def test_english_needs_no_words_and_may_have_none(tmp_path):
    shutil.copytree(MINNEAPOLIS, tmp_path / "pack")
    shutil.copy(tmp_path / "pack" / "words" / "es.toml", tmp_path / "pack" / "words" / "en.toml")

    assert "is named after no language" in refusal(tmp_path / "pack")


def test_a_text_is_said_in_its_language_and_in_english_where_there_is_none():
    pack = load_pack("minneapolis")

    assert pack.say("Mayor", "es") == "Alcalde o alcaldesa"
    assert pack.say("Mayor", "en") == "Mayor"
    assert pack.say("Mayor", "zh") == "Mayor"
    assert pack.say("Something else", "es") == "Something else"


def test_a_contests_title_is_put_together_from_the_titles_of_office_and_district():
    pack = load_pack("minneapolis")
    council = next(c for c in contests_due(pack, date(2025, 11, 4)) if c.id == "council")
    third = contest_in(council, {"ward": "3", "park": "2"})

    assert third.title == "City Council Member, Ward 3"
    assert contest_title(pack, third, "en") == third.title
    assert contest_title(pack, third, "es") == "Miembro del Concejo Municipal, distrito 3 (Ward 3)"
    assert contest_title(pack, council, "es") == "Miembro del Concejo Municipal"
    assert contest_title(pack, third, "zh") == third.title


@pytest.mark.parametrize("place", pack_names())
def test_the_english_number_of_a_district_stays_in_sight_in_each_language(place):
    pack = load_pack(place)

    for office in pack.offices:
        for words in pack.words.values():
            if office.district_title:
                assert office.district_title in words[office.district_title]


def test_words_are_part_of_the_digest(changed):
    whole = load_pack("minneapolis").digest

    assert load_pack(changed("Alcalde o alcaldesa", "Alcaldesa o alcalde")).digest != whole
    assert load_pack(changed('reviewed_by = ""', 'reviewed_by = "T"\nreviewed_on = 2026-12-01')).digest != whole
    assert load_pack(changed("# Spanish", "# In Spanish")).digest == whole


def test_a_language_is_offered_with_both_its_notice_and_its_words(tmp_path):
    assert "es" in load_pack("minneapolis").spoken
    for gone in ("notices/es.md", "words/es.toml"):
        shutil.copytree(MINNEAPOLIS, tmp_path / "pack", dirs_exist_ok=True)
        (tmp_path / "pack" / gone).unlink()
        pack = load_pack(tmp_path / "pack")
        assert "es" not in pack.spoken
        assert pack.spoken[0] == "en"


def test_no_language_counts_as_reviewed_until_a_translator_is_named(changed):
    pack = load_pack(changed('reviewed_by = ""', 'reviewed_by = "T. Ranslator, certified"\nreviewed_on = 2026-12-01'))

    assert pack.translation_reviewed("en")
    assert pack.translation_reviewed("es")
    assert not pack.translation_reviewed("zh")
    assert not any(load_pack("minneapolis").translation_reviewed(language) for language in ("es", "so", "hmn"))


def test_todo_lists_each_language_that_awaits_a_translator_or_is_not_there(changed):
    folder = changed('reviewed_by = ""', 'reviewed_by = "T. Ranslator, certified"\nreviewed_on = 2026-12-01')
    text = (folder / "pack.toml").read_text(encoding="utf-8")
    (folder / "pack.toml").write_text(re.sub(r'"so", "hmn"\]', '"so", "hmn", "zh"]', text, count=1), encoding="utf-8")
    (folder / "words" / "hmn.toml").unlink(missing_ok=True)

    found = {one.where: one.what for one in languages_todo(load_pack(folder))}

    assert "words/es.toml" not in found
    assert "words/en.toml" not in found
    assert "no notices and no words in 'zh'" in found["words/zh.toml"]
    assert "no words in 'hmn'" in found["words/hmn.toml"]
    assert "Awaiting a certified translator" in found["words/so.toml"]
