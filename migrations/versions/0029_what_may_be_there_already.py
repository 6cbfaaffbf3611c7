"""Since when it is unsure what QuickBooks has already: after a restore from backup, and after links were cleared."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the moment."""
    op.add_column("policy", sa.Column("unsure_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("policy", "unsure_since")
