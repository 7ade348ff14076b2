"""A crash writes no memory to disk, and no other process of the same user looks in."""

import os
import resource
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.canary.residents import visitor_at
from tests.repository import ROOT
from tests.running import free_port
from tests.voter_reg.town import install

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="core files are looked for as Linux leaves them"),
]


def unlimited():
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))


@contextmanager
def running(config, folder, *arguments):
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "VOTER_REG_INSTANCE_DIR": str(config.instance_dir),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "voter_reg", *arguments],
        env=environment,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=unlimited,  # noqa: PLW1509 - no threads yet
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def core_limit(pid):
    line = next(one for one in Path(f"/proc/{pid}/limits").read_text().splitlines() if one.startswith("Max core file"))
    return line.split()[4:6]


def dumped(process, number):
    """Crash a process; whether the system says that it wrote its memory."""
    process.send_signal(number)
    _, status = os.waitpid(process.pid, 0)
    process.returncode = -number
    assert os.WTERMSIG(status) == number
    return os.WCOREDUMP(status)


def core_files(folder):
    return [path.name for path in folder.iterdir() if path.name.startswith("core")]


@pytest.fixture
def config(tmp_path, town_map):
    return install(tmp_path / "instance", town_map)


@pytest.fixture
def folder(tmp_path):
    """Where a crash would leave its core file; skips where it would leave none anyway."""
    made = tmp_path / "work"
    made.mkdir()
    control = subprocess.Popen(
        [sys.executable, "-c", "import time; print(flush=True); time.sleep(60)"],
        cwd=made,
        stdout=subprocess.PIPE,
        preexec_fn=unlimited,  # noqa: PLW1509 - no threads yet
    )
    control.stdout.readline()
    does = dumped(control, signal.SIGSEGV)
    control.stdout.close()
    if not does:
        pytest.skip("no process leaves a core file here, whatever it does")
    for path in made.iterdir():
        path.unlink()
    return made


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT])
def test_a_portal_that_crashes_leaves_no_core_file(config, folder, number):
    port = free_port()
    with running(config, folder, "serve", "portal", "--port", str(port)) as portal:
        visitor_at(f"http://127.0.0.1:{port}")
        serving = children(portal.pid)
        assert [core_limit(pid) for pid in (portal.pid, *serving)] == [["0", "0"]] * (1 + len(serving))
        os.kill(serving[0], number)
        ends = time.monotonic() + 10
        while serving[0] in children(portal.pid):
            assert time.monotonic() < ends
            time.sleep(0.02)
        assert not dumped(portal, number)

    assert core_files(folder) == []


def test_a_worker_that_crashes_leaves_no_core_file(config, folder):
    with running(config, folder, "worker") as worker:
        ends = time.monotonic() + 20
        while not (config.instance_dir / "broker" / "control").is_dir() or core_limit(worker.pid) != ["0", "0"]:
            assert time.monotonic() < ends
            time.sleep(0.05)
        assert not dumped(worker, signal.SIGSEGV)

    assert core_files(folder) == []


LOOK_IN = """
import ctypes, os, sys
from voter_reg.process import no_core_dumps

def be_somebody():
    if os.geteuid() == 0:  # who may look into everything
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # as any program of theirs starts

ready, tell = os.pipe()
gate, let_go = os.pipe()
holder = os.fork()
if holder == 0:
    be_somebody()
    if sys.argv[1] == "hardened":
        no_core_dumps()
    os.write(tell, b"x")
    os.read(gate, 1)
    os._exit(0)
os.read(ready, 1)
looker = os.fork()
if looker == 0:
    be_somebody()
    try:
        open(f"/proc/{holder}/mem", "rb").close()
    except PermissionError:
        os._exit(13)
    os._exit(0)
print(os.waitstatus_to_exitcode(os.waitpid(looker, 0)[1]))
os.write(let_go, b"x")
os.wait()
"""


@pytest.mark.parametrize(("kind", "ending"), [("ordinary", b"0"), ("hardened", b"13")])
def test_another_process_of_the_same_user_cannot_read_its_memory(kind, ending):
    looked = subprocess.run(
        [sys.executable, "-c", LOOK_IN, kind],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )

    assert looked.stdout.strip() == ending, looked.stderr
