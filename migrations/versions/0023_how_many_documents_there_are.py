"""How many documents there are, and what they come to, kept with each change."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_KEY = "organisation_id, billing_entity_id, kind, status, currency"
_COUNT = f"""
INSERT INTO document_tally ({_KEY}, documents, net_pence, tax_pence, owed_pence, settled_pence)
SELECT {_KEY}, COUNT(*), SUM(net_pence), SUM(tax_pence), SUM(gross_pence + rounding_adjustment_pence),
    SUM(settled_pence)
FROM document GROUP BY {_KEY}
"""


def upgrade() -> None:
    """Make the table, and count what there is."""
    op.create_table(
        "document_tally",
        sa.Column("billing_entity_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("net_pence", sa.BigInteger(), nullable=False),
        sa.Column("tax_pence", sa.BigInteger(), nullable=False),
        sa.Column("owed_pence", sa.BigInteger(), nullable=False),
        sa.Column("settled_pence", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["billing_entity_id"], ["billing_entity.id"], name=op.f("fk_document_tally_billing_entity_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_document_tally_organisation_id")
        ),
        sa.PrimaryKeyConstraint("billing_entity_id", "kind", "status", "currency", name=op.f("pk_document_tally")),
    )
    op.execute(_COUNT)


def downgrade() -> None:
    """Take it away."""
    op.drop_table("document_tally")
