"""What Intuit says when it refuses (§8): each refusal a small function that knows its code and its literal text."""

from dataclasses import dataclass

from app.simulator.bookkeeping.wire import Body

INACTIVE = (
    "Something you're trying to use has been made inactive. "
    "Check the fields with accounts, customers, items, vendors or employees."
)
REQUIRED = "Required param missing, need to supply the required value for the API"
UNSUPPORTED_PROPERTY = "Request has invalid or unsupported property"
BUSINESS = "A business validation error has occurred while processing your request"


@dataclass(frozen=True)
class FaultError:
    """One entry of `Fault.Error`; element None means the key is left out (§8.1)."""

    code: str
    message: str
    detail: str
    element: str | None = ""

    def body(self) -> Body:
        """Its wire form."""
        shown: Body = {"Message": self.message, "Detail": self.detail, "code": self.code}
        return shown if self.element is None else shown | {"element": self.element}


class Refusal(Exception):  # noqa: N818 - an answer, not a mistake
    """A service fault (§8.1 shape 1) on its way to the caller; may hold several errors."""

    def __init__(self, *errors: FaultError, status: int = 400, fault_type: str = "ValidationFault") -> None:
        super().__init__("; ".join(error.detail for error in errors))
        self.errors = errors
        self.status = status
        self.fault_type = fault_type

    def body(self) -> Body:
        """The `Fault` object, as used alone and inside a batch."""
        return {"Error": [error.body() for error in self.errors], "type": self.fault_type}


def _one(code: str, message: str, detail: str, element: str | None = "") -> Refusal:
    return Refusal(FaultError(code, message, detail, element))


def unsupported_operation(path: str) -> Refusal:
    """500 for an address that is not there (§8.2)."""
    return _one(
        "500", "Unsupported Operation",
        f"Operation Could not find resource for relative : {path} of full path: https://simulator{path} "
        "is not supported.",
    )  # fmt: skip


def unsupported(what: str) -> Refusal:
    """500 for an operation a kind does not know (§8.2)."""
    return _one("500", "Unsupported Operation", f"Operation {what} is not supported.")


def not_found() -> Refusal:
    """610 (§8.2)."""
    return _one("610", "Object Not Found", f"Object Not Found : {INACTIVE}")


def deleted_transaction() -> Refusal:
    """610 for what was there once (§8.2)."""
    return _one("610", "Object Not Found", "Object Not Found : Another user has deleted this transaction.")


def unrecognized(name: str, class_name: str, known: list[str]) -> Refusal:
    """2010 with the text of the recorded parser message (§8.2)."""
    shown = ", ".join(f'"{one}"' for one in known[:20])
    more = ", ... [truncated]" if len(known) > 20 else ""
    return _one(
        "2010", UNSUPPORTED_PROPERTY,
        f'Property Name:Unrecognized field "{name[:200]}" (class com.intuit.schema.finance.v3.{class_name}), '
        f"not marked as ignorable ({len(known)} known properties: {shown}{more}])\n"
        " specified is unsupported or invalid",
        None,
    )  # fmt: skip


def unreadable(what: str) -> Refusal:
    """2010 for a body or value of the wrong shape; its live text is not recorded."""
    return _one("2010", UNSUPPORTED_PROPERTY, f"Property Name:{what} specified is unsupported or invalid", None)


def missing(name: str) -> FaultError:
    """2020 (§8.2)."""
    return FaultError("2020", REQUIRED, f"Required parameter {name} is missing in the request", name)


def invalid_id(supplied: object) -> Refusal:
    """2030 (§8.2)."""
    return _one("2030", "Invalid ID", f"Id should be a valid number. Supplied value:{str(supplied)[:100]}", "Id")


def too_long(limit: int, name: str) -> Refusal:
    """2050 (§8.2)."""
    message = "String length is either shorter or longer than supported by specification"
    return _one("2050", message, f"Length of the field exceeds {limit} chars", name)


