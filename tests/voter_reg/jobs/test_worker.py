"""A worker as a process of its own: runs what is sent, finds what was lost, ends cleanly and quietly."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from tests.voter_reg.town import CLERK, DAY, Office, card, command
from voter_reg.service import elections, jobs

pytestmark = pytest.mark.slow


@contextmanager
def worker(config, out):
    environ = {"PATH": os.environ["PATH"], "VOTER_REG_INSTANCE_DIR": str(config.instance_dir)}
    with out.open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "voter_reg", "worker"], env=environ, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def wait_for(condition, seconds=20.0):
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.05)


def states():
    return [job.state for job in map(jobs.find, range(1, 100)) if job is not None and job.kind != "purge"]


def test_it_tags_exports_and_ends_within_seconds_without_a_word(config, town_map, tmp_path):
    log = tmp_path / "worker.log"
    with worker(config, log) as process:
        with Office(config).open(catching=False) as office:
            elections.create("minneapolis", town_map, DAY, by=CLERK, now=office.now)
            for number in range(3):
                office.register(card(number))
            wait_for(lambda: states() == ["done"] * 3)
            election = "minneapolis-2025-11-04"
            assert command("tag", election, "--worker", config=config).code == 0
            assert command("roster", "freeze", election, config=config).code == 0
            out = str(tmp_path / "out")
            export = command("roster", "export", f"{election}-r1", "--clear", "--out", out, "--worker", config=config)
            assert (export.code, len(list((tmp_path / "out").iterdir()))) == (0, 19)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert [line for line in log.read_text().splitlines() if line and "Warm shutdown" not in line] == []


def test_it_finds_at_its_start_what_was_never_sent(config, tmp_path):
    with Office(config).open() as office:  # catching what would be sent, as if the broker had lost it
        office.register(card(1))
        with worker(config, tmp_path / "worker.log"):
            wait_for(lambda: states() == ["done"])
