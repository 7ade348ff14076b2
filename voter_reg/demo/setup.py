"""Preparing the demonstration: keys, database, city, cards, residents, election, staff; made once, then reused.

Everything stands in one directory. A mark is set first and the marker written last, so that a directory whose making
was cut short is made anew by the next start and never used half-made, and nobody else's is ever touched.
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from eligibility import BadInput, load_pack, next_election
from eligibility.map_build import build_map
from voter_reg.back_room import create_back_room
from voter_reg.config import Config, write_settings
from voter_reg.demo.city import polling_places as invented_places
from voter_reg.demo.city import write_city, write_pack
from voter_reg.demo.papers import KIND, bill
from voter_reg.demo.residents import Resident, cards_to_try, residents
from voter_reg.demo.staff import FILE, seed_staff, write_accounts
from voter_reg.documents.setting_up import set_up_papers
from voter_reg.registry.app import hash_caller_key, read_registry
from voter_reg.registry.cards import place_of, write_cards
from voter_reg.registry.issuer import make_issuer
from voter_reg.registry.printed_card import draw
from voter_reg.registry.private_file import write_private
from voter_reg.residency.card_number import spaced
from voter_reg.service import drafts, elections, papers, polling_places, registration
from voter_reg.service.actors import RESIDENT, staff
from voter_reg.service.city import City, open_city
from voter_reg.service.gate import Gate
from voter_reg.service.polling_places import PollingPlace
from voter_reg.service.shelf import open_on
from voter_reg.service.work import Bench, run
from voter_reg.store import jobs as job_store
from voter_reg.store import migrate
from voter_reg.store.db import snapshot
from voter_reg.vault import create_keys

REGISTERED = 240
"""How many of the invented residents are registered from the start; the others are for trying."""

_FORMAT = 5
_MARKER = "demonstration.json"
_UNFINISHED = "demonstration.unfinished"
_LOCK = "lock"
_CARDS, _CARD_KEYS = "cards", "card-keys.json"
_ISSUER = "https://municipal-id.northgate-falls.example"
_OURS = frozenset(
    {_UNFINISHED, f"{_MARKER}.new", "settings.env", "settings.env.new", FILE, _CARDS, _CARD_KEYS}
    | {"archive", "city", "pack", "city.map", "registry", "keys", "broker", "logs"}
    | {f"voter_reg.sqlite3{end}" for end in ("", "-wal", "-shm", "-journal")}
)
"""What a start makes before its marker."""
_OPERATOR = staff("demonstration")
_ORIGIN = "http://localhost"  # where invitations are followed here; no passkey is made

Say = Callable[[str], None]


def prepare(folder: Path, registry_port: int, today: date, now: Callable[[], datetime], say: Say) -> str:
    """Make the demonstration in `folder`, or take up the one that is there; the id of its election.

    Raises:
        BadInput: the folder holds something else, or cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = _read_marker(folder)
    if made is not None:
        _write_settings(folder, registry_port)
        _make_papers(folder, now())
        return made
    _clear_unfinished(folder)
    (folder / _UNFINISHED).touch()
    _write_settings(folder, registry_port)
    say("Drawing the invented city")
    _make_city(folder)
    say("Issuing demonstration cards")
    _make_registry(folder)
    say("Registering invented residents, inviting invented staff")
    election = _make_database(folder, today, now)
    _make_papers(folder, now())
    _write_marker(folder, election)
    return election


def config_of(folder: Path) -> Config:
    """The configuration of a prepared folder."""
    return Config.from_env({"VOTER_REG_INSTANCE_DIR": str(folder)})


