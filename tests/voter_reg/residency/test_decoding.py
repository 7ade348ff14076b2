"""The decoder's process: what it cannot do, and that whatever becomes of it is a refusal."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.canary.watch import cannot_watch, read, watched
from tests.repository import ROOT
from tests.voter_reg.residency.made_files import pages, photo
from voter_reg.residency import decoder_answer, decoding
from voter_reg.residency.decoding import decode
from voter_reg.residency.papers import clean
from voter_reg.residency.refused import PaperRefused
from voter_reg.residency.sentences import SENTENCES


def children():
    return {
        int(pid)
        for task in Path("/proc/self/task").iterdir()
        for pid in (task / "children").read_text().split()
    }  # fmt: skip


def why(*, seconds=20.0, data=b"a file"):
    before = children()
    with pytest.raises(PaperRefused) as refused:
        decode("paper", "jpeg", data, seconds=seconds)
    assert children() <= before
    return refused.value.reason


@pytest.fixture
def another(monkeypatch):
    """Puts another program in the decoder's place, which has read its file and is `confined`."""

    def put(program, *, memory=512 << 20, seconds=15):
        begin = f"""
            import os, socket, sys, time
            from voter_reg.process import confine
            confine(memory={memory}, seconds={seconds})
            while os.read(0, 1 << 20): pass
            def say(answer):
                while answer: answer = answer[os.write(1, answer):]
        """
        program = textwrap.dedent(begin) + textwrap.dedent(program)
        monkeypatch.setattr(decoding, "_COMMAND", (sys.executable, "-B", "-P", "-c", program))

    return put


def test_another_program_that_answers_well_is_understood(another):
    another("say(b'D' + (2).to_bytes(4, 'big') + b'hi' + bytes(4))")

    assert decode("paper", "jpeg", b"a file") == (b"hi", b"")


@pytest.mark.parametrize("program", ["os.abort()", "1 / 0", "os._exit(3)", "sys.exit()", "os.kill(os.getpid(), 11)"])
def test_a_crash_is_a_broken_file(another, program):
    another(program)

    assert why() == "broken"


def test_an_answer_before_a_crash_is_not_believed(another):
    another("say(b'D' + bytes(4)); os.abort()")

    assert why() == "broken"


def test_a_hang_ends_with_its_time(another):
    another("time.sleep(60)")
    began = time.monotonic()

    assert why(seconds=1.0) == "too-slow"
    assert time.monotonic() - began < 5


def test_one_that_answers_and_does_not_end_is_ended(another):
    another("say(b'D' + bytes(4)); os.close(1); time.sleep(60)")

    assert why(seconds=1.0) == "too-slow"


def test_one_that_never_reads_is_ended(monkeypatch):
    monkeypatch.setattr(decoding, "_COMMAND", (sys.executable, "-c", "import time; time.sleep(60)"))

    assert why(seconds=1.0, data=bytes(5_000_000)) == "too-slow"


def test_one_that_ends_before_it_has_read_is_a_broken_file(monkeypatch):
    monkeypatch.setattr(decoding, "_COMMAND", (sys.executable, "-c", ""))

    assert why(data=bytes(5_000_000)) == "broken"


def test_one_that_answers_without_end_is_ended(another):
    another("while True: say(bytes(1 << 20))")

    assert why() == "too-slow"


def test_processor_time_has_an_end(another):
    another("while True: pass", seconds=1)

    assert why() == "too-slow"


def test_memory_has_an_end(another):
    another("say(b'D') if len(bytes(300 << 20)) else None", memory=512 << 20)
    assert decode("paper", "jpeg", b"a file") == ()

    another("bytes(600 << 20)", memory=512 << 20)
    assert why() == "broken"


def test_one_that_is_killed_in_the_middle_of_its_work_is_a_refusal(another):
    another("time.sleep(60)")
    others = children()

    def kill():
        ends = time.monotonic() + 20
        while time.monotonic() < ends:
            for child in children() - others:
                os.kill(child, signal.SIGKILL)
                return
            time.sleep(0.01)

    killer = threading.Thread(target=kill)
    killer.start()

    assert why() == "too-slow"
    killer.join()


def test_no_process_to_be_had_is_no_judgement_about_the_file(monkeypatch):
    def none_left(*_, **__):
        raise OSError("no more processes")

    monkeypatch.setattr(subprocess, "Popen", none_left)

    assert why() == "busy"


