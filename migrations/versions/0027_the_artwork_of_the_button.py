"""The artwork of Intuit's button, as an organisation has handed it in."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "connect_button",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("face", sa.String(length=40), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=16), nullable=False),
        sa.Column("kept_by", sa.String(length=200), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_connect_button_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connect_button")),
        sa.UniqueConstraint("organisation_id", "face", name=op.f("uq_connect_button_organisation_id_face")),
    )
    op.create_index(op.f("ix_connect_button_organisation_id"), "connect_button", ["organisation_id"])


def downgrade() -> None:
    """Take it away."""
    op.drop_table("connect_button")
