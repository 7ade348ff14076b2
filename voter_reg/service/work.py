"""Running a job: which use case each kind calls. Whoever runs it, the outcome stands in the job's row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from eligibility import BadInput
from eligibility.errors import CleanNo
from voter_reg.mail import Post
from voter_reg.service import exports, holds, jobs, notices, purge, tagging
from voter_reg.service.actors import SERVICE, Actor
from voter_reg.service.city import City
from voter_reg.service.demands import PLACE_HOLD
from voter_reg.service.holds import RELEASE_HOLD
from voter_reg.service.jobs import Clock, Job, Progress
from voter_reg.service.notices import NOTIFY
from voter_reg.service.purge import PURGE
from voter_reg.service.shelf import Shelf
from voter_reg.vault import Vault

TAG_VOTER, TAG_ELECTION, EXPORT_ROSTER = "tag-voter", "tag-election", "export-roster"
KINDS = (TAG_VOTER, TAG_ELECTION, EXPORT_ROSTER, PLACE_HOLD, RELEASE_HOLD, PURGE, NOTIFY)


@dataclass(frozen=True, slots=True)
class Bench:
    """What a job works with; `post` is None where e-mail is not offered."""

    vault: Vault
    city: Callable[[], City]
    shelf: Shelf
    clock: Clock
    post: Post | None = None


def run(job_id: int, bench: Bench, watch: Callable[[int, int], None] | None = None) -> None:
    """Run a job to its end; one that is finished, or that another runner is alive on, is left alone.

    What a person can act on (bad input, a missing approval) ends the job as failed with its line. Anything else is
    raised, and the job stays to be found and run again.
    """
    job = jobs.find(job_id)
    if job is None or not jobs.claim(job_id, bench.clock()):
        return
    progress = Progress(job_id, bench.clock, watch, again=job.state == "running", tries=job.tries)
    try:
        _run(job, bench, progress)
    except (CleanNo, BadInput) as problem:
        progress.fail(str(problem))


def _run(job: Job, bench: Bench, progress: Progress) -> None:
    vault, shelf, now = bench.vault, bench.shelf, bench.clock()
    if job.kind == TAG_VOTER:
        tagging.tag_voter(vault, shelf, bench.city(), job.args["voter"], progress, now)
    elif job.kind == TAG_ELECTION:
        tagging.tag_election(vault, shelf, job.args["election"], job.args, progress, bench.clock)
    elif job.kind == EXPORT_ROSTER:
        by = Actor(job.args.get("by", SERVICE.label), job.args.get("role", SERVICE.role))
        exports.export_roster(vault, shelf, job.args, progress, by=by, now=now)
    elif job.kind == PLACE_HOLD:
        holds.place(vault, job.args["hold"], progress, now)
    elif job.kind == RELEASE_HOLD:
        holds.give_back(vault, job.args["hold"], progress, now)
    elif job.kind == PURGE:
        purge.purge(vault, bench.city(), job.args, progress, now)
    elif job.kind == NOTIFY:
        notices.notify(vault, bench.post, job.args, progress, now)
    else:
        raise BadInput(f"no such kind of job {job.kind!r}", f"job {job.id}")
