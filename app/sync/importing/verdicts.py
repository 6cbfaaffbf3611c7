"""Whether a document in QuickBooks can become one of ours, and which: pure over what is known here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from app.billing.adopting import is_rounding
from app.billing.content import DocumentContent, LineContent, content_totals
from app.billing.entity import TaxRegime
from app.billing.faults import content_faults
from app.billing.kinds import DocumentKind
from app.billing.wording import amount
from app.foundation.errors import ConflictError
from app.quickbooks.answers import DocumentSeen
from app.sync.comparing import their_lines
from app.sync.comparing.pictures import Key
from app.sync.comparing.their_lines import Words


@dataclass(frozen=True)
class Payer:
    """The client whom a customer is linked to, and in which currency it is billed."""

    client_id: int
    currency: str


@dataclass(frozen=True)
class Verdict:
    """A document there; `content` and `number` are what it becomes here, or `reason` says why it can't."""

    key: Key
    seen: DocumentSeen
    kind: DocumentKind
    content: DocumentContent | None = None
    number: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known here. `taken` are the numbers of each kind that are not free; those given out are added."""

    regime: TaxRegime
    home_currency: str
    payers: Mapping[str, Payer]
    """By the id of the customer."""
    words: Words
    percents: Mapping[int, Decimal]
    """What each tax code of ours adds to the bill; none where QuickBooks computes the tax."""
    perhaps_ours: Mapping[Key, str]
    """Why each of these may be a document of ours already."""
    taken: Mapping[DocumentKind, set[str]]

    def judge(self, key: Key, kind: DocumentKind, seen: DocumentSeen) -> Verdict:
        """What becomes of it. A number that is taken gets QuickBooks' id behind it."""
        verdict = Verdict(key, seen, kind)
        try:
            content = self._content(key, seen)
            self._check(content, verdict)
        except ConflictError as problem:
            return replace(verdict, reason=problem.message)
        number = seen.doc_number if seen.doc_number not in self.taken[kind] else f"{seen.doc_number}-{seen.id}"
        self.taken[kind].add(number)
        return replace(verdict, content=content, number=number)

    def _content(self, key: Key, seen: DocumentSeen) -> DocumentContent:
        if key in self.perhaps_ours:
            raise ConflictError(self.perhaps_ours[key])
        payer = self._payer(seen)
        if seen.txn_date is None or not seen.doc_number:
            raise ConflictError(f"It has no {'number' if seen.txn_date else 'date'} in QuickBooks.")
        return DocumentContent(
            client_id=payer.client_id,
            issue_date=seen.txn_date,
            due_date=seen.due_date,
            currency=payer.currency,
            lines=tuple(self._lines(seen)),
        )

    def _payer(self, seen: DocumentSeen) -> Payer:
        payer, currency = self.payers.get(seen.customer_id), seen.currency or self.home_currency
        if payer is None:
            whom = seen.customer_name or seen.customer_id or "nobody"
            raise ConflictError(f"No client here is linked to “{whom}”. Import the customers first.")
        if currency != payer.currency:
            raise ConflictError(f"It is in {currency}, and its client is billed in {payer.currency}.")
        return payer

    def _lines(self, seen: DocumentSeen) -> Iterator[LineContent]:
        for line in seen.lines:
            if line.is_comment and not line.description.strip():
                continue
            yield their_lines.new_line(line, self.words)

    def _check(self, content: DocumentContent, verdict: Verdict) -> None:
        """Raises ConflictError for what could not have been opened here, or comes to another total than there."""
        faults = content_faults(content, verdict.kind, self.regime)
        if faults:
            raise ConflictError(faults[0].sentence)
        ours, seen = content_totals(content.lines, self.percents), verdict.seen
        tax = seen.tax_pence if self.regime is TaxRegime.US_AUTOMATED else ours.tax_pence
        gross = ours.net_pence + tax
        if not is_rounding(seen.total_pence - gross, seen.tax_pence - tax, max(len(content.lines), 1)):
            here, there = (amount(pence, content.currency or "") for pence in (gross, seen.total_pence))
            raise ConflictError(f"Its lines come to {here} here, and to {there} in QuickBooks.")
