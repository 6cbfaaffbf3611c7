"""Which steps of the first day were skipped, and by whom."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "skipped_step",
        sa.Column("billing_entity_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("skipped_by", sa.String(length=200), nullable=False),
        sa.Column("skipped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["billing_entity_id"], ["billing_entity.id"], name=op.f("fk_skipped_step_billing_entity_id")
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_skipped_step_organisation_id")),
        sa.PrimaryKeyConstraint("billing_entity_id", "step", name=op.f("pk_skipped_step")),
    )
    with op.batch_alter_table("skipped_step") as table:
        table.create_index(table.f("ix_skipped_step_organisation_id"), ["organisation_id"])


def downgrade() -> None:
    """Take it away."""
    op.drop_table("skipped_step")
