"""`voter-reg demo`: the whole service on an invented city, in one command."""

from __future__ import annotations

import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from voter_reg.demo import CITY
from voter_reg.demo.residents import cards_to_try, residents
from voter_reg.demo.run import Part, refuse_taken_ports, run, sole_user
from voter_reg.demo.setup import prepare, print_cards, refuse_foreign
from voter_reg.demo.staff import FILE, read_accounts
from voter_reg.residency.card_number import spaced

_LAST_PORT = 65533


@click.command("demo")
@click.option("--port", type=click.IntRange(1, _LAST_PORT), default=8000, show_default=True, help="The portal's port.")
@click.option("--dir", "folder", type=click.Path(path_type=Path), default=Path("demo-data"), show_default=True)
def demo(port: int, folder: Path) -> None:
    """Start the demonstration city: portal on N, office on N+1, Municipal ID registry on N+2, worker."""
    office_port, registry_port = port + 1, port + 2
    refuse_taken_ports((port, office_port, registry_port))
    folder = folder.absolute()
    refuse_foreign(folder)
    with sole_user(folder):
        election = prepare(folder, registry_port, _now().date(), _now, _say)
        registry = ("serve", "registry", "--port", str(registry_port), "--dir", str(folder / "registry"))
        parts = (
            Part("registry", registry, registry_port),
            Part("portal", ("serve", "portal", "--port", str(port)), port),
            Part("office", ("serve", "office", "--port", str(office_port)), office_port, "/sign-in"),
            Part("worker", ("worker",), None),
        )
        _say("Starting portal, office, registry and worker")
        run(folder, parts, lambda: _print_guide(port, folder, election))
    _say("Stopped.")


def _now() -> datetime:
    return datetime.now(UTC)


def _say(line: str) -> None:
    click.echo(line)
    sys.stdout.flush()


def _print_guide(port: int, folder: Path, election: str) -> None:
    _say(f"\n{CITY} is INVENTED: no such city, street, person or card exists. Every roster is a DEMONSTRATION.\n")
    _say(f"  Portal    http://127.0.0.1:{port}/")
    _say(f"  Office    http://localhost:{port + 1}/")
    _say(f"  Registry  http://127.0.0.1:{port + 2}/   (Municipal ID; its interface: /openapi.json)\n")
    _say("Three cards to try (number, birth date, address, living here since):")
    for one in cards_to_try(residents()):
        _say(f"  {spaced(one.card.number)}   {one.born}   {one.home.address}   {one.since}")
    _say("The same cards as pictures with a code, to print or to send:")
    for path in print_cards(folder, _now().date()):
        _say(f"  {path}")
    _say(f"\nStaff for the office (name, password, authenticator secret), also in {FILE} there:")
    for account in read_accounts(folder):
        _say(f"  {account.name:<14} {account.password}   {account.secret}")
    _say(f"A phone's authenticator app takes the secret; {_program()} staff code SECRET prints the present code.")
    _say("\nAfter registering, in another terminal, tag everyone, freeze the roster and export its poll books:")
    _say(f"  export VOTER_REG_INSTANCE_DIR={shlex.quote(str(folder))}")
    voter_reg = _program()
    _say(f"  {voter_reg} tag {election}")
    _say(f"  {voter_reg} roster freeze {election}")
    _say(f"  {voter_reg} roster export {election}-r1 --clear --out poll-books")
    _say("Each freeze prints the id of its roster (-r1, then -r2); --out names a new directory each time.")
    _say("\nCtrl-C stops everything. The next start uses the same data; to begin anew, remove the directory.")


def _program() -> str:
    """How to call this program from where it was called."""
    return ".venv/bin/voter-reg" if Path(".venv/bin/voter-reg").exists() else "voter-reg"
