"""The watch sees what a process writes to files, however shortly and in how many pieces, and says what it cannot."""

import signal
import subprocess
import sys
from textwrap import dedent

import pytest

from tests.canary.canaries import planted
from tests.canary.search import Search
from tests.canary.watch import Missed, cannot_watch, read, together, watched
from tests.repository import ROOT

SEARCH = Search(planted())


@pytest.fixture
def seen(tmp_path):
    """Runs a program under watch, with the hardening of our own processes; what was found in what it wrote."""
    if reason := cannot_watch():
        pytest.skip(f"writes to files cannot be watched here: {reason}")

    def run(program, kill_at=None, code=0):
        beginning = "import os, socket, sys, tempfile\nfrom voter_reg.process import no_core_dumps\nno_core_dumps()\n"
        trace, script = tmp_path / "trace", tmp_path / "program.py"
        script.write_text(beginning + dedent(program), "utf-8")
        command = [*watched(trace, kill_at=kill_at), sys.executable, str(script)]
        done = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=False)
        assert done.returncode == code, done.stderr
        return {kind for raw in together(read(trace)) for kind in SEARCH.find(raw)}

    return run


@pytest.mark.parametrize(
    "program",
    [
        "with tempfile.TemporaryFile() as file: file.write('Þorgerður'.encode())",
        "with open('x', 'w') as file: file.write('x' * 5_000_000 + ' QUETZALCOATLINA ')\nos.remove('x')",
        "with open('a file of Xylophagius', 'w'): pass\nos.remove('a file of Xylophagius')",
        "os.mkdir('x')\nos.rename('x', 'Kwiatkowszczyk')\nos.rmdir('Kwiatkowszczyk')",
        "os.symlink('to/Kwiatkowszczyk', 'x')\nos.remove('x')",
        "file = os.open('x', os.O_CREAT | os.O_WRONLY)\nos.writev(file, [b'Quetzal', b'coat', b'lina'])",
        "file = os.open('x', os.O_CREAT | os.O_WRONLY)\nos.write(file, b'Quetzal')\nos.write(file, b'coatlina')",
        "file = os.open('x', os.O_CREAT | os.O_WRONLY)\nos.pwrite(file, 'Ñandúzqué'.encode('utf-16'), 1 << 30)",
        "if os.fork() == 0:\n    open('x', 'w').write('Xylophagius')\nelse:\n    os.wait()",
        "import threading\nthreading.Thread(target=lambda: open('x', 'w').write('Xylophagius')).start()",
        "import gzip\nwith gzip.open('x', 'wb') as file: file.write(b'Xylophagius' * 9)",
        "os.dup2(os.open('x', os.O_CREAT | os.O_WRONLY), 1)\nprint('Xylophagius', flush=True)",
    ],
)  # fmt: skip
def test_what_is_written_to_a_file_is_seen_though_it_is_gone_at_once(seen, program):
    assert seen(program) == {"name"}


@pytest.mark.parametrize(
    "program",
    [
        "print('Xylophagius')",
        "one, other = socket.socketpair()\none.sendall(b'Xylophagius')\nos.write(one.fileno(), b'Xylophagius')",
        "inner, outer = os.pipe()\nos.write(outer, b'Xylophagius')",
        "with open('/dev/null', 'w') as file: file.write('Xylophagius')",
        "with open('x', 'w') as file: file.write('nobody')",
    ],
)
def test_what_leaves_by_a_socket_or_a_pipe_is_no_file(seen, program):
    assert seen(program) == set()


@pytest.mark.parametrize(
    "program",
    [
        "os.memfd_create('memory')",
        "inner, outer = os.pipe()\nos.write(outer, b'x')\nos.splice(inner, os.open('x', os.O_CREAT | os.O_WRONLY), 1)",
    ],
)
def test_a_way_to_write_that_is_not_watched_is_not_passed_over(seen, program):
    with pytest.raises(Missed):
        seen(program)


def test_shared_memory_that_is_a_file_is_named(seen, tmp_path):
    seen("import mmap\nfile = open('shared', 'w+b')\nfile.truncate(4096)\nmmap.mmap(file.fileno(), 4096)[:3] = b'abc'")

    assert [call.file for call in read(tmp_path / "trace") if call.call == "mmap"] == [str(tmp_path / "shared")]


def test_a_process_can_be_killed_in_the_middle_of_one_call(seen, tmp_path):
    program = """
        for number in range(9):
            with open(str(number), "w") as file:
                os.fsync(file.fileno())
    """

    seen(program, kill_at="fsync:when=3", code=-signal.SIGKILL)

    assert sorted(path.name for path in tmp_path.glob("[0-9]")) == ["0", "1", "2"]
