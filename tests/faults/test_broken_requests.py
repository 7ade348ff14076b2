"""Requests that no browser sends, to a portal as it is served: a 4xx each, and the log knows nobody's address."""

import socket
from contextlib import suppress

import pytest

from tests.running import Installation

HEAD = b"POST /check HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
PIECES = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
PIECE = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
REQUESTS = {
    "in pieces": PIECES + b"9\r\naddress=x\r\n0\r\n\r\n",
    "too much in pieces": PIECES + PIECE * 80 + b"0\r\n\r\n",
    "a broken piece": PIECES + b"zz\r\nabc\r\n0\r\n\r\n",
    "pieces and a length": HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "a length below nothing": HEAD + b"Content-Length: -5\r\n\r\n",
    "a length beyond everything": HEAD + b"Content-Length: 99999999999\r\n\r\nabc",
    "a null in the path": b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
    "a name of a header that is none": b"GET / HTTP/1.1\r\nHost: x\r\nQuetzalcoatlina Xylophagius\r\n\r\n",
    "no request": b"\x16\x03\x01\x02\x00" * 20 + b"\r\n\r\n",
    "a path that goes on": b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "too many headers": b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(200)) + b"\r\n",
}


def answer_to(raw, port):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as door:
        said = b""
        with suppress(OSError):  # it was refused before all of it was sent
            door.sendall(raw)
        with suppress(OSError):
            while len(said) < 12 and (piece := door.recv(4096)):
                said += piece
    return said[:12]


@pytest.mark.slow
def test_every_broken_request_is_refused_and_leaves_no_address_in_the_log(tmp_path, town_map):
    installation = Installation(tmp_path, "minneapolis", town_map, [])
    with installation.serving(worker=False):
        answers = {name: answer_to(raw, installation.portal_port) for name, raw in REQUESTS.items()}
        assert answer_to(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", installation.portal_port) == b"HTTP/1.1 200"

    assert {name: said for name, said in answers.items() if not said.startswith(b"HTTP/1.1 4")} == {}
    logged = "".join(path.read_text() for path in tmp_path.glob("*.log"))
    assert "unreadable request refused" in logged
    assert "127.0.0.1" not in logged
    assert "Quetzal" not in logged
    assert "Traceback" not in logged
