"""Whether a memo of ours was told, so that a bookkeeper's own is never cleared."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what is there already may have a memo of ours."""
    with op.batch_alter_table("link") as link:
        link.add_column(sa.Column("told_memo", sa.Boolean(), server_default=sa.false(), nullable=False))
    rows = sa.table("link", sa.column("kind"), sa.column("told_memo"))
    op.execute(rows.update().where(rows.c.kind.in_(("invoice", "credit_note"))).values(told_memo=sa.true()))


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("link") as link:
        link.drop_column("told_memo")
