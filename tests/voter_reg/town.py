"""A small town with real rules: Minneapolis's pack over nine square precincts, and an installation that serves it."""

import csv
import io
import json
import os
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from voter_reg.back_room import create_back_room
from voter_reg.cli import main
from voter_reg.config import Config, write_settings
from voter_reg.residency.verifier import CardAnswer
from voter_reg.service import drafts, registration
from voter_reg.service.actors import RESIDENT, staff
from voter_reg.service.city import open_city
from voter_reg.store import migrate
from voter_reg.store.db import db
from voter_reg.vault import create_keys

DAY = date(2025, 11, 4)
NOW = datetime(2025, 9, 1, 17, tzinfo=UTC)
CLERK = staff("tester")
FILE = "voter_reg.sqlite3"
WEST, SOUTH, SIDE = -93.30, 44.95, 0.004
SIDES = range(3)


def build_town(folder: Path) -> Path:
    """Build the town's map with the real builder: precincts A-1 to C-3, wards by rows, park districts by columns."""
    source = folder / "source"
    source.mkdir(parents=True)
    precincts, addresses = [], []
    for row in SIDES:
        for column in SIDES:
            west, south = WEST + column * SIDE, SOUTH + row * SIDE
            ring = [
                (west, south),
                (west + SIDE, south),
                (west + SIDE, south + SIDE),
                (west, south + SIDE),
                (west, south),
            ]
            properties = {"precinct": precinct(row, column), "ward": str(row + 1), "park": str(column + 1)}
            geometry = {"type": "Polygon", "coordinates": [ring]}
            precincts.append({"type": "Feature", "properties": properties, "geometry": geometry})
            for house in range(20):
                point = (west + SIDE * (house + 1) / 22, south + SIDE / 2)
                addresses.append((address(row, column, house), "55401", *(f"{one:.6f}" for one in point)))
    (source / "precincts.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": precincts}))
    with (source / "addresses.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("address", "zip", "lon", "lat"), *addresses])
    (source / "map.toml").write_text(
        'place = "minneapolis"\neffective_from = 2022-05-01\n[precincts]\nfile = "precincts.geojson"\nid = "precinct"\n'
        'districts = { ward = "ward", park = "park" }\n[addresses]\nfile = "addresses.csv"\n'
        'columns = { address = "address", zip = "zip", lon = "lon", lat = "lat" }\n'
    )
    built = folder / "town.map"
    status = command("map", "build", str(source), "--out", str(built))
    assert status.code == 0, status.err
    return built


def precinct(row, column):
    return f"{'ABC'[row]}-{column + 1}"


def address(row, column, house=0):
    street = ("OAK", "ELM", "ASH")[row]
    return f"{100 * (column + 1) + 2 * house} {street} ST"


@dataclass(frozen=True)
class Ending:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


def command(*args, config: Config | None = None) -> Ending:
    """Run `voter-reg` in this process, on an installation."""
    out, err = io.StringIO(), io.StringIO()
    before = os.environ.get("VOTER_REG_INSTANCE_DIR")
    if config is not None:
        os.environ["VOTER_REG_INSTANCE_DIR"] = str(config.instance_dir)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = main(list(args))
    finally:
        if config is not None:
            os.environ.pop("VOTER_REG_INSTANCE_DIR")
            if before is not None:
                os.environ["VOTER_REG_INSTANCE_DIR"] = before
    return Ending(code, out.getvalue(), err.getvalue())


def install(folder: Path, town_map: Path, **changes: str) -> Config:
    """An installation with keys and tables."""
    config = settled(folder, town_map, **changes)
    create_keys(config.master_key_file, config.keystore_file)
    if "DATABASE_URL" in changes:
        with Office(config).open():
            migrate.upgrade()
    else:
        made = folder / FILE
        made.touch(0o600)
        made.write_bytes(empty_tables(town_map))
    return config


@cache
def empty_tables(town_map: Path) -> bytes:
    """An SQLite file after every migration, made once: making it takes longer than most tests that start with one."""
    with TemporaryDirectory() as folder:
        config = settled(Path(folder), town_map)
        create_keys(config.master_key_file, config.keystore_file)
        with Office(config).open():
            migrate.upgrade()
            db.engine.dispose()
        return (Path(folder) / FILE).read_bytes()


def settled(folder: Path, town_map: Path, **changes: str) -> Config:
    """The settings of an installation, written."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "PORTAL_SECRET": "p" * 40,
        "PACK": "minneapolis",
        "MAP_FILE": str(town_map),
        "REGISTRY_URL": "http://127.0.0.1:9",
        "REGISTRY_KEY": "k" * 40,
        "CARD_ANSWER_SECONDS": "0",
        **changes,
    }
    write_settings(folder, settings)
    return Config.from_env({"VOTER_REG_INSTANCE_DIR": str(folder)})


class Registry:
    """A verifier in memory: says yes to every card but those it was told of."""

    def __init__(self, answers: dict[str, CardAnswer] | None = None) -> None:
        self.answers, self.asked = answers or {}, []

    def check(self, number, born, address):
        self.asked.append((number, born, address))
        return self.answers.get(number, "confirmed")


class Office:
    """An installation at work, at a moment of our choosing."""

    def __init__(self, config: Config, now: datetime = NOW) -> None:
        self.config, self.now = config, now
        self.sent: list[tuple[str, int]] = []

    def clock(self):
        return self.now

    def later(self, **span):
        self.now += timedelta(**span)

    @contextmanager
    def open(self, *, catching=True):
        """Within the application's context; jobs are caught in `sent` instead of being put on the queue."""
        self.app, self.bench, self.queue = create_back_room(self.config, clock=self.clock)
        self.vault, self.shelf = self.bench.vault, self.bench.shelf
        if catching:
            self.app.extensions["voter_reg_send"] = lambda kind, job_id: self.sent.append((kind, job_id))
        with self.app.app_context():
            self.city = open_city(self.config)
            yield self

    def draft(self, **answers):
        """Start a draft and answer everything; its token, the draft and its version."""
        token = drafts.start(self.vault, self.now, notice_version="n" * 64)
        found = drafts.load(self.vault, token, self.now)
        stands = {precinct(row, column): address(row, column) for row in SIDES for column in SIDES}
        there = {"address": stands[answers["split"]]} if answers.get("split") in stands else {}
        draft = replace(found[0], **{**ANSWERS, **there, **answers})
        return token, draft, drafts.save(self.vault, token, draft, found[1], self.now)

    def prove(self, token, number="100000000051", registry=None):
        """Show a Municipal ID; the draft after it."""
        _, version = drafts.load(self.vault, token, self.now)
        registration.check_card(self.vault, registry or Registry(), token, version, number, self.now)
        return drafts.load(self.vault, token, self.now)

    def submit(self, token, draft, version, now=None):
        return registration.submit(self.vault, self.city, token, draft, version, by=RESIDENT, now=now or self.now)

    def register(self, number=None, **answers):
        """A whole registration: with a card when a number is given, else waiting for papers."""
        token, draft, version = self.draft(**answers, proof=None if number else "papers")
        if number:
            draft, version = self.prove(token, number)
        return self.submit(token, draft, version)


ANSWERS = {
    "typed_address": "100 oak street",
    "address": "100 OAK ST",
    "unit": None,
    "split": "A-1",
    "name": "Amina Yusuf",
    "sort_name": None,
    "birth": "1990-01-01",
    "resident_since": "2015-05",
    "sworn": ("guardian",),
}


def card(number):
    """A card number: ten digits and the two of ISO 7064 MOD 97-10."""
    digits = f"{number:010}"
    return f"{digits}{98 - int(digits) * 100 % 97:02}"
