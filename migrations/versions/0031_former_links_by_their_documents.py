"""Former links are asked for by our documents too, before each envelope of a company that was disconnected once."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let them be found."""
    op.create_index("ix_former_link_subject", "former_link", ["connection_id", "kind", "subject_id"])


def downgrade() -> None:
    """As it was."""
    op.drop_index("ix_former_link_subject", "former_link")
