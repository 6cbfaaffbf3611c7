"""In which state, province or county a client is."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; of clients that are there already it is not known."""
    op.add_column("client", sa.Column("region", sa.String(length=255), server_default="", nullable=False))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("client", "region")
