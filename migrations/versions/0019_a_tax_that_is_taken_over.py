"""A tax that QuickBooks computes: whether it was said, what we had reckoned, and its part of each line."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. Of what is there already nobody knows the parts; its next answer divides its tax."""
    op.add_column("document", sa.Column("awaits_tax", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("document", sa.Column("reckoned_tax_pence", sa.BigInteger(), nullable=True))
    op.add_column("document_line", sa.Column("tax_pence", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Take them away."""
    op.drop_column("document_line", "tax_pence")
    op.drop_column("document", "reckoned_tax_pence")
    op.drop_column("document", "awaits_tax")
