"""What the registry sends is what its written interface says: statuses, headers and fields, always in JSON."""

import json
from datetime import date

import pytest
from joserfc.jwk import ECKey

from voter_reg.registry.app import LARGEST_QUESTION, RegistryConfig, create_registry, hash_caller_key, openapi
from voter_reg.registry.cards import Card, write_cards
from voter_reg.registry.issuer import METADATA, STATUS_LIST, Issuer

KEY = "a-caller-key-of-more-than-thirty-two-characters"
HASH = hash_caller_key(KEY)
CARD_KEY = bytes(range(32))
CARD = Card("046000000035", "1971-04", "329 3rd Ave E", date(2030, 12, 31))
QUESTION = json.dumps({"card": CARD.number, "born": CARD.born, "address": CARD.address})
WRITTEN = json.loads(openapi())
TYPES = {"boolean": bool, "integer": int, "string": str, "object": dict}

WITH_KEY = {"Authorization": f"Bearer {KEY}"}
ASKING = {**WITH_KEY, "Content-Type": "application/json"}
REQUESTS = [
    ("get", "/", {}, "", 200),
    ("get", "/openapi.json", {}, "", 200),
    ("post", "/v1/check", ASKING, QUESTION, 200),
    ("post", "/v1/check", ASKING, QUESTION[:-1], 400),
    ("post", "/v1/check", {"Content-Type": "application/json"}, QUESTION, 401),
    ("post", "/v1/check", ASKING, " " * (LARGEST_QUESTION + 1), 413),
    ("post", "/v1/check", {**WITH_KEY, "Content-Type": "text/plain"}, QUESTION, 415),
    ("get", "/v1/counts", WITH_KEY, "", 200),
    ("get", "/v1/counts", {}, "", 401),
    ("get", METADATA, {}, "", 200),
    ("get", METADATA, {}, "", 404),
    ("get", STATUS_LIST, {}, "", 200),
    ("get", STATUS_LIST, {}, "", 404),
]
ISSUER = Issuer("https://municipal-id.example", (ECKey.generate_key("P-256", {"kid": "1"}, private=True),))


@pytest.fixture
def cards(tmp_path):
    path = tmp_path / "cards.sqlite3"
    write_cards(path, CARD_KEY, [CARD])
    return path


def client(cards, **more):
    return create_registry(RegistryConfig(cards, CARD_KEY, HASH, **more), lambda: date(2026, 11, 23)).test_client()


def written_answer(path, method, status):
    """The written answer of a request, and the schema of its content where it has one."""
    answer = WRITTEN["paths"][path][method]["responses"][str(status)]
    if "$ref" in answer:
        answer = WRITTEN["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    reference = answer.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "")
    return answer, WRITTEN["components"]["schemas"].get(reference.rpartition("/")[2])


@pytest.mark.parametrize("request_", REQUESTS)
def test_each_answer_has_the_status_and_exactly_the_fields_that_are_written(cards, request_):
    method, path, headers, body, status = request_
    issuer = None if status == 404 else ISSUER
    reply = client(cards, issuer=issuer).open(path, method=method.upper(), headers=headers, data=body)

    assert reply.status_code == status
    assert_as_written(reply, path, method)


def assert_as_written(reply, path, method):
    answer, schema = written_answer(path, method, reply.status_code)
    assert {reply.mimetype} == set(answer.get("content", {"application/json": {}}))
    assert {name for name, header in answer.get("headers", {}).items() if header["required"]} <= set(
        reply.headers.keys()
    )
    if schema:
        assert schema["additionalProperties"] is False
        assert set(reply.json) == set(schema["required"]) == set(schema["properties"])
        for field, value in reply.json.items():
            assert type(value) is TYPES[schema["properties"][field]["type"]], field


@pytest.mark.parametrize(
    ("method", "path"), [("post", "/v1/check"), ("get", "/v1/counts"), ("get", METADATA), ("get", STATUS_LIST)]
)
def test_too_many_questions_are_answered_as_written(cards, method, path):
    limited = client(cards, rates=("1 per hour",), issuer=ISSUER)
    replies = [limited.open(path, method=method.upper(), headers=ASKING, data=QUESTION) for _ in range(3)]

    assert replies[-1].status_code == 429
    assert int(replies[-1].headers["Retry-After"]) >= 1
    assert_as_written(replies[-1], path, method)


def test_every_written_status_is_one_that_was_seen_here():
    seen = {(path, method, str(status)) for method, path, _, _, status in REQUESTS}
    seen |= {(path, "get", "429") for path in ("/v1/counts", METADATA, STATUS_LIST)} | {("/v1/check", "post", "429")}

    assert seen == {
        (path, method, status)
        for path, methods in WRITTEN["paths"].items()
        for method, operation in methods.items()
        for status in operation["responses"]
    }


@pytest.mark.parametrize(
    ("method", "path", "status", "header"),
    [
        ("GET", "/v1/check", 405, ("Allow", "OPTIONS, POST")),
        ("DELETE", "/v1/counts", 405, ("Allow", "GET, HEAD, OPTIONS")),
        ("GET", "/v1/cards/046000000035", 404, None),
        ("GET", "/v2/check", 404, None),
        ("POST", "/v1/check", 401, ("WWW-Authenticate", "Bearer")),
    ],
)
def test_what_is_not_in_the_interface_is_refused_in_json_too(cards, method, path, status, header):
    reply = client(cards).open(path, method=method)

    assert (reply.status_code, reply.mimetype, set(reply.json)) == (status, "application/json", {"error"})
    assert reply.headers["Cache-Control"] == "no-store"
    assert CARD.number not in reply.text
    if header:
        assert reply.headers[header[0]] == header[1]


@pytest.mark.parametrize(
    ("size", "status"),
    [(LARGEST_QUESTION, 200), (LARGEST_QUESTION + 1, 413), (LARGEST_QUESTION + 2, 413), (9_000, 413)],
)
@pytest.mark.parametrize("said", [True, False], ids=["of a length that is said", "in pieces"])
def test_a_question_is_held_to_one_size_however_it_is_sent(cards, size, status, said):
    in_pieces = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    reply = client(cards).post(
        "/v1/check", headers=ASKING, data=QUESTION.ljust(size), environ_overrides={} if said else in_pieces
    )

    assert reply.status_code == status
