"""At which exchange rate the accounting side took a document in a foreign currency."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; of documents that are there already it becomes known when they are next taken in."""
    op.add_column("document", sa.Column("exchange_rate", sa.String(length=40), nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("document", "exchange_rate")
