"""How many documents there are, and what they come to, by the month of issue too."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_NAMED = ("organisation_id", "billing_entity_id", "kind", "status", "currency")
_NUMBERS = ("documents", "net_pence", "tax_pence", "owed_pence", "settled_pence")


def upgrade() -> None:
    """Count anew what there is."""
    day = sa.column("issue_date", sa.Date())
    _begin_anew({"issue_month": sa.extract("year", day) * 100 + sa.extract("month", day)})


def downgrade() -> None:
    """As it was."""
    _begin_anew({})


def _begin_anew(more: dict[str, sa.ColumnElement[int]]) -> None:
    op.drop_table("document_tally")
    op.create_table(
        "document_tally",
        sa.Column("billing_entity_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in (*more, "documents")),
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
        sa.PrimaryKeyConstraint(*_NAMED[1:], *more, name=op.f("pk_document_tally")),
    )
    _count(more)


def _count(more: dict[str, sa.ColumnElement[int]]) -> None:
    key = [*(sa.column(name) for name in _NAMED), *more.values()]
    summed = ("net_pence", "tax_pence", "gross_pence + rounding_adjustment_pence", "settled_pence")
    sums = [sa.func.count(), *(sa.func.sum(sa.literal_column(amount)) for amount in summed)]
    document = sa.table("document", *(sa.column(name) for name in _NAMED))
    counted = sa.select(*key, *sums).select_from(document).group_by(*key)
    tally = sa.table("document_tally", *(sa.column(name) for name in (*_NAMED, *more, *_NUMBERS)))
    op.execute(sa.insert(tally).from_select([*_NAMED, *more, *_NUMBERS], counted))
