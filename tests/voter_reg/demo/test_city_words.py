"""The demonstration city's pack speaks the four languages of the service."""

from eligibility import load_pack
from voter_reg.demo import CITY
from voter_reg.demo.city import write_pack
from voter_reg.language import OWN_NAMES


def test_the_demonstration_city_has_notices_and_words_in_every_language_of_the_service(tmp_path):
    write_pack(tmp_path)
    pack = load_pack(tmp_path)

    assert pack.spoken == tuple(OWN_NAMES)
    for language in pack.spoken:
        assert CITY in pack.notices[language]
        assert "Minneapolis" not in pack.notices[language]


def test_its_oath_and_its_help_line_name_it_in_every_language(tmp_path):
    write_pack(tmp_path)
    pack = load_pack(tmp_path)

    for language in ("es", "so", "hmn"):
        said = pack.say(f"I will have lived in {CITY} for at least 20 days on election day.", language)
        assert CITY in said
        assert "I will" not in said
        assert pack.say("City help line", language) != "City help line"
