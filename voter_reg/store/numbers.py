"""Numbers that people say aloud: q-00001, d-00001, h-00001. None is given twice, whatever was purged meanwhile."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from voter_reg.store.dialect import alone


def next_id(session: Session, column: InstrumentedAttribute[str], letter: str) -> str:
    """The id after the highest there is; whoever else asks waits until this transaction has ended."""
    alone(session, f"next-{letter}")
    highest = session.execute(select(func.coalesce(func.max(column), f"{letter}-00000"))).scalar_one()
    return f"{letter}-{int(highest[2:]) + 1:05d}"
