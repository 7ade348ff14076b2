"""Redis as the broker: the same round trip, a worker killed, and a Redis that is away or does not answer."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
import redis

from tests.canary.canaries import planted
from tests.canary.search import Search
from tests.running import free_port
from tests.voter_reg.town import CLERK, DAY, Office, card, command, install
from voter_reg.service import elections, jobs

pytestmark = pytest.mark.slow
ELECTION = "minneapolis-2025-11-04"


@pytest.fixture
def server(tmp_path):
    """A Redis that keeps its data in a file, as one in production may; gone afterwards."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not on the PATH")
    folder, port = tmp_path / "redis", free_port()
    folder.mkdir()
    settings = ("--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder), "--appendonly", "yes")
    process = subprocess.Popen([program, *settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"redis://127.0.0.1:{port}/0"
    try:
        wait_for(lambda: answers(url))
        yield process, url, folder
    finally:
        process.kill()
        process.wait(10)


@pytest.fixture
def config(tmp_path, town_map, server):
    return install(tmp_path / "instance", town_map, BROKER_URL=server[1])


def answers(url):
    try:
        with redis.Redis.from_url(url) as client:
            return client.ping()
    except redis.RedisError:
        return False


def wait_for(condition, seconds=20.0):
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.05)


@contextmanager
def worker(config, log):
    environ = {"PATH": os.environ["PATH"], "VOTER_REG_INSTANCE_DIR": str(config.instance_dir)}
    with log.open("ab") as out:
        process = subprocess.Popen([sys.executable, "-m", "voter_reg", "worker"], env=environ, stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def states():
    return [job.state for job in map(jobs.find, range(1, 100)) if job is not None]


def test_jobs_go_through_redis_and_leave_nothing_personal_there(config, server, town_map, tmp_path):
    _, url, folder = server
    log = tmp_path / "worker.log"
    with worker(config, log) as process:
        with Office(config).open(catching=False) as office:
            elections.create("minneapolis", town_map, DAY, by=CLERK, now=office.now)
            for number in range(3):
                office.register(card(4711471147 + number), name="Quetzalcoatlina Xylophagius", unit="Wing 77Q")
            wait_for(lambda: states() == ["done"] * 3)
            assert command("tag", ELECTION, "--worker", config=config).code == 0
            assert command("roster", "freeze", ELECTION, config=config).code == 0
            out = str(tmp_path / "out")
            export = command("roster", "export", f"{ELECTION}-r1", "--clear", "--out", out, "--worker", config=config)
            assert export.code == 0, export.err
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    assert [line for line in log.read_text().splitlines() if line and "Warm shutdown" not in line] == []
    with redis.Redis.from_url(url) as client:
        client.save()
    assert any(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert Search(planted()).folder(folder) == []


def test_what_redis_lost_is_found_by_the_sweep(config, server, tmp_path):
    with Office(config).open(catching=False) as office:
        office.register(card(1))
        with redis.Redis.from_url(server[1]) as client:
            client.flushall()
        with worker(config, tmp_path / "worker.log"):
            wait_for(lambda: states() == ["done"])


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_resident_registers_within_seconds_though_redis_is_away_or_hangs(config, server, number):
    with Office(config).open(catching=False) as office:
        office.register(card(1))
        server[0].send_signal(number)

        started = time.monotonic()
        receipt = office.register(card(2))

        assert receipt.public_state == "registered"
        assert time.monotonic() - started < 8
        assert len(states()) == 2
