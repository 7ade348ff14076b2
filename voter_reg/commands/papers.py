"""`voter-reg paper`: blank forms, the check of a paper that the city signed, and the keys to check with."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from eligibility import load_pack
from eligibility.errors import BadInput
from voter_reg.commands.output import as_json, print_json, print_table
from voter_reg.config import Config, archive_folder
from voter_reg.documents import PaperArchive, blank_form, typeset, verify
from voter_reg.documents.city_key import as_pem, described, read_certificates
from voter_reg.documents.setting_up import new_paper_key
from voter_reg.language import OWN_NAMES, words

_MOST_BYTES = 32 * 1024 * 1024
_CODES = {"valid": 0, "changed": 1, "unknown-key": 2}


@click.group("paper")
def paper_group() -> None:
    """Blank forms, and papers that the city signed: check one, list the keys."""


@paper_group.command("form")
@click.option("--pack", required=True, metavar="P", help="The place: a pack's name or directory.")
@click.option("--language", type=click.Choice(list(OWN_NAMES)), default="en", show_default=True)
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The PDF to write.")
@click.option("--bring-to", multiple=True, metavar="LINE", help="Where forms are taken in; once for each line.")
@as_json
def form(pack: str, language: str, out: Path, bring_to: tuple[str, ...], as_json: bool) -> None:
    """Write the blank registration form, and keep it in the installation's archive where there is one."""
    made = blank_form(load_pack(pack), words(language), bring_to=bring_to)
    archive = archive_folder(os.environ)
    kept = PaperArchive(archive).keep_form(made) if archive.parent.is_dir() else None
    out.write_bytes(typeset(made.paper))
    if as_json:
        print_json({"file": str(out), "language": language, "version": made.version, "kept": kept and str(kept)})
        return
    click.echo(f"{out}: form {made.version}{', kept in the archive' if kept else ''}")


@paper_group.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--certificate", "given", multiple=True, type=click.Path(path_type=Path), help="Certificates of the city (PEM)."
)
@as_json
def verify_paper(file: Path, given: tuple[Path, ...], as_json: bool) -> None:
    """Check a signed paper, offline. Exit 0 valid, 1 changed, 2 signed with a key that is not known here.

    Keys are those of --certificate, or else of the archive of this installation.
    """
    if file.stat().st_size > _MOST_BYTES:
        raise BadInput(f"has more than {_MOST_BYTES:,} bytes; no paper of the city has", str(file))
    handed = tuple(one for each in given for one in read_certificates(each))
    known = handed or PaperArchive(archive_folder(os.environ)).certificates()
    found = verify(file.read_bytes(), known)
    signed_at = found.signed_at and found.signed_at.isoformat()
    if as_json:
        print_json({"file": str(file), "outcome": found.outcome, "key": found.fingerprint, "signed_at": signed_at})
    elif found.outcome == "valid":
        (by,) = {described(one).name for one in known if described(one).fingerprint == found.fingerprint}
        click.echo(f"{file}: valid, signed at {signed_at} by {by}, key {found.fingerprint}")
    elif found.outcome == "changed":
        click.echo(f"{file}: is not as the city signed it, or was never signed", err=True)
    else:
        click.echo(f"{file}: is whole, but its key is not known here: {found.fingerprint}", err=True)
    raise SystemExit(_CODES[found.outcome])


@paper_group.command("keys")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="A folder to write the certificates to.")
@as_json
def keys(out: Path | None, as_json: bool) -> None:
    """List the public keys of this installation's papers, old ones too; export their certificates."""
    rows = []
    for certificate in PaperArchive(archive_folder(os.environ)).certificates():
        issued = described(certificate)
        rows.append((issued.fingerprint, issued.since.date().isoformat(), issued.name))
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            (out / f"{issued.fingerprint}.pem").write_text(as_pem(certificate), encoding="ascii")
    if as_json:
        for fingerprint, since, name in rows:
            print_json({"key": fingerprint, "since": since, "name": name})
        return
    print_table(("key", "since", "name"), rows)


@paper_group.command("new-key")
def new_key() -> None:
    """Sign with a new key from now on. Papers signed with the old one stay valid."""
    config = Config.from_env(os.environ)
    made = new_paper_key(config, load_pack(config.pack), datetime.now(UTC))
    click.echo(f"{config.paper_key_file}: made. Publish the number of its certificate: {made.fingerprint}")
