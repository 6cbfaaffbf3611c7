"""How often a payment was changed, so that what was told of it is known."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the count."""
    with op.batch_alter_table("payment") as payment:
        payment.add_column(sa.Column("revision", sa.Integer(), server_default="1", nullable=False))


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("payment") as payment:
        payment.drop_column("revision")
