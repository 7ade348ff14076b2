"""Numbers that people say aloud: q-00001, d-00001, h-00001. None is given twice, whatever was purged meanwhile."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session


def next_id(session: Session, column: InstrumentedAttribute[str], letter: str) -> str:
    """The id after the highest there is. A write transaction is alone, so nobody else is given the same."""
    highest = session.execute(select(func.coalesce(func.max(column), f"{letter}-00000"))).scalar_one()
    return f"{letter}-{int(highest[2:]) + 1:05d}"
