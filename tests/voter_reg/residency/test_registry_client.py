"""Asking the registry: yes only for a whole, well-formed yes in time; everything else fails closed."""

import contextlib
import json
import socket
import time

import pytest

from eligibility import BadInput
from tests.voter_reg.residency.talker import Talker, http
from voter_reg.residency.registry_client import RegistryClient

YES = {"match": True, "valid": True, "address": True}


@pytest.fixture
def ask():
    talkers = []

    def ask(answer, seconds=1.0):
        talker = Talker(answer)
        talkers.append(talker)
        client = RegistryClient(f"http://127.0.0.1:{talker.port}/", "k" * 32, seconds)
        return client.check("100000000051", "1990", "100 OAK ST"), talker

    yield ask
    for talker in talkers:
        talker.close()


def test_a_card_is_asked_for_with_the_key_and_nothing_more(ask):
    answer, talker = ask(http(YES))

    (head, body), *more = talker.heard
    assert answer == "confirmed"
    assert not more
    assert head.startswith("POST /v1/check HTTP/1.1\r\n")
    assert f"Authorization: Bearer {'k' * 32}" in head
    assert json.loads(body) == {"card": "100000000051", "born": "1990", "address": "100 OAK ST"}


@pytest.mark.parametrize("said", [{"match": False, "valid": False, "address": False},
                                  {"match": True, "valid": False, "address": True},
                                  {"match": True, "valid": True, "address": False}])  # fmt: skip
def test_a_wrong_an_expired_and_another_address_are_one_answer(ask, said):
    assert ask(http(said))[0] == "not_confirmed"


@pytest.mark.parametrize(
    "body",
    [b"", b"yes", b"null", b"true", b"[]", b'"confirmed"', b"{}", b'{"match": true}', b"\xff\xfe", b"[" * 1000,
     {**YES, "name": "Amina"}, {**YES, "valid": 1}, {**YES, "valid": "true"}, {**YES, "valid": None},
     {"match": False, "valid": True, "address": True}, {"match": False, "valid": False, "address": True},
     json.dumps(YES).encode()[:-1], json.dumps(YES).encode() + b" {}",
     b'{"match": false, "valid": false, "address": false, "match": true, "valid": true, "address": true}',
     json.dumps(YES).encode() + b" " * 1024],
)  # fmt: skip
def test_nonsense_is_never_a_yes(ask, body):
    assert ask(http(body))[0] == "unavailable"


@pytest.mark.parametrize("status", ["201 Created", "204 No Content", "301 Moved", "302 Found", "307 Go", "400 Bad",
                                    "401 Who", "429 Slow", "500 Oh", "503 Away"])  # fmt: skip
def test_any_status_but_200_is_no_answer_even_with_a_yes_in_it(ask, status):
    answer, talker = ask(http(YES, status, Location="http://127.0.0.1:9/elsewhere"))

    assert answer == "unavailable"
    assert len(talker.heard) == 1


@pytest.mark.parametrize(
    "answer",
    [[b""], [b"HTTP/1.1 200 OK\r\n"], [b"garbage\r\n\r\n"], [b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"],
     http(YES, Content_Length="-1"), http(YES, Content_Encoding="gzip"),
     http(YES, Content_Length=None, Transfer_Encoding="chunked"), [b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500]],
)  # fmt: skip
def test_broken_http_is_no_answer(ask, answer):
    assert ask(answer)[0] == "unavailable"


def test_a_huge_body_is_not_read_to_its_end(ask):
    started = time.monotonic()

    answer, _ = ask([b"HTTP/1.1 200 OK\r\n\r\n", *[b" " * 65536] * 2000])

    assert answer == "unavailable"
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    "answer",
    [[60.0], [b"HTTP/1.1 200 OK\r\n", 60.0], [*http(YES)[:1], 60.0],
     [b"HTTP/1.1 200 OK\r\nContent-Length: 46\r\n\r\n", *[piece for n in b" " * 46 for piece in (bytes([n]), 0.15)]],
     [piece for n in b"HTTP/1.1 200 OK\r\n" * 3 for piece in (bytes([n]), 0.15)]],
    ids=["silent", "half a head", "no body", "a body that drips", "a head that drips"],
)  # fmt: skip
def test_the_whole_exchange_has_one_deadline_however_slowly_it_drips(ask, answer):
    started = time.monotonic()

    assert ask(answer, seconds=0.5)[0] == "unavailable"
    assert 0.4 < time.monotonic() - started < 1.5


def test_a_registry_that_is_not_there_is_no_answer():
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]

    assert RegistryClient(f"http://127.0.0.1:{port}", "k").check("1", "1990", "x") == "unavailable"
    assert RegistryClient("http://nowhere.invalid", "k").check("1", "1990", "x") == "unavailable"


def test_a_registry_that_never_takes_the_call_is_given_up_in_time():
    with socket.socket() as door, contextlib.ExitStack() as waiting:
        door.bind(("127.0.0.1", 0))
        door.listen(0)
        for _ in range(4):  # the queue is full from here on, and a further call gets no answer at all
            caller = waiting.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(door.getsockname())
        started = time.monotonic()

        assert (
            RegistryClient(f"http://127.0.0.1:{door.getsockname()[1]}", "k", 0.5).check("1", "1990", "x")
            == "unavailable"
        )
        assert 0.4 < time.monotonic() - started < 1.5


@pytest.mark.parametrize(
    ("key", "number", "born", "address"),
    [("k\nX-More: 1", "1", "1990", "x"), ("\u0100", "1", "1990", "x"), ("k", "\ud800", "\x00", "\udfff" * 10_000)],
    ids=["a key of two lines", "a key no header takes", "texts that are none"],
)
def test_whatever_is_asked_it_never_raises(ask, key, number, born, address):
    _, talker = ask(http({**YES, "valid": False}))
    client = RegistryClient(f"http://127.0.0.1:{talker.port}", key, 1.0)

    assert client.check(number, born, address) in {"unavailable", "not_confirmed"}
    assert not any("X-More" in head for head, _ in talker.heard)


def test_a_proxy_of_the_environment_is_not_used(ask, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    assert ask(http(YES))[0] == "confirmed"


def test_a_plain_answer_to_a_tls_question_is_no_answer(ask):
    _, talker = ask(http(YES))

    assert RegistryClient(f"https://127.0.0.1:{talker.port}", "k", 0.5).check("1", "1990", "x") == "unavailable"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "registry",
        "ftp://registry",
        "http://",
        "file:///etc",
        "http://h:99999",
        "http://h:x",
        "http://[::1",
        "http://a b",
        "http://h/a\nb",
        "http://\u0440\u0435\u0435\u0441\u0442\u0440",
    ],
)
def test_an_address_that_is_none_stops_the_start(url):
    with pytest.raises(BadInput, match="VOTER_REG_REGISTRY_URL"):
        RegistryClient(url, "k")
