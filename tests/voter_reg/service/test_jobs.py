"""Jobs: the row is the truth; one runner at a time; what was lost is found again."""

from datetime import timedelta

import pytest

from tests.voter_reg.town import CLERK, DAY, card
from voter_reg.jobs import sender, sweep
from voter_reg.service import drafts, elections, jobs
from voter_reg.service.jobs import SILENT
from voter_reg.service.work import KINDS, run
from voter_reg.vault.log_file import DoesNotVerify


@pytest.fixture
def job(office):
    return jobs.create("tag-voter", {"voter": "0" * 32}, office.now, send=False)


def test_a_job_can_be_taken_once(office, job):
    assert jobs.claim(job, office.now)
    assert not jobs.claim(job, office.now)


@pytest.mark.parametrize(("seconds", "taken"), [(0, False), (1, True)])
def test_a_job_whose_runner_fell_silent_can_be_taken_again(office, job, seconds, taken):
    jobs.claim(job, office.now)

    assert jobs.claim(job, office.now + SILENT + timedelta(seconds=seconds)) is taken


def test_a_runner_that_gives_signs_of_life_keeps_its_job(office, job):
    jobs.claim(job, office.now)
    office.later(seconds=50)
    jobs.Progress(job, office.clock).note(1, 10)

    assert not jobs.claim(job, office.now + timedelta(seconds=50))


def test_a_finished_job_is_never_run_again(office, job):
    run(job, office.bench)
    assert jobs.find(job).state == "done"

    office.later(days=1)
    assert not jobs.claim(job, office.now)
    assert jobs.lost(office.now) == []


def test_a_job_of_a_kind_that_is_unknown_fails_with_its_line(office):
    job_id = jobs.create("dance", {}, office.now, send=False)
    run(job_id, office.bench)

    assert (jobs.find(job_id).state, "dance" in jobs.find(job_id).problem) == ("failed", True)


def test_a_job_that_is_not_there_is_left_alone(office):
    run(77, office.bench)

    assert jobs.find(77) is None


def test_a_broker_that_is_away_loses_no_registration_and_the_sweep_sends_the_job(office, config, caplog):
    office.app.extensions["voter_reg_send"] = sender(office.queue)
    queue = config.broker_dir / "queue"
    queue.rmdir()
    queue.write_text("no directory")

    receipt = office.register(card(1))

    assert receipt.public_state == "registered"
    assert "the sweep will" in caplog.text
    queue.unlink()
    queue.mkdir()
    office.later(seconds=61)
    assert sweep(office.queue, office.bench, office.app.app_context) == 1
    messages = [message.read_text() for message in queue.iterdir()]
    assert ["tag-voter" in message for message in messages].count(True) == 1
    assert ["purge" in message for message in messages].count(True) == 1, "the day's purge, begun by the sweep"


def test_the_sweep_leaves_fresh_and_finished_jobs_alone_and_removes_old_drafts(office, job):
    token = drafts.start(office.vault, office.now, notice_version="n")
    sweep(office.queue, office.bench, office.app.app_context)
    assert drafts.load(office.vault, token, office.now) is not None

    for made in (job, job + 1):  # the second is the day's purge
        run(made, office.bench)
    office.later(days=15)
    assert sweep(office.queue, office.bench, office.app.app_context) == 0
    assert drafts.remove_expired(office.now) == 0


def test_arguments_of_jobs_hold_ids_and_choices_alone(office, town_map):
    election = elections.create("minneapolis", town_map, DAY, by=CLERK, now=office.now)
    office.register(card(1))

    found = jobs.find(office.sent[0][1])
    assert found.kind in KINDS
    assert set(found.args) == {"voter"}
    assert len(found.args["voter"]) == 32
    assert election == "minneapolis-2025-11-04"


def test_a_job_that_never_ends_is_given_up_after_twenty_tries(office, job, monkeypatch):
    def fail(*_args, **_words):
        raise OSError("unforeseen")

    monkeypatch.setattr("voter_reg.service.work.tagging.tag_voter", fail)
    for _ in range(20):
        assert jobs.give_up(office.now) == 0
        with pytest.raises(OSError, match="unforeseen"):
            run(job, office.bench)
        office.later(seconds=61)

    assert jobs.give_up(office.now) == 1
    assert (jobs.find(job).state, "20 tries" in jobs.find(job).problem) == ("failed", True)
    assert jobs.lost(office.now) == []


def test_a_log_that_no_longer_verifies_does_not_hold_up_the_sweep(office, job, monkeypatch, caplog):
    def broken(*_):
        raise DoesNotVerify("access log: its rows are not what they were")

    monkeypatch.setattr("voter_reg.service.audit.checkpoint_if_due", broken)
    monkeypatch.setattr("voter_reg.service.drafts.remove_expired", lambda _: 1 / 0)
    office.later(seconds=61)

    assert sweep(office.queue, office.bench, office.app.app_context) == 1
    assert "its rows are not what they were" in caplog.text
    assert "removing drafts failed (ZeroDivisionError)" in caplog.text
