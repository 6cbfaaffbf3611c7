"""TaxCode, TaxRate and TaxAgency (§3.7): read and queried; the API cannot write the first two."""

from app.simulator.bookkeeping.columns import Column, ref
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds import names
from app.simulator.kinds.fields import Field, flag, read_only, text
from app.simulator.kinds.kind import READ_ONLY, Draft, Kind

_NO_EVENTS = frozenset[str]()

TAX_CODE = Kind(
    "TaxCode",
    read_only("Name", "Description", "Active", "Hidden", "Taxable", "TaxGroup", "SalesTaxRateList",
              "PurchaseTaxRateList", "TaxCodeConfigType"),
    (Column("Name", indexed=True), Column("Active", "flag"), Column("Description")),
    READ_ONLY, is_list=True, total_count=True, events=_NO_EVENTS,
)  # fmt: skip

TAX_RATE = Kind(
    "TaxRate",
    read_only("Name", "Description", "Active", "RateValue", "AgencyRef", "TaxReturnLineRef", "SpecialTaxType",
              "DisplayType", "EffectiveTaxRate", "OriginalTaxRate"),
    (Column("Name", indexed=True), Column("Active", "flag"), ref("AgencyRef"), ref("TaxReturnLineRef")),
    READ_ONLY, is_list=True, total_count=True, events=_NO_EVENTS,
)  # fmt: skip


def _complete_agency(draft: Draft) -> Body:
    """Tracked on sales, not on purchases, unless said otherwise (§3.7)."""
    body = {"TaxTrackedOnSales": True, "TaxTrackedOnPurchases": False} | draft.merged
    names.refuse_taken(draft.saying(body), "TaxAgency", "DisplayName", names.LIST_TAKEN)
    return body


TAX_AGENCY = Kind(
    "TaxAgency",
    (
        Field("DisplayName", text(100), required=True),
        Field("TaxTrackedOnSales", flag),
        Field("TaxTrackedOnPurchases", flag),
        Field("TaxRegistrationNumber", text(30)),
        *read_only("LastFileDate", "TaxAgencyConfig"),
    ),
    (Column("DisplayName", indexed=True),),
    frozenset({"create"}), _complete_agency, is_list=True, total_count=True, events=frozenset({"Create", "Update"}),
)  # fmt: skip
