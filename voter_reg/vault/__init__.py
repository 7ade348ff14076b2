"""The vault: keys, envelopes and blind indexes. Nothing personal leaves memory except through here."""

from voter_reg.vault.keys import VaultError, create_keys
from voter_reg.vault.vault import Vault, open_vault

__all__ = ["Vault", "VaultError", "create_keys", "open_vault"]
