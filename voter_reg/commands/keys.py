"""`voter-reg keys`: the master key and the keystore of an installation."""

from __future__ import annotations

import os

import click

from voter_reg.config import Config
from voter_reg.vault import create_keys


@click.group("keys")
def keys_group() -> None:
    """The master key and the keystore file."""


@keys_group.command("init")
def init() -> None:
    """Create master key and keystore where the configuration says; what is there is never overwritten."""
    config = Config.from_env(os.environ)
    create_keys(config.master_key_file, config.keystore_file)
    click.echo(
        f"{config.master_key_file} and {config.keystore_file}: created. Keep a copy of the master key apart from the "
        "database's backups; without these two files nothing opens again."
    )
