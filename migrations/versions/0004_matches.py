"""Match keys and matches: weak blind indexes of records, and pairs of records for a reviewer to look at."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "match_key",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("voter_id", sa.String(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["voter_id"], ["voter.id"], name="fk_match_key_voter_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_match_key"),
    )
    op.create_index("ix_match_key_key", "match_key", ["key"])
    op.create_index("ix_match_key_voter_id", "match_key", ["voter_id"])
    op.create_table(
        "match",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("newer", sa.String(), nullable=False),
        sa.Column("older", sa.String(), nullable=False),
        sa.Column("strength", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("held", sa.String(), nullable=False),
        sa.Column("held_was", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["newer"], ["voter.id"], name="fk_match_newer", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["older"], ["voter.id"], name="fk_match_older", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_match"),
        sa.UniqueConstraint("older", "newer", name="uq_match_older_newer"),
    )
    op.create_index("ix_match_newer", "match", ["newer"])
    op.create_index("ix_match_state", "match", ["state"])


def downgrade() -> None:
    for table in ("match", "match_key"):
        op.drop_table(table)
