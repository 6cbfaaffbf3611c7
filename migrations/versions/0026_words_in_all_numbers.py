"""Indexes in which words are looked for; and what was kept back by its days."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_KEPT_BACK = {"sqlite_where": sa.text("kept_back = 1"), "postgresql_where": sa.text("kept_back")}
_NUMBERED = sa.text("number IS NOT NULL")
_WITH_A_MEMO = sa.text("(memo != '' OR number IS NULL)")
_KIND = ["organisation_id", "kind"]


def upgrade() -> None:
    """Add them."""
    op.create_index("ix_payment_referenced", "payment", ["organisation_id", "reference", "client_id"])
    numbered = {"sqlite_where": _NUMBERED, "postgresql_where": _NUMBERED}
    op.create_index("ix_document_numbered", "document", [*_KIND, "number", "client_id"], **numbered)
    with_a_memo = {"sqlite_where": _WITH_A_MEMO, "postgresql_where": _WITH_A_MEMO}
    op.create_index("ix_document_with_a_memo", "document", _KIND, **with_a_memo)
    op.drop_index("ix_document_kept_back", table_name="document")
    op.create_index("ix_document_kept_back", "document", [*_KIND, "issue_date"], **_KEPT_BACK)


def downgrade() -> None:
    """As it was."""
    op.drop_index("ix_document_kept_back", table_name="document")
    op.create_index("ix_document_kept_back", "document", _KIND, **_KEPT_BACK)
    for name in ("ix_document_with_a_memo", "ix_document_numbered"):
        op.drop_index(name, table_name="document")
    op.drop_index("ix_payment_referenced", table_name="payment")
