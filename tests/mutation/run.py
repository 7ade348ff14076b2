"""Runs a place's tests against each mutant of its pack, each in a process of its own; who survives was not tested."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from eligibility import PackError, load_pack, pack_loader
from tests.mutation.mutants import PACKS, Mutant

ROOT = Path(__file__).parents[2]
_PATIENCE = 120  # seconds; a place's tests take one or two


def survivors(mutants: Iterable[Mutant], *, workers: int, tell: bool = False) -> Iterator[Mutant]:
    """The mutants that no test of their place caught."""
    waiting, running = list(mutants), dict[int, Mutant]()
    total, done, started = len(waiting), 0, time.monotonic()
    while waiting or running:
        while waiting and len(running) < workers:
            mutant = waiting.pop()
            running[_start(mutant)] = mutant
        pid, status = os.wait()
        mutant = running.pop(pid)
        done += 1
        if tell:
            _show(done, total, time.monotonic() - started)
        if os.waitstatus_to_exitcode(status) == pytest.ExitCode.OK:
            yield mutant


def _start(mutant: Mutant) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 99
    try:
        # Both the descriptors and what Python writes to: the parent may itself be a test whose output is kept.
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        os.dup2(1, 2)
        sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - until the child ends
        code = _tests_pass(mutant)
    finally:
        os._exit(code)


def _tests_pass(mutant: Mutant) -> int:
    """0 when every test of the place passes on the mutant: nobody noticed."""
    import signal  # noqa: PLC0415 - in the child alone

    signal.alarm(_PATIENCE)
    for name in [name for name in sys.modules if name.split(".")[0] == "tests"]:
        del sys.modules[name]  # a test read before the fork would still hold the pack as it is
    with _packs_with(mutant) as folder:
        pack_loader._shipped = lambda: folder
        try:
            load_pack(mutant.place)
        except PackError:
            return 1  # refused at the door: every test of the place fails on it
        file = ROOT / "tests" / "eligibility" / f"test_{mutant.place.replace('-', '_')}.py"
        quiet = ["-q", "-x", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist", "--override-ini", "addopts="]
        return int(pytest.main([str(file), *quiet, "--import-mode=importlib", f"--rootdir={ROOT}"]))


@contextmanager
def _packs_with(mutant: Mutant) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for place in PACKS.iterdir():
            if place.name != mutant.place:
                (folder / place.name).symlink_to(place)
        (folder / mutant.place).mkdir()
        for room in ("notices", "words"):
            if (PACKS / mutant.place / room).is_dir():
                shutil.copytree(PACKS / mutant.place / room, folder / mutant.place / room)
        (folder / mutant.place / "pack.toml").write_text(mutant.text(), encoding="utf-8")
        yield folder


def _show(done: int, total: int, seconds: float) -> None:
    if sys.stderr.isatty() or done % 100 == 0 or done == total:
        end = "" if sys.stderr.isatty() else "\n"
        sys.stderr.write(f"\r{done:,} of {total:,} mutants, {seconds:.0f} s{end}")
        sys.stderr.flush()
