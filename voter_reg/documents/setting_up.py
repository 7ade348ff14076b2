"""What an installation needs to give out papers: its key, and in the archive its certificates and blank forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from eligibility import Pack
from voter_reg.config import Config
from voter_reg.documents.blank_form import blank_form
from voter_reg.documents.city_key import CityKey, make_city_key, read_certificate, read_city_key, replace_city_key
from voter_reg.documents.paper_archive import PaperArchive
from voter_reg.language import ENGLISH, OWN_NAMES, Words, words


def set_up_papers(config: Config, pack: Pack, now: datetime) -> CityKey:
    """Make the city's key if there is none, and keep its certificate and the blank forms of today's rules.

    Raises:
        KeyProblem: key or certificate is there and cannot be used.
    """
    files = config.paper_key_file, config.paper_certificate_file
    if any(file.exists() for file in files):
        key = read_city_key(*files)
    else:
        key = make_city_key(*files, place=pack.name, demonstration=_practice(config, pack), now=now)
    archive = PaperArchive(config.archive_dir)
    archive.keep_certificate(key.certificate)
    keep_forms(archive, pack)
    return key


def new_paper_key(config: Config, pack: Pack, now: datetime) -> CityKey:
    """Sign with another key from now on. The old certificate stays in the archive, so old papers stay valid."""
    files = config.paper_key_file, config.paper_certificate_file
    archive = PaperArchive(config.archive_dir)
    if config.paper_certificate_file.exists():
        archive.keep_certificate(read_certificate(config.paper_certificate_file))
    key = replace_city_key(*files, place=pack.name, demonstration=_practice(config, pack), now=now)
    archive.keep_certificate(key.certificate)
    return key


def keep_forms(archive: PaperArchive, pack: Pack, speak: Callable[[str], Words] = words) -> None:
    """Keep the blank form of each language that place and service share, English always."""
    for language in dict.fromkeys((ENGLISH, *pack.languages)):
        if language in OWN_NAMES:
            archive.keep_form(blank_form(pack, speak(language)))


def _practice(config: Config, pack: Pack) -> bool:
    return config.demonstration or pack.demonstration
