"""Purge certificates: what was removed and what a hold kept, as counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from voter_reg.store.db import Model, Moment
from voter_reg.store.kept import Kept


class CertificateRow(Model):
    """One purge: counts alone, nobody's data."""

    __tablename__ = "purge_certificate"
    __kept__ = Kept("certificate", "Proof of what was purged and when.", "public", ("privacy-officer", "counsel"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, doc="The certificate's number.")
    at: Mapped[Moment] = mapped_column(doc="When the purge ended.")
    month: Mapped[str] = mapped_column(doc="Everything due before this month was purged.")
    removed: Mapped[dict[str, Any]] = mapped_column(JSON, doc="How many rows were removed, by kind.")
    held: Mapped[dict[str, Any]] = mapped_column(JSON, doc="How many rows a legal hold kept, by kind.")
    ready: Mapped[list[str]] = mapped_column(JSON, doc="The keys that seal nothing any more and may be destroyed.")
    digest: Mapped[str] = mapped_column(doc="SHA-256 over the certificate, which also stands in the access log.")


def add(session: Session, values: Mapping[str, Any]) -> int:
    """Add a certificate; its number."""
    return int(session.execute(insert(CertificateRow).values(**values).returning(CertificateRow.id)).scalar_one())


def every(session: Session) -> list[CertificateRow]:
    """All certificates, newest first."""
    return list(session.scalars(select(CertificateRow).order_by(CertificateRow.id.desc())))


def last_at(session: Session) -> datetime | None:
    """When the last purge ended."""
    return session.scalars(select(CertificateRow.at).order_by(CertificateRow.id.desc()).limit(1)).first()


def purged_at(session: Session, due: str) -> datetime | None:
    """When the first purge of what was due in a month ended; None while there was none."""
    wanted = select(CertificateRow.at).where(CertificateRow.month > due).order_by(CertificateRow.id).limit(1)
    return session.scalars(wanted).first()
