"""Vouching: applicants' codes, vouchers' counts, and tries."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vouching_code",
        sa.Column("code_index", sa.String(), nullable=False),
        sa.Column("voter_id", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sworn_mark", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("code_index", name="pk_vouching_code"),
    )
    op.create_index("ix_vouching_code_voter_id", "vouching_code", ["voter_id"])
    op.create_index("ix_vouching_code_expires_at", "vouching_code", ["expires_at"])
    op.create_table(
        "vouching_count",
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_vouching_count"),
    )
    op.create_index("ix_vouching_count_expires_on", "vouching_count", ["expires_on"])
    op.create_table(
        "vouching_try",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code_mark", sa.String(), nullable=False),
        sa.Column("word_mark", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_vouching_try"),
    )
    op.create_index("ix_vouching_try_code_mark", "vouching_try", ["code_mark", "at"])
    op.create_index("ix_vouching_try_word_mark", "vouching_try", ["word_mark", "at"])
    op.create_index("ix_vouching_try_at", "vouching_try", ["at"])


def downgrade() -> None:
    for table in ("vouching_try", "vouching_count", "vouching_code"):
        op.drop_table(table)
