"""A whole registration, tagging, freeze and sealed export by real processes: nothing personal is left in clear.

Law 3: database, write-ahead log, broker, logs, temporary files and the export are searched for planted words.
"""

import base64
import json
import os
import socket
import subprocess
import sys
import threading
import time
import zlib
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pyrage
import pytest

from eligibility import load_pack, next_election
from tests.visitor import Visitor
from tests.voter_reg.town import card, command, install

pytestmark = pytest.mark.slow

CARD = card(4711471147)
CANARIES = (
    "Quetzalcoatlina",
    "Xylophagius",
    "4711471147",
    "4712 47",
    "118 OAK",
    "118 oak",
    "1931-02-27",
    "1987-06",
    "Wing 77Q",
)


class YesMan(BaseHTTPRequestHandler):
    """A registry that confirms every card."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        raw = json.dumps({"match": True, "valid": True, "address": True}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *args):
        """Say nothing."""


@contextmanager
def registry():
    server = ThreadingHTTPServer(("127.0.0.1", 0), YesMan)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def process(config, log, temp, *args):
    environ = {"PATH": os.environ["PATH"], "VOTER_REG_INSTANCE_DIR": str(config.instance_dir), "TMPDIR": str(temp)}
    with log.open("wb") as out:
        running = subprocess.Popen([sys.executable, "-m", "voter_reg", *args], env=environ, stdout=out, stderr=out)
    try:
        yield running
    finally:
        running.terminate()
        try:
            assert running.wait(10) == 0
        finally:
            running.kill()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as door:
        return door.getsockname()[1]


def visitor_at(port):
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        try:
            visitor = Visitor(f"http://127.0.0.1:{port}")
            visitor.get("/")
            return visitor
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the portal did not start")


def register(visitor):
    page = visitor.submit(visitor.get("/notice"), action="/notice")
    visitor.submit(page, action="/address", address="118 oak st", unit="Wing 77Q")
    page = visitor.submit(
        visitor.get("/name"), action="/name", name="Quetzalcoatlina Xylophagius", sort_name="Xylophagius",
        birth_month="2", birth_day="27", birth_year="1931", since_month="6", since_year="1987",
    )  # fmt: skip
    page = visitor.submit(visitor.get("/card"), action="/card", card=CARD)
    page = visitor.submit(visitor.get("/review"), action="/review", signed="yes")
    assert page.url.endswith("/done"), page.text
    assert "Quetzalcoatlina" in visitor.get("/copy").text


def spellings(word):
    """How a word may hide: in other encodings, in base 64 at each of its three offsets, percent-encoded, in hex."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        raw = word.encode(encoding)
        yield raw
        yield raw.hex().encode()
        for offset in range(3):
            whole = base64.b64encode(b"\0" * offset + raw)
            yield whole[(4 if offset else 0) : -4]  # the letters at both ends depend on the neighbours
    yield word.encode().replace(b" ", b"+")
    yield word.encode().replace(b" ", b"%20")
    yield word.upper().encode()
    yield word.lower().encode()


def traces(folder, public=b""):
    # The city's own map, byte for byte, is public: it has every address of the city and nobody's name.
    found = []
    needles = [(word, spelling) for word in CANARIES for spelling in spellings(word) if len(spelling) >= 5]
    for path in folder.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            if public and raw == public:
                continue
            found += [(str(path), word) for word, spelling in needles if spelling in raw]
    return found


def test_the_search_finds_what_was_planted(tmp_path):
    ways = {
        "utf-8": CANARIES[0].encode(),
        "utf-16": CANARIES[0].encode("utf-16"),
        "base64": base64.b64encode(b"{'name': '" + CANARIES[0].encode() + b"'}"),
        "hex": CANARIES[0].encode().hex().encode(),
    }
    for name, raw in ways.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_bytes(b"before" + raw + b"after")
        assert traces(tmp_path / name), name
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "file").write_bytes(zlib.compress(b"nothing personal"))
    assert traces(tmp_path / "none") == []


def test_a_whole_registration_leaves_no_trace_in_clear(tmp_path, town_map):
    place = tmp_path / "place"
    temp, logs = place / "temp", place / "logs"
    for folder in (temp, logs):
        folder.mkdir(parents=True)
    reader, seen = pyrage.x25519.Identity.generate(), set()
    with ExitStack() as stack:
        url = stack.enter_context(registry())
        config = install(place / "instance", town_map, REGISTRY_URL=url)
        day = next_election_day()
        created = command(
            "election", "create", "--pack", "minneapolis", "--map", str(town_map), "--on", day, config=config
        )
        assert created.code == 0, created.err
        election, port = created.out.strip(), free_port()
        stack.enter_context(process(config, logs / "worker.log", temp, "worker"))
        stack.enter_context(process(config, logs / "portal.log", temp, "serve", "portal", "--port", str(port)))
        stop = threading.Event()
        watcher = threading.Thread(target=watch, args=(config.broker_dir, temp, seen, stop))
        watcher.start()
        stack.callback(lambda: (stop.set(), watcher.join()))
        register(visitor_at(port))
        assert command("tag", election, "--worker", config=config).code == 0
        assert command("roster", "freeze", election, config=config).code == 0
        to = ("--out", str(place / "out"), "--to", str(reader.to_public()), "--worker")
        export = command("roster", "export", f"{election}-r1", *to, config=config)
        assert export.code == 0, export.err
        assert traces(place, town_map.read_bytes()) == [], "while everything runs"
    assert traces(place, town_map.read_bytes()) == [], "after everything ended"
    assert (place / "instance" / "voter_reg.sqlite3").stat().st_size > 20_000
    assert seen, "something went through the broker"
    assert not [word for word in CANARIES if any(word.encode() in raw for raw in seen)]
    book = pyrage.decrypt((place / "out" / "contest-mayor.csv.age").read_bytes(), [reader]).decode()
    assert "Quetzalcoatlina Xylophagius" in book
    assert "118 OAK ST UNIT Wing 77Q" in book
    for log in logs.iterdir():
        assert "127.0.0.1 - -" not in log.read_text()
        assert "Mozilla" not in log.read_text()


def watch(broker, temp, seen, stop):
    """Look at every file of the broker and of the temporary folder as it comes and goes."""
    while not stop.is_set():
        for folder in (broker, temp):
            for path in folder.rglob("*"):
                try:
                    seen.add(path.read_bytes())
                except OSError:
                    continue
        time.sleep(0.005)


def next_election_day():
    return next_election(load_pack("minneapolis"), (datetime.now(UTC) + timedelta(days=1)).date()).isoformat()
