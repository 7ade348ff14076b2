"""The registry over HTTP: POST /v1/check answers yes or no, GET /v1/counts counts, and nothing is written down.

Where it has an issuer, its public keys and the signed list of statuses are there for anyone, the same for everyone.

The interface is `openapi.json`. A caller says who it is with a key, of which only an Argon2id hash is kept, and never
says what it asks for. There is no per-query log, not even of errors.
"""

from __future__ import annotations

import hmac
import json
import math
import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from importlib import resources
from pathlib import Path
from threading import Lock
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask import Flask, Response, request
from flask_limiter import ApplicationLimit, Limiter
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge, TooManyRequests

from eligibility.birth import BirthDate
from eligibility.errors import BadInput
from voter_reg.registry.cards import CardFile
from voter_reg.registry.issuer import LIST_TYPE, METADATA, STATUS_LIST, Issuer, read_issuer
from voter_reg.registry.private_file import read_private

LARGEST_QUESTION = 2048  # bytes
LONGEST_KEY = 200  # characters; a longer one is refused before it is hashed
DEFAULT_RATES = ("20 per second", "600 per minute")
"""What the caller may ask, and each network address without its key: every number for one birth date takes 30 years."""
DEFAULT_TOTAL_RATES = ("100 per second",)
"""What all may ask together: far above the caller's own, so that one stranger cannot use up the caller's share."""

LIST_RENEWED = timedelta(minutes=1)
"""How long the same signed list of statuses is handed out."""

_FIELDS = {"card", "born", "address"}
_CARD = re.compile(r"\d{12}", re.ASCII)
_KEY = re.compile(r"[0-9a-f]{64}", re.IGNORECASE)  # an empty or short one would hide no card


@dataclass(frozen=True, slots=True)
class RegistryConfig:
    """One registry: its card file and key, the hash of its caller's key, how much may be asked, who signs its cards."""

    card_file: Path
    card_key: bytes
    caller_hash: str
    rates: tuple[str, ...] = DEFAULT_RATES
    total_rates: tuple[str, ...] = DEFAULT_TOTAL_RATES
    issuer: Issuer | None = None


class Caller:
    """Knows the one caller by its key. Argon2id is checked once; the key is then known by a digest held in memory."""

    def __init__(self, caller_hash: str) -> None:
        self._hash = caller_hash
        self._known = b""

    def is_remembered(self, authorization: str) -> bool:
        """Whether an Authorization header carries the key that was checked before; cheap, and false until then."""
        key = _bearer(authorization)
        return bool(self._known) and hmac.compare_digest(sha256(key.encode()).digest(), self._known)

    def is_known(self, authorization: str) -> bool:
        """Whether an Authorization header carries the caller's key."""
        key = _bearer(authorization)
        if not key:
            return False
        if self._known:
            return self.is_remembered(authorization)
        try:
            PasswordHasher().verify(self._hash, key)
        except (Argon2Error, InvalidHashError):
            return False
        self._known = sha256(key.encode()).digest()
        return True


class Counts:
    """How many questions were answered, and how, since the start; nothing about any of them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts = {"asked": 0, "confirmed": 0, "refused": 0}

    def add(self, *names: str) -> None:
        """Count one event under each name."""
        with self._lock:
            for name in names:
                self._counts[name] += 1

    def read(self) -> dict[str, int]:
        """The counts as they are."""
        with self._lock:
            return dict(self._counts)


def hash_caller_key(key: str) -> str:
    """What the registry keeps of its caller's key."""
    return PasswordHasher().hash(key)


class StatusBoard:
    """The signed list of statuses, made anew at most once a minute, however often it is fetched."""

    def __init__(self, issuer: Issuer, cards: CardFile, now: Callable[[], datetime]) -> None:
        self._issuer = issuer
        self._cards = cards
        self._now = now
        self._lock = Lock()
        self._made: tuple[datetime, str] | None = None

    def read(self) -> str:
        """The list, at most a minute old."""
        with self._lock:
            now = self._now()
            if self._made is None or not self._made[0] <= now < self._made[0] + LIST_RENEWED:
                self._made = (now, self._issuer.sign_list(self._cards.statuses(), now))
            return self._made[1]


def utc_now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def create_registry(config: RegistryConfig, today: Callable[[], date], now: Callable[[], datetime] = utc_now) -> Flask:
    """The registry's application; `today` gives the day on which a card's validity is judged, `now` signs the list.

    Raises:
        BadInput: the card file is not there, or is none.
    """
    app = Flask("voter_reg.registry", static_folder=None, template_folder=None)
    # One byte more than is answered: of a body sent in pieces Werkzeug silently leaves away what is over the limit.
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_QUESTION + 1, RATELIMIT_HEADERS_ENABLED=False)
    app.logger.disabled = True
    cards, caller, counts = CardFile(config.card_file, config.card_key), Caller(config.caller_hash), Counts()
    limiter = _limiter(app, config, caller)

    def require_caller() -> None:
        if not caller.is_known(request.headers.get("Authorization", "")):
            counts.add("refused")
            raise _Refusal(401, "the caller's key is missing or wrong")

    @app.get("/")
    @limiter.exempt
    def health() -> Response:
        return _json(200, {"service": "municipal-id-registry", "version": "1"})

    @app.get("/openapi.json")
    @limiter.exempt
    def interface() -> Response:
        return Response(openapi(), mimetype="application/json")

    @app.post("/v1/check")
    def check() -> Response:
        require_caller()
        question = _question()
        answer = cards.check(question["card"], question["born"], question["address"], today())
        counts.add("asked", *(("confirmed",) if answer.match and answer.valid and answer.address else ()))
        return _json(200, asdict(answer))

    @app.get("/v1/counts")
    def count() -> Response:
        require_caller()
        return _json(200, counts.read())

    if config.issuer is not None:
        _publish(app, config.issuer, StatusBoard(config.issuer, cards, now))
    _answer_errors(app, limiter)
    return app


