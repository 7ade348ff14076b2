"""`voter-reg card`: cards of a Municipal ID registry that runs beside this service, as in the demonstration."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from random import SystemRandom

import click

from eligibility import BadInput, BirthDate
from eligibility.address import parse
from voter_reg.commands.days import DAY
from voter_reg.registry.app import RegistryConfig, read_registry
from voter_reg.registry.cards import REVOKED, SUSPENDED, VALID, Card, add_card, place_of, set_status
from voter_reg.registry.issuer import make_issuer
from voter_reg.registry.printed_card import KINDS, draw
from voter_reg.residency.card_number import is_well_formed, new_number, normalise, spaced

_DIRECTORY = click.option(
    "--dir", "folder", required=True, type=click.Path(path_type=Path), help="The registry's own directory."
)
_BORN = click.option("--born", required=True, metavar="D", help="Birth date: YYYY-MM-DD, YYYY-MM or YYYY.")
_STATUSES = {"revoke": REVOKED, "suspend": SUSPENDED, "restore": VALID}


@click.group("card")
def card_group() -> None:
    """Municipal ID cards of the demonstration."""


@card_group.command("issue")
@_DIRECTORY
@_BORN
@click.option("--address", required=True, metavar="A", help="A street address.")
@click.option("--valid-until", type=DAY, default=date(2030, 12, 31), show_default=True, help="The card's last day.")
@click.option("--out", type=click.Path(path_type=Path), help="A new .svg or .png: the signed card, to print.")
def issue(folder: Path, born: str, address: str, valid_until: date, out: Path | None) -> None:
    """Issue a card; prints its number, which is kept nowhere. With --out also the signed card, kept nowhere either."""
    registry = read_registry(folder)
    if parse(address).kind != "address":
        raise BadInput(f"{address[:80]!r} is not a house number and a street", "address")
    number = new_number(SystemRandom())
    card = Card(number, BirthDate.parse(born).iso(), address, valid_until)
    if out is not None:
        _require_printable(registry, folder, out)
    add_card(registry.card_file, registry.card_key, card)
    if out is not None:
        _print_card(registry, card, out)
    click.echo(spaced(number))


@card_group.command("issuer")
@_DIRECTORY
@click.option("--name", required=True, metavar="URL", help="Its name on every card: https://id.example.org")
def issuer(folder: Path, name: str) -> None:
    """Give a registry a key to sign cards with; prints its public keys, for VOTER_REG_CARD_KEYS_FILE."""
    read_registry(folder)
    click.echo(json.dumps(make_issuer(folder, name).metadata(), indent=2))


@card_group.command("revoke")
@_DIRECTORY
@_BORN
@click.option("--as", "what", type=click.Choice(list(_STATUSES)), default="revoke", show_default=True)
@click.argument("number")
def revoke(folder: Path, born: str, what: str, number: str) -> None:
    """Revoke card NUMBER, suspend it, or make it valid again: at once by number, within 15 minutes by its code."""
    registry = read_registry(folder)
    plain = normalise(number)
    if not is_well_formed(plain):
        raise BadInput("is not a card's number", "NUMBER")
    set_status(registry.card_file, registry.card_key, plain, BirthDate.parse(born).iso(), _STATUSES[what])


def _require_printable(registry: RegistryConfig, folder: Path, out: Path) -> None:
    """Refuse before a card is issued that could not be handed out.

    Raises:
        BadInput: the registry has no issuer, or the file is there or of another kind.
    """
    if registry.issuer is None:
        raise BadInput("has no issuer.json; make one by `voter-reg card issuer`", str(folder))
    if out.suffix not in KINDS:
        raise BadInput(f"ends in none of {', '.join(KINDS)}", str(out))
    if out.exists():
        raise BadInput("is there already; name a new file", str(out))
    if not out.parent.is_dir():
        raise BadInput("its folder is not there", str(out))


def _print_card(registry: RegistryConfig, card: Card, out: Path) -> None:
    if registry.issuer is None:  # refused before
        return
    place = place_of(registry.card_file, registry.card_key, card.number, card.born)
    signed = registry.issuer.sign_card(card, place, datetime.now(UTC).date())
    out.touch(mode=0o600)
    out.write_bytes(draw(card, spaced(card.number), signed, out.suffix))
