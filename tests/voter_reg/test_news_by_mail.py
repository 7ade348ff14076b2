"""From the form to a mailbox: an e-mail is asked for, a task comes off the queue, a mail server here takes it."""

from email import message_from_bytes, policy
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from tests.laws.words import STATUS, says
from tests.voter_reg.portal.conftest import SIGN, Person
from tests.voter_reg.test_mail import Mailbox, serving
from tests.voter_reg.town import NOW, Registry, card, install
from voter_reg.apps import create_portal
from voter_reg.back_room import create_celery
from voter_reg.service import jobs
from voter_reg.store.db import db

TO = "kk@post.example"
SENDER = "notes@city.example"
PERSONAL = ("Nguy", "Minh", "Khai", "OAK", "Oak", "oak st", "A-1", "1990", "2019", card(1))
CONTESTS = (
    "Mayor",
    "Alcalde",
    "Council",
    "Concejo",
    "Park",
    "Parque",
    "Ward",
    "Board",
    "Junta",
    "Estimate",
    "Presupuesto",
)
TELLING = (
    *("vot", "elec", "ballot", "regist", "poll", "approv", "papers", "waiting"),
    *("inscri", "boleta", "urna", "casilla", "candidat", "documento"),
)


class Envelopes(Mailbox):
    """Keeps who handed a message in as well."""

    def __init__(self):
        super().__init__()
        self.senders = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.senders.append(envelope.mail_from)
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def mailbox():
    box = Envelopes()
    with serving(box) as port:
        box.port = port
        yield box


@pytest.fixture
def config(tmp_path, town_map, mailbox):
    return install(
        tmp_path / "instance",
        town_map,
        MAIL_HOST="127.0.0.1",
        MAIL_PORT=str(mailbox.port),
        MAIL_SECURITY="plain",
        MAIL_SENDER=SENDER,
        MAIL_START_PAGE="https://city.example/start",
    )


def clock():
    return NOW


def register(config, language="en", number=None):
    """Register through the portal with an e-mail asked for; the code."""
    person = Person(create_portal(config, clock=clock, verifier=Registry()).test_client())
    person.get(f"/?lang={language}")
    person.accept()
    person.live_at("100 oak street")
    person.be()
    person.show_card(number) if number else person.send("/way", page="/card", way="papers")
    assert 'name="email"' in person.get("/contact").text
    assert person.send("/contact", email=TO, language=language).location == "/review"
    assert person.send("/review", **SIGN).location == "/done"
    return person.get("/done").text.split('<p class="code">')[1].split("<")[0]


def work_off(config):
    """Take each message off the queue as a worker does, and run its task; what the messages were."""
    queue, taken = create_celery(config, clock=clock), []
    with queue.connection_for_read() as line, line.SimpleQueue(queue.conf.task_default_queue) as waiting:
        while True:
            try:
                message = waiting.get(timeout=0.3)
            except waiting.Empty:
                return taken
            taken.append((message.headers["task"], message.body, message.headers))
            assert queue.tasks[message.headers["task"]].apply(args=message.payload[0]).successful()
            message.ack()


@pytest.mark.parametrize(("language", "number"), [("en", card(1)), ("es", None)])
def test_who_asked_gets_one_message_that_tells_nothing_of_them_or_of_what_it_is_about(
    config, mailbox, language, number
):
    code = register(config, language, number)
    tasks = work_off(config)

    assert sorted(kind for kind, _, _ in tasks) == ["notify", "tag-voter"]
    [(to, content, _, greeted)] = mailbox.taken
    read = message_from_bytes(content, policy=policy.default)
    body, headers = read.get_content(), {name: str(value) for name, value in read.items()}
    assert (to, mailbox.senders, greeted) == ([TO], [SENDER], "city.example")
    assert headers["From"] == f"City services <{SENDER}>"
    whole = "\n".join((*headers.values(), body))
    for word in (*PERSONAL, *CONTESTS, code, code.replace("-", ""), "Thị"):
        assert word.lower() not in whole.lower(), word
    for word in TELLING:
        assert word not in "\n".join((headers["Subject"], headers["From"], *mailbox.senders)).lower(), word
        assert word not in body.lower(), word
    assert not says(STATUS, whole)
    assert headers["Subject"] == {"en": "A message for you", "es": "Un mensaje para usted"}[language]
    links = [word for word in body.split() if word.startswith("http")]
    assert [urlsplit(link.rstrip(".")).geturl() for link in links] == ["https://city.example/start"]


def test_what_became_of_the_form_cannot_be_told_from_the_message(config, mailbox):
    register(config, number=card(1))
    register(config, number=None)
    work_off(config)

    first, second = (message_from_bytes(content, policy=policy.default) for _, content, _, _ in mailbox.taken)
    assert (first["Subject"], first["From"], first.get_content()) == (
        second["Subject"],
        second["From"],
        second.get_content(),
    )
    assert len(first["Message-ID"]) == len(second["Message-ID"])
    assert first["Message-ID"] != second["Message-ID"]


def test_neither_the_queue_nor_the_row_of_the_job_holds_more_than_ids(config, mailbox):
    code = register(config, number=card(1))
    tasks = work_off(config)

    for kind, body, headers in tasks:
        assert [word for word in (*PERSONAL, TO, code) if word in f"{body} {headers}"] == [], kind
    with create_portal(config, clock=clock, verifier=Registry()).app_context():
        rows = str(db.session.execute(text("SELECT * FROM job")).all())
        states = {job.kind: job.state for job in map(jobs.find, range(1, 9)) if job}
    assert states == {"notify": "done", "tag-voter": "done"}
    assert [word for word in (*PERSONAL, TO, code) if word in rows] == []


def test_a_task_that_is_delivered_twice_sends_once(config, mailbox):
    register(config, number=card(1))
    tasks = work_off(config)
    queue = create_celery(config, clock=clock)
    for kind, _, _ in tasks:
        for job_id in (1, 2):
            queue.tasks[kind].apply(args=[job_id])

    assert len(mailbox.taken) == 1


def test_who_asked_for_nothing_gets_nothing(config, mailbox):
    person = Person(create_portal(config, clock=clock, verifier=Registry()).test_client())
    person.accept()
    person.live_at("100 oak street")
    person.be()
    person.show_card(card(1))
    person.send("/review", **SIGN)

    assert [kind for kind, _, _ in work_off(config)] == ["tag-voter"]
    assert mailbox.taken == []
