"""What readiness and the writing of documents look at: plain values, read once, from both sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from app.outbox.models import Subject
from app.quickbooks.models import ClassTracking
from app.sync.records.policies import WhenClientMissing, WhenClosed, WhenPaidHere, WhenServiceMissing, WhenZero


@dataclass(frozen=True, kw_only=True)
class Books:
    """The connected company and its policies, as they are now."""

    connection_id: int
    country: str
    home_currency: str
    multi_currency: bool
    taxes_per_line: bool
    """True for the UK and its like: every line names a TaxCode and QuickBooks computes."""
    custom_numbers: bool
    closed_until: date | None
    read_only: bool
    automatic_push: bool
    push_since: datetime | None
    go_live_date: date | None
    client_missing: WhenClientMissing
    service_missing: WhenServiceMissing
    zero_total: WhenZero
    when_closed: WhenClosed
    default_income_id: str | None
    default_income_name: str | None
    payments_here: WhenPaidHere = WhenPaidHere.STAY
    asks_whether_taxed: bool = False
    """True for a company of the United States that taxes its sales: every line says TAX or NON."""
    class_tracking: ClassTracking = ClassTracking.NONE
    tracks_locations: bool = False
    our_currency: str = ""
    """What the billing entity bills in; empty where nobody asks."""

    @property
    def is_of_another_currency(self) -> bool:
        """Whether what we bill in has no place in this company: most likely it is not the one that was meant."""
        known = bool(self.our_currency and self.home_currency)
        return known and self.our_currency != self.home_currency and not self.multi_currency


class Heading(NamedTuple):
    """A class or location that was chosen: its id there, why it can't be used, and what a document waits for then."""

    remote_id: str
    trouble: str
    """Empty where it can be used."""
    blocker: str


@dataclass(frozen=True, kw_only=True)
class LineFacts:
    """One line with what stands for its service and tax code in QuickBooks. Amounts in pence, prices in pounds."""

    position: int
    description: str
    is_comment: bool
    quantity: Decimal
    unit_price: Decimal
    amount_pence: int
    discount_pence: int
    discount_percent: Decimal
    service_id: int | None
    service_code: str
    item_id: str | None
    item_trouble: str
    """Why the item that was chosen can't be used; empty when it can."""
    tax_code_id: int | None
    tax_code_name: str
    is_taxed: bool
    """Whether tax is added to the line; how much, its tax code says, or QuickBooks where that computes it."""
    tax_remote_id: str | None
    tax_trouble: str
    """Why the tax code that was chosen can't be used: it is inactive, or charges another rate than ours."""
    heading: Heading | None = None
    """The class of its service, or of all others; None where neither was chosen."""
    income_account_id: str | None = None
    """The account that was chosen for its service's item, should that be made; None: the default one."""


@dataclass(frozen=True, kw_only=True)
class LinkFacts:
    """What was last seen of a document in QuickBooks."""

    remote_id: str
    sync_token: str
    live: bool
    voided: bool
    told_revision: int | None
    told_memo: bool = False


@dataclass(frozen=True, kw_only=True)
class DocumentFacts:
    """An invoice or credit note with all that decides whether and how it is told. Amounts in pence."""

    subject: Subject
    number: str
    status: str
    revision: int
    issue_date: date
    due_date: date | None
    currency: str
    memo: str
    gross_pence: int
    opened_at: datetime | None
    kept_back_by: str | None
    asked: bool
    client_id: int
    client_name: str
    customer_id: str | None
    term_remote_id: str | None
    marker: str
    link: LinkFacts | None
    lines: tuple[LineFacts, ...]
    given_number: str = ""
    """The number under which it goes to QuickBooks where its own was taken there; empty where it keeps its own."""
    location: Heading | None = None
    default_class: Heading | None = None

    @property
    def number_there(self) -> str:
        """The number it has, or gets, in QuickBooks."""
        return self.given_number or self.number

    @property
    def is_void(self) -> bool:
        """Whether it was voided here."""
        return self.status == "void"


@dataclass(frozen=True, kw_only=True)
class ClientFacts:
    """A client as the Customer it becomes."""

    subject: Subject
    name: str
    company_name: str
    email: str
    phone: str
    address: tuple[str, ...]
    city: str
    region: str
    postcode: str
    country: str
    currency: str
    note: str


@dataclass(frozen=True, kw_only=True)
class ServiceFacts:
    """A service as the Item it becomes; the price is in pounds."""

    subject: Subject
    code: str
    name: str
    description: str
    unit_price: Decimal | None
    income_account_id: str | None = None
    """The account chosen for its item; None: the default one."""
