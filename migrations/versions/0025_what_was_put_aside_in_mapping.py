"""What was put aside on the mapping pages, and by whom."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "skipped_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("skipped_by", sa.String(length=200), nullable=False),
        sa.Column("skipped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connection.id"], name=op.f("fk_skipped_mapping_connection_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_skipped_mapping_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skipped_mapping")),
        sa.UniqueConstraint(
            "connection_id", "kind", "subject_id", name=op.f("uq_skipped_mapping_connection_id_kind_subject_id")
        ),
    )
    op.create_index(op.f("ix_skipped_mapping_organisation_id"), "skipped_mapping", ["organisation_id"])


def downgrade() -> None:
    """Take it away."""
    op.drop_table("skipped_mapping")
