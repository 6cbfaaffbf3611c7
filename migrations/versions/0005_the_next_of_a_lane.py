"""The next message of a lane in the order in which it goes, found without sorting all that wait."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_WAITING = sa.text("state = 'waiting'")
_ONLY = {"sqlite_where": _WAITING, "postgresql_where": _WAITING}


def upgrade() -> None:
    """One index takes the other's place."""
    columns = ["billing_entity_id", "mode", "priority", "id", "due_at", "organisation_id"]
    op.create_index("ix_message_next", "message", columns, **_ONLY)
    op.drop_index("ix_message_due", "message", **_ONLY)


def downgrade() -> None:
    """And back."""
    op.create_index("ix_message_due", "message", ["billing_entity_id", "mode", "priority", "due_at"], **_ONLY)
    op.drop_index("ix_message_next", "message", **_ONLY)
