"""Notices: one e-mail or one letter to who asked, nothing to who did not, tried again, and never telling anything."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from tests.voter_reg.town import CLERK, card
from voter_reg.language import OWN_NAMES, words
from voter_reg.mail import Later, Never
from voter_reg.service import jobs, letters, notices
from voter_reg.service.jobs import SILENT
from voter_reg.service.who_looked import who_looked
from voter_reg.service.work import run
from voter_reg.store import expiry
from voter_reg.store.db import db, transaction

HOME = "12 Elm St\nMinneapolis, MN 55401"


class Box:
    """A post that keeps what it is given, after as many refusals as it is told."""

    start_page = "https://city.example/"

    def __init__(self, *refusals):
        self.refusals, self.taken = list(refusals), []

    def send(self, letter, now):
        if self.refusals:
            raise self.refusals.pop(0)
        self.taken.append(letter)


def found(query):
    db.session.rollback()
    return [tuple(row) for row in db.session.execute(text(query))]


def notice_jobs():
    return [row[0] for row in found("SELECT id FROM job WHERE kind = 'notify' ORDER BY id")]


def work(office, box, job_id):
    run(job_id, replace(office.bench, post=box))
    return jobs.find(job_id)


def told(office, box, **answers):
    office.register(card(1), **answers)
    [job_id] = notice_jobs()
    return work(office, box, job_id)


def test_who_asked_for_nothing_gets_no_job_at_all(office):
    office.register(card(1))
    assert notice_jobs() == []


@pytest.mark.parametrize(("number", "notice"), [(card(1), "registered"), (None, "waiting-for-papers")])
def test_registering_has_who_asked_told_by_ids_alone(office, number, notice):
    office.register(number, email="a@b.example")
    [(voter,)] = found("SELECT id FROM voter")
    assert jobs.find(notice_jobs()[0]).args == {"voter": voter, "notice": notice}


def test_one_e_mail_goes_once_and_the_read_is_in_the_log_in_plain_words(office):
    box = Box()
    job = told(office, box, email="a@b.example", mail_to=HOME)
    work(office, box, job.id)

    assert (job.state, len(box.taken), found("SELECT count(*) FROM letter")) == ("done", 1, [(0,)])
    [(voter,)] = found("SELECT id FROM voter")
    looks = [str(look.what) for look in who_looked(office.vault, voter, by=CLERK, now=office.now)]
    assert "The program looked up where to send you a message." in looks


@pytest.mark.parametrize("language", OWN_NAMES)
def test_the_message_is_in_the_persons_language_and_tells_nothing(office, language):
    box = Box()
    told(office, box, email="a@b.example", language=language, name="Zahra Quux", typed_address="100 oak street")
    [letter] = box.taken
    spoken = words(language)

    assert (letter.subject, letter.body) == (notices.subject(spoken), notices.body(spoken, "https://city.example/"))
    for word in ("Zahra", "Quux", "OAK", "1990", "vote", "elect", "ballot", "regist"):
        assert word.lower() not in (letter.subject + letter.body + letter.mark).lower()


def test_a_server_that_is_away_is_asked_again_later_and_not_before(office):
    box = Box(Later("down"), Later("down"))
    job = told(office, box, email="a@b.example")
    for wait in (1, 2):
        assert box.taken == []
        office.later(minutes=wait, seconds=-1)
        assert not jobs.claim(job.id, office.now)
        assert job.id not in [one for one, _ in jobs.lost(office.now)]
        office.later(seconds=2)
        assert job.id in [one for one, _ in jobs.lost(office.now)]
        job = work(office, box, job.id)

    assert (job.state, len(box.taken)) == ("done", 1)


def test_after_two_days_it_is_given_up_for_a_letter(office):
    box = Box(*[Later("down")] * 99)
    job, began = told(office, box, email="a@b.example", mail_to=HOME), office.now
    while job.state == "running":
        office.later(hours=4, seconds=1)
        job = work(office, box, job.id)

    assert 99 - len(box.refusals) == notices.MOST_TRIES
    assert (job.state, found("SELECT notice FROM letter")) == ("done", [("registered",)])
    assert sum((notices.wait_after(n) for n in range(notices.MOST_TRIES - 1)), timedelta()) < timedelta(days=2)
    assert began < office.now


@pytest.mark.parametrize("box_of", [lambda: Box(Never("refused (550)")), lambda: None], ids=["refused", "no server"])
def test_without_a_way_the_job_fails_and_with_an_address_for_letters_a_letter_waits(office, box_of):
    job = told(office, box_of(), email="a@b.example")
    assert (job.state, "b.example" in job.problem) == ("failed", False)
    assert found("SELECT count(*) FROM letter") == [(0,)]


def test_a_refusal_for_good_leaves_one_letter(office):
    job = told(office, Box(Never("refused (550)")), email="a@b.example", mail_to=HOME)
    work(office, Box(), job.id)
    assert (job.state, found("SELECT notice FROM letter")) == ("done", [("registered",)])


def test_a_crash_after_sending_sends_again_with_the_same_mark(office, monkeypatch):
    box = Box()
    with monkeypatch.context() as broken:
        broken.setattr(jobs.Progress, "finish", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            told(office, box, email="a@b.example")
    office.now += 2 * SILENT
    assert work(office, box, notice_jobs()[0]).state == "done"
    assert len({letter.mark for letter in box.taken}) == 1
    assert len(box.taken) == 2


def test_letters_are_printed_once_and_each_showing_is_logged_with_its_count(office):
    told(office, None, mail_to=HOME, name="Zahra Quux")
    assert letters.waiting().letters == 1
    batch = letters.gather(office.now, by=CLERK)
    assert letters.gather(office.now, by=CLERK) is None
    for _ in range(2):
        [page] = letters.open_file(office.vault, batch, by=CLERK, now=office.now)
    assert page.to == ("Zahra Quux", "12 Elm St", "Minneapolis, MN 55401")
    assert not {"vot", "elect", "ballot", "regist"} & {w for w in ("vot", "elect", "ballot", "regist")
                                                      if w in " ".join(page.paragraphs).lower()}  # fmt: skip
    logged = found("SELECT subject, count FROM log_entry WHERE purpose = 'letters' AND action = 'print'")
    assert logged == [(batch, 1)] * 2
    [(voter,)] = found("SELECT id FROM voter")
    looks = [str(look.what) for look in who_looked(office.vault, voter, by=CLERK, now=office.now)]
    assert looks.count("Your name and postal address were shown to print a letter to you.") == 2
    assert letters.mark_printed(batch, by=CLERK, now=office.now) == 1
    assert letters.waiting() == letters.Waiting(0, ())


@pytest.mark.parametrize(("days", "held", "left"), [(90, False, 1), (91, False, 0), (91, True, 1)])
def test_a_printed_letter_goes_after_ninety_days_unless_a_hold_keeps_it(office, days, held, left):
    told(office, None, mail_to=HOME)
    letters.mark_printed(letters.gather(office.now, by=CLERK), by=CLERK, now=office.now)
    if held:
        with transaction() as session:
            session.execute(text("UPDATE voter SET key_id = 'h-1'"))
    office.later(days=days)
    with transaction() as session:
        expiry.remove_old_letters(session, office.now - timedelta(days=90), 250)
    assert found("SELECT count(*) FROM letter") == [(left,)]


def test_an_unknown_notice_is_refused(office):
    with pytest.raises(Exception, match="no such notice"), transaction() as session:
        notices.tell(session, "0" * 32, "greetings", office.now)


@given(st.sampled_from(sorted(notices.NOTICES)))
def test_no_notice_says_what_it_is_about(notice):
    said = str(notices.NOTICES[notice]).lower()
    assert not [word for word in ("vot", "elect", "ballot", "regist", "citizen") if word in said]
