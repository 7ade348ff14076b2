"""The access log made provable: roles, places in a Merkle tree, signed checkpoints; rows that nothing may change."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FIXED = ("log_entry", "log_leaf", "log_checkpoint", "signing_key")


def upgrade() -> None:
    op.add_column("log_entry", sa.Column("role", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("log_entry") as batch:
        batch.alter_column("role", existing_type=sa.String(), existing_nullable=False, server_default=None)
    op.create_index("ix_log_entry_subject", "log_entry", ["subject"])
    op.create_table(
        "log_leaf",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["log_entry.id"], name="fk_log_leaf_entry_id"),
        sa.PrimaryKeyConstraint("position", name="pk_log_leaf"),
        sa.UniqueConstraint("entry_id", name="uq_log_leaf_entry_id"),
    )
    op.create_table(
        "log_tree",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("hashes", sa.JSON(), nullable=False),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_log_tree"),
    )
    op.create_table(
        "log_checkpoint",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_log_checkpoint"),
    )
    op.create_table(
        "signing_key",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_signing_key"),
    )
    _forbid_changes()


def _forbid_changes() -> None:
    """A second lock beside the program, which has no statement that changes these rows."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is never changed', TG_TABLE_NAME; END $$"
        )
        for table in FIXED:
            op.execute(
                f"CREATE TRIGGER {table}_is_fixed BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
        return
    for table in FIXED:
        for event in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{event} BEFORE {event.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END"
            )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in FIXED:
            op.execute(f"DROP TRIGGER {table}_is_fixed ON {table}")
        op.execute("DROP FUNCTION refuse_change()")
    else:
        for table in FIXED:
            for event in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_refuses_{event}")
    for table in ("signing_key", "log_checkpoint", "log_tree", "log_leaf"):
        op.drop_table(table)
    op.drop_index("ix_log_entry_subject", "log_entry")
    with op.batch_alter_table("log_entry") as batch:
        batch.drop_column("role")
