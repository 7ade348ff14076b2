"""The vault: keys, envelopes and blind indexes. Nothing personal leaves memory except through here."""

from voter_reg.vault.errors import KeyGone, VaultError
from voter_reg.vault.keys import create_keys
from voter_reg.vault.master import MasterKey
from voter_reg.vault.vault import Vault, open_vault

__all__ = ["KeyGone", "MasterKey", "Vault", "VaultError", "create_keys", "open_vault"]