def _read_marker(folder: Path) -> str | None:
    try:
        marker = json.loads((folder / _MARKER).read_text(encoding="utf-8"))
        made, election = marker["format"], str(marker["election"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        # Not begun anew by itself: residents may have been registered here since.
        raise BadInput("is damaged; remove the directory or choose another --dir", str(folder / _MARKER)) from None
    if made != _FORMAT:
        raise BadInput("holds a demonstration of another version; remove it or choose another --dir", str(folder))
    return election


def _write_marker(folder: Path, election: str) -> None:
    """Say that all is made: whole or not at all, and after everything else."""
    beside = folder / f"{_MARKER}.new"
    beside.write_text(json.dumps({"format": _FORMAT, "election": election}), encoding="utf-8")
    beside.replace(folder / _MARKER)
    (folder / _UNFINISHED).unlink()


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder that no demonstration made, and leave everything in it as it is.

    A real installation has files of the same names, so only a demonstration's own mark tells that they may go.

    Raises:
        BadInput: names something that is in it.
    """
    found = {entry.name for entry in folder.iterdir()} - {_LOCK} if folder.is_dir() else set()
    if _MARKER in found:
        return
    foreign = found - _OURS if _UNFINISHED in found else found
    if foreign:
        raise BadInput(f"holds {min(foreign)!r}, which is no demonstration's; choose another --dir", str(folder))


def _clear_unfinished(folder: Path) -> None:
    """Clear away what an earlier start left unfinished. Its mark stays, in case this one is cut short as well."""
    refuse_foreign(folder)
    for entry in list(folder.iterdir()):
        if entry.name in {_LOCK, _UNFINISHED}:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _write_settings(folder: Path, registry_port: int) -> None:
    """Settings of this start; secrets stay those of the first."""
    kept = dict(line.split("=", 1) for line in _lines(folder / "settings.env"))
    write_settings(
        folder,
        {
            "PORTAL_SECRET": kept.get("VOTER_REG_PORTAL_SECRET") or secrets.token_urlsafe(32),
            "OFFICE_SECRET": kept.get("VOTER_REG_OFFICE_SECRET") or secrets.token_urlsafe(32),
            "REGISTRY_KEY": kept.get("VOTER_REG_REGISTRY_KEY") or secrets.token_urlsafe(32),
            "REGISTRY_URL": f"http://127.0.0.1:{registry_port}",
            "PACK": str(folder / "pack"),
            "MAP_FILE": str(folder / "city.map"),
            "CARD_KEYS_FILE": str(folder / _CARD_KEYS),
        },
    )


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _make_city(folder: Path) -> None:
    write_pack(folder / "pack")
    write_city(folder / "city")
    build_map(folder / "city", folder / "city.map")


def _make_registry(folder: Path) -> None:
    """The registry's own directory: its cards, the key that hides them, its caller's key as a hash, its issuer."""
    registry = folder / "registry"
    registry.mkdir(mode=0o700)
    card_key = secrets.token_bytes(32)
    write_private(registry / "card.key", card_key.hex())
    write_private(registry / "caller.hash", hash_caller_key(config_of(folder).registry_key))
    write_cards(registry / "cards.sqlite3", card_key, [one.card for one in residents()])
    # As a person would copy it from the issuer's own page.
    (folder / _CARD_KEYS).write_text(json.dumps(make_issuer(registry, _ISSUER).metadata()), encoding="utf-8")


def print_cards(folder: Path, today: date) -> list[Path]:
    """Draw the cards to try as pictures to print or to send to the portal; those that are there stay."""
    registry = read_registry(folder / "registry")
    if registry.issuer is None:
        return []
    drawn = folder / _CARDS
    drawn.mkdir(exist_ok=True, mode=0o700)
    files = [drawn / f"card-{n}.png" for n in (1, 2, 3)]
    for path, one in zip(files, cards_to_try(residents()), strict=True):
        if not path.exists():
            place = place_of(registry.card_file, registry.card_key, one.card.number, one.card.born)
            signed = registry.issuer.sign_card(one.card, place, today)
            path.write_bytes(draw(one.card, spaced(one.card.number), signed, path.suffix))
    return files


def _make_database(folder: Path, today: date, now: Callable[[], datetime]) -> str:
    config = config_of(folder)
    create_keys(config.master_key_file, config.keystore_file)
    app, bench, _ = create_back_room(config, clock=now)
    with app.app_context():
        migrate.upgrade()
        city = open_city(config)
        day = next_election(load_pack(config.pack), today)
        if day is None:
            raise BadInput("has no election to come", config.pack)
        election = elections.create(
            config.pack, config.map_file, day, by=_OPERATOR, now=now(), archive=bench.shelf.archive
        )
        places = [PollingPlace(*told) for told in invented_places()]
        polling_places.assign(open_on(bench.shelf, election), places, by=_OPERATOR, now=now())
        for resident in residents()[-REGISTERED:]:
            _register(bench, city, resident, now())
        _run_all(bench)
        gate = Gate(bench.vault, config.needed_office_secret(), _ORIGIN)
        write_accounts(folder, seed_staff(gate, now))
    return election


def _make_papers(folder: Path, now: datetime) -> None:
    """The key that signs papers, and blank forms; also for a folder that an earlier version made."""
    config = config_of(folder)
    set_up_papers(config, load_pack(config.pack), now)


def _register(bench: Bench, city: City, resident: Resident, now: datetime) -> None:
    """Register an invented resident by the same use cases as anyone, card and all; an expired card waits for papers."""
    token = drafts.start(bench.vault, now, notice_version=city.pack.digest[:16])
    found = drafts.load(bench.vault, token, now)
    where = city.map.lookup(resident.home.address)
    assert found is not None
    draft = replace(
        found[0],
        typed_address=resident.home.address,
        address=where.address,
        split=where.split,
        name=resident.name,
        birth=resident.born,
        resident_since=resident.since,
    )
    version = drafts.save(bench.vault, token, draft, found[1], now)
    verifier = _Holds(resident.card.valid_until >= now.date())
    registration.check_card(bench.vault, verifier, token, version, resident.card.number, now)
    proven, version = drafts.load(bench.vault, token, now) or (draft, version)
    if proven.proof is None:
        proven = replace(proven, proof="papers")
        version = drafts.save(bench.vault, token, proven, version, now)
        if int(resident.card.number) % 3:  # some send papers, the others will come in
            sent = bill(resident, now.date() - timedelta(days=12))
            version = papers.attach(bench.vault, token, version, KIND, sent, now)
            proven, version = drafts.load(bench.vault, token, now) or (proven, version)
    registration.submit(bench.vault, city, token, proven, version, by=RESIDENT, now=now)


class _Holds:
    """Answers for the registry while it is not running yet: the residents hold their own cards."""

    def __init__(self, valid: bool) -> None:
        self._valid = valid

    def check(self, number: str, born: str, address: str) -> registration.CardAnswer:  # noqa: ARG002
        """As the registry would, for a card shown by its holder."""
        return "confirmed" if self._valid else "not_confirmed"


def _run_all(bench: Bench) -> None:
    """Tag them now: the worker is not running yet."""
    with snapshot() as session:
        waiting = job_store.unfinished_since(session, bench.clock())
    for job_id, _ in waiting:
        run(job_id, bench)
