"""`voter-reg demo` for real: it starts, answers, is one tree of processes, and ends whole."""

import contextlib
import http.client
import json
import os
import re
import shlex
import signal
import socket
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from eligibility import BadInput
from tests.visitor import Visitor
from tests.voter_reg.town import command
from voter_reg.apps import card_reader_of
from voter_reg.demo import run
from voter_reg.demo.run import refuse_taken_ports, sole_user
from voter_reg.demo.setup import config_of
from voter_reg.registry.cards import write_cards
from voter_reg.residency.card_photo import read_code
from voter_reg.residency.verifier import PresentedCard

pytestmark = pytest.mark.slow


def free_ports():
    """A port N with N + 1 and N + 2 free as well."""
    while True:
        with socket.socket() as first, socket.socket() as second, socket.socket() as third:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            with contextlib.suppress(OSError):
                second.bind(("127.0.0.1", port + 1))
                third.bind(("127.0.0.1", port + 2))
                return port


def family_of(folder):
    """The ids of the running processes that were started with the mark of a folder."""
    mark, found = f"DEMONSTRATION_UNDER_TEST={folder}".encode(), []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
                if mark in (entry / "environ").read_bytes().split(b"\0") and state != "Z":
                    found.append(int(entry.name))
    return found


class Demo:
    """A running demonstration and what it has printed."""

    def __init__(self, folder, port, until="Ctrl-C"):
        self.port = port
        self.folder = folder
        self.started = time.monotonic()
        environ = {**os.environ, "DEMONSTRATION_UNDER_TEST": str(folder)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "voter_reg", "demo", "--port", str(port), "--dir", str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environ,
            start_new_session=True,  # so that a test can press Ctrl-C for it alone
        )
        self.printed = ""
        for line in self.process.stdout:
            self.printed += line
            if until in line:
                break
        self.seconds = time.monotonic() - self.started

    def family(self):
        """The ids of every process that this demonstration started and that still runs."""
        return family_of(self.folder)

    def end(self, number):
        if number == signal.SIGINT:
            os.killpg(self.process.pid, number)  # as a terminal does
        else:
            os.kill(self.process.pid, number)
        self.process.wait(20)
        self.process.stdout.close()
        ends = time.monotonic() + 15
        while self.family() and time.monotonic() < ends:
            time.sleep(0.1)
        left = self.family()
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return left


def answer(port, method="GET", path="/", body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body, headers or {})
        reply = connection.getresponse()
        return reply.status, reply.read()
    finally:
        connection.close()


