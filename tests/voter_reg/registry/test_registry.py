"""The Municipal ID registry: yes or no, nothing else, and no memory of any question."""

import json
import logging
from datetime import date

import pytest

from eligibility import BadInput
from voter_reg.registry.app import (
    LARGEST_QUESTION,
    LONGEST_KEY,
    RegistryConfig,
    create_registry,
    hash_caller_key,
    openapi,
    read_registry,
)
from voter_reg.registry.cards import Card, add_card, write_cards

KEY = "a-caller-key-of-more-than-thirty-two-characters"
HASH = hash_caller_key(KEY)
CARD_KEY = bytes(range(32))
TODAY = date(2026, 11, 23)
ADULT = Card("046000000035", "1971-01-01", "329 3rd Ave E", date(2030, 12, 31))
EXPIRED = Card("846900000013", "1980-05-05", "12 Oak St", date(2026, 11, 22))
YEAR_ONLY = Card("123456789072", "1955", "7 Elm Rd Apt 4", TODAY)


@pytest.fixture
def cards(tmp_path):
    path = tmp_path / "cards.sqlite3"
    assert write_cards(path, CARD_KEY, [ADULT, EXPIRED, YEAR_ONLY]) == 3
    return path


@pytest.fixture
def registry(cards):
    return create_registry(RegistryConfig(cards, CARD_KEY, HASH), lambda: TODAY).test_client()


def ask(client, card=ADULT.number, born=ADULT.born, address=ADULT.address, key=KEY, **more):
    question = {"card": card, "born": born, "address": address, **more}
    return client.post("/v1/check", json=question, headers={"Authorization": f"Bearer {key}"})


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ({}, (True, True, True)),
        ({"address": "329 East 3rd Avenue, Apt 9"}, (True, True, True)),
        ({"address": "330 3rd Ave E"}, (True, True, False)),
        ({"address": "under the bridge"}, (True, True, False)),
        ({"address": ""}, (True, True, False)),
        ({"born": "1971-01-02"}, (False, False, False)),
        ({"born": "1971"}, (False, False, False)),
        ({"card": "999999999999"}, (False, False, False)),
        ({"card": EXPIRED.number}, (False, False, False)),
        ({"card": EXPIRED.number, "born": EXPIRED.born, "address": EXPIRED.address}, (True, False, True)),
        ({"card": YEAR_ONLY.number, "born": "1955", "address": "7 Elm Road"}, (True, True, True)),
    ],
)
def test_the_three_answers(registry, question, answer):
    reply = ask(registry, **question)

    assert reply.status_code == 200
    assert reply.json == dict(zip(("match", "valid", "address"), answer, strict=True))


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b"", 400, "not JSON"),
        (b"[]", 400, "must have card, born and address, and nothing else"),
        (b'{"card": "046000000035", "born": "1971-01-01"}', 400, "nothing else"),
        (b'{"card": "046000000035", "born": "1971-01-01", "address": "x", "purpose": "vote"}', 400, "nothing else"),
        (b'{"card": 46000000035, "born": "1971-01-01", "address": "x"}', 400, "must be texts"),
        (b'{"card": "0460", "born": "1971-01-01", "address": "x"}', 400, "12 digits"),
        (b'{"card": "046000000035", "born": "1971-02-30", "address": "x"}', 400, "born must be"),
        (b"[" * 2000, 400, "not JSON"),
        (b" " * (LARGEST_QUESTION + 1), 413, "too large"),
    ],
)
def test_a_malformed_question_gets_one_line_that_repeats_nothing_of_it(registry, body, status, reason):
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    reply = registry.post("/v1/check", data=body, headers=headers)

    assert (reply.status_code, set(reply.json)) == (status, {"error"})
    assert reason in reply.json["error"]
    assert "046000000035" not in reply.text


@pytest.mark.parametrize("key", ["", "wrong", KEY + "x", "x" * (LONGEST_KEY + 1)])
def test_a_caller_without_its_key_is_refused(registry, key):
    assert ask(registry, key=key).status_code == 401


def test_an_over_long_key_never_reaches_the_hash(registry, monkeypatch):
    def never(*arguments):
        raise AssertionError("hashed")

    monkeypatch.setattr("voter_reg.registry.app.PasswordHasher", never)

    assert ask(registry, key="x" * (LONGEST_KEY + 1)).status_code == 401


