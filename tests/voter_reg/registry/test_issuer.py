"""The issuer beside the registry: cards that another verifier reads, statuses that hold, and no memory of either."""

import json
import sqlite3
import stat
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from eligibility import BadInput
from tests.voter_reg.town import command
from voter_reg.registry.app import RegistryConfig, create_registry, hash_caller_key, read_registry
from voter_reg.registry.cards import (
    PLACES,
    REVOKED,
    SUSPENDED,
    VALID,
    Card,
    CardFile,
    place_of,
    set_status,
    write_cards,
)
from voter_reg.registry.issuer import METADATA, STATUS_LIST, make_issuer, read_issuer
from voter_reg.registry.printed_card import as_svg, code_of
from voter_reg.registry.private_file import write_private
from voter_reg.residency.card_keys import read_card_keys
from voter_reg.residency.card_photo import read_code
from voter_reg.residency.credential import Credential, read_credential
from voter_reg.residency.status_list import read_status_list
from voter_reg.residency.strict import read_base64
from voter_reg.residency.verifier import PresentedCard

NAME = "https://municipal-id.example"
NOW = datetime(2026, 11, 28, 13, tzinfo=UTC)
CARD_KEY = bytes(range(32))
KEY = "a-caller-key-of-more-than-thirty-two-characters"
HASH = hash_caller_key(KEY)
CARD = Card("000000000195", "1971-04", "12 1/2 Quarry Lake Pkwy NE", date(2030, 12, 31))
OTHER = Card("000000000292", "1990-04-30", "329 3rd Ave E", date(2026, 12, 1))


@pytest.fixture
def folder(tmp_path):
    """A registry's own directory, with two cards and an issuer."""
    registry = tmp_path / "registry"
    registry.mkdir(mode=0o700)
    write_private(registry / "card.key", CARD_KEY.hex())
    write_private(registry / "caller.hash", HASH)
    write_cards(registry / "cards.sqlite3", CARD_KEY, [CARD, OTHER])
    make_issuer(registry, NAME)
    return registry


@pytest.fixture
def issuer(folder):
    return read_issuer(folder)


@pytest.fixture
def keys(issuer, tmp_path):
    path = tmp_path / "card-keys.json"
    path.write_text(json.dumps(issuer.metadata()))
    return read_card_keys(path)


def test_a_card_that_the_issuer_signs_is_read_by_its_published_keys(issuer, keys):
    presented = issuer.sign_card(CARD, 4711, NOW.date())

    shown = PresentedCard(CARD.number, CARD.born, CARD.address)
    assert read_credential(presented, keys, NOW) == Credential(shown, NAME + STATUS_LIST, 4711)


def test_a_card_says_nothing_in_clear_but_who_signed_it_and_when_it_ends(issuer):
    jwt, *disclosures = issuer.sign_card(CARD, 1, NOW.date()).rstrip("~").split("~")
    again = issuer.sign_card(CARD, 1, NOW.date())

    assert len(disclosures) == 3
    assert not set(disclosures) & set(again.split("~")), "a salt was used twice"
    assert CARD.number not in jwt


@pytest.mark.parametrize(
    ("now", "is_valid"),
    [
        (datetime(2026, 12, 1, 23, 59, tzinfo=UTC), True),
        (datetime(2026, 12, 2, 11, 59, tzinfo=UTC), True),  # still 1 December on the last island
        (datetime(2026, 12, 2, 12, 2, tzinfo=UTC), False),
    ],
)
def test_a_card_holds_until_its_last_day_has_ended_everywhere(issuer, keys, now, is_valid):
    found = read_credential(issuer.sign_card(OTHER, 1, NOW.date()), keys, now)

    assert (found != "out_of_date") == is_valid


def test_the_longest_card_is_a_code_that_any_phone_reads(issuer):
    longest = Card(CARD.number, "1971-04-30", "12345 1/2 Saint Bartholomew Quarry Lake Pkwy NE", CARD.valid_until)
    code = code_of(issuer.sign_card(longest, PLACES - 1, NOW.date()))

    assert code.version <= 22, "finer than 105 modules a side"


