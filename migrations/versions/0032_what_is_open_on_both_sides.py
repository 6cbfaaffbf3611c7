"""A comparison keeps what is open on both sides by currency, and by what its difference comes from."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "reconciliation_open",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("ours_pence", sa.BigInteger(), nullable=False),
        sa.Column("theirs_pence", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_reconciliation_open_organisation_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["reconciliation_run.id"], name=op.f("fk_reconciliation_open_run_id")),
        sa.PrimaryKeyConstraint("run_id", "currency", "part", name=op.f("pk_reconciliation_open")),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("reconciliation_open")
