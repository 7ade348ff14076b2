"""`voter-reg keys`: the master key and the keystore of an installation."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from eligibility import Pack, load_pack
from voter_reg.back_room import master_key_of, vault_of
from voter_reg.commands.back_room import opened_back_room, operator
from voter_reg.commands.output import as_json, print_json, print_table
from voter_reg.commands.requests import ask_officers, reason_option, request_option
from voter_reg.config import Config
from voter_reg.documents.setting_up import set_up_papers
from voter_reg.process import no_core_dumps
from voter_reg.service.key_destruction import DESTROY_KEY, destroy_key
from voter_reg.vault import create_keys
from voter_reg.vault.keys import create_keystore
from voter_reg.vault.master import new_master_key, parse_master_key
from voter_reg.vault.private_files import read_private


@click.group("keys")
def keys_group() -> None:
    """The master key and the keystore file."""
    no_core_dumps()


@keys_group.command("init")
def init() -> None:
    """Create master key, keystore and the key that signs papers; what is there is never overwritten."""
    config = Config.from_env(os.environ)
    source, pack = master_key_of(config), load_pack(config.pack)
    if not source.is_file:
        create_keystore(source.read(), config.keystore_file)
        click.echo(f"{config.keystore_file}: created. Never put it into the database's backups.")
        _init_papers(config, pack)
        return
    create_keys(config.master_key_file, config.keystore_file)
    click.echo(
        f"{config.master_key_file} and {config.keystore_file}: created. Keep a copy of the master key apart from the "
        "database's backups; without these two files nothing opens again."
    )
    _init_papers(config, pack)


def _init_papers(config: Config, pack: Pack) -> None:
    key = set_up_papers(config, pack, datetime.now(UTC))
    click.echo(f"{config.paper_key_file}: signs papers. Publish the number of its certificate: {key.fingerprint}")


@keys_group.command("status")
@as_json
def status(as_json: bool) -> None:
    """List the keys by id, the destroyed ones among them; never what they are."""
    generation, found = vault_of(Config.from_env(os.environ)).status()
    days = {one.id: None if one.destroyed_on is None else one.destroyed_on.isoformat() for one in found}
    if as_json:
        print_json({"changes": generation, "keys": [{"id": key, "destroyed_on": day} for key, day in days.items()]})
        return
    print_table(("key", "state"), [(key, f"destroyed on {day}" if day else "in use") for key, day in days.items()])


@keys_group.command("rotate")
@click.option("--new-from", type=click.Path(path_type=Path), help="A file (0600) that holds the new master key.")
def rotate(new_from: Path | None) -> None:
    """Wrap every key by a new master key. Nothing that was sealed is touched."""
    config = Config.from_env(os.environ)
    source, vault = master_key_of(config), vault_of(config)
    if new_from is None and not source.is_file:
        raise click.UsageError("the master key does not lie in a file here: give the new one with --new-from")
    vault.rotate(new_master_key() if new_from is None else parse_master_key(read_private(new_from), str(new_from)))
    if source.is_file:
        click.echo(f"{config.master_key_file}: replaced. Copies of the old one open nothing any more; make a new copy.")
    else:
        click.echo(f"{config.keystore_file}: wrapped anew. Replace the master key where it comes from now.")


@keys_group.command("destroy")
@click.argument("key")
@request_option
@reason_option
def destroy(key: str, request: str | None, reason: str) -> None:
    """Destroy the key of a month that is over or of a released hold; two officers must approve it."""
    with opened_back_room() as bench:
        if request is None:
            raise ask_officers(DESTROY_KEY, key, {}, reason, bench.clock())
        destroy_key(bench.vault, bench.city(), key, request, by=operator(), now=bench.clock())
    click.echo(f"{key}: destroyed. What it sealed opens nowhere any more, in no backup either.")