def _publish(app: Flask, issuer: Issuer, board: StatusBoard) -> None:
    """What anyone may fetch to verify cards by themselves."""

    @app.get(METADATA)
    def metadata() -> Response:
        return _json(200, issuer.metadata())

    @app.get(STATUS_LIST)
    def status_list() -> Response:
        answer = Response(board.read(), mimetype=f"application/{LIST_TYPE}")
        answer.headers["Cache-Control"] = "no-store"
        return answer


def openapi() -> str:
    """The written interface, as JSON."""
    return resources.files("voter_reg.registry").joinpath("openapi.json").read_text(encoding="utf-8")


class _Refusal(Exception):
    """A question that is not answered: the status and one line why, which never repeats what was asked."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def _answer_errors(app: Flask, limiter: Limiter) -> None:
    """Every error as one line of JSON, with the header that its status demands."""

    @app.errorhandler(_Refusal)
    def refused(refusal: _Refusal) -> Response:
        answer = _json(refusal.status, {"error": refusal.reason})
        if refusal.status == 401:
            answer.headers["WWW-Authenticate"] = "Bearer"
        return answer

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        answer = _json(error.code or 500, {"error": error.name.lower()})
        if isinstance(error, MethodNotAllowed):
            answer.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
        if isinstance(error, TooManyRequests):
            answer.headers["Retry-After"] = str(_seconds_to_wait(limiter))
        return answer


def _limiter(app: Flask, config: RegistryConfig, caller: Caller) -> Limiter:
    """Holds the caller and each stranger to a share of their own: no stranger keeps the caller's residents waiting."""

    def who() -> str:
        is_caller = caller.is_remembered(request.headers.get("Authorization", ""))
        return "caller" if is_caller else f"stranger at {request.remote_addr}"

    limits = [ApplicationLimit(rate, key_function=who, scope="each") for rate in config.rates]
    limits += [ApplicationLimit(rate, key_function=lambda: "all", scope="all") for rate in config.total_rates]
    limiter = Limiter(who, app=app, storage_uri="memory://", application_limits=[*limits])
    limiter.logger.disabled = True  # it would write down the network address of whoever asks too much
    return limiter


def _bearer(authorization: str) -> str:
    """The key of an Authorization header; empty when it has none, or one that no caller of ours has."""
    scheme, _, key = authorization.partition(" ")
    return key if scheme == "Bearer" and len(key) <= LONGEST_KEY else ""


def _seconds_to_wait(limiter: Limiter) -> int:
    """Whole seconds until the limit that was reached lets the next question through; at least one."""
    reached = limiter.current_limit
    return max(1, math.ceil(reached.reset_at - time.time())) if reached else 1


def _question() -> dict[str, str]:
    if request.mimetype != "application/json":
        raise _Refusal(415, "the question must be application/json")
    raw = request.get_data()
    if len(raw) > LARGEST_QUESTION:
        raise RequestEntityTooLarge
    try:
        question = json.loads(raw)
    except (ValueError, RecursionError):
        raise _Refusal(400, "the question is not JSON") from None
    if not isinstance(question, dict) or set(question) != _FIELDS:
        raise _Refusal(400, "the question must have card, born and address, and nothing else")
    if not all(isinstance(value, str) for value in question.values()):
        raise _Refusal(400, "card, born and address must be texts")
    if not _CARD.fullmatch(question["card"]):
        raise _Refusal(400, "card must have 12 digits")
    try:
        BirthDate.parse(question["born"])
    except BadInput:
        raise _Refusal(400, "born must be YYYY, YYYY-MM or YYYY-MM-DD") from None
    return question


def _json(status: int, content: dict[str, Any]) -> Response:
    answer = Response(json.dumps(content), status, mimetype="application/json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def read_registry(folder: Path) -> RegistryConfig:
    """The configuration of a registry's own directory: `cards.sqlite3`, `card.key`, `caller.hash`, maybe `issuer.json`.

    Raises:
        BadInput: a file is missing, may be read by others, or is no key.
    """
    text = read_private(folder / "card.key")
    if not _KEY.fullmatch(text):
        raise BadInput("is not a key: 64 hexadecimal digits", str(folder / "card.key"))
    key = bytes.fromhex(text)
    caller_hash = read_private(folder / "caller.hash")
    return RegistryConfig(folder / "cards.sqlite3", key, caller_hash, issuer=read_issuer(folder))
