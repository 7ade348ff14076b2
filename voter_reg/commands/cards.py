"""`voter-reg card`: cards of a Municipal ID registry that runs beside this service, as in the demonstration."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import SystemRandom

import click

from eligibility import BadInput, BirthDate
from eligibility.address import parse
from voter_reg.commands.days import DAY
from voter_reg.registry.app import read_registry
from voter_reg.registry.cards import Card, add_card
from voter_reg.residency.card_number import new_number, spaced


@click.group("card")
def card_group() -> None:
    """Municipal ID cards of the demonstration."""


@card_group.command("issue")
@click.option("--dir", "folder", required=True, type=click.Path(path_type=Path), help="The registry's own directory.")
@click.option("--born", required=True, metavar="D", help="Birth date: YYYY-MM-DD, YYYY-MM or YYYY.")
@click.option("--address", required=True, metavar="A", help="A street address.")
@click.option("--valid-until", type=DAY, default=date(2030, 12, 31), show_default=True, help="The card's last day.")
def issue(folder: Path, born: str, address: str, valid_until: date) -> None:
    """Issue a card; prints its number, which is kept nowhere."""
    registry = read_registry(folder)
    if parse(address).kind != "address":
        raise BadInput(f"{address[:80]!r} is not a house number and a street", "address")
    number = new_number(SystemRandom())
    card = Card(number, BirthDate.parse(born).iso(), address, valid_until)
    add_card(registry.card_file, registry.card_key, card)
    click.echo(spaced(number))
