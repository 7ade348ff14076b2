"""What a process does for itself before it holds anything personal: it leaves no core file and lets no one look in."""

from __future__ import annotations

import ctypes
import resource
import sys

_PR_SET_DUMPABLE = 4


def no_core_dumps() -> None:
    """Let a crash write no memory to disk, in this process and in those it forks.

    On Linux other processes of the same user can no longer read its memory or trace it either; root still can.

    Raises:
        OSError: Linux refused.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # Where cores are piped to a program, the limit alone does not stop them.
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_DUMPABLE) failed")
