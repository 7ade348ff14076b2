"""Residency papers, sealed, and the reviews of registrants who wait for one."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("draft_id", sa.String(), nullable=True),
        sa.Column("voter_id", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("due", sa.String(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("sealed_kind", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("(draft_id IS NULL) <> (voter_id IS NULL)", name="ck_paper_of_one"),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name="fk_paper_draft_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["voter_id"], ["voter.id"], name="fk_paper_voter_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_paper"),
    )
    for column in ("draft_id", "voter_id", "key_id", "expires_on"):
        op.create_index(f"ix_paper_{column}", "paper", [column])
    op.create_table(
        "review",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("voter_id", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deciders", sa.JSON(), nullable=False),
        sa.Column("appealed", sa.Boolean(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("due", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["voter_id"], ["voter.id"], name="fk_review_voter_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
        sa.UniqueConstraint("voter_id", name="uq_review_voter_id"),
    )
    op.create_index("ix_review_state_due_at", "review", ["state", "due_at"])
    op.create_index("ix_review_key_id", "review", ["key_id"])


def downgrade() -> None:
    for table in ("review", "paper"):
        op.drop_table(table)
