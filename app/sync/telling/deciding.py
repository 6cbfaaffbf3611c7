"""Deciding about due messages, kind by kind: reads both sides, asks readiness, writes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.outbox.models import Priority, Subject
from app.quickbooks import catalogue, wire
from app.quickbooks.catalogue import CatalogueRow
from app.quickbooks.lists import folded
from app.sync.company import former_links
from app.sync.judging import documents, suggestions, survey
from app.sync.judging.decisions import Agree, Decision, Due, Listed, Match, Tell, Withhold, Write
from app.sync.judging.facts import Books, ClientFacts, DocumentFacts, ServiceFacts
from app.sync.judging.kinds import KINDS
from app.sync.judging.readiness import Finding, Step, first_finding
from app.sync.payments.deciding import decide_payments
from app.sync.records.links import Link, LinkMade, LinkState, links_of, links_to
from app.sync.records.mappings import MappingKind, mappings_of
from app.sync.records.policies import WhenServiceMissing


def decide(dues: Sequence[Due], books: Books) -> list[Decision]:
    """One decision for each due message, in the order given."""
    by_id: dict[int, Decision] = {}
    for kind in {due.subject.kind for due in dues}:
        group = [due for due in dues if due.subject.kind == kind]
        for decision in _DECIDERS[kind](group, books):
            by_id[decision.due.id] = decision
    return [by_id[due.id] for due in dues]


def digest(body: dict[str, Any]) -> str:
    """SHA-256 of a body, to know later whether the other side was told this already."""
    return hashlib.sha256(wire.encode(body)).hexdigest()


def _documents(dues: Sequence[Due], books: Books) -> list[Decision]:
    kind = dues[0].subject.kind
    facts = survey.documents(books.connection_id, kind, {due.subject.id: due.asked for due in dues})
    return [_document(due, facts.get(due.subject.id), books) for due in dues]


def _document(due: Due, facts: DocumentFacts | None, books: Books) -> Decision:
    if facts is None or facts.status == "draft":
        gone = Finding(Step.NOTHING, "It is not an open document any more; there is nothing to tell.")
        return Withhold(due=due, label="", finding=gone)
    finding = first_finding(facts, books)
    if finding is not None:
        return Withhold(due=due, label=facts.number, finding=finding)
    if facts.link is not None and not facts.is_void and facts.link.told_revision == facts.revision:
        return Agree(due=due, label=facts.number, sentence="QuickBooks has this version already.")
    return _tell_document(due, facts, books)


def _tell_document(due: Due, facts: DocumentFacts, books: Books) -> Tell:
    kind = KINDS[due.subject.kind]
    body: dict[str, Any] = {} if facts.is_void else documents.sales_document(facts, books)
    write = Write.CREATE
    if facts.link is not None:
        body |= {"Id": facts.link.remote_id, "SyncToken": facts.link.sync_token}
        write = kind.void_as if facts.is_void else Write.UPDATE
    return Tell(
        due=due,
        label=facts.number,
        entity=kind.entity,
        write=write,
        body=body,
        revision=facts.revision,
        lines=len(body.get("Line", ())),
    )


def _clients(dues: Sequence[Due], books: Books) -> list[Decision]:
    ids = [due.subject.id for due in dues]
    facts = survey.clients(ids, books.home_currency)
    links = links_of(books.connection_id, "client", ids)
    names = [documents.display_name(client.name) for client in facts.values()]
    known = catalogue.by_names(books.connection_id, "Customer", names)
    known_mail = catalogue.by_emails(books.connection_id, "Customer", [client.email for client in facts.values()])
    former = _former_customers(dues, books)
    rows = (*known.values(), *known_mail.values(), *former.values())
    taken = links_to(books.connection_id, "Customer", [row.remote_id for row in rows])
    decisions: list[Decision] = []
    for due in dues:
        client = facts.get(due.subject.id)
        if client is None:
            decisions.append(Withhold(due=due, label="", finding=_UNKNOWN))
            continue
        named = known.get(folded(documents.display_name(client.name))) or _same_firm(client, known_mail)
        found = former.get(client.subject) or named
        link, body = links.get(client.subject.id), documents.customer(client, books)
        if link is not None:
            decisions.append(_linked_client(due, client, link, body))
        else:
            decisions.append(_new_client(due, client, _free(found, taken), body))
    return decisions


def _former_customers(dues: Sequence[Due], books: Books) -> dict[Subject, CatalogueRow]:
    """{client: the customer that it was linked to before a disconnect}, whatever the two are called."""
    former = former_links.former_of(books.connection_id, [due.subject for due in dues])
    rows = catalogue.by_ids(books.connection_id, "Customer", list(former.values())) if former else {}
    known = ((subject, rows.get(remote_id)) for subject, remote_id in former.items())
    return {subject: row for subject, row in known if row is not None and row.active and not row.vanished}


def _same_firm(client: ClientFacts, known_mail: Mapping[str, CatalogueRow]) -> CatalogueRow | None:
    """The customer with the client's e-mail address, where the names agree too.

    Firms of one owner share an address; an invoice on the wrong one's account is worse than a second customer, which
    a bookkeeper can merge.
    """
    row = known_mail.get(folded(client.email))
    if row is None:
        return None
    theirs = (row.name, str(row.data.get("company") or ""))
    ours = (client.name, client.company_name)
    return row if any(suggestions.alike(one, other) for one in ours for other in theirs) else None


def _free(found: CatalogueRow | None, taken: dict[str, Link]) -> Listed | None:
    """A record that no other client of ours is linked to."""
    return Listed.of_row(found) if found is not None and found.remote_id not in taken else None


def _new_client(due: Due, client: ClientFacts, found: Listed | None, body: dict[str, Any]) -> Decision:
    if found is not None:
        return Match(
            due=due,
            label=client.name,
            remote=found,
            made=LinkMade.MATCHED,
            sentence=f"Linked to the customer “{found.name}” that QuickBooks has already.",
        )
    if not due.asked:
        return Withhold(due=due, label=client.name, finding=_NOT_ASKED)
    return Tell(due=due, label=client.name, entity="Customer", write=Write.CREATE, body=body, revision=0)


def _linked_client(due: Due, client: ClientFacts, link: Link, body: dict[str, Any]) -> Decision:
    """A customer that a person or a match linked is theirs to edit; only what we made ourselves is kept in step."""
    if link.state is not LinkState.LIVE:
        gone = Finding(
            Step.HOLD,
            f"The customer of “{client.name}” is inactive in QuickBooks; make it active there again.",
            f"client:{client.subject.id}",
            "clients",
        )
        return Withhold(due=due, label=client.name, finding=gone)
    if link.told_digest in {None, digest(body)}:
        return Agree(due=due, label=client.name, sentence="The client is linked already.")
    change = body | {"Id": link.remote_id, "SyncToken": link.sync_token}
    return Tell(due=due, label=client.name, entity="Customer", write=Write.UPDATE, body=change, revision=0)


def without_twins(decisions: Sequence[Decision]) -> list[Decision]:
    """Two clients (or items) with one name in one round: the second is held, for QuickBooks' names are unique."""
    seen: set[tuple[str, str]] = set()
    kept: list[Decision] = []
    for decision in decisions:
        key = _record_key(decision)
        kept.append(_twin(decision) if key in seen else decision)
        if key:
            seen.add(key)
    return kept


