"""Whether what somebody changes in QuickBooks is followed here."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ANSWERS = sa.Enum("tell", "follow", name="whenchangedthere", native_enum=False, length=40, create_constraint=False)


def upgrade() -> None:
    """Add the policy; until somebody says otherwise, changes are told."""
    op.add_column("policy", sa.Column("changed_there", _ANSWERS, server_default="tell", nullable=False))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("policy", "changed_there")
