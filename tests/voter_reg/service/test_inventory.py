"""The data inventory: made from the models and envelopes themselves, whole by construction, nothing left unsaid."""

import ast
import importlib
import json
import pkgutil
import subprocess
import sys
from dataclasses import dataclass, fields, make_dataclass
from datetime import date
from typing import Annotated, get_args

import pytest
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

import voter_reg.service
from ballots.formats.manifest import write_manifest
from ballots.formats.pollbook_csv import COLUMNS
from eligibility import load_pack
from tests.ballots.cities import HEAD
from tests.repository import ROOT, texts
from tests.voter_reg.town import command
from voter_reg.config import Config
from voter_reg.roles import Role
from voter_reg.service.elsewhere import ELSEWHERE, MANIFEST, POLL_BOOK, SETTINGS
from voter_reg.service.envelope import Envelope, record_envelope
from voter_reg.service.inventory import ENVELOPES, as_markdown, inventory
from voter_reg.service.retention import schedule
from voter_reg.store.kept import Classification, Kept, NotStated, is_sealed, require_stated
from voter_reg.store.models import MODELS

KEPT = Kept("planted", "Planted by a test.", "operational")


def planted(kept, **columns):
    """A model of a test's own, which leaves nothing behind among the service's."""

    class Base(DeclarativeBase):
        pass

    event.listen(Base, "after_mapper_constructed", require_stated, propagate=True)
    hints = dict.fromkeys(columns, Mapped[str])
    stated = {} if kept is None else {"__kept__": kept}
    return type("Planted", (Base,), {"__tablename__": "planted", "__annotations__": hints, **stated, **columns})


def test_a_table_that_does_not_say_what_it_is_for_is_refused():
    with pytest.raises(NotStated, match=r"^table planted: "):
        planted(None, id=mapped_column(primary_key=True, doc="Its id."))


def test_such_a_table_among_the_services_own_fails_at_import():
    code = (
        "from sqlalchemy.orm import Mapped, mapped_column\nfrom voter_reg.store.db import Model\n"
        "class Planted(Model):\n    __tablename__ = 'planted'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "NotStated: table planted" in done.stderr


@pytest.mark.parametrize("doc", [None, "", "  "])
def test_a_column_that_does_not_say_what_it_is_for_is_refused(doc):
    with pytest.raises(NotStated, match=r"^column planted\.shoe_size: "):
        planted(KEPT, id=mapped_column(primary_key=True, doc="Its id."), shoe_size=mapped_column(doc=doc))


def test_a_sealed_column_that_nobody_says_what_lies_in_it_is_refused():
    model = planted(KEPT, id=mapped_column(primary_key=True, doc="Its id."), sealed=mapped_column(doc="Who knows."))

    with pytest.raises(NotStated, match=r"^column planted\.sealed: "):
        inventory(models=(*MODELS, model))


def test_an_envelope_without_its_column_is_refused():
    holds = make_dataclass("Lost", [("x", Annotated[str, "Why."])], frozen=True)
    lost = record_envelope("lost", "nowhere.sealed", holds)

    with pytest.raises(NotStated, match=r"nowhere\.sealed"):
        inventory(envelopes=(*ENVELOPES, lost))


@pytest.mark.parametrize("hint", [str, Annotated[str, ""], Annotated[str, 7], str | None])
def test_a_field_added_to_what_is_sealed_without_a_purpose_fails_at_import(hint):
    record = make_dataclass("Record", [("name", Annotated[str, "Why."]), ("shoe_size", hint)], frozen=True)

    with pytest.raises(NotStated, match=r"^Record\.shoe_size: "):
        record_envelope("record", "record.sealed", record)


def test_a_field_within_a_record_within_is_named_by_both():
    @dataclass(frozen=True)
    class Inner:
        street: Annotated[str, "Where."]

    outer = make_dataclass("Outer", [("home", Annotated[Inner | None, "Home."])], frozen=True)

    assert dict(record_envelope("outer", "outer.sealed", outer).purposes) == {"home.street": "Where."}


def test_every_envelope_there_is_stands_in_the_inventory():
    found = set()
    for module in pkgutil.iter_modules(voter_reg.service.__path__):
        names = vars(importlib.import_module(f"voter_reg.service.{module.name}"))
        found |= {one for one in names.values() if isinstance(one, Envelope)}

    assert found == set(ENVELOPES)
    assert len({one.kind for one in ENVELOPES}) == len(ENVELOPES)


def sealers(text):
    """The calls that seal, each by the name of what it is called on."""
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"seal", "seal_for"}
        ):
            yield ast.unparse(node.func.value)


