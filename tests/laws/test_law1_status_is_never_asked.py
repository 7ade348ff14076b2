"""Law 1: no form, column, page, message, export, command or log line asks for or holds anyone's status."""

from __future__ import annotations

import gettext
import struct
from dataclasses import replace
from functools import cache
from pathlib import Path

import click
import pytest
from sqlalchemy import Enum, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from wtforms import Form, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired

from tests.laws.at_run_time import (
    all_commands,
    all_forms,
    exports,
    in_commands,
    in_exports,
    in_forms,
    in_inventory,
    in_models,
)
from tests.laws.in_files import in_compiled_catalogues, in_files, in_job_args, in_log_events
from tests.laws.words import STATUS, Said, allowed, findings, says
from tests.repository import ROOT, texts
from voter_reg.service.inventory import inventory
from voter_reg.store.kept import Kept
from voter_reg.store.models import MODELS

KINDS = (
    "code", "migrations", "templates", "packs", "notices", "catalogues", "schemas", "models", "forms", "exports",
    "commands", "log events", "job arguments", "inventory",
)  # fmt: skip


@cache
def everything() -> tuple[Said, ...]:
    """All that the product says to anyone."""
    return (
        *in_files(texts()),
        *in_compiled_catalogues(ROOT / "voter_reg" / "translations"),
        *in_log_events(texts()),
        *in_job_args(texts()),
        *in_models(MODELS),
        *in_forms(all_forms()),
        *in_exports(exports()),
        *in_commands(all_commands()),
        *in_inventory(inventory()),
    )


def of_kind(kind: str) -> list[Said]:
    return [said for said in everything() if said.kind == kind]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_asks_for_or_holds_anyones_status(kind: str) -> None:
    found, _ = findings(STATUS, allowed("status"), of_kind(kind))

    assert found == []


def test_every_kind_of_source_is_looked_at() -> None:
    translations = ROOT / "voter_reg" / "translations"
    there = {kind for kind in KINDS if kind != "catalogues" or translations.is_dir()}

    assert {said.kind for said in everything()} == there


def test_no_exception_stands_that_nothing_needs() -> None:
    _, used = findings(STATUS, allowed("status"), everything())

    assert set(allowed("status")) - used == set(), "reviewed_words.toml allows what is no longer there"


def test_every_exception_gives_its_reason() -> None:
    assert all(len(exception.reason) > 20 for kind in ("status", "promise") for exception in allowed(kind))


def test_a_reviewed_phrase_does_not_cover_what_is_said_beside_it() -> None:
    (exception, *_) = allowed("status")
    said = Said("templates", exception.file, f"{exception.text} What is your nationality?")

    assert findings(STATUS, [exception], [said])[0] != []
    assert findings(STATUS, [exception], [replace(said, text=exception.text)]) == ([], {exception})
    assert findings(STATUS, [exception], [replace(said, where="elsewhere", text=exception.text)])[0] != []


def in_a_file(name: str, text: str) -> list[Said]:
    return list(in_files([(Path(name), text)]))


class PlantedForm(Form):
    harmless = StringField("Name", [InputRequired("Enter your nationality.")])


class PlantedChoice(Form):
    harmless = SelectField("Name", choices=[SelectChoice("1", "Born here"), SelectChoice("2", "Immigrant")])


class PlantedName(Form):
    country_of_birth = StringField()


def planted_models() -> list[Said]:
    class Base(DeclarativeBase):
        metadata = MetaData()

    class Planted(Base):
        __tablename__ = "planted"
        __kept__ = Kept("planted", "Planted.", "private")
        id: Mapped[str] = mapped_column(primary_key=True, doc="Its id.")
        group: Mapped[str] = mapped_column(Enum("native", "alien"), doc="Its group.")

    return list(in_models([Planted]))


@click.command("ask", help="Ask about one person.")
@click.option("--papers", type=click.Choice(["passport", "green card"]))
def planted_command(papers: str) -> None:
    pass


PLANTED = [
    ("code", in_a_file("voter_reg/x.py", "class Voter:\n    immigration_status = 1\n")),
    ("code", in_a_file("ballots/x.py", "ask('What is your social\\nsecurity number?')\n")),
    ("code", in_a_file("eligibility/x.py", "def decide(person, is_citizen): ...\n")),
    ("migrations", in_a_file("migrations/versions/0009_x.py", "sa.Column('a_number', sa.String())\n")),
    ("templates", in_a_file("voter_reg/templates/x.html", "<label>Country of\n  birth</label>")),
    ("templates", in_a_file("voter_reg/static/x.js", "let alienId = field('alien id')")),
    ("packs", in_a_file("eligibility/packs/x/pack.toml", "[[requirement]]\nkind = 'citizenship'\n")),
    ("notices", in_a_file("eligibility/packs/x/notices/hmn.md", "Yog koj yog pej\nxeem, kos npe.")),
    ("catalogues", in_a_file("voter_reg/translations/hmn/x.po", 'msgid "resident"\nmsgstr ""\n"pej "\n"xeem"\n')),
    ("catalogues", in_a_file("voter_reg/translations/es/x.po", 'msgid "name"\nmsgstr[0] "su nacionalidad"\n')),
    ("schemas", in_a_file("voter_reg/registry/x.json", '{"properties": {"\\u006eationality": {}}}')),
    ("models", planted_models()),
    ("forms", list(in_forms([PlantedForm]))),
    ("forms", list(in_forms([PlantedChoice]))),
    ("forms", list(in_forms([PlantedName]))),
    ("exports", list(in_exports({"poll book": ["Line", "Citizen"]}))),
    ("exports", list(in_exports({"manifest": {"files": [{"nationality": 1}]}}))),
    ("commands", list(in_commands({"ask": planted_command}))),
    ("log events", list(in_log_events([(Path("voter_reg/x.py"), "log_bulk(s, by, 'immigration', 'read', r, 1, n)")]))),
    ("job arguments", list(in_job_args([(Path("voter_reg/x.py"), "enqueue(s, KIND, {'ssn': 1}, now)")]))),
    ("job arguments", list(in_job_args([(Path("voter_reg/x.py"), "def as_args(self):\n    return {'a_number': 1}")]))),
    ("inventory", list(in_inventory([replace(inventory()[0], purpose="Tells citizens from others.")]))),
]