def test_the_key_is_hashed_once_and_then_known(registry, monkeypatch):
    assert ask(registry).status_code == 200
    monkeypatch.setattr("voter_reg.registry.app.PasswordHasher", None)

    assert ask(registry).status_code == 200
    assert ask(registry, key="wrong").status_code == 401


def test_other_ways_in_are_closed(registry):
    assert registry.get("/v1/check").status_code == 405
    assert registry.get("/cards").status_code == 404
    assert registry.get("/v1/counts").status_code == 401
    form = registry.post("/v1/check", data={"card": "1"}, headers={"Authorization": f"Bearer {KEY}"})
    assert form.status_code == 415


def test_it_counts_and_nothing_more(registry):
    ask(registry)
    ask(registry, born="1999-01-01")
    ask(registry, key="wrong")

    counts = registry.get("/v1/counts", headers={"Authorization": f"Bearer {KEY}"})

    assert counts.json == {"asked": 2, "confirmed": 1, "refused": 1}


def test_too_many_questions_are_put_off(cards):
    client = create_registry(RegistryConfig(cards, CARD_KEY, HASH, ("3 per minute",)), lambda: TODAY).test_client()
    replies = [ask(client) for _ in range(5)]

    assert [reply.status_code for reply in replies] == [200, 200, 200, 429, 429]
    assert replies[-1].headers["Retry-After"] == "1"
    assert set(replies[-1].json) == {"error"}


def test_nothing_of_a_question_is_logged_or_printed(registry, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    ask(registry)
    ask(registry, card="999999999999")
    ask(registry, card="bad")

    said = caplog.text + "".join(capfd.readouterr())
    for word in (ADULT.number, ADULT.born, "3rd Ave", "999999999999"):
        assert word not in said


def test_the_card_file_shows_no_one(cards):
    raw = cards.read_bytes()

    for word in (ADULT.number, ADULT.born, "329", "3RD AVE", "Oak"):
        assert word.encode() not in raw
        assert word.encode("utf-16-le") not in raw
    assert cards.stat().st_mode & 0o077 == 0


def test_the_written_interface_is_the_one_that_is_served(registry):
    written = json.loads(openapi())
    app = registry.application
    served = {
        (rule.rule, method.lower())
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert served == {(path, method) for path, methods in written["paths"].items() for method in methods}
    assert registry.get("/openapi.json").json == written
    assert set(written["components"]["schemas"]["Answer"]["properties"]) == set(ask(registry).json)
    assert set(written["paths"]["/v1/check"]["post"]["responses"]) == {"200", "400", "401", "413", "415", "429"}
    assert registry.get("/").status_code == 200


def test_a_card_can_be_added_once(cards):
    card = Card("555555555593", "2001-01-01", "1 New St", date(2030, 1, 1))
    add_card(cards, CARD_KEY, card)
    with pytest.raises(BadInput, match="a card's already"):
        add_card(cards, CARD_KEY, card)
    client = create_registry(RegistryConfig(cards, CARD_KEY, HASH), lambda: TODAY).test_client()

    assert ask(client, card.number, card.born, card.address).json == {"match": True, "valid": True, "address": True}


def test_a_registry_reads_its_own_directory_and_refuses_keys_that_others_may_read(tmp_path, cards):
    for name, text in (("card.key", CARD_KEY.hex()), ("caller.hash", HASH)):
        path = tmp_path / name
        path.touch(mode=0o600)
        path.write_text(text)

    assert read_registry(tmp_path) == RegistryConfig(cards, CARD_KEY, HASH)
    (tmp_path / "card.key").chmod(0o644)
    with pytest.raises(BadInput, match="may be read by others"):
        read_registry(tmp_path)
    (tmp_path / "card.key").unlink()
    with pytest.raises(BadInput, match="cannot be read"):
        read_registry(tmp_path)


def test_a_registry_without_cards_does_not_start(tmp_path):
    with pytest.raises(BadInput, match="has no cards"):
        create_registry(RegistryConfig(tmp_path / "none.sqlite3", CARD_KEY, HASH), lambda: TODAY)
