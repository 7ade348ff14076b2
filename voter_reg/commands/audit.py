"""`voter-reg audit`: verify the access log's file, export it, sign checkpoints, and answer who looked.

Verifying needs nothing but the file: no configuration, no database, and nothing of the service is imported for it.
"""

from __future__ import annotations

import base64
import json
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voter_reg.vault.log_file import verify_log

if TYPE_CHECKING:
    from voter_reg.service.work import Bench

_file = click.Path(path_type=Path, dir_okay=False)
_as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object a line, and nothing else.")


@click.group("audit")
def audit_group() -> None:
    """The access log: who looked at what, provably."""


@audit_group.command("verify")
@click.argument("file", type=_file)
@click.option("--checkpoint", "earlier", multiple=True, type=_file, help="Checkpoints kept from earlier.")
@click.option("--key", "key_file", type=_file, help="The public key that signed it, kept from earlier.")
@_as_json
def verify(file: Path, earlier: tuple[Path, ...], key_file: Path | None, as_json: bool) -> None:
    """Verify a log's file. Exit 1 when something was changed, removed, moved or cut off."""
    found = verify_log(file, earlier, key_file)
    root = base64.b64encode(found.root).decode()
    if as_json:
        counts = {"leaves": found.leaves, "checkpoints": found.checkpoints, "root": root}
        click.echo(json.dumps({"verified": True, **counts, "key_given": found.key_given}))
        return
    click.echo(f"verified: {found.leaves:,} leaves, {found.checkpoints:,} checkpoints, root {root}")
    if not found.key_given:
        click.echo("The key is the file's own word: give the one you kept with --key.")


@audit_group.command("export")
@click.option("--out", required=True, type=_file, help="A new file.")
@_as_json
def export(out: Path, as_json: bool) -> None:
    """Write the log to a file, ending in a fresh checkpoint."""
    from voter_reg.service import audit  # noqa: PLC0415 - verifying must not need the service

    with _room() as bench:
        last = audit.export(bench.vault, out, bench.clock())
    if as_json:
        click.echo(json.dumps({"file": str(out), "leaves": last.size}))
    else:
        click.echo(f"{out}: {last.size:,} leaves")


@audit_group.command("checkpoint")
@click.option("--out", type=_file, help="Append it to a file, to be kept elsewhere.")
def checkpoint(out: Path | None) -> None:
    """Sign what the log is now, and print the checkpoint; exit 1 when it is no longer what it was."""
    from voter_reg.service import audit  # noqa: PLC0415 - verifying must not need the service

    with _room() as bench:
        line = audit.checkpoint(bench.vault, bench.clock()).line().decode()
    if out is None:
        click.echo(line)
        return
    with out.open("a", encoding="ascii") as file:
        file.write(line + "\n")
    click.echo(f"{out}: checkpoint added")


@audit_group.command("key")
def key() -> None:
    """Print the public key that verifies the log; keep it somewhere else."""
    from voter_reg.service import audit  # noqa: PLC0415 - verifying must not need the service

    with _room() as bench:
        click.echo(base64.b64encode(audit.public_key(bench.vault)).decode())


@audit_group.command("who")
@click.argument("voter")
@_as_json
def who(voter: str, as_json: bool) -> None:
    """Say who has looked at a voter's record, for an answer on paper. Asking is logged."""
    from voter_reg.commands.back_room import operator  # noqa: PLC0415 - verifying must not need the service
    from voter_reg.service.who_looked import who_looked  # noqa: PLC0415

    with _room() as bench:
        looks = who_looked(bench.vault, voter, by=operator(), now=bench.clock())
    for look in looks:
        if as_json:
            plain = {"at": look.at.isoformat(), "role": look.role, "what": look.what, "many": look.many}
            click.echo(json.dumps(plain))
        else:
            click.echo(f"{look.at:%Y-%m-%d %H:%M} UTC  {look.role}: {look.what}{' (many at once)' * look.many}")


def _room() -> AbstractContextManager[Bench]:
    from voter_reg.commands.back_room import opened_back_room  # noqa: PLC0415 - verifying must not need the service

    return opened_back_room()
