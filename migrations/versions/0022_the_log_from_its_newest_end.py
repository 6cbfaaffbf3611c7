"""An index by which the sync log is walked backwards, whole or what is in one state."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_LANE = ["billing_entity_id", "mode"]


def upgrade() -> None:
    """Make them; what is in one state was listed by kind."""
    op.create_index("ix_message_log", "message", [*_LANE, "id"])
    op.drop_index("ix_message_standing", table_name="message")
    op.create_index("ix_message_standing", "message", [*_LANE, "state", "id"])


def downgrade() -> None:
    """As they were."""
    op.drop_index("ix_message_standing", table_name="message")
    op.create_index("ix_message_standing", "message", [*_LANE, "state", "kind"])
    op.drop_index("ix_message_log", table_name="message")
