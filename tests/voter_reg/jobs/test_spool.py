"""The embedded queue gives a reader whole messages, however quick it is."""

import threading
from queue import Empty

import pytest
from kombu import Connection

from voter_reg.jobs.spool import Transport

LONG = "x" * 2_000_000  # long enough that writing it takes several turns of a reader


@pytest.fixture
def channel(tmp_path):
    for name in ("queue", "control", "work"):
        (tmp_path / name).mkdir()
    folders = {"data_folder_in": tmp_path / "queue", "data_folder_out": tmp_path / "queue"}
    options = {**{name: str(path) for name, path in folders.items()}, "control_folder": str(tmp_path / "control")}
    with Connection("filesystem://localhost", transport=Transport, transport_options=options) as connection:
        yield connection.channel()


def test_a_reader_never_sees_a_part_of_a_message(channel):
    writer = threading.Thread(target=lambda: [channel._put("q", {"n": n, "long": LONG}) for n in range(20)])
    writer.start()
    seen = []
    while writer.is_alive() or len(seen) < 20:
        try:
            seen.append(channel._get("q"))
        except Empty:
            if not writer.is_alive() and not channel._size("q"):
                break
    writer.join()
    assert sorted(message["n"] for message in seen) == list(range(20))
    assert {len(message["long"]) for message in seen} == {len(LONG)}


def test_a_message_that_cannot_be_written_leaves_nothing_behind(channel, tmp_path):
    with pytest.raises(TypeError):
        channel._put("q", {"n": object()})
    assert list((tmp_path / "queue").iterdir()) == []


def test_another_queue_does_not_get_it(channel):
    channel._put("q", {"n": 1})
    with pytest.raises(Empty):
        channel._get("other")
    assert channel._get("q") == {"n": 1}
