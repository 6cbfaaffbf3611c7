"""Numbers given to documents whose own was taken in QuickBooks."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "given_number",
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=21), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_given_number_connection_id_connection")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_given_number_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("connection_id", "kind", "subject_id", name=op.f("pk_given_number")),
        sa.UniqueConstraint("connection_id", "kind", "number", name=op.f("uq_given_number_connection_id_kind_number")),
    )
    op.create_index(op.f("ix_given_number_organisation_id"), "given_number", ["organisation_id"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index(op.f("ix_given_number_organisation_id"), table_name="given_number")
    op.drop_table("given_number")
