"""PaymentMethod: cash, cheque, the names of cards."""

from app.simulator.bookkeeping.columns import Column
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds import names
from app.simulator.kinds.fields import Field, choice, flag, text
from app.simulator.kinds.kind import FEW_EVENTS, LIST_OPERATIONS, SYSTEM_ORDER, Draft, Kind


def complete(draft: Draft) -> Body:
    """A method with its type; the name is unique in the list. Its limit, 31, is the older schema's."""
    names.refuse_deleted(draft)
    body: Body = {"Active": True, "Type": "NON_CREDIT_CARD"} | draft.merged
    names.refuse_taken(draft.saying(body), "PaymentMethod", "Name", names.LIST_TAKEN)
    return body


PAYMENT_METHOD = Kind(
    "PaymentMethod",
    (Field("Name", text(31), required=True), Field("Type", choice("CREDIT_CARD", "NON_CREDIT_CARD"), keeps=True),
     Field("Active", flag, keeps=True)),
    (Column("Name", indexed=True), Column("Type"), Column("Active", "flag")),
    LIST_OPERATIONS, complete, is_list=True, order=("Name", "Active", "Type", *SYSTEM_ORDER), events=FEW_EVENTS,
)  # fmt: skip
