"""TaxService (§3.7): the only way to make a tax code through the API, rates and all in one call."""

from app.simulator.bookkeeping import clock, refusals, wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.fields import (
    Field,
    Spot,
    by_name,
    choice,
    many,
    number,
    read_fields,
    read_only,
    structure,
    text,
)  # fmt: skip

_SIDES = {"Sales": "SalesTaxRateList", "Purchase": "PurchaseTaxRateList"}
_DETAIL = structure(
    "TaxRateDetails",
    Field("TaxRateName", text(100)),
    Field("TaxRateId", text(20)),
    Field("RateValue", number),
    Field("TaxAgencyId", text(20)),
    Field("TaxApplicableOn", choice(*_SIDES)),
)
_FIELDS = (
    Field("TaxCode", text(100), required=True),
    Field("TaxCodeId", text(20)),
    Field("TaxRateDetails", many(_DETAIL), required=True),
)
# python-quickbooks sends an Id too, as with every record, and its tests pass against a live company.
_KNOWN = by_name((*_FIELDS, *read_only("Id")))
_RATE_TAKEN = "Another tax rate is already using this \nname"
_CODE_TAKEN = "Another tax code is already using this \nname"


def _stored(books: Books, kind: str, record: Body) -> str:
    now = clock.stamp(books.clock.now())
    record_id = books.next_id(kind)
    meta = {"CreateTime": now, "LastUpdatedTime": now}
    books.put(kind, record | {"domain": "QBO", "sparse": False, "Id": record_id, "SyncToken": "0", "MetaData": meta})
    return record_id


def _refuse_names(books: Books, sent: Body) -> None:
    """6240 for a code or a rate whose name is taken (§3.7)."""
    if books.shelves["TaxCode"].find("Name", str(sent["TaxCode"]).casefold()):
        raise refusals.name_taken(_CODE_TAKEN)
    for detail in sent["TaxRateDetails"]:
        if books.shelves["TaxRate"].find("Name", str(detail.get("TaxRateName", "")).casefold()):
            raise refusals.name_taken(_RATE_TAKEN)


def _refuse_detail(books: Books, detail: Body) -> None:
    """A rate is one that is there (TaxRateId), or a new one with name, value and agency."""
    if "TaxRateId" in detail:
        if books.get("TaxRate", detail["TaxRateId"]) is None:
            raise refusals.invalid_reference("TaxRates", detail["TaxRateId"], "TaxRateId")
        return
    absent = [refusals.missing(name) for name in ("TaxRateName", "RateValue", "TaxAgencyId") if name not in detail]
    if absent:
        raise refusals.Refusal(*absent)
    if books.get("TaxAgency", detail["TaxAgencyId"]) is None:
        raise refusals.invalid_reference("TaxAgencies", detail["TaxAgencyId"], "TaxAgencyId")


def _rate(books: Books, detail: Body) -> str:
    if "TaxRateId" in detail:
        return str(detail["TaxRateId"])
    return _stored(books, "TaxRate", {
        "Name": detail["TaxRateName"], "Description": detail["TaxRateName"], "Active": True,
        "RateValue": detail["RateValue"], "AgencyRef": {"value": detail["TaxAgencyId"]}, "SpecialTaxType": "NONE",
        "DisplayType": "ReadOnly",
    })  # fmt: skip


def _rate_list(entries: list[tuple[str, Body]], side: str) -> Body:
    chosen = [(rate_id, detail) for rate_id, detail in entries if detail.get("TaxApplicableOn", "Sales") == side]
    return {"TaxRateDetail": [
        {"TaxRateRef": {"value": rate_id, "name": detail.get("TaxRateName", "")}, "TaxTypeApplicable": "TaxOnAmount",
         "TaxOrder": 0} for rate_id, detail in chosen
    ]}  # fmt: skip


def _accepted(books: Books, raw: object) -> Body:
    """What was sent, if it can be done. Refused in the United States (§3.7: system agencies only)."""
    if not isinstance(raw, dict):
        raise refusals.unreadable("JSON object")
    sent = read_fields(raw, _KNOWN, Spot(books, "TaxService"))
    absent = [refusals.missing(field.name) for field in _FIELDS if field.required and not sent.get(field.name)]
    if absent:
        raise refusals.Refusal(*absent)
    if books.country == "US":
        raise refusals.business("Tax codes of a company in the United States are made by its tax setup.")
    _refuse_names(books, sent)
    for detail in sent["TaxRateDetails"]:
        _refuse_detail(books, detail)
    return sent


def create(books: Books, raw: object) -> Body:
    """Make a code; the answer is the request with ids, without wrapper and without time."""
    sent = _accepted(books, raw)
    entries = [(_rate(books, detail), detail) for detail in sent["TaxRateDetails"]]
    code = {
        "Name": sent["TaxCode"], "Description": sent["TaxCode"], "Active": True, "Hidden": False, "Taxable": True,
        "TaxGroup": True, "TaxCodeConfigType": "USER_DEFINED",
    }  # fmt: skip
    code_id = _stored(books, "TaxCode", code | {name: _rate_list(entries, side) for side, name in _SIDES.items()})
    details = [_answered(detail, rate_id) for rate_id, detail in entries]
    return {"TaxCode": sent["TaxCode"], "TaxCodeId": code_id, "TaxRateDetails": details}


def _answered(detail: Body, rate_id: str) -> Body:
    """Numbers come back as text, as they were sent in the recording (§3.7)."""
    shown = {name: wire.encode(value) if name == "RateValue" else value for name, value in detail.items()}
    return shown | {"TaxRateId": rate_id}
