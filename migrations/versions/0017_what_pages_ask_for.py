"""Indexes for what pages ask of years of documents, payments, messages and events."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_AMOUNTS = ["net_pence", "tax_pence", "gross_pence", "rounding_adjustment_pence", "settled_pence"]
_PLAIN = {
    "ix_document_entity": ("document", ["billing_entity_id", "status"]),
    "ix_document_sums": ("document", ["organisation_id", "kind", "status", "due_date", "currency", *_AMOUNTS]),
    "ix_payment_listed": ("payment", ["organisation_id", "received_on", "id"]),
    "ix_message_standing": ("message", ["billing_entity_id", "mode", "state", "kind"]),
    "ix_event_heard": ("event", ["organisation_id", "delivery_id"]),
}
_ROUNDED = "rounding_adjustment_pence != 0"
_TOLD = "delivery_id IS NOT NULL"
_PARTIAL = {
    "ix_document_kept_back": ("document", ["organisation_id", "kind"], "kept_back = 1", "kept_back"),
    "ix_document_rounded": ("document", ["organisation_id", "id"], _ROUNDED, _ROUNDED),
    "ix_event_told": ("event", ["connection_id", "at"], _TOLD, _TOLD),
}


def upgrade() -> None:
    """Make them."""
    for name, (table, columns) in _PLAIN.items():
        op.create_index(name, table, columns)
    for name, (table, columns, on_sqlite, on_postgresql) in _PARTIAL.items():
        op.create_index(name, table, columns, sqlite_where=sa.text(on_sqlite), postgresql_where=sa.text(on_postgresql))


def downgrade() -> None:
    """Take them away."""
    for name, (table, *_more) in {**_PARTIAL, **_PLAIN}.items():
        op.drop_index(name, table_name=table)
