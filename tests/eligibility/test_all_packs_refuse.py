"""Every pack that ships refuses what cannot be trusted: the same as Minneapolis's, tried in each place's own file."""

import re
import shutil
from pathlib import Path

import pytest

import eligibility
from eligibility import PackError, load_pack, pack_names

PACKS = Path(eligibility.__file__).parent / "packs"


@pytest.fixture
def changed(tmp_path):
    """Load a place's pack with another text."""

    def load(place, text):
        folder = tmp_path / place
        shutil.copytree(PACKS / place, folder, dirs_exist_ok=True)
        (folder / "pack.toml").write_text(text, encoding="utf-8")
        return load_pack(folder)

    return load


def text_of(place):
    return (PACKS / place / "pack.toml").read_text(encoding="utf-8")


def refusal(load, place, text):
    with pytest.raises(PackError) as refused:
        load(place, text)
    assert "\n" not in str(refused.value)
    assert "pack.toml" in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize("key", ["cite", "href", "checked_on"])
@pytest.mark.parametrize("place", pack_names())
def test_a_rule_that_cites_nothing_is_refused(changed, place, key):
    text = text_of(place)
    cited = text[: text.index("[[help]]")]
    lines = list(re.finditer(rf"^{key} = .*\n", cited, re.MULTILINE))

    assert len(lines) > 30
    for found in lines[::7]:
        assert f"missing {key}" in refusal(changed, place, text[: found.start()] + text[found.end() :])


@pytest.mark.parametrize("place", pack_names())
def test_a_key_that_nobody_knows_is_refused_in_every_table(changed, place):
    text = text_of(place)
    for found in list(re.finditer(r"^\[+[a-z_.]+\]+\n", text, re.MULTILINE))[::5]:
        line = refusal(changed, place, f"{text[: found.end()]}surprise = 1\n{text[found.end() :]}")
        assert "unknown key 'surprise'" in line or "surprise" in line


@pytest.mark.parametrize("authority", ["federal", "state", "county"])
@pytest.mark.parametrize("place", pack_names())
def test_no_office_of_any_place_may_be_a_higher_bodys(changed, place, authority):
    text = text_of(place)
    start = text.index("[[office]]")
    tail = re.sub(r'authority = "[a-z-]+"', f'authority = "{authority}"', text[start:], count=1)

    assert f"forbidden authority '{authority}'" in refusal(changed, place, text[:start] + tail)


@pytest.mark.parametrize("place", pack_names())
def test_values_that_overlap_or_end_before_they_begin_are_refused(changed, place):
    text = text_of(place)
    start = text.index("[[requirement.values]]")
    value = re.match(r"\[\[requirement\.values\]\]\n(?:(?!\[).*\n)+", text[start:])[0]
    first = re.search(r"from = (\d{4})-", value)
    year = int(first[1])
    ends = value.replace("value = ", f"until = {year + 5}-01-01\nvalue = ", 1)
    later = value.replace(first[0], f"from = {year + 5}-", 1).replace(f"{year + 5}-01-09", f"{year + 5}-01-01")
    later = re.sub(r"from = \d{4}-\d{2}-\d{2}", f"from = {year + 5}-01-01", later, count=1)
    backwards = value.replace("value = ", f"until = {year - 1}-01-01\nvalue = ", 1)

    assert "overlaps the value before it" in refusal(changed, place, text.replace(value, f"{ends}\n{later}", 1))
    assert "before it begins" in refusal(changed, place, text.replace(value, backwards, 1))
    twice = refusal(changed, place, text.replace(value, f"{value}\n{value}", 1))
    assert "contradicts the value before it" in twice


@pytest.mark.parametrize("place", pack_names())
def test_a_rule_that_ends_while_its_contests_go_on_is_refused(changed, place):
    text = text_of(place)
    start = text.index('kind = "residency"')
    tail = text[start:].replace("value = ", "until = 2060-01-01\nvalue = ", 1)

    assert "without a requirement of residency" in refusal(changed, place, text[:start] + tail)


@pytest.mark.parametrize("place", pack_names())
def test_cut_short_anywhere_it_is_refused_or_whole(changed, place):
    text = text_of(place)
    whole = load_pack(place)
    for cut in range(0, len(text), len(text) // 40):
        try:
            loaded = changed(place, text[:cut])
        except PackError as refused:
            assert "\n" not in str(refused)
        else:
            # Only help lines stand at the end; losing one leaves the rules as they are.
            assert (loaded.offices, loaded.requirements) == (whole.offices, whole.requirements)
