"""Whether a company sorts its sales by class and by location."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_WAYS = sa.Enum(
    "none", "per_transaction", "per_line", name="classtracking", native_enum=False, length=40, create_constraint=False
)


def upgrade() -> None:
    """Add both; what a company says is read when it is next looked at."""
    op.add_column("connection", sa.Column("class_tracking", _WAYS, server_default="none", nullable=False))
    op.add_column("connection", sa.Column("tracks_locations", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Take both away."""
    op.drop_column("connection", "tracks_locations")
    op.drop_column("connection", "class_tracking")
