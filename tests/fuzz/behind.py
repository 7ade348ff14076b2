"""What stands behind the fuzzed portal: a registry of cards, a reader of shown ones, and a worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import text

from tests.voter_reg.town import CLERK, DAY, Registry, card
from voter_reg.back_room import create_back_room
from voter_reg.config import Config
from voter_reg.residency.verifier import PresentedCard
from voter_reg.service import elections, rosters, work
from voter_reg.store.db import db

STRANGE, SLEEPING = card(6), card(7)
BIRTH = "1990-01-01"
PRESENTED = "a card that the stand-in reads"


class Cards(Registry):
    """A registry and a reader of shown cards that know one stranger's and one that nobody can be asked about."""

    def __init__(self) -> None:
        super().__init__({STRANGE: "not_confirmed", SLEEPING: "unavailable"})

    def check(self, number, born, address):
        return self.answers.get(number, "confirmed")

    def read(self, presented, now):
        return PresentedCard(card(8), BIRTH, "100 OAK ST") if presented == PRESENTED else "unreadable"

    def keep_fresh(self, now):
        """Nothing is ever stale."""


class Worker:
    """What is done behind the portal: an election with a list of its voters, and deciding on who registered."""

    def __init__(self, config: Config, clock: Callable[[], datetime]) -> None:
        self._config, self._clock = config, clock
        self._app, self._bench, _ = create_back_room(config, clock=clock)

    def make_a_list(self) -> None:
        """Set the coming election up and make its list, of nobody yet."""
        with self._app.app_context():
            pack, now = self._bench.city().pack.place, self._clock()
            election = elections.create(pack, self._config.map_file, DAY, by=CLERK, now=now)
            rosters.freeze(self._bench.vault, self._bench.shelf, election, by=CLERK, now=now)

    def decide(self) -> None:
        """Run the newest job."""
        with self._app.app_context():
            (newest,) = db.session.execute(text("SELECT max(id) FROM job")).scalars()
            db.session.rollback()
            work.run(newest, self._bench)
