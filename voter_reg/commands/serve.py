"""`voter-reg serve` and `voter-reg worker`: the processes of a running service."""

from __future__ import annotations

import os
import signal
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from eligibility.errors import BadInput
from voter_reg.apps import create_office, create_portal
from voter_reg.back_room import create_back_room, create_celery
from voter_reg.config import Config
from voter_reg.jobs import run_beat, run_worker
from voter_reg.process import no_core_dumps
from voter_reg.registry.app import create_registry, read_registry


class QuietLogger(Logger):  # type: ignore[misc]
    """Gunicorn's log without what it tells of a request it cannot read: the sender's address, and pieces of it."""

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Log a warning, that of an unreadable request in three words."""
        if msg.startswith("Invalid request"):
            super().warning("unreadable request refused")
        else:
            super().warning(msg, *args, **kwargs)


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn without a configuration file and without an access log: nobody's address is written anywhere."""

    def __init__(self, app: Flask, **options: Any) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the options given, and what every server of ours has."""
        fixed = {
            "accesslog": None,
            "logger_class": QuietLogger,
            "errorlog": "-",
            "loglevel": "warning",
            "worker_class": "gthread",
            "threads": 8,
            "graceful_timeout": 5,
            "keepalive": 15,
            "limit_request_line": 2048,
            "limit_request_fields": 60,
            "control_socket_disable": True,
        }
        for name, value in {**fixed, **self._options}.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application."""
        return self._app


@click.group("serve")
def serve_group() -> None:
    """Serve the portal or the office."""


@serve_group.command("portal")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True)
def portal(host: str, port: int, workers: int) -> None:
    """Serve the residents' portal."""
    no_core_dumps()
    app = create_portal(Config.from_env(os.environ))
    Server(app, bind=f"{host}:{port}", workers=workers, proc_name="voter-reg portal").run()


@serve_group.command("office")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True)
@click.option("--origin", help="Its address as browsers see it: https://office.example.org; passkeys need it.")
@click.option("--proxies", type=click.IntRange(0, 3), default=0, show_default=True, help="Own servers in front of it.")
def office(host: str, port: int, workers: int, origin: str | None, proxies: int) -> None:
    """Serve the staff's office; without --origin for browsers on this machine, at http://localhost."""
    no_core_dumps()
    seen_as = _origin(origin) if origin else f"http://localhost:{port}"
    app = create_office(Config.from_env(os.environ), origin=seen_as, proxies=proxies)
    Server(app, bind=f"{host}:{port}", workers=workers, proc_name="voter-reg office").run()


@serve_group.command("registry")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8002, show_default=True)
@click.option("--dir", "folder", type=click.Path(path_type=Path), required=True, help="The registry's own directory.")
def registry(host: str, port: int, folder: Path) -> None:
    """Serve the Municipal ID registry from its directory: cards.sqlite3, card.key, caller.hash."""
    no_core_dumps()
    app = create_registry(read_registry(folder), today=date.today)
    Server(app, bind=f"{host}:{port}", workers=1, proc_name="voter-reg registry").run()


def _origin(text: str) -> str:
    """An origin as browsers write it.

    Raises:
        BadInput: it has no host, more than a host, or would send passwords in clear to another machine.
    """
    parts = urlsplit(text)
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise BadInput("is not an origin, as https://office.example.org", "--origin")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname == "localhost"):
        raise BadInput("must begin with https://, or be http://localhost", "--origin")
    return f"{parts.scheme}://{parts.netloc}"


@click.command("worker")
def worker() -> None:
    """Run the jobs: tagging, exports, sweeping."""
    no_core_dumps()
    raise SystemExit(run_worker(create_celery(Config.from_env(os.environ))))


@click.command("beat")
def beat() -> None:
    """Send what was lost and begin what is due, without running jobs; every worker does so as well."""
    no_core_dumps()
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    app, bench, queue = create_back_room(Config.from_env(os.environ))
    run_beat(queue, bench, app.app_context, stop)
