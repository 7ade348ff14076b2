"""`voter-reg request`: what waits for two officers; and how other commands ask for their approval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import click

from voter_reg.commands.back_room import opened_back_room, operator
from voter_reg.commands.output import as_json, print_json, print_table
from voter_reg.service import approvals
from voter_reg.service.approvals import Request
from voter_reg.service.live import ApprovalMissing

reason_option = click.option("--reason", default="", help="Why, for the officers who are asked.")
request_option = click.option("--request", metavar="Q", help="The request that two officers have approved.")


@click.group("request")
def request_group() -> None:
    """What waits for two officers' approval; they approve it in the office."""


@request_group.command("list")
@click.option("--all", "everything", is_flag=True, help="Those that are done, refused or expired as well.")
@as_json
def list_requests(everything: bool, as_json: bool) -> None:
    """List the requests."""
    with opened_back_room() as bench:
        found = approvals.every() if everything else approvals.waiting(bench.clock())
    if as_json:
        for one in found:
            print_json(_plain(one))
        return
    rows = [(one.id, one.title, one.subject, one.state, f"{len(one.officers)} of {approvals.NEEDED}") for one in found]
    print_table(("request", "what", "of", "state", "approved by"), rows)


def ask_officers(kind: str, subject: str, args: Mapping[str, Any], reason: str, now: datetime) -> ApprovalMissing:
    """File a request for what a command was asked to do; the command raises the answer, which tells how to go on.

    Raises:
        UsageError: no reason was given.
    """
    if not reason.strip():
        raise click.UsageError("this needs two officers' approval: say why with --reason, or name one with --request")
    filed = approvals.file(kind, subject, args, reason, by=operator(), now=now)
    return ApprovalMissing(
        f"{filed.id}: filed; once two officers have approved it, run this again with --request {filed.id}"
    )


def _plain(request: Request) -> dict[str, object]:
    return {
        "id": request.id,
        "kind": request.kind,
        "subject": request.subject,
        "args": dict(request.args),
        "reason": request.reason,
        "filed_by": request.filed_by,
        "filed_at": request.filed_at.isoformat(),
        "expires_at": request.expires_at.isoformat(),
        "state": request.state,
        "officers": list(request.officers),
    }
