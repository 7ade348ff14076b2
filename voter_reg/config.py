"""The configuration: typed, frozen, read once at the edge. A missing secret stops the start.

Every variable begins with VOTER_REG_. `VOTER_REG_INSTANCE_DIR` names the directory of this installation, by default
`instance` in the current directory; a `settings.env` there (NAME=value lines, readable by its owner alone) gives what
the environment does not.
"""

from __future__ import annotations

import ipaddress
import re
import shlex
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast
from urllib.parse import quote

from eligibility.errors import BadInput

SETTINGS = "settings.env"
_PREFIX = "VOTER_REG_"


class ConfigError(BadInput):
    """A variable that is missing or cannot be used; the line names it."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where e-mail is handed in, and what it says of us. `timeout` is in seconds, for each answer of the server.

    Whoever sees a mailbox sees sender and page: neither may say what they are about.
    """

    host: str
    port: int
    security: Literal["starttls", "tls", "plain"]
    user: str
    password: str = field(repr=False)
    sender: str
    sender_name: str
    start_page: str
    timeout: float
    ca_file: Path | None = None

    @property
    def domain(self) -> str:
        """The sender's domain: what message ids and greetings name."""
        return self.sender.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Config:
    """What one process needs to know. Secrets never appear in its repr."""

    instance_dir: Path
    database_url: str = field(repr=False)
    master_key_file: Path
    master_key: str = field(repr=False)
    master_key_command: tuple[str, ...]
    keystore_file: Path
    broker_url: str = field(repr=False)
    broker_dir: Path
    archive_dir: Path
    portal_secret: str = field(repr=False)
    pack: str
    map_file: Path
    registry_url: str
    registry_key: str = field(repr=False)
    office_secret: str = field(default="", repr=False)
    """Signs what the office hands out; empty where only the portal runs. `needed_office_secret` asks for it."""
    demonstration: bool = False
    """Whether a pack whose law is in force is shown as a demonstration; others always are."""
    card_answer_seconds: float = 0.35
    """Every answer about a card takes at least this long, so that its time tells nothing."""
    mail: MailServer | None = None
    """Where e-mail is handed in; None where e-mail is not offered."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Config:
        """Read the configuration.

        Raises:
            ConfigError: a variable is missing or unusable, or the settings file may be read by others.
        """
        instance = _instance(environ)
        settings = {**_settings(instance / SETTINGS), **environ}
        database = quote(str(instance / "voter_reg.sqlite3"))  # in a URL a folder's "?" or "%" would mean something
        return cls(
            instance_dir=instance,
            database_url=settings.get(f"{_PREFIX}DATABASE_URL", f"sqlite:///{database}"),
            master_key_file=Path(settings.get(f"{_PREFIX}MASTER_KEY_FILE", instance / "keys" / "master.key")),
            master_key=_one_master_key(settings),
            master_key_command=tuple(shlex.split(settings.get(f"{_PREFIX}MASTER_KEY_COMMAND", ""))),
            keystore_file=Path(settings.get(f"{_PREFIX}KEYSTORE_FILE", instance / "keys" / "keystore.json")),
            broker_url=_broker(settings),
            broker_dir=Path(settings.get(f"{_PREFIX}BROKER_DIR", instance / "broker")),
            archive_dir=archive_folder(environ),
            portal_secret=_secret(settings, "PORTAL_SECRET"),
            pack=_required(settings, "PACK"),
            map_file=Path(_required(settings, "MAP_FILE")),
            registry_url=_required(settings, "REGISTRY_URL"),
            registry_key=_secret(settings, "REGISTRY_KEY"),
            office_secret=settings.get(f"{_PREFIX}OFFICE_SECRET", "").strip(),
            demonstration=_flag(settings, "DEMONSTRATION"),
            card_answer_seconds=_seconds(settings, "CARD_ANSWER_SECONDS", 0.35),
            mail=_mail(settings),
        )

    def needed_office_secret(self) -> str:
        """The office's secret, where office or staff commands need it.

        Raises:
            ConfigError: it is not set, too short, or the portal's own: one door's secret must not open the other.
        """
        secret = _secret({f"{_PREFIX}OFFICE_SECRET": self.office_secret}, "OFFICE_SECRET")
        if secret == self.portal_secret:
            raise ConfigError("is the portal's secret; the office needs its own", f"{_PREFIX}OFFICE_SECRET")
        return secret


def archive_folder(environ: Mapping[str, str]) -> Path:
    """Where an installation keeps the packs and maps of its decisions; needs no configuration besides."""
    return _instance(environ) / "archive"


def _instance(environ: Mapping[str, str]) -> Path:
    return Path(environ.get(f"{_PREFIX}INSTANCE_DIR") or "instance").absolute()


def write_settings(instance: Path, settings: Mapping[str, str]) -> None:
    """Write `settings.env` for its owner alone; names are given without the prefix."""
    # Beside and then moved: a write cut short must not lose the secrets that are there.
    beside = instance / f"{SETTINGS}.new"
    beside.touch(mode=0o600)
    beside.chmod(0o600)
    beside.write_text("".join(f"{_PREFIX}{name}={value}\n" for name, value in settings.items()), encoding="utf-8")
    beside.replace(instance / SETTINGS)


def _settings(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ConfigError("may be read by others; make it 0600", str(path))
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    for name, sign, _ in pairs:
        if not sign or not name.startswith(_PREFIX):
            raise ConfigError(f"a line is not {_PREFIX}NAME=value: it begins {name[:30]!r}", str(path))
    return {name: value for name, _, value in pairs}


def _required(settings: Mapping[str, str], name: str) -> str:
    value = settings.get(f"{_PREFIX}{name}", "").strip()
    if not value:
        raise ConfigError("is not set", f"{_PREFIX}{name}")
    return value


def _secret(settings: Mapping[str, str], name: str) -> str:
    value = _required(settings, name)
    if len(value) < 32:
        raise ConfigError("is shorter than 32 characters; a secret is random and long", f"{_PREFIX}{name}")
    return value


def _one_master_key(settings: Mapping[str, str]) -> str:
    """The master key of the environment, refused beside another source: nobody could say which one is meant."""
    given = [name for name in ("MASTER_KEY", "MASTER_KEY_FILE", "MASTER_KEY_COMMAND") if settings.get(_PREFIX + name)]
    if len(given) > 1:
        raise ConfigError(f"stands beside {_PREFIX}{given[1]}; give one of them", _PREFIX + given[0])
    return settings.get(f"{_PREFIX}MASTER_KEY", "")


def _broker(settings: Mapping[str, str]) -> str:
    url = settings.get(f"{_PREFIX}BROKER_URL", "filesystem://")
    if not url.startswith(("filesystem://", "redis://", "rediss://")):
        raise ConfigError("begins with none of filesystem://, redis://, rediss://", f"{_PREFIX}BROKER_URL")
    return url


def _flag(settings: Mapping[str, str], name: str) -> bool:
    text = settings.get(f"{_PREFIX}{name}", "0")
    if text not in {"0", "1"}:
        raise ConfigError(f"{text[:20]!r} is not 1 or 0", f"{_PREFIX}{name}")
    return text == "1"


def _seconds(settings: Mapping[str, str], name: str, default: float) -> float:
    text = settings.get(f"{_PREFIX}{name}", str(default))
    try:
        value = float(text)
    except ValueError:
        raise ConfigError(f"{text[:20]!r} is not a number of seconds", f"{_PREFIX}{name}") from None
    if not 0 <= value <= 10:
        raise ConfigError(f"{text[:20]} is not between 0 and 10 seconds", f"{_PREFIX}{name}")
    return value


_TELLING = re.compile(r"vot(?:e|ing)|elect(?:ion|or)|ballot|registr|poll(?:s|ing)", re.IGNORECASE)
_ADDRESS = re.compile(r"[a-z0-9._+-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)*", re.ASCII | re.IGNORECASE)
_PORTS = {"starttls": 587, "tls": 465, "plain": 25}


def _mail(settings: Mapping[str, str]) -> MailServer | None:
    """The mail server, where a host is given; then sender and page must be as well."""
    host = settings.get(f"{_PREFIX}MAIL_HOST", "").strip()
    if not host:
        return None
    security = settings.get(f"{_PREFIX}MAIL_SECURITY", "starttls")
    if security not in _PORTS:
        raise ConfigError(f"{security[:20]!r} is none of starttls, tls, plain", f"{_PREFIX}MAIL_SECURITY")
    if security == "plain" and not _is_loopback(host):
        raise ConfigError("is plain, which only a server on this machine may be", f"{_PREFIX}MAIL_SECURITY")
    sender = _neutral("MAIL_SENDER", _required(settings, "MAIL_SENDER"))
    if not _ADDRESS.fullmatch(sender):
        raise ConfigError("is no e-mail address", f"{_PREFIX}MAIL_SENDER")
    page = _neutral("MAIL_START_PAGE", _required(settings, "MAIL_START_PAGE"))
    if not re.fullmatch(r"https://[^\s?#@]+", page, re.ASCII):
        raise ConfigError("is no https:// address without a query", f"{_PREFIX}MAIL_START_PAGE")
    name = _neutral("MAIL_SENDER_NAME", settings.get(f"{_PREFIX}MAIL_SENDER_NAME", "City services").strip())
    if not name.isprintable() or len(name) > 60:
        raise ConfigError("is not one line of up to 60 characters", f"{_PREFIX}MAIL_SENDER_NAME")
    user, password = (settings.get(f"{_PREFIX}MAIL_{one}", "") for one in ("USER", "PASSWORD"))
    if bool(user) != bool(password):
        raise ConfigError("stands alone; give user and password, or neither", f"{_PREFIX}MAIL_USER")
    ca_file = settings.get(f"{_PREFIX}MAIL_CA_FILE", "")
    return MailServer(
        host=host,
        port=_port(settings, _PORTS[security]),
        security=cast("Literal['starttls', 'tls', 'plain']", security),
        user=user,
        password=password,
        sender=sender,
        sender_name=name,
        start_page=page,
        timeout=_seconds(settings, "MAIL_TIMEOUT", 10),
        ca_file=Path(ca_file) if ca_file else None,
    )


def _neutral(name: str, text: str) -> str:
    if _TELLING.search(text):
        raise ConfigError("says what the message is about; take a neutral one", f"{_PREFIX}{name}")
    return text


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _port(settings: Mapping[str, str], default: int) -> int:
    text = settings.get(f"{_PREFIX}MAIL_PORT", str(default))
    if not re.fullmatch(r"\d{1,5}", text, re.ASCII) or not 0 < int(text) < 65536:
        raise ConfigError(f"{text[:20]!r} is not a port", f"{_PREFIX}MAIL_PORT")
    return int(text)
