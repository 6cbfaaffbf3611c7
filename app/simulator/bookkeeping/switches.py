"""Switches (§11): where sources about Intuit disagree or are silent, the simulator can play either side."""

from dataclasses import dataclass
from decimal import Decimal

from app.simulator.bookkeeping.drawers import Drawer

SwitchValue = bool | int | float | Decimal | str
_HIGHEST = 1_000_000
"""Of a switch that counts: ten days of seconds, a century of hours. Beyond, moments leave the calendar."""


@dataclass(frozen=True)
class Switch:
    """A question, its default answer, the others (none: any value of the default's type), and its source."""

    name: str
    default: SwitchValue
    others: tuple[SwitchValue, ...]
    question: str
    source: str

    def accepts(self, value: object) -> bool:
        """Whether the value is one of the answers."""
        if self.others:
            return value in (self.default, *self.others) and isinstance(value, type(self.default))
        if isinstance(self.default, bool) or isinstance(value, bool):
            return type(value) is type(self.default)
        return isinstance(value, int | float | Decimal) and 0 <= value <= _HIGHEST


SWITCHES = (
    Switch("old_refresh_grace_seconds", 0, (86400,), "How long an old refresh token lives on after rotation", "§1.4"),
    Switch("refresh_rotation_seconds", 86400, (), "After how long a refresh returns a new value; 0: each time", "§1.4"),
    Switch("reused_refresh_revokes", False, (True,), "Using a rotated refresh token also kills the connection", "§1.4"),  # noqa: FBT003 - a value, not a flag
    Switch("redirects", "lenient", ("by_the_book",), "Redirect addresses: numbers, http in production", "§1.2"),
    Switch("consenting_person", "administrator", ("other_user",), "Who sits before the consent page", "§1.2"),
    Switch("access_token_seconds", 3600, (), "How long an access token lives", "§1.3"),
    Switch("tax_rounding", "per_rate", ("per_line",), "VAT on the summed net of each rate, or line by line", "§4.2"),
    Switch("total_tax_alone", "ignored", ("honoured",), "TxnTaxDetail with only TotalTax", "§4.1"),
    Switch("tax_line_override", "honoured", ("ignored",), "TxnTaxDetail.TaxLine sent by the client", "§4.1"),
    Switch("tax_inclusive_amounts", "added_on_top", ("split_out",), "TaxInclusive with gross in Amount", "§4.1"),
    Switch("us_tax_calculation", "ignored", ("fault",), "GlobalTaxCalculation sent to a company in the US", "§4.4"),
    Switch("us_absent_tax_code", "by_item", ("taxable",), "A line without TaxCodeRef in the US", "§3.9, §4.4"),
    Switch("nought_times_nought", "not_sent", ("counted",), "UnitPrice 0 and Qty 0 beside another Amount", "§8.2"),
    Switch("party_currency", "honoured", ("silently_home",), "CurrencyRef of a new customer or vendor", "§10.3"),
    Switch("void_verb", "void", ("voided",), "Verb of the void event", "§9.3"),
    Switch("webhook_format", "cloudevents", ("legacy",), "Form of webhook bodies", "§9.2, §9.3"),
    Switch("throttle_body", "xml", ("lower_json", "upper_json"), "Body of a 429", "§7"),
    Switch("metered_reads", 0, (), "Reads a live company answers before a 429; 0: no end", "§7"),
    Switch("retry_after_seconds", 0, (), "Retry-After of a 429; 0: not sent", "§7"),
    Switch("unauthorized_body", "lower_json", ("xml",), "Body of a 401 and of a 403", "§8.1"),
    Switch("inactive_name_blocks", False, (True,), "An inactive record still holds its name", "§10.2"),  # noqa: FBT003 - same
    Switch("deactivate_with_balance", "fault", ("allowed",), "Making a customer with a balance inactive", "§2.6"),
    Switch("delete_with_payment", "fault", ("unapply",), "Deleting an invoice that has payments", "§2.6"),
    Switch("void_with_payment", "fault", ("unapply",), "Voiding an invoice that has payments", "§2.6"),
    Switch("request_id_hours", 0, (), "How long a requestid is remembered; 0: for ever", "§2.4"),
    Switch("request_id_replays_failures", False, (True,), "A refused call is replayed too", "§2.4"),  # noqa: FBT003 - same
    Switch("request_id_ignored", False, (True,), "Intuit forgets requestid altogether", "§2.4"),  # noqa: FBT003 - same
    Switch("duplicate_number", "fault", ("accept",), "A sales number used twice while CustomTxnNumbers is on", "§10.1"),
    Switch("duplicate_bill_number", "per_vendor", ("company", "accept"), "A bill's number used twice", "§3.12"),
    Switch("too_many_rows", "fault", ("capped",), "MAXRESULTS above 1000", "§5"),
    Switch("named_fields", "all", ("named",), "What a SELECT of single fields returns", "§5"),
    Switch("old_change_data", "fault", ("accept",), "Change data capture older than 30 days", "§6.2"),
    Switch("webhook_order", "as_it_happened", ("reversed", "held_back"), "Events and deliveries in what order", "§9.1"),
    Switch("webhook_delay_seconds", 0.2, (), "How long events are gathered before a delivery", "§9.1"),
    Switch("webhook_retries", "for_ever", ("three",), "Retries for ever, or after 20, 30, 50 minutes alone", "§9.1"),
    Switch("webhook_retry_scale", 1.0, (), "Factor on the retry schedule", "§9.1"),
    Switch("request_seconds", 0.0, (), "How long each call takes at least, for measurements", "not known"),
    Switch("document_seconds", 0.0, (), "How much longer for each record that a call writes", "not known"),
)
_BY_NAME = {switch.name: switch for switch in SWITCHES}


class SwitchBoard:
    """The switches as they stand; only what differs from the default is stored."""

    def __init__(self, drawer: Drawer) -> None:
        self.drawer = drawer

    def __getitem__(self, name: str) -> SwitchValue:
        paper = self.drawer.get(name)
        value: SwitchValue = paper["value"] if paper else _BY_NAME[name].default
        return value

    def number(self, name: str) -> float:
        """A switch that counts seconds, hours or a factor."""
        return float(self[name])

    def turn(self, name: str, value: object) -> None:
        """Set a switch. Raises ValueError for an unknown name or answer."""
        switch = _BY_NAME.get(name)
        if switch is None or not switch.accepts(value):
            raise ValueError(f"no such switch or value: {name}={value!r}")
        self.drawer.put(name, {"value": value})

    def values(self) -> dict[str, SwitchValue]:
        """Every switch with its present answer."""
        return {name: self[name] for name in _BY_NAME}
