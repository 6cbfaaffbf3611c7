"""At which exchange rate a payment came."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; the rates of payments that are known already are read when one of them is next changed there."""
    op.add_column("payment", sa.Column("exchange_rate", sa.String(40)))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("payment", "exchange_rate")
