"""What is left of a payment, kept with it; and indexes of what is owed and overpaid."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_OWED = "status IN ('open', 'partially_paid')"
_OVERPAID = "settled_pence > gross_pence + rounding_adjustment_pence"
_UNAPPLIED = "unapplied_pence > 0"
_AMOUNTS = ["gross_pence", "rounding_adjustment_pence", "settled_pence"]
_OWED_COLUMNS = ["organisation_id", "client_id", "kind", "currency", "due_date", "issue_date", *_AMOUNTS, "status"]
_PARTIAL = {
    "ix_document_owed": ("document", _OWED_COLUMNS, _OWED),
    "ix_document_overpaid": ("document", ["organisation_id", "client_id"], _OVERPAID),
    "ix_payment_unapplied": ("payment", ["organisation_id", "client_id"], _UNAPPLIED),
}
_LEFT = """
UPDATE payment SET unapplied_pence = amount_pence - COALESCE((
    SELECT SUM(CASE WHEN document.kind = 'credit_note' THEN -allocation.amount_pence ELSE allocation.amount_pence END)
    FROM allocation JOIN document ON document.id = allocation.document_id
    WHERE allocation.payment_id = payment.id
), 0)
"""


def upgrade() -> None:
    """Compute it, then make them."""
    op.add_column("payment", sa.Column("unapplied_pence", sa.BigInteger(), server_default="0", nullable=False))
    op.execute(_LEFT)
    for name, (table, columns, where) in _PARTIAL.items():
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    """Take them away."""
    for name, (table, *_more) in _PARTIAL.items():
        op.drop_index(name, table_name=table)
    op.drop_column("payment", "unapplied_pence")
