"""Whether payments that are recorded here are sent to QuickBooks."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ANSWERS = sa.Enum("stay", "send", name="whenpaidhere", native_enum=False, length=40, create_constraint=False)


def upgrade() -> None:
    """Add the policy; until somebody says otherwise, they stay here."""
    op.add_column("policy", sa.Column("payments_here", _ANSWERS, server_default="stay", nullable=False))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("policy", "payments_here")
