"""Amounts of links as wide as those of documents: an invoice of thirty million rupiah is an ordinary one."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_AMOUNTS = {"total_pence": True, "tax_pence": True, "balance_pence": True, "difference_pence": False}
"""Whether each may be unknown."""


def upgrade() -> None:
    """Widen them."""
    _alter(sa.Integer(), sa.BigInteger())


def downgrade() -> None:
    """Narrow them again."""
    _alter(sa.BigInteger(), sa.Integer())


def _alter(before: sa.types.TypeEngine[int], after: sa.types.TypeEngine[int]) -> None:
    with op.batch_alter_table("link") as table:
        for name, nullable in _AMOUNTS.items():
            table.alter_column(name, existing_type=before, type_=after, existing_nullable=nullable)
