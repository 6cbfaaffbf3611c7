"""One document and then a pause; and how far each day's clearing of old rows has come."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table."""
    with op.batch_alter_table("policy") as policy:
        policy.add_column(sa.Column("trial_at", sa.DateTime(timezone=True), nullable=True))
        policy.add_column(sa.Column("trial_by", sa.String(length=200), nullable=True))
        policy.add_column(sa.Column("trial_message_id", sa.Integer(), nullable=True))
    op.create_table(
        "retention_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("envelopes", sa.Integer(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("deliveries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_retention_day")),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("retention_day")
    with op.batch_alter_table("policy") as policy:
        policy.drop_column("trial_message_id")
        policy.drop_column("trial_by")
        policy.drop_column("trial_at")
