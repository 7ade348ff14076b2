"""Polling places: where each precinct votes at one election."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "polling_place",
        sa.Column("election_id", sa.String(), nullable=False),
        sa.Column("precinct", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("directions", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("election_id", "precinct", name="pk_polling_place"),
    )


def downgrade() -> None:
    op.drop_table("polling_place")
