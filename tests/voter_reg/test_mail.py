"""E-mail over a real server on this machine: what goes out, what never does, and what each answer of a server means."""

import datetime as dt
import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.voter_reg.town import NOW
from voter_reg import mail
from voter_reg.config import Config, ConfigError, MailServer
from voter_reg.mail import Later, Letter, Never, SmtpPost

LETTER = Letter("amina@example.com", "A message for you", "There is news.\n", "0" * 32)


class Mailbox:
    """Takes mail, or answers as it is told to."""

    def __init__(self, **answers):
        self.answers, self.taken = answers, []

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.taken.append((envelope.rcpt_tos, envelope.content, session.ssl is not None, session.host_name))
        return "250 taken"


@contextmanager
def serving(box, **more):
    control = Controller(box, hostname="127.0.0.1", port=free_port(), **more)
    control.start()
    try:
        yield control.port
    finally:
        control.stop()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def server(port, **changes):
    values = {"host": "127.0.0.1", "port": port, "security": "plain", "user": "", "password": "",
              "sender": "notes@city.example", "sender_name": "City services", "start_page": "https://city.example/",
              "timeout": 2.0, **changes}  # fmt: skip
    return MailServer(**values)


def certificate(folder: Path):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "c.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "k.pem").write_bytes(private)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "c.pem", folder / "k.pem")
    return folder / "c.pem", context


def test_a_message_has_the_headers_that_servers_ask_for_and_no_others():
    box = Mailbox()
    with serving(box) as port:
        SmtpPost(server(port)).send(LETTER, NOW)

    [(to, content, _, greeted)] = box.taken
    read = message_from_bytes(content, policy=default)
    assert (to, greeted) == (["amina@example.com"], "city.example")
    assert set(read.keys()) <= {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
        "Content-Transfer-Encoding", "X-Peer", "X-MailFrom", "X-RcptTo",
    }  # fmt: skip
    assert read["From"] == "City services <notes@city.example>"
    assert read["Message-ID"] == f"<{'0' * 32}@city.example>"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read.get_content_type() == "text/plain"
    assert read.get_content().strip() == "There is news."


def test_other_scripts_arrive_whole_over_seven_bits():
    box = Mailbox()
    with serving(box) as port:
        SmtpPost(server(port)).send(Letter("a@b.example", "Mensaje para usted: ñ", "Hay noticias: ñ á\n", "1"), NOW)

    content = box.taken[0][1]
    read = message_from_bytes(content, policy=default)
    assert content.isascii()
    assert (read["Subject"], read.get_content().strip()) == ("Mensaje para usted: ñ", "Hay noticias: ñ á")


