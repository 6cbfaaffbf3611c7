"""An index by which documents are listed and summed by their days; sums by state are kept as a tally."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_AMOUNTS = ["net_pence", "tax_pence", "gross_pence", "rounding_adjustment_pence", "settled_pence"]
_DAYS = ["organisation_id", "kind", "issue_date", "id", "billing_entity_id", "status", "currency"]
_SUMS = ["organisation_id", "kind", "status", "due_date", "currency"]


def upgrade() -> None:
    """One for the other."""
    op.drop_index("ix_document_sums", table_name="document")
    op.create_index("ix_document_by_day", "document", [*_DAYS, *_AMOUNTS])


def downgrade() -> None:
    """As it was."""
    op.drop_index("ix_document_by_day", table_name="document")
    op.create_index("ix_document_sums", "document", [*_SUMS, *_AMOUNTS])
