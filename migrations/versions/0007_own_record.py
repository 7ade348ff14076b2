"""The resident's own record: sessions, attempts to sign in, and codes that the office gives in person."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_session",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("voter_id", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["voter_id"], ["voter.id"], name="fk_own_session_voter_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_own_session"),
    )
    op.create_index("ix_own_session_voter_id", "own_session", ["voter_id"])
    op.create_table(
        "own_attempt",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_own_attempt"),
    )
    op.create_index("ix_own_attempt_mark", "own_attempt", ["mark", "at"])
    op.create_index("ix_own_attempt_at", "own_attempt", ["at"])
    op.create_table(
        "own_code",
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("voter_id", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["voter_id"], ["voter.id"], name="fk_own_code_voter_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("mark", name="pk_own_code"),
    )
    op.create_index("ix_own_code_voter_id", "own_code", ["voter_id"])
    op.create_index("ix_own_code_expires_at", "own_code", ["expires_at"])


def downgrade() -> None:
    # The code before this knows nobody who has left; held, they are on no roster either, and a hold loses nothing.
    op.execute("UPDATE voter SET state = 'held' WHERE state = 'left'")
    for table in ("own_code", "own_attempt", "own_session"):
        op.drop_table(table)
