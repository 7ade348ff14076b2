"""A server of one answer at the level of bytes, for tests of what asks it."""

import json
import socket
import threading


class Talker:
    """A server of one answer at the level of bytes: what a broken or hostile registry may send."""

    def __init__(self, answer):
        self._answer, self.heard, self._stop = answer, [], threading.Event()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()

    def _serve(self):
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._talk, args=(line,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def _talk(self, line):
        with line:
            line.settimeout(2)
            try:
                self.heard.append(_request(line))
                for piece in self._answer:
                    if isinstance(piece, float):
                        self._stop.wait(piece)
                    else:
                        line.sendall(piece)
                    if self._stop.is_set():
                        return
            except OSError:
                return

    def close(self):
        self._stop.set()
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        for thread in self._threads:
            thread.join(5)


def _request(line):
    raw = b""
    while b"\r\n\r\n" not in raw:
        raw += _more(line)
    head, _, body = raw.partition(b"\r\n\r\n")
    lengths = (int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length"))
    length = next(lengths, 0)
    while len(body) < length:
        body += _more(line)
    return head.decode(), body.decode()


def _more(line):
    piece = line.recv(65536)
    if not piece:
        raise ConnectionError("the caller hung up")
    return piece


def http(body, status="200 OK", **headers):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    said = {"Content-Type": "application/json", "Content-Length": str(len(raw)), **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in said.items() if value is not None)
    return [f"HTTP/1.1 {status}\r\n{lines}\r\n".encode(), raw]
