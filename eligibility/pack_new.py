"""A city's own pack begun: from a template that says what to find, or from the rules of a place that ships.

Either loads and is proven at once, is `proposed`, and marks every source as still to be confirmed.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path

from eligibility.errors import BadInput
from eligibility.pack import Pack
from eligibility.pack_contests import SLUG
from eligibility.pack_loader import load_pack, pack_folder, pack_names

_LONGEST_NAME = 80
_CHECKED = re.compile(r"^checked_on = \d{4}-\d{2}-\d{2}\n(?:to_confirm = .*\n)?", re.MULTILINE)
_LEGAL_STATUS = re.compile(r"^\[\[legal_status\]\]\n(?:(?!\[).*\n)*", re.MULTILINE)
_FIRST_REMARK = re.compile(r"\A(?:#.*\n)+\n?")
_TABLE = re.compile(r"^\[\[?[a-z_.]+\]\]?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new pack is told of its place."""

    place: str
    name: str
    ocd_id: str
    time_zone: str


def begin_pack(beginning: Beginning, folder: Path, today: date, like: str | None = None) -> Pack:
    """Write a new pack into `folder`, which must not be there yet, and read it back.

    Raises:
        BadInput: a name that can't be, a place that ships already, a directory that is taken or can't be written.
        PackError: the pack would not load, such as for an unknown time zone; nothing is left behind.
    """
    _require_names(beginning)
    if folder.exists():
        raise BadInput("is there already, and is never written over", str(folder))
    if not folder.absolute().parent.is_dir():
        raise BadInput("has no parent directory", str(folder))
    pack, notice = _from_template(beginning, today) if like is None else _from_place(beginning, today, like)
    try:
        beside = Path(tempfile.mkdtemp(prefix=".new-pack.", dir=folder.absolute().parent))
    except OSError as problem:
        raise BadInput(f"cannot be written: {problem.strerror}", str(folder)) from problem
    try:
        _write(beside / "pack", pack, notice)
        loaded = load_pack(beside / "pack")
        (beside / "pack").replace(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return loaded


def _require_names(beginning: Beginning) -> None:
    if not SLUG.fullmatch(beginning.place):
        raise BadInput(f"{beginning.place[:40]!r} is not a slug such as 'takoma-park'", "place")
    if beginning.place in pack_names():
        raise BadInput(f"{beginning.place!r} ships with the service already", "place")
    name = beginning.name.strip()
    if not name or not name.isprintable() or len(name) > _LONGEST_NAME or name != beginning.name:
        raise BadInput(f"must be one line of 1 to {_LONGEST_NAME} characters", "--name")
    if not re.fullmatch(r"[a-z0-9_.~:/-]+", beginning.ocd_id):
        raise BadInput(f"{beginning.ocd_id[:60]!r} is not an Open Civic Data id", "--ocd-id")


def _from_template(beginning: Beginning, today: date) -> tuple[str, str]:
    """The template is a pack of no place, whose rules begin on the first day of 2000: that day becomes today."""
    text, notice = _texts(Path(str(resources.files("eligibility"))) / "pack_template")
    text = text.replace("2000-01-01", today.isoformat()).replace("first = 2001", f"first = {today.year + 1}")
    return _of_place(text, beginning), notice.replace("Template", beginning.name, 1)


def _from_place(beginning: Beginning, today: date, like: str) -> tuple[str, str]:
    text, notice = _texts(pack_folder(like))
    known = load_pack(like)
    confirm = _quoted(f"Copied from {known.name}: is it so here?")
    text = _CHECKED.sub(lambda _: f"checked_on = {today}\nto_confirm = {confirm}\n", text)
    text = _LEGAL_STATUS.sub("", text)
    first = _TABLE.search(text)
    assert first is not None
    head = f"# {beginning.name}: begun from the rules of {known.name}. Every source is still to be confirmed.\n\n"
    own = _FIRST_REMARK.sub("", text[: first.start()])
    status = (
        f'[[legal_status]]\nfrom = {today}\nvalue = "proposed"\ncite = "To be found"\n'
        f'href = "https://example.org/to-be-found"\nchecked_on = {today}\n'
        'to_confirm = "Find the law or the draft that opens these contests."\n\n'
    )
    said = f"**{beginning.name} has no law for this yet.** This is a proposal, begun from the rules of {known.name}."
    return head + _of_place(own, beginning) + status + text[first.start() :], f"{said}\n\n{notice}"


def _texts(folder: Path) -> tuple[str, str]:
    pack, notice = folder / "pack.toml", folder / "notices" / "en.md"
    return pack.read_text(encoding="utf-8"), notice.read_text(encoding="utf-8")


def _of_place(text: str, beginning: Beginning) -> str:
    """The text with the first lines that name a place naming this one."""
    own = {
        "place": beginning.place,
        "name": beginning.name,
        "ocd_id": beginning.ocd_id,
        "time_zone": beginning.time_zone,
    }
    lines = {key: f"{key} = {_quoted(value)}" for key, value in own.items()} | {"languages": 'languages = ["en"]'}
    for key, line in lines.items():
        # Escaped, since a replacement reads backslashes as its own.
        text = re.sub(rf"^{key} = .*$", line.replace("\\", r"\\"), text, count=1, flags=re.MULTILINE)
    return text


def _write(folder: Path, pack: str, notice: str) -> None:
    (folder / "notices").mkdir(parents=True)
    (folder / "pack.toml").write_text(pack, encoding="utf-8")
    (folder / "notices" / "en.md").write_text(notice, encoding="utf-8")


def _quoted(text: str) -> str:
    """A TOML string; JSON's escapes are among TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
