"""What a comparison read of the company, so that the next one need only read what changed."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the pictures, and how far a run has read."""
    op.create_table(
        "document_picture",
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("entity", sa.String(length=40), nullable=False),
        sa.Column("remote_id", sa.String(length=40), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("rate", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connection.id"], name=op.f("fk_document_picture_connection_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_document_picture_organisation_id")
        ),
        sa.PrimaryKeyConstraint("connection_id", "entity", "remote_id", name=op.f("pk_document_picture")),
    )
    op.add_column(
        "reconciliation_run", sa.Column("is_full", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("reconciliation_run", sa.Column("read_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take them away."""
    op.drop_column("reconciliation_run", "read_until")
    op.drop_column("reconciliation_run", "is_full")
    op.drop_table("document_picture")
