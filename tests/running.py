"""A real installation for tests: keys, database and registry in a directory, and its processes on free ports."""

import contextlib
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time

from werkzeug.serving import make_server

from voter_reg.config import write_settings
from voter_reg.registry.app import hash_caller_key
from voter_reg.registry.cards import write_cards


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def serving(app, port=0):
    """Serve an application on a loopback port, a free one when none is given; its address."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class Installation:
    """An installation in a folder, worked on through `voter-reg` as an operator would."""

    def __init__(self, folder, pack, map_file, cards):
        self.folder = folder
        self.portal_port, self.registry_port = free_port(), free_port()
        folder.mkdir(exist_ok=True)
        key = secrets.token_urlsafe(32)
        write_settings(
            folder,
            {
                "PORTAL_SECRET": secrets.token_urlsafe(32),
                "REGISTRY_KEY": key,
                "REGISTRY_URL": f"http://127.0.0.1:{self.registry_port}",
                "PACK": str(pack),
                "MAP_FILE": str(map_file),
                "CARD_ANSWER_SECONDS": "0.05",
            },
        )
        self._write_registry(key, cards)
        self.run("keys", "init")
        self.run("db", "upgrade")

    @property
    def url(self):
        return f"http://127.0.0.1:{self.portal_port}"

    def run(self, *arguments, code=0):
        """Run `voter-reg`; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "voter_reg", *map(str, arguments)],
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
        return done.stdout

    @contextlib.contextmanager
    def serving(self, *, worker=True):
        """Portal, registry and worker, while the block runs; every process is gone after it."""
        commands = [
            ("serve", "registry", "--port", str(self.registry_port), "--dir", str(self.folder / "registry")),
            ("serve", "portal", "--port", str(self.portal_port)),
            *([("worker",)] if worker else []),
        ]
        children = [self._start(command) for command in commands]
        try:
            for port in (self.registry_port, self.portal_port):
                wait_for(port)
            yield self
        finally:
            for child in children:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGTERM)
            for child in children:
                try:
                    child.wait(10)
                except subprocess.TimeoutExpired:
                    os.killpg(child.pid, signal.SIGKILL)
                    child.wait()

    def _write_registry(self, caller_key, cards):
        registry = self.folder / "registry"
        registry.mkdir(exist_ok=True)
        card_key = secrets.token_bytes(32)
        for name, text in (("card.key", card_key.hex()), ("caller.hash", hash_caller_key(caller_key))):
            path = registry / name
            path.touch(mode=0o600)
            path.write_text(text, encoding="ascii")
        write_cards(registry / "cards.sqlite3", card_key, cards)

    def _environment(self):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("VOTER_REG_")}
        return {**kept, "VOTER_REG_INSTANCE_DIR": str(self.folder)}

    def _start(self, command):
        log = (self.folder / f"{command[-1].replace('/', '_')[-20:]}.log").open("ab")
        with log:
            return subprocess.Popen(
                [sys.executable, "-m", "voter_reg", *command],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


def wait_for(port, seconds=30):
    """Wait until a portal or a registry answers on a port of this machine."""
    deadline = time.monotonic() + seconds
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            assert time.monotonic() < deadline, f"nothing answers on port {port}"
            time.sleep(0.1)
        finally:
            connection.close()
