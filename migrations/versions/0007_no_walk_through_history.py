"""No question walks through an organisation's history: the rows of it are found by what they hang on."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_HISTORY = (
    "attempt", "document", "document_line", "envelope", "envelope_member", "link", "message",
)
_HELD = sa.text("blocker IS NOT NULL")


def upgrade() -> None:
    """Take away the indexes that lead into all rows of an organisation; find what is held by its lane."""
    for table in _HISTORY:
        op.drop_index(f"ix_{table}_organisation_id", table)
    op.drop_index("ix_message_blocker", "message")
    columns = ["billing_entity_id", "mode", "blocker"]
    op.create_index("ix_message_held_by", "message", columns, sqlite_where=_HELD, postgresql_where=_HELD)


def downgrade() -> None:
    """And back."""
    op.drop_index("ix_message_held_by", "message", sqlite_where=_HELD, postgresql_where=_HELD)
    op.create_index("ix_message_blocker", "message", ["organisation_id", "blocker"])
    for table in _HISTORY:
        op.create_index(f"ix_{table}_organisation_id", table, ["organisation_id"])
