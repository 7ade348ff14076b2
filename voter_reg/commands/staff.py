"""`voter-reg staff`: accounts of staff, for whoever holds the machine: to invite the first, and when none is left."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click

from voter_reg.commands.back_room import opened_back_room, operator
from voter_reg.commands.output import as_json, print_json, print_table
from voter_reg.commands.staff_code import code
from voter_reg.config import Config
from voter_reg.roles import Role
from voter_reg.service import accounts, sessions, staff_links
from voter_reg.service.gate import Gate
from voter_reg.service.staff_links import Link

_URL = click.option("--url", default="", metavar="URL", help="The office's address, to print the whole link.")
_NAME = click.argument("name")


@click.group("staff")
def staff_group() -> None:
    """Accounts of staff: invite, list, disable, reset."""


staff_group.add_command(code)


@staff_group.command("invite")
@_NAME
@click.option("--role", "roles", multiple=True, type=click.Choice([role.value for role in Role]), help="Repeatable.")
@click.option("--again", is_flag=True, help="An account that is invited or disabled: it keeps its roles alone.")
@_URL
@as_json
def invite(name: str, roles: tuple[str, ...], again: bool, url: str, as_json: bool) -> None:
    """Make an account and print its one-time invitation, which is kept nowhere."""
    if again == bool(roles):
        raise click.UsageError("say what they may do with --role, or --again for an account that has its roles")
    with _opened_gate(url) as (gate, now):
        if again:
            link = accounts.invite_again(gate, accounts.named(name).id, by=operator(), now=now)
        else:
            link = accounts.invite(gate, name, [Role(role) for role in roles], by=operator(), now=now)
    _print_link(name, link, url, as_json=as_json)


@staff_group.command("list")
@as_json
def list_accounts(as_json: bool) -> None:
    """List the accounts."""
    with opened_back_room():
        found = accounts.every()
    if as_json:
        for one in found:
            print_json(
                {
                    "name": one.name,
                    "roles": sorted(one.roles),
                    "state": one.state,
                    "blocked": one.blocked,
                    "passkeys": one.passkeys,
                    "recovery_codes_left": one.recovery_codes_left,
                    "created_at": one.created_at.isoformat(),
                }
            )
        return
    print_table(
        ("name", "state", "roles"),
        [(one.name, f"{one.state}{', blocked' * one.blocked}", ", ".join(sorted(one.roles))) for one in found],
    )


@staff_group.command("disable")
@_NAME
def disable(name: str) -> None:
    """Close an account at once: its sessions end, and what it signed in with is removed."""
    with opened_back_room() as bench:
        accounts.disable(accounts.named(name).id, by=operator(), now=bench.clock())
    click.echo(f"{name}: disabled")


@staff_group.command("unblock")
@_NAME
def unblock(name: str) -> None:
    """Let an account sign in again that had too many failures in a row."""
    with opened_back_room() as bench:
        accounts.unblock(accounts.named(name).id, by=operator(), now=bench.clock())
    click.echo(f"{name}: unblocked")


@staff_group.command("end-sessions")
@_NAME
def end_sessions(name: str) -> None:
    """End every session of an account."""
    with opened_back_room() as bench:
        ended = sessions.end_all(accounts.named(name).id, by=operator(), now=bench.clock())
    click.echo(f"{name}: {ended} sessions ended")


@staff_group.command("reset")
@_NAME
@click.option("--password", "factor", flag_value="password", help="They still show their second factor.")
@click.option("--second-factor", "factor", flag_value="second-factor", help="They still give their password.")
@_URL
@as_json
def reset(name: str, factor: str | None, url: str, as_json: bool) -> None:
    """Print a one-time link that sets one factor anew, and end every session of the account."""
    if factor is None:
        raise click.UsageError("say which one with --password or --second-factor")
    issue = staff_links.reset_password if factor == "password" else staff_links.reset_second_factor
    with _opened_gate(url) as (gate, now):
        link = issue(gate, accounts.named(name).id, by=operator(), now=now)
    _print_link(name, link, url, as_json=as_json)


@contextmanager
def _opened_gate(url: str) -> Iterator[tuple[Gate, datetime]]:
    """What a link is issued with; raises ConfigError without the office's secret."""
    secret = Config.from_env(os.environ).needed_office_secret()
    with opened_back_room() as bench:
        yield Gate(bench.vault, secret, url), bench.clock()


def _print_link(name: str, link: Link, url: str, *, as_json: bool) -> None:
    where, ends = url.rstrip("/") + link.path, link.expires_at.isoformat(timespec="minutes")
    if as_json:
        print_json({"name": name, "purpose": link.purpose, "link": where, "expires_at": link.expires_at.isoformat()})
    else:
        click.echo(f"{name}: {link.purpose}, good once and until {ends}\n{where}")
