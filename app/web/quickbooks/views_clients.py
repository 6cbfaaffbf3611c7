"""Matching clients: who of ours is which customer there; row by row, or all whose names agree at once."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.billing.client import Client
from app.billing.queries import Page, cut
from app.foundation.database import db, transaction
from app.foundation.errors import BadInputError
from app.quickbooks import catalogue
from app.sync import client_bench, linking
from app.sync.client_bench import ClientBench, ClientRow, ClientTab
from app.web import htmx
from app.web.quickbooks import blueprint
from app.web.quickbooks.room import connection_here, entity_here
from app.web.quickbooks.words import released, some
from app.web.saving import actor
from app.web.session import may_here, signed_in

_MOST_FOUND = 20
_WORDS = {
    ClientTab.UNLINKED: "Not linked",
    ClientTab.SUGGESTED: "Suggested",
    ClientTab.LINKED: "Linked",
    ClientTab.BROKEN: "Broken",
}
_ORDER = (ClientTab.BROKEN, ClientTab.SUGGESTED, ClientTab.UNLINKED, ClientTab.LINKED)


@blueprint.get("/clients")
@signed_in(Action.SEE_SYNC)
def clients() -> str:
    """The clients of one tab, with how many each tab has."""
    found = client_bench.bench(entity_here(), connection_here())
    page = {"can_map": may_here(Action.MAP), "exact": len(found.exact), **_page(found)}
    return htmx.render("quickbooks/clients.html", "quickbooks/_clients.html", **page)


@blueprint.get("/clients/<int:client_id>")
@signed_in(Action.MAP)
def choose_customer(client_id: int) -> str:
    """Look for the customer of one client."""
    client, search = db.session.get_one(Client, client_id), request.args.get("search", "").strip()
    connection = connection_here()
    found = catalogue.find(connection.id, linking.CUSTOMER, search or client.name, _MOST_FOUND)
    return htmx.render(
        "quickbooks/choose_customer.html",
        "quickbooks/_customers.html",
        client=client,
        search=search,
        customers=linking.free_customers(connection.id, found),
        taken=len(found),
    )


@blueprint.post("/clients/<int:client_id>")
@signed_in(Action.MAP)
def link_client(client_id: int) -> ResponseReturnValue:
    """Link a client to the customer that was chosen, or take its link back."""
    client, remote_id = db.session.get_one(Client, client_id), request.form.get("remote_id", "")
    try:
        with transaction():
            said = _linked(client.id, remote_id) if remote_id else _unlinked(client.id)
    except BadInputError as problem:
        flash(problem.message, "danger")
        return htmx.go(url_for(".choose_customer", client_id=client_id))
    flash(said, "success")
    return htmx.go(url_for(".clients", tab=request.form.get("tab", ""), entity=request.args.get("entity")))


@blueprint.post("/clients/confirm")
@signed_in(Action.MAP)
def confirm_clients() -> ResponseReturnValue:
    """Link every client to the customer of the very same name."""
    connection = connection_here()
    with transaction():
        wanted = client_bench.bench(entity_here(), connection).exact
        done = linking.link_all(connection, wanted, actor=actor())
    flash(f"{some(len(wanted), 'client', 'clients')} linked.{released(done.released)}", "success")
    return htmx.go(url_for(".clients"))


def _linked(client_id: int, remote_id: str) -> str:
    chosen = linking.link_client(connection_here(), client_id, remote_id, actor=actor())
    return f"Linked to the customer “{chosen.name}”.{released(chosen.released)}"


def _unlinked(client_id: int) -> str:
    linking.unlink_client(connection_here(), client_id, actor=actor())
    return "The link was taken back. Documents in QuickBooks stay as they are."


def _page(bench: ClientBench) -> dict[str, Any]:
    search, wanted = request.args.get("search", "").strip(), request.args.get("tab", "")
    first = next((tab for tab in _ORDER if bench.counts[tab]), ClientTab.UNLINKED)
    tab = ClientTab(wanted) if wanted in set(ClientTab) else first
    return {
        "rows": _rows(bench, tab, search, request.args.get("page", 1, type=int)),
        "tab": tab,
        "tabs_of": [(word, one.value, bench.counts[one]) for one, word in _WORDS.items()],
        "search": search,
    }


def _rows(bench: ClientBench, tab: ClientTab, search: str, number: int) -> Page[ClientRow]:
    if tab in {ClientTab.LINKED, ClientTab.BROKEN}:
        return client_bench.linked_page(entity_here(), connection_here(), tab, search=search, number=number)
    rows = [row for row in bench.open if row.tab is tab and search.casefold() in f"{row.name} {row.beside}".casefold()]
    return cut(rows, number)