def test_two_files_are_decoded_at_once_and_the_third_waits_for_its_turn(another):
    another("time.sleep(2); say(b'D')")
    taken = [threading.Thread(target=decode, args=("paper", "jpeg", b"a file")) for _ in range(decoding.AT_ONCE)]
    for thread in taken:
        thread.start()
    time.sleep(0.3)

    with pytest.raises(PaperRefused) as refused:
        decode("paper", "jpeg", b"a file", seconds=0.5)
    assert refused.value.reason == "busy"

    assert decode("paper", "jpeg", b"a file") == ()
    for thread in taken:
        thread.join()


@pytest.mark.parametrize(
    "act",
    [
        "open('/etc/hostname')",
        "open('/dev/null', 'w')",
        "socket.socket()",
        "os.pipe()",
        "os.dup(1)",
        "os.memfd_create('here')",
        "import decimal, sqlite3, email.mime.image",
    ],
)
def test_it_opens_nothing(another, act):
    another(
        f"""
        try:
            {act}
        except (OSError, ImportError):
            say(b'D')
        """
    )

    assert decode("paper", "jpeg", b"a file") == ()


def test_it_knows_nothing_of_the_service(another, monkeypatch):
    monkeypatch.setenv("VOTER_REG_MASTER_KEY", "a key")
    another("say(b'D') if not [name for name in os.environ if name not in ('PYTHONPATH', 'LC_CTYPE')] else None")

    assert decode("paper", "jpeg", b"a file") == ()


def test_it_writes_to_no_file_that_it_was_given(tmp_path):
    program = """
        import os
        from voter_reg.process import confine
        out = os.open("out", os.O_WRONLY | os.O_CREAT)
        confine(memory=512 << 20, seconds=5)
        try:
            os.write(out, b"x")
        except OSError:
            os._exit(9)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, check=False
    )

    assert done.returncode == 9
    assert (tmp_path / "out").read_bytes() == b""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another")
def test_a_plain_user_starts_no_process_from_it_and_needs_none(monkeypatch):
    program = """
        import os, sys
        from voter_reg.residency import decoder
        real = decoder.confine
        def confine(**limits):
            os.setgid(65534)
            os.setuid(65534)
            real(**limits)
            try:
                if os.fork() == 0:
                    os._exit(0)
                os._exit(9)
            except BlockingIOError:
                pass
        decoder.confine = confine
        decoder.main(*sys.argv[1:])
    """
    monkeypatch.setattr(decoding, "_COMMAND", (sys.executable, "-B", "-P", "-c", textwrap.dedent(program)))

    for raw in (photo(), photo(form="PNG"), photo(form="WEBP"), pages()):
        assert len(clean(raw).pages) == 1


def test_nothing_is_written_to_a_file_while_files_are_cleaned(tmp_path):
    if reason := cannot_watch():
        pytest.skip(reason)
    program = """
        from voter_reg.residency.papers import clean
        from voter_reg.residency.pictures import read_card_photo
        for name in ("jpeg", "png", "webp", "pdf"):
            raw = open(name, "rb").read()
            assert clean(raw).pages
            name == "pdf" or read_card_photo(raw)
    """
    for name, raw in (
        ("jpeg", photo() + bytes(1_000_000)),
        ("png", photo(form="PNG")),
        ("webp", photo(form="WEBP")),
        ("pdf", pages(2)),
    ):
        (tmp_path / name).write_bytes(raw)
    done = subprocess.run(
        [*watched(tmp_path / "trace"), sys.executable, "-B", "-c", textwrap.dedent(program)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        check=True,
    )

    assert done.returncode == 0
    assert list(read(tmp_path / "trace")) == []


@given(st.binary(max_size=60))
def test_no_answer_raises_anything_but_a_refusal(answer):
    for raw in (answer, b"D" + answer, b"R" + answer):
        try:
            assert all(isinstance(part, bytes) for part in decoder_answer.read(raw))
        except PaperRefused as refused:
            assert refused.reason in SENTENCES


@given(st.lists(st.binary(max_size=300)))
def test_an_answer_is_read_as_it_was_written(parts):
    assert list(decoder_answer.read(decoder_answer.done(parts))) == parts


def test_every_reason_goes_through():
    for reason in SENTENCES:
        with pytest.raises(PaperRefused) as refused:
            decoder_answer.read(decoder_answer.refused(reason))
        assert refused.value.reason == reason
