"""Letters to be printed for those who asked for letters."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letter",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("voter_id", sa.String(), nullable=False),
        sa.Column("notice", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch", sa.String(), nullable=True),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["voter_id"], ["voter.id"], name="fk_letter_voter_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_letter"),
    )
    for column in ("voter_id", "batch", "printed_at"):
        op.create_index(f"ix_letter_{column}", "letter", [column])


def downgrade() -> None:
    for column in ("printed_at", "batch", "voter_id"):
        op.drop_index(f"ix_letter_{column}", "letter")
    op.drop_table("letter")
