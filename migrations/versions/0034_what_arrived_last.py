"""An index of what arrived in QuickBooks, so that a company where nothing does is not searched from end to end."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_ARRIVED = sa.text("outcome IN ('sent', 'adopted')")


def upgrade() -> None:
    """Add it."""
    where = {"sqlite_where": _ARRIVED, "postgresql_where": _ARRIVED}
    op.create_index("ix_attempt_arrived", "attempt", ["connection_id", "id"], **where)


def downgrade() -> None:
    """As it was."""
    op.drop_index("ix_attempt_arrived", table_name="attempt")
