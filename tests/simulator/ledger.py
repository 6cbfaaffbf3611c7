"""What must hold of a company's books whatever was done to them: figures that agree, and records that only move on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from app.simulator.bookkeeping import wire
from app.simulator.bookkeeping.books import Books
from tests.simulator.clerk import DOCUMENTS, PARTIES
from tests.simulator.client import Body, Client, decoded

ZERO = Decimal(0)
_SETTLED_BY = {"Invoice": "Payment", "CreditMemo": "Payment", "Bill": "BillPayment", "VendorCredit": "BillPayment"}
_OWED = {
    "Customer": (("Invoice", "Balance", 1), ("CreditMemo", "RemainingCredit", -1), ("Payment", "UnappliedAmt", -1)),
    "Vendor": (("Bill", "Balance", 1), ("VendorCredit", "Balance", -1)),
}


def shares(payment: Body) -> Iterator[tuple[str, str, Decimal]]:
    """Kind, id and amount of all a payment is tied to."""
    for line in payment["Line"]:
        for link in line["LinkedTxn"]:
            yield link["TxnType"], link["TxnId"], wire.money(line["Amount"])


def faults_in_documents(books: Books) -> Iterator[str]:
    """What a document has open is its total less what is applied to it, and both sides know of each other."""
    for kind, means in _SETTLED_BY.items():
        applied = _applied(books, kind, means)
        for record in books.shelves[kind].all():
            yield from _faults_in_document(kind, record, applied.pop(record["Id"], {}))
        if applied:
            yield f"payments are tied to {kind} that is not there: {applied}"


def _applied(books: Books, kind: str, means: str) -> dict[str, dict[str, Decimal]]:
    """By document, what each payment says it pays of it."""
    applied: dict[str, dict[str, Decimal]] = {}
    tied = [(payment["Id"], *one) for payment in books.shelves[means].all() for one in shares(payment)]
    for payment_id, of_kind, record_id, amount in tied:
        if of_kind == kind:
            of_record = applied.setdefault(record_id, {})
            of_record[payment_id] = of_record.get(payment_id, ZERO) + amount
    return applied


def _faults_in_document(kind: str, record: Body, tied: dict[str, Decimal]) -> Iterator[str]:
    left = wire.money(record["TotalAmt"]) - sum(tied.values(), ZERO)
    if wire.money(record["Balance"]) != left or wire.money(record.get("RemainingCredit", left)) != left:
        yield f"{kind} {record['Id']} has {record['Balance']} open of {record['TotalAmt']}, tied {tied}"
    if {link["TxnId"] for link in record["LinkedTxn"]} != tied.keys():
        yield f"{kind} {record['Id']} names {record['LinkedTxn']}, tied {tied}"


def faults_in_payments(books: Books) -> Iterator[str]:
    """What is not applied is the rest of what was received, and never less than nothing."""
    for payment in books.shelves["Payment"].all():
        signed = [amount if kind == "CreditMemo" else -amount for kind, _, amount in shares(payment)]
        left = wire.money(payment["TotalAmt"]) + sum(signed, ZERO)
        if wire.money(payment["UnappliedAmt"]) != left or left < 0:
            yield f"Payment {payment['Id']} has {payment['UnappliedAmt']} unapplied instead of {left}"
    for payment in books.shelves["BillPayment"].all():
        signed = [amount if kind == "Bill" else -amount for kind, _, amount in shares(payment)]
        if sum(signed, ZERO) > wire.money(payment["TotalAmt"]):
            yield f"BillPayment {payment['Id']} pays more than its total {payment['TotalAmt']}"


def faults_in_parties(books: Books) -> Iterator[str]:
    """A party owes what its documents have open; above it counts what is below."""
    for party in _OWED:
        sums = _sums(books, party)
        for record in books.shelves[party].all():
            wanted = {"Balance": sums[record["Id"]]}
            if party == "Customer":
                wanted["BalanceWithJobs"] = _with_jobs(books, sums, record["Id"])
            if {name: wire.money(record[name]) for name in wanted} != wanted:
                yield f"{party} {record['Id']} owes {record['Balance']}, {record.get('BalanceWithJobs')}: {wanted}"


def _sums(books: Books, party: str) -> dict[str, Decimal]:
    sums = dict.fromkeys(books.shelves[party].facts, ZERO)
    for kind, name, sign in _OWED[party]:
        for record in books.shelves[kind].all():
            sums[record[f"{party}Ref"]["value"]] += sign * wire.money(record[name])
    return sums


def _with_jobs(books: Books, sums: dict[str, Decimal], record_id: str) -> Decimal:
    below = [one["Id"] for one in books.shelves["Customer"].all() if one.get("ParentRef", {}).get("value") == record_id]
    return sums[record_id] + sum((_with_jobs(books, sums, one) for one in below), ZERO)


@dataclass
class Witness:
    """Remembers every record as it was last seen, and the ids of all that ever were."""

    seen: dict[tuple[str, str], Body] = field(default_factory=dict)
    gone: set[tuple[str, str]] = field(default_factory=set)

    def faults(self, books: Books) -> Iterator[str]:
        """What went backwards since the last look, or came back."""
        present = {(kind, one["Id"]): one for kind in (*DOCUMENTS, *PARTIES) for one in books.shelves[kind].all()}
        for key, record in present.items():
            if key in self.gone:
                yield f"{key} is there again"
            if key in self.seen:
                yield from _moves(key, self.seen[key], record)
        ids = [record_id for kind, record_id in present if kind in DOCUMENTS]
        if len(ids) != len(set(ids)):
            yield f"two transactions have one id: {sorted(ids)}"
        self.gone |= self.seen.keys() - present.keys()
        self.seen = present


def _moves(key: tuple[str, str], before: Body, now: Body) -> Iterator[str]:
    """A record that changed has a later SyncToken, and only such a one; no time goes back."""
    tokens = [int(one["SyncToken"]) for one in (before, now)]
    if tokens[1] < tokens[0] or (tokens[1] > tokens[0]) != (_own(key[0], before) != _own(key[0], now)):
        yield f"{key} went from SyncToken {tokens[0]} to {tokens[1]}: {before} {now}"
    times = [datetime.fromisoformat(one["MetaData"]["LastUpdatedTime"]) for one in (before, now)]
    if times[1] < times[0] or now["MetaData"]["CreateTime"] != before["MetaData"]["CreateTime"]:
        yield f"{key} went back in time: {before['MetaData']} {now['MetaData']}"


def _own(kind: str, record: Body) -> Body:
    """A record without the figures that move with its documents, which is no change of a party."""
    left_out = ("Balance", "BalanceWithJobs") if kind in PARTIES else ()
    return {name: value for name, value in record.items() if name not in left_out}


def disagreement(api: Client, books: Books, kind: str, since: str) -> Iterator[str]:
    """Query, count, read and change data capture tell the same records."""
    asked = {one["Id"]: one for one in _query(api, "*", kind).get(kind, [])}
    counted = _query(api, "count(*)", kind)["totalCount"]
    if asked.keys() != books.shelves[kind].facts.keys() or counted != len(asked):
        yield f"query tells {counted} {kind}: {sorted(asked)}"
    last = list(asked)[-3:]
    if [api.read(f"{kind.lower()}/{record_id}") for record_id in last] != [asked[record_id] for record_id in last]:
        yield f"one of {kind} {last} is read otherwise than asked"
    (block,) = decoded(api.get("cdc", entities=kind, changedSince=since))["CDCResponse"][0]["QueryResponse"]
    yield from _faults_in_capture(block.get(kind, []), asked, set(books.shelves[kind].tombstones))


def _faults_in_capture(captured: list[Body], asked: dict[str, Body], tombstones: set[str]) -> Iterator[str]:
    gone = {one["Id"] for one in captured if one.get("status") == "Deleted"}
    if gone != tombstones:
        yield f"captured as gone {gone} instead of {tombstones}"
    wrong = [one for one in captured if one["Id"] not in gone and one != asked.get(one["Id"])]
    if wrong:
        yield f"captured {wrong}, asked {[asked.get(one['Id']) for one in wrong]}"


def _query(api: Client, what: str, kind: str) -> Body:
    condition = "where Active in (true, false)" if kind in PARTIES else ""
    return api.query(f"select {what} from {kind} {condition} maxresults 1000")  # noqa: S608 - Intuit's, not SQL
