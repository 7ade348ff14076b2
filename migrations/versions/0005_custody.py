"""Custody: approvals, authorisations, demands and holds, purge certificates; when each sealed row is due."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "approval_request",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("filed_by", sa.String(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_approval_request"),
    )
    op.create_index("ix_approval_request_state", "approval_request", ["state"])
    op.create_table(
        "approval",
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["approval_request.id"], name="fk_approval_request_id"),
        sa.PrimaryKeyConstraint("request_id", "officer", name="pk_approval"),
    )
    op.create_table(
        "authorisation",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("pack_digest", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("href", sa.String(), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("retention_document", sa.String(), nullable=False),
        sa.Column("retention_approved_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_authorisation"),
    )
    op.create_index("ix_authorisation_pack_digest", "authorisation", ["pack_digest"])
    op.create_table(
        "demand",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_demand"),
    )
    op.create_table(
        "hold",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("demand_id", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["demand_id"], ["demand.id"], name="fk_hold_demand_id"),
        sa.PrimaryKeyConstraint("id", name="pk_hold"),
    )
    op.create_index("ix_hold_state", "hold", ["state"])
    op.create_table(
        "purge_certificate",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.Column("held", sa.JSON(), nullable=False),
        sa.Column("ready", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_purge_certificate"),
    )
    _add_due()


def _add_due() -> None:
    """Rows that are there already are due in the month of their key; an envelope says itself which one that is."""
    op.add_column("job", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    _without_defaults("job", "tries", sa.Integer())
    op.add_column("election", sa.Column("suspended", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("decision", sa.Column("key_id", sa.String(), nullable=False, server_default=""))
    for table in ("voter", "decision", "roster"):
        op.add_column(table, sa.Column("due", sa.String(), nullable=False, server_default=""))
    records = "SELECT key_id FROM voter WHERE voter.id = decision.voter_id"
    op.execute(f"UPDATE decision SET key_id = COALESCE(({records}), '')")  # noqa: S608 - fixed text
    for table in ("voter", "decision", "roster"):
        op.execute(f"UPDATE {table} SET due = key_id")  # noqa: S608 - fixed names
    _without_defaults("election", "suspended", sa.Boolean())
    for table, columns in (("voter", ("due",)), ("decision", ("key_id", "due")), ("roster", ("due",))):
        for column in columns:
            _without_defaults(table, column, sa.String())
    op.create_index("ix_voter_key_id", "voter", ["key_id"])
    op.create_index("ix_decision_key_id", "decision", ["key_id"])
    op.create_index("ix_decision_voter_id", "decision", ["voter_id"])


def _without_defaults(table: str, column: str, kind: sa.types.TypeEngine[object]) -> None:
    with op.batch_alter_table(table) as batch:
        batch.alter_column(column, existing_type=kind, existing_nullable=False, server_default=None)


def downgrade() -> None:
    for table, name in (("decision", "voter_id"), ("decision", "key_id"), ("voter", "key_id")):
        op.drop_index(f"ix_{table}_{name}", table)
    for table, columns in (
        ("roster", ("due",)),
        ("decision", ("due", "key_id")),
        ("voter", ("due",)),
        ("election", ("suspended",)),
        ("job", ("tries",)),
    ):
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column)
    for table in ("purge_certificate", "hold", "demand", "authorisation", "approval", "approval_request"):
        op.drop_table(table)
