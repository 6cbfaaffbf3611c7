"""Every recorded refusal by its code (§8.2), so that a person can order one without knowing its text."""

from app.simulator.bookkeeping import refusals
from app.simulator.bookkeeping.refusals import REQUIRED, FaultError, Refusal

RECORDED: dict[str, Refusal] = {
    "500": refusals.unsupported_operation("/v3/company/1/customer/1/5"),
    "610": refusals.not_found(),
    "2010": refusals.unrecognized("BadJson", "Invoice", ["DocNumber"]),
    "2020": Refusal(FaultError("2020", REQUIRED, "Required parameter Line is missing in the request", "Line")),
    "2030": refusals.invalid_id("1.5"),
    "2050": refusals.too_long(21, "DocNumber"),
    "2080": Refusal(FaultError("2080", "Illegal number format", "Illegal number format : 1.2.3", "Amount")),
    "2090": refusals.invalid_number("many", "Qty"),
    "2170": refusals.invalid_choice("HAS_BEEN_BILLED", "BillableStatus"),
    "2410": refusals.rate_missing(),
    "2500": refusals.inactive_reference("ItemRef"),
    "4000": refusals.query_parser("Encountered an unexpected word."),
    "4001": refusals.query_validation("Property Moon not found for Entity"),
    "5010": refusals.stale("Sam Bookkeeper"),
    "6000": refusals.business("ordered in the simulator"),
    "6070": refusals.amount_not_equal("1,861.07"),
    "6140": refusals.duplicate_number("INV-7", "Invoice", "17984"),
    "6190": refusals.company_read_only("QuickBooks Online Plus"),
    "6210": refusals.books_closed(),
    "6240": refusals.name_taken(
        "Another customer, vendor or employee is already using this name. Please use a different name."
    ),
    "6540": refusals.deposited(),
    "10000": refusals.application_error("ordered in the simulator"),
}


def ordered(code: str, message: object = None, detail: object = None) -> Refusal:
    """The refusal of this code, with other texts where some are given; an unknown code is a business fault's kin."""
    known = RECORDED.get(code)
    if known is not None and message is None and detail is None:
        return known
    first = known.errors[0] if known else FaultError(code, refusals.BUSINESS, "Business Validation Error: ordered")
    error = FaultError(code, str(message or first.message), str(detail or first.detail), first.element)
    return Refusal(error, status=known.status if known else 400)
