"""Sending a transaction by e-mail (§3.9): nothing leaves the simulator, but the record says that it did."""

from app.simulator.bookkeeping import clock, refusals
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.contact import EMAIL
from app.simulator.kinds.documents import read
from app.simulator.kinds.fields import Spot
from app.simulator.kinds.kind import Kind

_MOST_IN_SANDBOX = 40
"""E-mails on one day (§7)."""


def send_in_sandbox(books: Books, kind: Kind, record_id: str, send_to: str | None) -> Body:
    """As `send`, up to 40 times on a day of the company's (§7: official; the text of the refusal is not recorded)."""
    today, before = books.today().isoformat(), books.numbers.get("e-mails") or {}
    sent = int(before["sent"]) if before.get("day") == today else 0
    if sent >= _MOST_IN_SANDBOX:
        raise refusals.business(f"A sandbox company can send {_MOST_IN_SANDBOX} e-mails a day.")
    done = send(books, kind, record_id, send_to)
    books.numbers.put("e-mails", {"day": today, "sent": sent + 1})
    return done


def send(books: Books, kind: Kind, record_id: str, send_to: str | None) -> Body:
    """EmailStatus, DeliveryInfo and, with an address, BillEmail. Without any address 2020 (its text is inferred)."""
    old = read(books, kind, record_id)
    address = EMAIL({"Address": send_to}, Spot(books, kind.name, "BillEmail")) if send_to else old.get("BillEmail")
    if not address:
        raise refusals.Refusal(refusals.missing("BillEmail"))
    told = {"DeliveryType": "Email", "DeliveryTime": clock.stamp(books.clock.now())}
    sent = old | {"BillEmail": address, "EmailStatus": "EmailSent", "DeliveryInfo": told}
    books.put(kind.name, kind.in_order(books.touch(sent)))
    books.announce(kind.name, old["Id"], "Emailed")
    return books.get(kind.name, old["Id"]) or sent