def test_nothing_is_sealed_but_through_an_envelope():
    beside = {
        f"{path}: {sealer}.seal"
        for path, text in texts()
        if path.parts[0] == "voter_reg" and path.suffix == ".py" and path.parts[1] != "vault"
        for sealer in sealers(text)
        if not sealer.isupper()
    }

    # A link is signed for the resident to keep, and holds the draft's token alone: voter_reg/portal/resume.py.
    assert beside == {"voter_reg/service/envelope.py: vault.seal", "voter_reg/portal/later.py: front().links.seal"}


def test_sealing_beside_the_envelopes_would_be_found():
    assert list(sealers("def f(self):\n    return self.vault.seal('x', 'y', 'service', b'')\n")) == ["self.vault"]


def test_every_table_and_column_stands_in_the_inventory_once():
    found = [(field.store, field.field.partition(":")[0]) for field in inventory() if field.where == "database"]
    columns = {(model.__tablename__, column.name) for model in MODELS for column in model.__table__.columns}

    assert set(found) == columns
    assert len({(field.store, field.field) for field in inventory()}) == len(inventory())


def test_what_is_sealed_is_what_lies_in_sealed_columns():
    sealed = {(field.store, field.field.partition(":")[0]) for field in inventory() if field.sealed}
    columns = {(m.__tablename__, c.name) for m in MODELS for c in m.__table__.columns if is_sealed(c.name)}

    assert columns == {(store, name) for store, name in sealed if is_sealed(name)}
    assert {"sealed: name", "sealed: birth", "sealed: address"} <= {f.field for f in inventory() if f.store == "voter"}


def test_every_entry_says_everything():
    roles = {"resident", "service", *Role}
    for field in inventory():
        said = (field.field, field.store, field.where, field.store_purpose, field.kind, field.purpose, field.retention)
        assert all(text.strip() for text in said), field
        assert field.classification in get_args(Classification), field
        assert set(field.seen_by) <= roles, field


def test_how_long_each_kind_is_kept_is_told_where_a_schedule_says_so():
    told = inventory({"draft": "fourteen days"})

    assert {field.retention for field in told if field.kind == "draft"} == {"fourteen days"}
    assert {field.retention for field in told if field.kind == "job"} == {"job"}


def test_the_settings_listed_are_the_settings_there_are():
    assert list(SETTINGS) == [field.name for field in fields(Config)]


def test_what_a_poll_book_and_its_manifest_hold_is_listed():
    assert tuple(POLL_BOOK) == COLUMNS
    assert list(MANIFEST) == list(json.loads(write_manifest(HEAD, "d" * 64, 0, [])))


def test_nothing_private_is_kept_in_clear_outside_the_database():
    clear = [place.name for place in ELSEWHERE if place.kept.classification == "private" and not place.sealed]

    assert clear == ["e-mail", "printed letters"], "what goes to people who asked for it, and nothing that we keep"


def test_the_document_is_what_the_command_writes():
    written = command("data-inventory")

    assert (written.code, written.err) == (0, "")
    stale = "docs/data-inventory.md is stale; run: voter-reg data-inventory > docs/data-inventory.md"
    assert (ROOT / "docs" / "data-inventory.md").read_text("utf-8") == written.out, stale


def test_as_json_it_is_one_object_with_every_field(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOTER_REG_INSTANCE_DIR", str(tmp_path / "none"))

    written = command("data-inventory", "--json")

    assert (written.code, written.out.count("\n")) == (0, 1)
    assert len(written.json["fields"]) == len(inventory())
    assert {"field": "split", "store": "voter", "sealed": False}.items() <= next(
        field for field in written.json["fields"] if (field["store"], field["field"]) == ("voter", "split")
    ).items()
    assert list(tmp_path.iterdir()) == []


def test_a_bar_in_a_purpose_does_not_break_the_table():
    document = as_markdown(inventory({"draft": "this | that"}))

    assert "this / that" in document
    assert "this | that" not in [line for line in document.splitlines() if line.startswith("|")]


def test_every_kind_of_data_stands_in_the_retention_schedule():
    clocks = {rule.kind for rule in schedule(load_pack("minneapolis"), date(2026, 1, 1))}

    assert {field.kind for field in inventory()} <= clocks
