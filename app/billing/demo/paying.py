"""How the demo's clients pay: some at once, some two bills together, some only half."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, datetime, timedelta

from app.billing.demo.moments import on
from app.billing.document import Document
from app.billing.entity import BillingEntity
from app.billing.facts import PaymentFacts
from app.billing.receiving import write_down
from app.billing.timeline import Actor

_DAYS_TO_PAY = (6, 24)
_WAITS = 0.2
"""How often a client lets a bill lie and pays it with the next one."""

Parts = tuple[tuple[int, int], ...]


class Purse:
    """What clients mean to pay but have not paid yet."""

    def __init__(self, entity: BillingEntity, lot: random.Random, actor: Actor, now: datetime) -> None:
        self._entity = entity
        self._lot = lot
        self._actor = actor
        self._now = now
        self._today = entity.today()
        self._lying: defaultdict[int, list[Document]] = defaultdict(list)

    def owe(self, invoice: Document) -> None:
        """A bill that will be paid in full: now, or with the client's next one."""
        bills = self._lying[invoice.bill_to.id]
        bills.append(invoice)
        if self._lot.random() > _WAITS:
            self._pay(bills)

    def pay_the_rest(self) -> None:
        """Whatever still lies there is paid after all."""
        for bills in self._lying.values():
            self._pay(bills)

    def pay_half(self, invoice: Document) -> None:
        """Half of a bill; the penny left over stays owed."""
        self._write(invoice, self._payday(invoice), ((invoice.id, invoice.owed_pence // 2),))

    def use(self, credit: Document, invoice: Document) -> None:
        """A credit note is set against an invoice on the day it is issued."""
        used = min(credit.owed_pence, invoice.owed_pence)
        self._write(invoice, credit.issue_date, ((invoice.id, used),), credits_=((credit.id, used),))

    def _pay(self, bills: list[Document]) -> None:
        if bills:
            parts = tuple((bill.id, bill.owed_pence) for bill in bills)
            self._write(bills[-1], self._payday(bills[-1]), parts)
            bills.clear()

    def _payday(self, invoice: Document) -> date:
        return min(invoice.issue_date + timedelta(days=self._lot.randint(*_DAYS_TO_PAY)), self._today)

    def _write(self, invoice: Document, day: date, parts: Parts, *, credits_: Parts = ()) -> None:
        facts = PaymentFacts(
            client_id=invoice.bill_to.id,
            billing_entity_id=self._entity.id,
            received_on=day,
            amount_pence=sum(pence for _id, pence in parts) - sum(pence for _id, pence in credits_),
            currency=invoice.currency,
            reference="" if credits_ else f"BACS {self._lot.randint(100000, 999999)}",
            method="Credit note" if credits_ else "Bank transfer",
            allocations=parts,
            credits=credits_,
        )
        with on(day, self._now):
            write_down(facts, actor=self._actor)
