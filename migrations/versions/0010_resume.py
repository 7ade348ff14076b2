"""Links to finish a form later: a sealed token under the hash of the link's secret, for a day."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "resume",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("draft_hash", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_resume"),
    )
    op.create_index("ix_resume_draft_hash", "resume", ["draft_hash"])
    op.create_index("ix_resume_expires_at", "resume", ["expires_at"])


def downgrade() -> None:
    op.drop_table("resume")