def test_a_printed_card_shows_what_it_is_and_its_code_is_the_card(issuer, folder, tmp_path):
    out = tmp_path / "card.png"
    asked = ("--dir", str(folder), "--born", "1990-01-31", "--address", "12 Oak St")
    ending = command("card", "issue", *asked, "--out", str(out))

    presented = read_code(Image.open(out))
    number = ending.out.strip().replace(" ", "")
    assert (ending.code, stat.S_IMODE(out.stat().st_mode)) == (0, 0o600)
    assert number in unpacked(presented)
    assert CardFile(folder / "cards.sqlite3", CARD_KEY).check(number, "1990-01-31", "12 Oak St", NOW.date()).valid
    kept = b"".join(path.read_bytes() for path in folder.iterdir())
    assert not any(text.encode() in kept for text in (number, presented, "12 Oak St"))


def unpacked(presented):
    """What a card discloses."""
    return {json.loads(read_base64(part))[2] for part in presented.rstrip("~").split("~")[1:]}


def test_a_card_drawn_as_svg_is_well_formed_says_demonstration_and_holds_the_code(issuer):
    odd = Card(CARD.number, CARD.born, '1 <Oak> & "Elm" St', CARD.valid_until)
    presented = issuer.sign_card(odd, 1, NOW.date())
    drawing = ET.fromstring(as_svg(odd, "0000 0000 0195", presented))

    words = [one.text for one in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert words[0] == "DEMONSTRATION"
    assert {"0000 0000 0195", odd.address, odd.born} <= set(words)
    path = drawing.find(".//{http://www.w3.org/2000/svg}path").get("d")
    assert path.count("M") == sum(map(sum, code_of(presented).matrix))


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("card.pdf", "ends in none of .svg, .png"),
        ("none/card.svg", "its folder is not there"),
        ("there.svg", "already"),
    ],
)
def test_a_card_that_cannot_be_handed_out_is_not_issued(folder, tmp_path, out, said):
    (tmp_path / "there.svg").write_text("mine")
    before = (folder / "cards.sqlite3").read_bytes()
    asked = ("--dir", str(folder), "--born", "1990", "--address", "12 Oak St", "--out", str(tmp_path / out))
    ending = command("card", "issue", *asked)

    assert (ending.code, ending.out) == (2, "")
    assert said in ending.err
    assert (folder / "cards.sqlite3").read_bytes() == before
    assert (tmp_path / "there.svg").read_text() == "mine"


def test_without_an_issuer_a_number_is_issued_and_a_signed_card_is_not(folder, tmp_path):
    (folder / "issuer.json").unlink()
    asked = ("card", "issue", "--dir", str(folder), "--born", "1990", "--address", "12 Oak St")

    assert command(*asked).code == 0
    ending = command(*asked, "--out", str(tmp_path / "card.svg"))
    assert (ending.code, ending.err.count("\n")) == (2, 1)
    assert "has no issuer.json" in ending.err


