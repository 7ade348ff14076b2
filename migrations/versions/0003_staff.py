"""Staff: accounts with their passkeys and recovery codes, links, sessions, tickets, challenges, and attempts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = (
    "staff_familiar",
    "staff_attempt",
    "staff_challenge",
    "staff_ticket",
    "staff_session",
    "staff_link",
    "staff_recovery_code",
    "staff_passkey",
    "staff_account",
)


def upgrade() -> None:
    op.create_table(
        "staff_account",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("roles", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.Column("stranger_failures", sa.Integer(), nullable=False),
        sa.Column("familiar_failures", sa.Integer(), nullable=False),
        sa.Column("factor_failures", sa.Integer(), nullable=False),
        _moment("created_at"),
        _moment("disabled_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_staff_account"),
        sa.UniqueConstraint("name", name="uq_staff_account_name"),
    )
    op.create_index("ix_staff_account_state", "staff_account", ["state"])
    _of_account(
        "staff_passkey",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        _moment("added_at"),
    )
    _of_account("staff_recovery_code", sa.Column("id", sa.String(), nullable=False))
    _of_account(
        "staff_link",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("issued_by", sa.String(), nullable=False),
        _moment("issued_at"),
        _moment("expires_at"),
        sa.Column("nonce_hash", sa.String(), nullable=True),
        sa.UniqueConstraint("nonce_hash", name="uq_staff_link_nonce_hash"),
    )
    _of_account(
        "staff_session",
        sa.Column("id", sa.String(), nullable=False),
        _moment("started_at"),
        _moment("seen_at"),
        _moment("confirmed_at", nullable=True),
    )
    _of_account("staff_ticket", sa.Column("id", sa.String(), nullable=False), _moment("expires_at"))
    op.create_table(
        "staff_challenge",
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        _moment("expires_at"),
        sa.PrimaryKeyConstraint("holder", name="pk_staff_challenge"),
    )
    op.create_table(
        "staff_attempt",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        _moment("at"),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("account_mark", sa.String(), nullable=False),
        sa.Column("source_mark", sa.String(), nullable=False),
        sa.Column("familiar", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_attempt"),
    )
    op.create_index("ix_staff_attempt_account_mark", "staff_attempt", ["kind", "account_mark", "at"])
    op.create_index("ix_staff_attempt_source_mark", "staff_attempt", ["kind", "source_mark", "at"])
    op.create_index("ix_staff_attempt_at", "staff_attempt", ["kind", "at"])
    op.create_table(
        "staff_familiar",
        sa.Column("mark", sa.String(), nullable=False),
        _moment("seen_at"),
        sa.PrimaryKeyConstraint("mark", name="pk_staff_familiar"),
    )
    op.create_index("ix_staff_familiar_seen_at", "staff_familiar", ["seen_at"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _of_account(table: str, *columns: "sa.schema.SchemaItem") -> None:
    op.create_table(
        table,
        sa.Column("account_id", sa.String(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["account_id"], ["staff_account.id"], name=f"fk_{table}_account_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_account_id", table, ["account_id"])


def _moment(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
