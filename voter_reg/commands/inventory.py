"""`voter-reg data-inventory`: every field that is kept, and what for. Needs no database and no configuration."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import click

from eligibility import load_pack
from voter_reg.commands.output import print_json
from voter_reg.service.inventory import as_markdown, inventory
from voter_reg.service.retention import schedule


@click.command("data-inventory")
@click.option("--pack", default="minneapolis", show_default=True, metavar="P", help="Whose retention schedule.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of Markdown.")
def data_inventory(pack: str, as_json: bool) -> None:
    """Write the whole data inventory as Markdown, read from the models themselves."""
    loaded = load_pack(pack)
    # The newest clock of each kind, so that the same pack gives the same page on every day.
    rules = schedule(loaded, date.max)
    fields = inventory({rule.kind: f"{rule.kept}, from {rule.runs_from}" for rule in rules})
    if as_json:
        print_json({"fields": [asdict(field) for field in fields]})
    else:
        click.echo(as_markdown(fields), nl=False)