@pytest.mark.parametrize("field", ["to", "subject"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_no_header_can_be_slipped_in(field, end):
    made = {"to": "a@b.example", "subject": "s", "body": "b", "mark": "1"}
    made[field] += f"{end}Bcc: c@d.example"

    with pytest.raises(ValueError):  # noqa: PT011 - the library's own
        mail.message(server(1), Letter(**made), NOW)


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(("answer", "meant"), [("451 amina@example.com", Later), ("550 amina@example.com", Never)])
def test_a_refusal_is_for_now_or_for_good_and_names_nobody(step, answer, meant):
    with serving(Mailbox(**{step: answer})) as port, pytest.raises(meant) as raised:
        SmtpPost(server(port)).send(LETTER, NOW)

    assert answer[:3] in str(raised.value)
    assert "amina" not in str(raised.value)


def test_a_server_that_is_down_is_asked_later():
    with pytest.raises(Later, match="ConnectionRefusedError"):
        SmtpPost(server(free_port())).send(LETTER, NOW)


def talk(listening, script):
    line, _ = listening.accept()
    with line, suppress(OSError):  # the client may leave first
        script(line)


def drip(line):
    while True:
        line.sendall(b"2")
        time.sleep(0.05)


def close_in_data(line):
    with line.makefile("rb") as file:
        line.sendall(b"220 hello\r\n")
        while command := file.readline():
            if command.startswith(b"DATA"):
                line.sendall(b"354 go on\r\n")
                file.readline()
                return
            line.sendall(b"250 OK\r\n")


@pytest.mark.parametrize(
    "script",
    [lambda _: time.sleep(1), drip, close_in_data, lambda line: line.sendall(b"554 go away\r\n")],
    ids=["silent", "dripping", "closing in DATA", "refusing everyone"],
)
def test_a_server_that_does_not_do_its_part_is_left_soon_and_asked_later(script, monkeypatch):
    monkeypatch.setattr(mail, "MOST_SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=talk, args=(listening, script))
        thread.start()
        began = time.monotonic()
        with pytest.raises(Later):
            SmtpPost(server(listening.getsockname()[1], timeout=0.3)).send(LETTER, NOW)
        took = time.monotonic() - began
        thread.join(10)

    assert took < 3


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_it_goes_encrypted_to_a_server_whose_certificate_is_trusted(tmp_path, security):
    trusted, context = certificate(tmp_path)
    box, more = Mailbox(), {"tls_context": context, "require_starttls": True}
    if security == "tls":
        more = {"ssl_context": context}
    with serving(box, **more) as port:
        SmtpPost(server(port, host="localhost", security=security, ca_file=trusted)).send(LETTER, NOW)
        with pytest.raises(Later, match="SSLCertVerificationError"):
            SmtpPost(server(port, host="localhost", security=security)).send(LETTER, NOW)
        with pytest.raises(Later, match="SSLCertVerificationError"):
            SmtpPost(server(port, security=security, ca_file=trusted)).send(LETTER, NOW)

    assert len(box.taken) == 1


def test_a_server_without_starttls_gets_nothing():
    box = Mailbox()
    with serving(box) as port, pytest.raises(Later, match="SMTPNotSupportedError"):
        SmtpPost(server(port, security="starttls")).send(LETTER, NOW)
    assert box.taken == []


GOOD = {
    "VOTER_REG_PORTAL_SECRET": "p" * 32, "VOTER_REG_PACK": "minneapolis", "VOTER_REG_MAP_FILE": "town.map",
    "VOTER_REG_REGISTRY_URL": "http://127.0.0.1:8002", "VOTER_REG_REGISTRY_KEY": "k" * 32,
    "VOTER_REG_MAIL_HOST": "mail.city.example", "VOTER_REG_MAIL_SENDER": "notes@city.example",
    "VOTER_REG_MAIL_START_PAGE": "https://city.example/", "VOTER_REG_MAIL_USER": "u", "VOTER_REG_MAIL_PASSWORD": "hush",
}  # fmt: skip


def test_without_a_mail_server_no_e_mail_is_offered():
    assert Config.from_env({name: value for name, value in GOOD.items() if "_MAIL_" not in name}).mail is None


def test_the_mail_server_is_read_and_its_password_never_shown():
    config = Config.from_env(GOOD)

    assert (config.mail.port, config.mail.security, config.mail.domain) == (587, "starttls", "city.example")
    assert "hush" not in repr(config)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SENDER", "elections@city.example"), ("SENDER", "notes"), ("SENDER", "a@b.example\nBcc: c"),
        ("SENDER_NAME", "Voter services"), ("SENDER_NAME", "City\nBcc"), ("START_PAGE", "https://vote.city.example/"),
        ("START_PAGE", "http://city.example/"), ("START_PAGE", "https://city.example/?x=1"), ("SECURITY", "none"),
        ("SECURITY", "plain"), ("PORT", "0"), ("PORT", "65536"), ("PASSWORD", ""), ("TIMEOUT", "11"), ("SENDER", ""),
    ],
)  # fmt: skip
def test_a_setting_that_tells_or_does_not_work_is_named(name, value):
    with pytest.raises(ConfigError, match="VOTER_REG_MAIL_"):
        Config.from_env({**GOOD, f"VOTER_REG_MAIL_{name}": value})