def _record_key(decision: Decision) -> tuple[str, str] | None:
    """The entity and folded name that a decision makes or links; several services may share one item."""
    if isinstance(decision, Match) and decision.remote.entity == "Customer":
        return decision.remote.entity, folded(decision.remote.name)
    if isinstance(decision, Tell) and decision.write is Write.CREATE and decision.entity in _NAMED:
        return decision.entity, folded(decision.body[_NAMED[decision.entity]])
    return None


def _twin(decision: Decision) -> Withhold:
    subject: Subject = decision.due.subject
    word = KINDS[subject.kind].word.lower()
    sentence = f"Another {word} is called “{decision.label}” too, and names are unique in QuickBooks; rename one."
    finding = Finding(Step.HOLD, sentence, f"{subject.kind}:{subject.id}", f"{word}s")
    return Withhold(due=decision.due, label=decision.label, finding=finding)


def _services(dues: Sequence[Due], books: Books) -> list[Decision]:
    facts = survey.services([due.subject.id for due in dues])
    mapped = mappings_of(books.connection_id, MappingKind.SERVICE, facts)
    incomes = mappings_of(books.connection_id, MappingKind.INCOME_ACCOUNT, facts)
    known = catalogue.by_names(books.connection_id, "Item", [documents.item_name(s.code) for s in facts.values()])
    decisions: list[Decision] = []
    for due in dues:
        service = facts.get(due.subject.id)
        if service is None:
            decisions.append(Withhold(due=due, label="", finding=_UNKNOWN))
        elif service.subject.id in mapped:
            decisions.append(Agree(due=due, label=service.code, sentence="The service is mapped already."))
        else:
            found = known.get(folded(documents.item_name(service.code)))
            own = incomes.get(service.subject.id)
            booked = service if own is None else replace(service, income_account_id=own.remote_id)
            decisions.append(_service(due, booked, Listed.of_row(found) if found else None, books))
    return decisions


def _service(due: Due, service: ServiceFacts, found: Listed | None, books: Books) -> Decision:
    """A person who asks for this very item gets it, whatever the policy says of services that documents name."""
    if not due.asked:
        return Withhold(due=due, label=service.code, finding=_NOT_ASKED)
    account = service.income_account_id or books.default_income_id
    is_allowed = books.service_missing is WhenServiceMissing.CREATE or due.priority == Priority.PERSON
    if not is_allowed or (found is None and account is None):
        sentence = f"Service “{service.code}” has no item in QuickBooks yet."
        blocker = f"service:{service.subject.id}"
        return Withhold(due=due, label=service.code, finding=Finding(Step.HOLD, sentence, blocker, "map_services"))
    if found is not None:
        return Match(
            due=due,
            label=service.code,
            remote=found,
            made=LinkMade.MATCHED,
            sentence=f"Mapped to the item “{found.name}” that QuickBooks has already.",
        )
    body = documents.item(service, books)
    return Tell(due=due, label=service.code, entity="Item", write=Write.CREATE, body=body, revision=0)


_NAMED = {"Customer": "DisplayName", "Item": "Name"}
"""The lists whose names are unique, and the property that holds the name."""
_UNKNOWN = Finding(Step.NOTHING, "There is no such record any more; there is nothing to tell.")
_NOT_ASKED = Finding(
    Step.NOTHING, "QuickBooks does not know it yet; it goes there with the first document that needs it."
)
_DECIDERS: dict[str, Callable[[Sequence[Due], Books], list[Decision]]] = {
    "client": _clients,
    "service": _services,
    "invoice": _documents,
    "credit_note": _documents,
    "payment": decide_payments,
}
