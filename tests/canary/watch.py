"""Watching a process's file writes with strace, since what a library writes and deletes at once no later look finds.

Every buffer written to a file is kept, with every name under which a file is made. Sockets and pipes are not files:
what goes to a browser, to the registry or to PostgreSQL leaves the process, and PostgreSQL's own files are searched.
A process that lets no one look in can be traced by root alone, and only from its start.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_WRITES = {"write", "pwrite64", "writev", "pwritev", "pwritev2"}
_COPIES = {"sendfile", "copy_file_range"}
_NAMES = {
    "openat", "open", "creat", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "mkdir",
    "mkdirat", "mknod", "mknodat", "setxattr", "fsetxattr", "lsetxattr",
}  # fmt: skip
_UNSEEN = {"splice", "tee", "vmsplice", "memfd_create", "io_uring_setup", "process_vm_writev", "swapon"}
"""Ways to write that this watch does not look into: none may be used."""

_LINE = re.compile(r"^\d+ +(\w+)\((.*)", re.DOTALL)
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
_HANDLE = re.compile(r"(?:\d+|AT_FDCWD)<((?:\\x[0-9a-f]{2})+)>")
_LONGEST = 1 << 26


@dataclass(frozen=True, slots=True)
class Written:
    """One call: what it is, the file it went to, and every row of bytes that it handed over, names included."""

    call: str
    file: str
    buffers: tuple[bytes, ...]


class Missed(Exception):
    """The trace does not tell all: a buffer was cut off, or a way of writing was used that is not watched."""


@cache
def cannot_watch() -> str | None:
    """Why file writes cannot be watched here; None when they can."""
    if shutil.which("strace") is None:
        return "strace is not installed (`make test` installs it where it may)"
    if os.geteuid() != 0:
        return "our processes let no one but root look in"
    tried = subprocess.run(["strace", *_options(Path(os.devnull)), "true"], capture_output=True, check=False)
    return None if tried.returncode == 0 else f"strace: {tried.stderr.decode(errors='replace').strip()[-200:]}"


def watched(trace: Path, *, kill_at: str | None = None) -> list[str]:
    """What to put before a command so that its writes go to `trace`. The command keeps its own process id.

    `kill_at`, such as "fsync:when=3", kills it in the middle of exactly that call.
    """
    # The filter that spares the calls nobody watches would keep the signal back.
    faults = ["--seccomp-bpf"] if kill_at is None else ["-e", f"inject={kill_at}:signal=SIGKILL"]
    return ["strace", "-D", *_options(trace), *faults]


def _options(trace: Path) -> list[str]:
    calls = ",".join(sorted(_WRITES | _COPIES | _NAMES | _UNSEEN | {"mmap", "fsync"}))
    return [
        "-f", "-y", "-xx", "-v", "-s", str(_LONGEST), "-e", "signal=none", "-e", f"trace={calls}",
        "-o", str(trace),
    ]  # fmt: skip


def read(trace: Path, seconds: float = 20.0) -> Iterator[Written]:
    """Every call of a trace that wrote to a file or made one, once the traced process has ended.

    Raises:
        Missed: the trace does not tell all.
    """
    _wait_for_the_end(trace, seconds)
    with trace.open(encoding="ascii") as lines:
        for line in lines:
            if found := _LINE.match(line):
                yield from _told(found[1], found[2])


def together(calls: Iterable[Written]) -> Iterator[bytes]:
    """Each buffer by itself, and what was written to one file piece by piece as the one row of bytes that it became."""
    files: dict[str, bytearray] = defaultdict(bytearray)
    for call in calls:
        yield from call.buffers
        if call.call in _WRITES:
            files[call.file] += b"".join(call.buffers)
    yield from map(bytes, files.values())


def _told(call: str, rest: str) -> Iterator[Written]:
    handles = [_decoded(found) for found in _HANDLE.findall(rest)]
    strings = [(_decoded(text), cut) for text, cut in _STRING.findall(rest)]
    if call in _WRITES:
        if not handles or not _is_file(handles[0]):
            return
        if any(cut for _, cut in strings):
            raise Missed(f"a buffer of {call} is cut off")
        yield Written(call, handles[0].decode(errors="replace"), tuple(text for text, _ in strings))
    elif call in _COPIES and len(handles) == 2:
        out, source = handles if call == "sendfile" else reversed(handles)
        if _is_file(out) and not _is_file(source):
            raise Missed(f"{call} writes to a file what was in none")
    elif call in _UNSEEN:
        raise Missed(f"{call} is not watched")
    elif call == "mmap":
        if "MAP_SHARED" in rest and "PROT_WRITE" in rest and handles:
            yield Written(call, handles[0].decode(errors="replace"), ())
    elif call in _NAMES and (not call.startswith("open") or "O_CREAT" in rest):
        yield Written(call, "", tuple(text for text, _ in strings))


def _is_file(name: bytes) -> bool:
    if name.startswith(b"/dev/shm/"):
        return True  # in memory alone, but whoever takes the machine finds it there
    return name.startswith(b"/") and not name.startswith((b"/dev/", b"/proc/"))


def _decoded(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def _wait_for_the_end(trace: Path, seconds: float) -> None:
    """The tracer, whose command line names the trace, outlives what it traced by a moment."""
    ends = time.monotonic() + seconds
    while any(str(trace).encode() in line for line in _command_lines()):
        if time.monotonic() > ends:
            raise Missed(f"{trace.name} does not end")
        time.sleep(0.05)


def _command_lines() -> Iterator[bytes]:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            yield path.read_bytes()
