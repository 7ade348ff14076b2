"""The decoder: a process of its own that turns a stranger's bytes into pixels, and ends.

`python -m voter_reg.residency.decoder JOB KIND` reads one file from standard input and writes one answer to standard
output (`voter_reg.residency.decoding` asks and reads it). It has no keys, no database and no environment, and before it
reads a byte it has given up opening files, sockets and processes, so that a hole in a library opens on nothing.
Whatever it raises is the end of it: its exit code alone says that the file is broken.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from typing import Final

from voter_reg.process import confine
from voter_reg.residency import pixels
from voter_reg.residency.decoder_answer import done, refused
from voter_reg.residency.refused import PaperRefused
from voter_reg.residency.sniffing import Kind

MEMORY: Final = 1024 * 1024 * 1024
"""Bytes of address space: a picture of 40 megapixels in any format needs less, libraries included."""
PROCESSOR_SECONDS: Final = 15
_PIECE: Final = 1 << 16
_IN: Final = 0
_OUT: Final = 1


def main(job: str, kind: Kind) -> None:
    """Read one file, answer, and end without tidying up: what a hostile file left behind is not touched again."""
    work = _work(job, kind)
    confine(memory=MEMORY, seconds=PROCESSOR_SECONDS)
    data = b"".join(iter(lambda: os.read(_IN, _PIECE), b""))
    try:
        answer = done(work(data))
    except PaperRefused as no:
        answer = refused(no.reason)
    except MemoryError:
        answer = refused("too-slow")
    left = memoryview(answer)
    while left:
        left = left[os.write(_OUT, left[:_PIECE]) :]
    os._exit(0)


def _work(job: str, kind: Kind) -> Callable[[bytes], Iterable[bytes]]:
    """What is to be done, with all that it needs imported: later nothing can be."""
    if job == "code":
        from voter_reg.residency.one_code import read_code  # noqa: PLC0415 - a paper must not wait for the library

        return lambda data: [text.encode() for text in (read_code(pixels.for_codes(data, kind)),) if text]
    if kind == "pdf":
        from voter_reg.residency.pdf_pages import pages_of_pdf  # noqa: PLC0415 - a photo must not wait for the library

        return lambda data: [pixels.encoded(page) for page in pages_of_pdf(data)]
    return lambda data: [pixels.encoded(pixels.upright(data, kind))]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])  # type: ignore[arg-type]  # whoever asks has sniffed the kind