def settings(folder):
    lines = (folder / "settings.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_the_demonstration_starts_answers_ends_and_is_taken_up_again(tmp_path):
    folder = tmp_path / "demo #1 50%41?"  # a name that means something in addresses and on a command line
    first = Demo(folder, free_ports())
    try:
        assert "INVENTED" in first.printed
        cards = re.findall(r"^  (\d{4} \d{4} \d{4})   (\S+)   (.+?)   (\S+)$", first.printed, re.MULTILINE)
        assert len(cards) == 3
        status, page = answer(first.port)
        assert status == 200
        assert b"DEMONSTRATION" in page.upper()
        number, born, address, _ = cards[0]
        question = json.dumps({"card": number.replace(" ", ""), "born": born, "address": address})
        headers = {
            "Authorization": f"Bearer {settings(folder)['VOTER_REG_REGISTRY_KEY']}",
            "Content-Type": "application/json",
        }
        status, said = answer(first.port + 2, "POST", "/v1/check", question, headers)
        assert (status, json.loads(said)) == (200, {"match": True, "valid": True, "address": True})
        read_each_drawn_card(first, folder, cards)
        logged = "".join(path.read_text() for path in (folder / "logs").iterdir())
        assert not any(word in logged for word in (number, number.replace(" ", ""), born, address))
        sign_in_as_each(first, folder)
        assert shlex.quote(str(folder)) in first.printed
        assert {path.name for path in tmp_path.iterdir()} == {folder.name}
        assert len(first.family()) >= 5

        second = subprocess.run(
            [sys.executable, "-m", "voter_reg", "demo", "--port", str(first.port), "--dir", str(tmp_path / "other")],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (second.returncode, second.stdout, second.stderr.count("\n")) == (2, "", 1)
        assert f"port {first.port}: is not free" in second.stderr
        assert not (tmp_path / "other").exists()
    finally:
        left = first.end(signal.SIGTERM)
    assert left == []
    assert first.process.returncode == 0

    secrets = settings(folder)
    again = Demo(folder, free_ports())
    try:
        assert again.seconds < first.seconds
        assert settings(folder)["VOTER_REG_PORTAL_SECRET"] == secrets["VOTER_REG_PORTAL_SECRET"]
        assert answer(again.port)[0] == 200
    finally:
        left = again.end(signal.SIGKILL)
    assert left == [], "children outlived a killed supervisor"

    third = Demo(folder, first.port)
    try:
        assert answer(third.port)[0] == 200
    finally:
        left = third.end(signal.SIGINT)
    assert (left, third.process.returncode) == ([], 0)


def read_each_drawn_card(demo, folder, cards):
    """The pictures of the printed cards hold codes that are read offline, by the keys and the list that are there."""
    config = config_of(folder)
    reader = card_reader_of(config)
    assert config.card_status_url == f"http://127.0.0.1:{demo.port + 2}/v1/status-list"
    for n, (number, born, address, _) in enumerate(cards, 1):
        path = folder / "cards" / f"card-{n}.png"
        assert str(path) in demo.printed
        with Image.open(path) as picture:
            shown = reader.read(read_code(picture), datetime.now(UTC))
        assert shown == PresentedCard(number.replace(" ", ""), born, address)


ROLES = [
    "administrator", "privacy-officer", "privacy-officer", "counsel", "reviewer", "reviewer", "head-judge", "clerk",
    "judge",
]  # fmt: skip


def sign_in_as_each(demo, folder):
    """The printed accounts let in, second step included; their list is the owner's alone and in no log."""
    printed = re.findall(r"^  (\w+\.\w+) +([a-z2-7-]{24})   ([A-Z2-7]{32})$", demo.printed, re.MULTILINE)
    listed = [line.split() for line in (folder / "accounts.txt").read_text().splitlines()]
    assert [tuple(one[:1] + one[2:]) for one in listed] == printed
    assert [role for _, role, _, _ in listed] == ROLES
    assert stat.S_IMODE((folder / "accounts.txt").stat().st_mode) == 0o600
    for name, password, secret in printed[:1] + printed[-1:]:
        visitor = Visitor(f"http://127.0.0.1:{demo.port + 1}")
        step = visitor.submit(visitor.get("/sign-in"), action="/sign-in", name=name, password=password)
        code = command("staff", "code", secret).out.strip()
        home = visitor.submit(step, action="/second-step", code=code)
        assert "What waits for you" in home.text
        assert name in home.text
        assert "DEMONSTRATION" in home.text
        visitor.close()
    logged = "".join(path.read_text() for path in (folder / "logs").iterdir())
    assert not any(word in logged for one in printed for word in one)


@pytest.mark.long
def test_a_start_killed_in_the_middle_is_made_good_by_the_next_and_a_part_that_dies_ends_all(tmp_path):
    folder = tmp_path / "demo"
    cut_short = Demo(folder, free_ports(), until="Registering")
    assert cut_short.end(signal.SIGKILL) == []
    assert not (folder / "demonstration.json").exists()

    again = Demo(folder, free_ports())
    assert "Drawing the invented city" in again.printed
    assert answer(again.port)[0] == 200
    worker = next(pid for pid in again.family() if Path(f"/proc/{pid}/cmdline").read_bytes().endswith(b"\0worker\0"))
    os.kill(worker, signal.SIGKILL)
    said = again.process.stdout.read()

    assert again.process.wait(20) == 2
    assert re.fullmatch(r"worker: ended by itself \(exit code -9\); see \S+/logs/worker.log\n", said)
    again.process.stdout.close()
    assert again.family() == []


def test_a_directory_that_is_somebodys_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    done = subprocess.run(
        [sys.executable, "-m", "voter_reg", "demo", "--port", str(free_ports()), "--dir", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 2
    assert "holds 'thesis.txt'" in done.stderr
    assert (tmp_path / "thesis.txt").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_taken_port_is_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=f"port {port}: is not free"):
            refuse_taken_ports((port,))


def test_the_second_of_two_ports_is_looked_at_as_well_and_free_ones_pass():
    port = free_ports()
    refuse_taken_ports((port, port + 2))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + 2))
        taken.listen()
        with pytest.raises(BadInput, match=f"port {port + 2}: is not free"):
            refuse_taken_ports((port, port + 2))


def test_a_part_that_ends_by_itself_is_named_with_its_log(tmp_path):
    ready = []
    with pytest.raises(BadInput, match=r"lister: ended by itself \(exit code 0\); see \S+/logs/lister\.log"):
        run.run(tmp_path, [run.Part("lister", ("pack", "list"), None)], lambda: ready.append(1))
    assert "minneapolis" in (tmp_path / "logs" / "lister.log").read_text()


def test_a_part_that_does_not_answer_in_time_is_named_and_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "_START_SECONDS", 3.0)
    monkeypatch.setenv("DEMONSTRATION_UNDER_TEST", str(tmp_path))
    registry = tmp_path / "registry"
    registry.mkdir()
    for name, text in (("card.key", "00" * 32), ("caller.hash", "none")):
        (registry / name).touch(mode=0o600)
        (registry / name).write_text(text)
    write_cards(registry / "cards.sqlite3", bytes(32), [])
    port = free_ports()
    part = run.Part("registry", ("serve", "registry", "--port", str(port), "--dir", str(registry)), port + 2)

    with pytest.raises(BadInput, match=f"registry: does not answer on port {port + 2}; see"):
        run.run(tmp_path, [part], lambda: pytest.fail("it is not ready"))
    assert [pid for pid in family_of(tmp_path) if pid != os.getpid()] == []


def test_one_demonstration_at_a_time_uses_a_directory(tmp_path):
    with (
        sole_user(tmp_path),
        pytest.raises(BadInput, match="another demonstration is running here"),
        sole_user(tmp_path),
    ):
        pass
