"""Indexes by which documents and payments of exactly one amount are found."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    whole = ["organisation_id", "gross_pence", "rounding_adjustment_pence", "id"]
    op.create_index("ix_document_amount", "document", whole)
    op.create_index("ix_payment_amount", "payment", ["organisation_id", "amount_pence", "id"])


def downgrade() -> None:
    """As it was."""
    op.drop_index("ix_payment_amount", table_name="payment")
    op.drop_index("ix_document_amount", table_name="document")