def test_an_issuer_is_made_once_its_key_is_the_owners_alone_and_public_keys_are_printed(folder):
    (folder / "issuer.json").unlink()
    made = command("card", "issuer", "--dir", str(folder), "--name", NAME)
    again = command("card", "issuer", "--dir", str(folder), "--name", NAME)

    assert (made.code, again.code) == (0, 2)
    assert "is there already" in again.err
    assert made.json == read_issuer(folder).metadata()
    assert "d" not in made.json["jwks"]["keys"][0]
    assert stat.S_IMODE((folder / "issuer.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["", "municipal-id", "http://a.example", "https://", "https://a/", "https://a?b"])
def test_an_issuers_name_is_an_https_address(tmp_path, name):
    with pytest.raises(BadInput, match="is not an https address"):
        make_issuer(tmp_path, name)
    assert read_issuer(tmp_path) is None


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"issuer": "a", "keys": []}', '{"issuer": "a", "keys": [{}]}'])
def test_a_damaged_issuer_stops_the_start(folder, text):
    write_private(folder / "issuer.json", text)

    with pytest.raises(BadInput, match=r"issuer\.json"):
        read_registry(folder)


def test_an_issuer_that_others_may_read_or_that_cannot_sign_stops_the_start(folder, issuer):
    public = issuer.metadata()["jwks"]
    write_private(folder / "issuer.json", json.dumps({"issuer": NAME, **public}))
    with pytest.raises(BadInput, match="no private key"):
        read_registry(folder)

    (folder / "issuer.json").chmod(0o644)
    with pytest.raises(BadInput, match="may be read by others"):
        read_registry(folder)


def listed(folder, keys, now=NOW):
    cards = CardFile(folder / "cards.sqlite3", CARD_KEY)
    return read_status_list(read_issuer(folder).sign_list(cards.statuses(), now), keys, now)


@pytest.mark.parametrize(
    ("how", "status"), [((), "revoked"), (("--as", "suspend"), "suspended"), (("--as", "restore"), "valid")]
)
def test_a_card_is_revoked_suspended_or_restored_by_number_and_by_list_alike(folder, keys, how, status):
    place = place_of(folder / "cards.sqlite3", CARD_KEY, CARD.number, CARD.born)
    set_status(folder / "cards.sqlite3", CARD_KEY, CARD.number, CARD.born, SUSPENDED)
    ending = command("card", "revoke", "--dir", str(folder), "--born", CARD.born, *how, "0000 0000 0195")

    assert (ending.code, ending.out, ending.err) == (0, "", "")
    assert listed(folder, keys).status(place) == status
    answer = CardFile(folder / "cards.sqlite3", CARD_KEY).check(CARD.number, CARD.born, CARD.address, NOW.date())
    assert (answer.match, answer.valid, answer.address) == (True, status == "valid", True)
    other = place_of(folder / "cards.sqlite3", CARD_KEY, OTHER.number, OTHER.born)
    assert listed(folder, keys).status(other) == "valid"


@pytest.mark.parametrize(
    ("number", "born", "said"),
    [("000000000196", "1971-04", "is not a card's number"), ("000000000195", "1971", "no card of this number"),
     ("000000000195", "1971-13", "birth date"), ("x", "1971-04", "is not a card's number")],
)  # fmt: skip
def test_a_card_that_is_not_there_is_not_revoked(folder, number, born, said):
    ending = command("card", "revoke", "--dir", str(folder), "--born", born, number)

    assert (ending.code, ending.err.count("\n")) == (2, 1)
    assert said in ending.err
    assert CardFile(folder / "cards.sqlite3", CARD_KEY).statuses() == {}


def test_places_are_a_cards_own_and_drawn_by_lot(tmp_path):
    path = tmp_path / "cards.sqlite3"
    many = [Card(f"{n:012}", "1990", "12 Oak St", date(2030, 1, 1)) for n in range(30)]
    write_cards(path, CARD_KEY, many)
    places = [place_of(path, CARD_KEY, card.number, card.born) for card in many]

    assert places == [place_of(path, CARD_KEY, card.number, card.born) for card in many]
    assert len(set(places)) == 30
    assert places != sorted(places)
    assert all(0 <= place < PLACES for place in places)


def test_a_card_file_of_an_earlier_version_is_taken_up(tmp_path):
    path = tmp_path / "cards.sqlite3"
    write_cards(path, CARD_KEY, [CARD])
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE status")
    connection.close()

    assert CardFile(path, CARD_KEY).check(CARD.number, CARD.born, CARD.address, NOW.date()).valid
    set_status(path, CARD_KEY, CARD.number, CARD.born, REVOKED)
    assert not CardFile(path, CARD_KEY).check(CARD.number, CARD.born, CARD.address, NOW.date()).valid
    set_status(path, CARD_KEY, CARD.number, CARD.born, VALID)
    assert CardFile(path, CARD_KEY).statuses() == {}


def test_the_list_is_signed_anew_after_a_minute_and_not_before(folder, keys):
    moment = [NOW]
    config = RegistryConfig(folder / "cards.sqlite3", CARD_KEY, HASH, issuer=read_issuer(folder))
    client = create_registry(config, NOW.date, lambda: moment[0]).test_client()
    first = client.get(STATUS_LIST).text
    set_status(folder / "cards.sqlite3", CARD_KEY, CARD.number, CARD.born, REVOKED)
    place = place_of(folder / "cards.sqlite3", CARD_KEY, CARD.number, CARD.born)

    moment[0] = NOW + timedelta(seconds=59)
    assert client.get(STATUS_LIST).text == first
    moment[0] = NOW + timedelta(seconds=60)
    assert read_status_list(client.get(STATUS_LIST).text, keys, moment[0]).status(place) == "revoked"
    assert client.get(METADATA).json == read_issuer(folder).metadata()


def test_neither_the_keys_nor_the_list_tell_of_a_card_or_are_counted(folder):
    config = RegistryConfig(folder / "cards.sqlite3", CARD_KEY, HASH, issuer=read_issuer(folder))
    client = create_registry(config, NOW.date).test_client()
    told = client.get(METADATA).text + client.get(STATUS_LIST).text

    assert '"d"' not in told
    assert CARD.number not in told
    counts = client.get("/v1/counts", headers={"Authorization": f"Bearer {KEY}"}).json
    assert counts == {"asked": 0, "confirmed": 0, "refused": 0}