def invalid_number(supplied: object, name: str) -> Refusal:
    """2090 (§8.2); its detail is not recorded."""
    return _one("2090", "Invalid Number", f"Invalid Number : {str(supplied)[:100]}", name)


def invalid_choice(supplied: object, name: str) -> Refusal:
    """2170 (§8.2)."""
    return _one("2170", "Invalid Enumeration", f"Invalid Enumeration : {str(supplied)[:100]}", name)


def invalid_reference(plural: str, record_id: str, name: str) -> Refusal:
    """2500 for an id that is not there (§8.2)."""
    return _one(
        "2500", "Invalid Reference Id", f"Invalid Reference Id : {plural} element id {record_id} not found", name
    )


def inactive_reference(name: str) -> Refusal:
    """2500 for an id that was made inactive (§8.2)."""
    return _one("2500", "Invalid Reference Id", f"Invalid Reference Id : {INACTIVE}", name)


def query_parser(text: str) -> Refusal:
    """4000 (§5)."""
    return _one("4000", "Error parsing query", f"QueryParserError: {text}", None)


def query_validation(text: str) -> Refusal:
    """4001 (§5)."""
    return _one("4001", "Invalid query", f"QueryValidationError: {text}", None)


def stale(user: str) -> Refusal:
    """5010 (§8.2)."""
    return _one(
        "5010", "Stale Object Error",
        f"Stale Object Error : You and {user} were working on this at the same time. "
        f"{user} finished before you did, so your work was not saved.",
    )  # fmt: skip


def rate_missing() -> Refusal:
    """2410 with its live typing error (§8.2)."""
    return _one(
        "2410", "Curreny, ExchangeRate is missing.",
        "The currency and exchange rate are required for transaction in foreign currency.",
    )  # fmt: skip


def business(text: str) -> Refusal:
    """6000 (§8.2): `text` is what stands behind "Business Validation Error: "."""
    return _one("6000", BUSINESS, f"Business Validation Error: {text}")


def amount_not_equal(supplied: str) -> Refusal:
    """6070 (§8.2); `supplied` carries a thousands separator, as recorded."""
    text = "Amount is not equal to UnitPrice * Qty"
    return _one("6070", text, f"{text}. Supplied value:{supplied}", "Line.Amount")


def duplicate_number(number: str, transaction_type: str, record_id: str) -> Refusal:
    """6140 (§8.2)."""
    return _one(
        "6140", "Duplicate Document Number Error",
        "Duplicate Document Number Error : You must specify a different number. This number has already been used. "
        f"DocNumber={number} is assigned to TxnType={transaction_type} with TxnId={record_id}",
    )  # fmt: skip


def company_read_only(product: str) -> Refusal:
    """6190 (§8.2)."""
    return _one(
        "6190", "Invalid Company Status",
        "Subscription period has ended or canceled or there was a billing problem : "
        f"You can't add data to {product} because your trial or subscription period ended.",
    )  # fmt: skip


def books_closed() -> Refusal:
    """6210; "through through" is in the live text (§8.2)."""
    return _one(
        "6210", "Account Period Closed, Cannot Update Through Services API",
        "The account period has closed and the account books cannot be updated through through the QBO Services API. "
        "Please use the QBO website to make these changes.",
    )  # fmt: skip


def deposited() -> Refusal:
    """6540 (§8.2)."""
    return _one(
        "6540", "Deposited Transaction cannot be changed",
        "This transaction has been deposited. If you want to change or delete it, you must edit the deposit it appears "
        "on and remove it first.",
    )  # fmt: skip


def name_taken(detail: str) -> Refusal:
    """6240 (§8.2): `detail` is what stands behind "already exists. : "."""
    return _one("6240", "Duplicate Name Exists Error", f"The name supplied already exists. : {detail}")


def application_error(text: str) -> Refusal:
    """10000 (§8.2): the only refusal that is Intuit's own failure."""
    return Refusal(
        FaultError("10000", "An application error has occurred while processing your request",
                   f"System Failure Error: {text}"),
        status=500, fault_type="SystemFault",
    )  # fmt: skip
