"""One plain message to one person over SMTP. What its answer means is said here; who asks again, and when, is not.

Nothing that a server says is repeated, since it may name the person: only the step and the number of its answer.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from threading import Timer
from typing import Final, Protocol

from voter_reg.config import MailServer

_POLICY: Final = SMTP.clone(cte_type="7bit")  # not every server takes more

MOST_SECONDS: Final = 40.0
"""A server that drips is cut off after so long: well before another worker takes the job for lost."""


class Later(Exception):
    """Not sent; worth another try. Its text names no one."""


class Never(Exception):
    """The server will not take this message to this person. Its text names no one."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message. `mark` names it in its Message-ID: the same when it is sent again, and telling nothing."""

    to: str
    subject: str
    body: str
    mark: str


class Post(Protocol):
    """Sends messages."""

    @property
    def start_page(self) -> str:
        """The city's page that messages name."""
        ...

    def send(self, letter: Letter, now: datetime) -> None:
        """Send one message; raises Later or Never."""
        ...


class SmtpPost:
    """Sends through the configured server, a connection a message."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    @property
    def start_page(self) -> str:
        """The city's page that messages name."""
        return self._server.start_page

    def send(self, letter: Letter, now: datetime) -> None:
        """Send one message; when this returns, the server has said that it took it.

        Raises:
            Later: no connection, no trusted one, cut off, too slow, refused for now, or refused before the message
                was spoken of (a wrong password is the operator's to mend, and no reason to give up on a person).
            Never: sender, recipient or message refused for good.
        """
        content = message(self._server, letter, now).as_bytes()
        with _connected(self._server) as line:
            _take("the sender", line.mail(self._server.sender)[0])
            _take("the recipient", line.rcpt(letter.to)[0])
            _take("the message", line.data(content)[0])


def message(server: MailServer, letter: Letter, now: datetime) -> EmailMessage:
    """The message as it is sent: headers that mail servers ask for, and no others.

    Raises:
        ValueError: a header would hold a line break.
    """
    made = EmailMessage(policy=_POLICY)
    made["From"] = Address(server.sender_name, addr_spec=server.sender)
    made["To"] = Address(addr_spec=letter.to)
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<{letter.mark}@{server.domain}>"
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answer comes back
    made.set_content(letter.body)
    return made


def _take(step: str, code: int) -> None:
    if 200 <= code < 300:
        return
    if 500 <= code < 600:
        raise Never(f"the mail server refused {step} for good ({code})")
    raise Later(f"the mail server refused {step} for now ({code})")


@contextmanager
def _connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    """A connection, encrypted and signed in as configured; whatever goes wrong on it is `Later`."""
    line = _Line(server)
    ends = Timer(MOST_SECONDS, line.cut)
    ends.daemon = True
    ends.start()
    try:
        line.open()
        yield line
    except smtplib.SMTPResponseException as problem:
        # DATA's first answer, or one before the message: smtplib raises these itself.
        if isinstance(problem, smtplib.SMTPDataError):
            _take("the message", problem.smtp_code)
        raise Later(f"the mail server did not let us in ({problem.smtp_code})") from None
    except (OSError, ValueError, smtplib.SMTPException) as problem:
        raise Later(f"no talk with the mail server ({type(problem).__name__})") from None
    finally:
        ends.cancel()
        line.leave()


class _Line(smtplib.SMTP):
    """smtplib's client that knows its server, keeps an end to all its waiting, and never tells this machine's name."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._ends = time.monotonic() + MOST_SECONDS
        super().__init__(local_hostname=server.domain, timeout=server.timeout)

    def open(self) -> None:
        """Connect, encrypt, sign in."""
        server = self._server
        self._host = server.host  # what `starttls` checks the certificate for
        code = self.connect(server.host, server.port)[0]
        if code != 220:
            raise smtplib.SMTPConnectError(code, b"")
        self.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            code = self.starttls(context=_trust(server))[0]
            if code != 220:
                raise smtplib.SMTPResponseException(code, b"")
            self.ehlo_or_helo_if_needed()
        if server.user:
            self.login(server.user, server.password)
        if time.monotonic() > self._ends:
            raise TimeoutError

    def cut(self) -> None:
        """End a talk that has gone on for too long, from another thread."""
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)

    def leave(self) -> None:
        """Say goodbye without waiting: what was taken is taken, whatever the answer to it."""
        with suppress(OSError, smtplib.SMTPException):
            if self.sock is not None:
                self.send("QUIT\r\n")
        self.close()

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        raw = socket.create_connection((host, port), timeout)
        if self._server.security != "tls":
            return raw
        try:
            return _trust(self._server).wrap_socket(raw, server_hostname=host)
        except BaseException:
            raw.close()
            raise


def _trust(server: MailServer) -> ssl.SSLContext:
    """Certificates are checked, by the system's authorities or the operator's own."""
    return ssl.create_default_context(cafile=str(server.ca_file) if server.ca_file else None)
