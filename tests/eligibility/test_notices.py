"""Notices: each language's says what the English one says, section for section, and all that the law demands."""

import re

import pytest

from eligibility import load_pack, pack_names
from eligibility.pack_words import texts_to_say

NOTICES = [
    (place, language) for place in pack_names() for language in sorted(load_pack(place).notices) if language != "en"
]
SPOKEN = [(place, language) for place in pack_names() for language in load_pack(place).spoken if language != "en"]
LAWYER = {"en": "lawyer", "es": "abogado", "so": "qareen", "hmn": "kws lij choj"}
RISK = {
    "en": ("(ICE)", "naturalization", "deportation", "court", "Leaving the roll"),
    "es": ("(ICE)", "naturalización", "deportación", "tribunal", "Salir de la lista"),
    "so": ("(ICE)", "naturalization", "masaafuri", "axkamad", "Ka bixitaanka liisku"),
    "hmn": ("(ICE)", "naturalization", "xa tawm teb chaws", "sev hais plaub", "tawm hauv daim npe"),
}
"""How a notice names each risk that it must: agencies, what is asked later, deportation, a court, leaving."""

WARNING = {
    "en": ("Why we ask", "You may say no", "If you answer", "If you do not answer", "Who may receive it", "under 18"),
    "es": ("Por qué", "puede decir que no", "Si contesta", "Si no contesta", "Quién puede recibir", "menos de 18"),
    "so": ("Sababta", "Waad diidi kartaa", "Haddii aad jawaabto", "Haddii aadan jawaabin", "Cidda heli", "18 sano"),
    "hmn": ("Vim li cas", "tsis kam", "Yog koj teb", "Yog koj tsis teb", "Leej twg yuav muab tau", "18 xyoo"),
}
"""The five elements of the data practices warning (Minn. Stat. 13.04, subd. 2) and, sixth, the rights of a minor."""

NEVER = {
    "en": r"\b(?:safe|anonymous|erased?)\b",
    "es": r"\b(?:segur[oa]s?|anónim[oa]s?|borrad[oa]s?)\b",
    "so": r"\b(?:ammaan\w*|amaan\w*|qarsoon\w*)\b",
    "hmn": r"pej\s*xeem|nyab\s*xeeb",
}


def shape(text):
    """What stands where: headings by depth, items of lists, paragraphs; and how many words are strong in each."""
    lines = [line for line in text.splitlines() if line.strip()]
    kinds = [re.match(r"#+|-|", line).group() for line in lines]
    return [(kind, line.count("**")) for kind, line in zip(kinds, lines, strict=True)]


def items(text, section):
    """The items of the list under the section of that number."""
    return [line for line in re.split(r"^## .*$", text, flags=re.MULTILINE)[section].splitlines() if line[:2] == "- "]


@pytest.mark.parametrize(("place", "language"), NOTICES)
def test_a_notice_has_the_english_ones_headings_lists_and_paragraphs_in_their_order(place, language):
    pack = load_pack(place)

    assert shape(pack.notices[language]) == shape(pack.notices["en"])


@pytest.mark.parametrize(("place", "language"), [*NOTICES, *((place, "en") for place in pack_names())])
def test_a_notice_names_each_risk_in_its_order(place, language):
    text = load_pack(place).notices[language]
    named, listed = RISK[language], items(text, 1)

    if place == "san-francisco":  # the statute's own paragraph, above the list, names the first two
        assert "(ICE)" in text.split("\n## ")[0]
        assert all(any(word in item for item in listed) for word in named[2:])
    else:
        places = [next((n for n, item in enumerate(listed) if word in item), None) for word in named]
        assert None not in places
        assert places == sorted(places)


@pytest.mark.parametrize(("place", "language"), [*NOTICES, *((place, "en") for place in pack_names())])
def test_a_notice_says_to_ask_a_lawyer_after_the_risks_and_before_anything_else(place, language):
    section = load_pack(place).notices[language].split("\n## ")[1]

    assert LAWYER[language] in section.strip().splitlines()[-1]


@pytest.mark.parametrize("language", load_pack("minneapolis").spoken)
def test_minneapolis_gives_all_five_elements_of_the_data_warning_and_the_rights_of_minors(language):
    listed = items(load_pack("minneapolis").notices[language], 2)

    assert [word in item for word, item in zip(WARNING[language], listed, strict=True)] == [True] * 6


@pytest.mark.parametrize(("place", "language"), [*NOTICES, *((place, "en") for place in pack_names())])
def test_no_notice_and_no_word_of_a_pack_promises_what_nobody_can_keep(place, language):
    pack = load_pack(place)
    said = [pack.notices[language], *pack.words.get(language, {}).values()]

    never = NEVER.get(language, r"(?!)")
    allowed = "kev nyab xeeb hauv zej zog"  # the title of a department, in a question put to the voters
    assert [found for text in said if (found := re.search(never, text.replace(allowed, ""), re.IGNORECASE))] == []


@pytest.mark.parametrize(("place", "language"), NOTICES)
def test_a_notice_names_no_date(place, language):
    text = load_pack(place).notices[language]
    english = load_pack(place).notices["en"]

    assert re.findall(r"\b(?:19|20)\d\d\b", text) == re.findall(r"\b(?:19|20)\d\d\b", english)


@pytest.mark.parametrize(("place", "language"), SPOKEN)
def test_every_translation_is_a_translation(place, language):
    pack = load_pack(place)
    same = [text for text in texts_to_say(pack) if pack.say(text, language) == text and text != "{district}"]

    assert same == []


def test_minneapolis_speaks_the_four_languages_of_the_service():
    assert load_pack("minneapolis").spoken == ("en", "es", "so", "hmn")