@pytest.mark.parametrize(("kind", "said"), PLANTED, ids=[f"{n}-{kind}" for n, (kind, _) in enumerate(PLANTED)])
def test_what_is_planted_in_a_source_is_found(kind: str, said: list[Said]) -> None:
    found, _ = findings(STATUS, allowed("status"), said)

    assert found != []
    assert all(line.startswith(f"{kind}: ") for line in found)


def test_something_is_planted_in_every_kind_of_source() -> None:
    assert {kind for kind, _ in PLANTED} == set(KINDS)


def compiled(path: Path, messages: dict[str, str]) -> None:
    """Write a compiled catalogue: GNU gettext's .mo, least form."""
    pairs = sorted(messages.items())
    head, strings, offset = 28, b"", 28 + 16 * len(pairs)
    tables: list[list[int]] = [[], []]
    for column in (0, 1):
        for pair in pairs:
            raw = pair[column].encode()
            tables[column] += [len(raw), offset + len(strings)]
            strings += raw + b"\0"
    numbers = [0x950412DE, 0, len(pairs), head, head + 8 * len(pairs), 0, 0, *tables[0], *tables[1]]
    path.parent.mkdir(parents=True)
    path.write_bytes(struct.pack(f"<{len(numbers)}I", *numbers) + strings)


def test_a_compiled_catalogue_is_read_as_well(tmp_path: Path) -> None:
    path = tmp_path / "translations" / "so" / "LC_MESSAGES" / "messages.mo"
    compiled(path, {"": "Content-Type: text/plain; charset=UTF-8\n", "Your name": "Muwaadin ma tahay?"})
    with path.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Your name") == "Muwaadin ma tahay?"

    found, _ = findings(STATUS, [], in_compiled_catalogues(tmp_path / "translations"))

    assert len(found) == 1
    assert "so/LC_MESSAGES/messages.mo: Muwaadin" in found[0]


@pytest.mark.parametrize(
    "asked",
    ["citizen", "is_citizen", "citizenshipStatus", "immigration_status", "nationality", "alien", "alien_id", "ssn",
     "applicant_ssn", "a_number", "A-number", "country_of_birth", "birthplace", "social security",
     "social\u00a0security", "natio\u00adnality", "place of birth", "foreign-born", "Naturalized",
     "ciudadano de Estados Unidos", "CIUDADANÍA", "ciudadani\u0301a", "estatus migratorio", "nacionalidad",
     "país de nacimiento", "lugar de nacimiento", "número de Seguro Social", "extranjero", "inmigración",
     "muwaadin Maraykan ah", "muwaadinnimo", "jinsiyadda", "arrimaha socdaalka", "dalka aad ku dhalatay",
     "meesha aad ku dhalatay", "dhalashada Maraykanka", "lambarka sooshal sekuuritiga",
     "xam xaj Meskas", "pej xeem hauv Teb Chaws Amelikas", "pej xeem nyob hauv Minneapolis", "Pej Xeem", "pejxeem",
     "lub teb chaws koj yug", "koj yug nyob lub teb chaws twg", "haiv neeg", "neeg txawv teb chaws",
     "tarjeta verde", "residente permanente", "su situación legal", "¿Dónde nació?", "sin papeles",
     "kaarka cagaaran", "ajnabi", "ma sharci deggan tahay", "npav ntsuab", "koj tuaj lub teb chaws twg",
     "nyob raws cai"],
)  # fmt: skip
def test_the_scan_knows_every_way_to_ask(asked: str) -> None:
    assert says(STATUS, asked)


@pytest.mark.parametrize(
    "said",
    ["a number", "passing", "salient", "session", "denizen", "the city zone", "the birth date", "Green Street",
     "fecha de nacimiento", "ciudad", "residente", "condado", "Taariikhda dhalashada", "ciwaanka", "degane",
     "la situación legal de esta propuesta", "el año en que nació", "caddaynta deganaanshaha", "dalab sharci ah",
     "codbixiye", "hnub yug", "lub npe", "xeem", "raws li txoj cai", "thov raws cai",
     "lub nroog", "tus neeg pov npav", "hnub nyoog 18 xyoo"],
)  # fmt: skip
def test_the_scan_leaves_ordinary_words_alone(said: str) -> None:
    assert not says(STATUS, said)
