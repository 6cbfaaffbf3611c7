"""Both sides' totals of a comparison by month and currency."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "reconciliation_total",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("ours_pence", sa.BigInteger(), nullable=False),
        sa.Column("theirs_pence", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_reconciliation_total_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["reconciliation_run.id"], name=op.f("fk_reconciliation_total_run_id")
        ),
        sa.PrimaryKeyConstraint("run_id", "month", "currency", name=op.f("pk_reconciliation_total")),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("reconciliation_total")
