"""Packs and maps kept by digest, so that a decision can be replayed with exactly what it was made with."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from eligibility.district_map import DistrictMap
from eligibility.errors import BadInput, CleanNo
from eligibility.pack import Pack
from eligibility.pack_loader import load_pack, pack_folder


class NotArchived(CleanNo):
    """The pack or the map that a decision was made with is neither in the archive nor where it was."""


class Archive:
    """A directory of packs and maps, each under its digest. Nothing in it ever changes or goes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep_pack(self, pack: Pack, name_or_dir: str | Path) -> None:
        """Keep a pack as it is now; one that is kept already stays."""
        source, target = pack_folder(name_or_dir), self._pack(pack.digest)
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".pack.", dir=target.parent) as beside:
            shutil.copytree(source, Path(beside) / target.name).replace(target)

    def keep_map(self, district_map: DistrictMap, file: Path) -> None:
        """Keep a built map; one that is kept already stays."""
        target = self._map(district_map.digest)
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".map.", dir=target.parent) as beside:
            shutil.copyfile(file, Path(beside) / target.name).replace(target)

    def pack(self, digest: str, *places: str | Path) -> Pack:
        """The pack of a digest: from the archive, or from where it was if it is still the same.

        Raises:
            NotArchived: it is in neither.
        """
        return self._find_pack(digest, places)[0]

    def pack_folder(self, digest: str, *places: str | Path) -> Path:
        """Where the pack of a digest lies; raises as `pack` does."""
        return pack_folder(self._find_pack(digest, places)[1])

    def _find_pack(self, digest: str, places: Iterable[str | Path]) -> tuple[Pack, str | Path]:
        for place in (self._pack(digest), *places):
            try:
                found = load_pack(place)
            except (BadInput, OSError):
                continue
            if found.digest == digest:
                return found, place
        raise NotArchived(f"the pack {digest[:16]} is not in the archive, and is no longer where it was")

    def map(self, digest: str, *places: str | Path) -> DistrictMap:
        """The map of a digest: from the archive, or from where it was if it is still the same.

        Raises:
            NotArchived: it is in neither.
        """
        for place in (self._map(digest), *places):
            try:
                found = DistrictMap.open(place)
            except (BadInput, OSError):
                continue
            if found.digest == digest:
                return found
        raise NotArchived(f"the map {digest[:16]} is not in the archive, and is no longer where it was")

    def _pack(self, digest: str) -> Path:
        return self._folder / "packs" / digest

    def _map(self, digest: str) -> Path:
        return self._folder / "maps" / f"{digest}.map"
