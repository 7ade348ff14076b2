"""`voter-reg data-inventory`: every field that is kept, and what for. Needs no database and no configuration."""

from __future__ import annotations

from dataclasses import asdict

import click

from voter_reg.commands.output import print_json
from voter_reg.service.inventory import as_markdown, inventory


@click.command("data-inventory")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of Markdown.")
def data_inventory(as_json: bool) -> None:
    """Write the whole data inventory as Markdown, read from the models themselves."""
    fields = inventory()
    if as_json:
        print_json({"fields": [asdict(field) for field in fields]})
    else:
        click.echo(as_markdown(fields), nl=False)
