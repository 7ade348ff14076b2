"""Who may vote in which municipal contests: the rules, the maps, and decisions that can be cited and replayed.

Pure: no web, no database, no clock, no network. `bulk` and `truth_table` are imported by name, since they bring NumPy.
"""

from eligibility.birth import BirthDate
from eligibility.contest import Contest, contest_title, contests_due, contests_in, next_election
from eligibility.decision import Decision, decide
from eligibility.errors import BadInput, MapError, PackError
from eligibility.facts import Facts
from eligibility.pack import Pack
from eligibility.pack_loader import load_pack, pack_names
from eligibility.split import Split

__all__ = [
    "BadInput",
    "BirthDate",
    "Contest",
    "Decision",
    "Facts",
    "MapError",
    "Pack",
    "PackError",
    "Split",
    "contest_title",
    "contests_due",
    "contests_in",
    "decide",
    "load_pack",
    "next_election",
    "pack_names",
]
