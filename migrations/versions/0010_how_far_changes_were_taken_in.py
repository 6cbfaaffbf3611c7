"""How far each company's changes were taken in; and how soon, found by the newest payments and by what was missed."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_EVENTS = {"ix_event_paid": sa.text("entity = 'Payment'"), "ix_event_found": sa.text("delivery_id IS NULL")}


def upgrade() -> None:
    """Add the table and the indexes."""
    op.create_table(
        "sync_cursor",
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gap", sa.String(length=40), nullable=True),
        sa.Column("last_gap", sa.String(length=40), nullable=True),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("reads", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_sync_cursor_connection_id_connection")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_sync_cursor_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["reconciliation_run.id"], name=op.f("fk_sync_cursor_run_id_reconciliation_run")
        ),
        sa.PrimaryKeyConstraint("connection_id", name=op.f("pk_sync_cursor")),
    )
    op.create_index(op.f("ix_sync_cursor_organisation_id"), "sync_cursor", ["organisation_id"])
    for name, which in _EVENTS.items():
        columns = ["connection_id", "processed_at"]
        op.create_index(name, "event", columns, sqlite_where=which, postgresql_where=which)


def downgrade() -> None:
    """Take them away."""
    for name, which in _EVENTS.items():
        op.drop_index(name, "event", sqlite_where=which, postgresql_where=which)
    op.drop_index(op.f("ix_sync_cursor_organisation_id"), table_name="sync_cursor")
    op.drop_table("sync_cursor")
