"""What a process does for itself before it holds anything personal: it leaves no core file and lets no one look in.

One that reads what strangers send gives up more: it opens nothing, starts nothing, and has little memory and time.
"""

from __future__ import annotations

import ctypes
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38


def no_core_dumps() -> None:
    """Let a crash write no memory to disk, in this process and in those it forks.

    On Linux other processes of the same user can no longer read its memory or trace it either; root still can.

    Raises:
        OSError: Linux refused.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # Where cores are piped to a program, the limit alone does not stop them.
        _prctl(_PR_SET_DUMPABLE, 0)


def confine(*, memory: int, seconds: int) -> None:
    """Give up, for good, whatever a decoder of strangers' bytes does not need; call it when everything is imported.

    From here on the process opens no file and no socket, writes to none, starts no other process (unless it is
    root's), leaves no core file, ends with the process that started it, and is killed after `seconds` of processor
    time. `memory` is its whole address space in bytes: asking for more fails.

    Raises:
        OSError: the system refused.
    """
    no_core_dumps()
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))  # SIGXCPU first, SIGKILL if that was caught
    for what in (resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC, resource.RLIMIT_NOFILE):
        resource.setrlimit(what, (0, 0))
    if sys.platform == "linux":
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option}) failed")
