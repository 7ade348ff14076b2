"""An installation whose every byte is searched: its processes, each watched while it writes, and what they leave."""

from __future__ import annotations

import os
import resource
import secrets
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import psycopg

from tests.canary.canaries import PEOPLE
from tests.canary.watch import Written, cannot_watch, read, watched
from tests.postgresql import Server, plain
from tests.repository import ROOT
from tests.running import free_port
from tests.voter_reg.town import install
from voter_reg.config import Config
from voter_reg.registry.app import hash_caller_key
from voter_reg.registry.cards import Card, write_cards

_FOLDERS = ("temp", "home", "work", "logs")


class City:
    """One installation in `place`. Whatever its processes may write to lies there; the traces lie beside it."""

    def __init__(self, place: Path, town_map: Path, server: Server | None, url: str | None) -> None:
        self.place, self.server = place, server
        self.traces = place.with_name("traces")
        for folder in (self.traces, *(place / name for name in _FOLDERS)):
            folder.mkdir(parents=True)
        self.portal_port, self.registry_port, self.office_port = free_port(), free_port(), free_port()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._seen: dict[str, list[Written]] = {}
        caller_key = secrets.token_urlsafe(32)
        self.config: Config = install(
            place / "instance",
            town_map,
            REGISTRY_URL=f"http://127.0.0.1:{self.registry_port}",
            REGISTRY_KEY=caller_key,
            OFFICE_SECRET=secrets.token_urlsafe(32),
            **({} if url is None else {"DATABASE_URL": url}),
        )
        self._write_registry(caller_key)

    @property
    def portal_url(self) -> str:
        return f"http://127.0.0.1:{self.portal_port}"

    @property
    def office_url(self) -> str:
        return f"http://localhost:{self.office_port}"

    def start(self, name: str, *arguments: str, kill_at: str | None = None) -> subprocess.Popen[bytes]:
        """Start `voter-reg`, watched where that is possible; `kill_at` kills it in the middle of such a call."""
        before = [] if cannot_watch() else watched(self.traces / name, kill_at=kill_at)
        with (self.place / "logs" / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [*before, sys.executable, "-m", "voter_reg", *arguments],
                env=self._environment(),
                cwd=self.place / "work",  # a core file would lie here
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_allow_cores,  # noqa: PLW1509 - nothing else of ours runs threads yet
            )
        return self.processes[name]

    def run(self, name: str, *arguments: str) -> str:
        """Run `voter-reg` to its end, which must be a good one; what it printed, which was searched in its log."""
        assert self.start(name, *arguments).wait(60) == 0, self.log(name)
        return self.log(name)

    def end(self, name: str, code: int = 0) -> None:
        """End a process politely, and see that it ends so."""
        running = self.processes[name]
        running.send_signal(signal.SIGTERM)
        assert running.wait(15) == code, self.log(name)

    def log(self, name: str) -> str:
        return (self.place / "logs" / f"{name}.log").read_text()

    def kill_everything(self) -> None:
        for running in self.processes.values():
            running.kill()
            running.wait(10)

    def folders(self) -> list[Path]:
        """Every folder that this installation, or its database server, may have written to."""
        if self.server is None or self.server.data is None:
            return [self.place]
        with psycopg.connect(plain(self.server.url), autocommit=True) as connection:
            connection.execute("CHECKPOINT")  # what is in memory alone goes to its files
        return [self.place, self.server.data.parent]

    def dumped(self) -> bytes:
        """Everything that the database says, in one text: a word that two pages share is whole here."""
        if self.server is None:
            with closing(sqlite3.connect(self.config.instance_dir / "voter_reg.sqlite3")) as connection:
                return "\n".join(connection.iterdump()).encode()
        assert self.server.tools is not None
        command = [str(self.server.tools / "pg_dump"), "--no-sync", plain(self.config.database_url)]
        return subprocess.run(command, capture_output=True, timeout=60, check=True).stdout

    def written(self) -> dict[str, list[Written]]:
        """What each process that has ended wrote to files."""
        ended = [name for name, running in self.processes.items() if running.poll() is not None]
        for name in ended:
            if name not in self._seen:
                self._seen[name] = list(read(self.traces / name))
        return self._seen

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "VOTER_REG_INSTANCE_DIR": str(self.config.instance_dir),
            "TMPDIR": str(self.place / "temp"),
            "HOME": str(self.place / "home"),
        }

    def _write_registry(self, caller_key: str) -> None:
        folder, card_key = self.place / "registry", secrets.token_bytes(32)
        folder.mkdir()
        for name, text in (("card.key", card_key.hex()), ("caller.hash", hash_caller_key(caller_key))):
            (folder / name).touch(mode=0o600)
            (folder / name).write_text(text)
        cards = {
            who.card: Card(who.card, who.born.isoformat(), who.address, date(2099, 12, 31))
            for who in PEOPLE
            if who.card
        }
        write_cards(folder / "cards.sqlite3", card_key, cards.values())


def _allow_cores() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))
