"""Carrying out what two officers have approved: which use case each kind of request runs.

An export is not among them: it is run where its files shall go, by `roster export --request`. A role is granted by the
administrator who asked for it.
"""

from __future__ import annotations

from voter_reg.service.actors import Actor
from voter_reg.service.approvals import Request
from voter_reg.service.holds import release
from voter_reg.service.key_destruction import destroy_key
from voter_reg.service.publishing import publish, resume, suspend
from voter_reg.service.work import Bench


def carry_out(bench: Bench, request: Request, *, by: Actor) -> bool:
    """Carry out an approved request of a kind that is done at once; False for another kind, which somebody runs.

    Raises:
        BadInput, CleanNo: as its use case; the request stays approved and can be carried out later.
    """
    now = bench.clock()
    match request.kind:
        case "publish":
            today = bench.city().today(now)
            publish(request.subject, request.id, bench.shelf.archive, today, by=by, now=now)
        case "suspend":
            suspend(request.subject, request.id, by=by, now=now)
        case "resume":
            resume(request.subject, request.id, by=by, now=now)
        case "release-hold":
            release(request.subject, request.id, by=by, now=now)
        case "destroy-key":
            destroy_key(bench.vault, bench.city(), request.subject, request.id, by=by, now=now)
        case _:
            return False
    return True
