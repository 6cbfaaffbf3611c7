"""Matching clients: who of ours is which customer there; row by row, or all whose names agree at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.billing.client import Client
from app.foundation.database import db, transaction
from app.foundation.errors import BadInputError
from app.quickbooks.catalogue import Record
from app.sync.mapping import client_bench, linking, making, open_clients, skipped
from app.sync.mapping.client_bench import ClientBench, ClientTab
from app.sync.mapping.skipped import SkippedKind
from app.web import htmx
from app.web.quickbooks import blueprint, by_policy
from app.web.quickbooks.room import connection_here, entity_here
from app.web.quickbooks.words import released, some
from app.web.saving import actor
from app.web.session import may_here, me, signed_in

_MOST_FOUND = 20
_WORDS = {
    ClientTab.UNLINKED: "Not linked",
    ClientTab.SUGGESTED: "Suggested",
    ClientTab.LINKED: "Linked",
    ClientTab.BROKEN: "Broken",
    ClientTab.SKIPPED: "Skipped",
}
_ORDER = (ClientTab.BROKEN, ClientTab.SUGGESTED, ClientTab.UNLINKED, ClientTab.LINKED)


@blueprint.get("/clients")
@signed_in(Action.SEE_SYNC)
def clients() -> str:
    """The clients of one tab, with how many each tab has."""
    found = client_bench.bench(entity_here(), connection_here())
    page = {"can_map": may_here(Action.MAP), **_page(found)}
    return htmx.render("quickbooks/clients.html", "quickbooks/_clients.html", **page)


@blueprint.get("/clients/<int:client_id>")
@signed_in(Action.MAP)
def choose_customer(client_id: int) -> str:
    """Look for the customer of one client; to htmx in its row."""
    looked = _looked(client_id)
    return htmx.render("quickbooks/choose_customer.html", "quickbooks/_client_choosing.html", **looked)


@blueprint.get("/clients/<int:client_id>/customers")
@signed_in(Action.MAP)
def customers(client_id: int) -> str:
    """What matches the letters typed so far, in a row of the list or on a page of its own."""
    return render_template("quickbooks/_customers.html", inline="inline" in request.args, **_looked(client_id))


@blueprint.get("/clients/<int:client_id>/row")
@signed_in(Action.SEE_SYNC)
def client_row(client_id: int) -> str:
    """One row as it is: the way back from choosing."""
    return _row(db.session.get_one(Client, client_id).id, "")


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
    return _changed(client_id, said)


@blueprint.post("/clients/<int:client_id>/skip")
@signed_in(Action.MAP)
def skip_client(client_id: int) -> ResponseReturnValue:
    """Put a client aside, or take it up again."""
    client, connection = db.session.get_one(Client, client_id), connection_here()
    aside = request.form.get("aside") == "1"
    with transaction():
        if aside:
            skipped.skip(connection.id, SkippedKind.CLIENT, client.id, by=me().name)
        else:
            skipped.take_up(connection.id, SkippedKind.CLIENT, client.id)
    said = "Skipped. Its documents go as the policy for clients says." if aside else "Taken up again."
    return _changed(client_id, said)


@blueprint.post("/clients/<int:client_id>/create")
@signed_in(Action.MAP)
def create_customer(client_id: int) -> ResponseReturnValue:
    """Ask for a customer; the engine makes it within seconds."""
    client = db.session.get_one(Client, client_id)
    with transaction():
        making.ask_for_customer(connection_here(), client.id)
    return _changed(client_id, "Its customer is on the way to QuickBooks.")


@blueprint.post("/clients/confirm")
@signed_in(Action.MAP)
def confirm_clients() -> ResponseReturnValue:
    """Link every client to the customer of the very same name."""
    connection = connection_here()
    with transaction():
        wanted = client_bench.bench(entity_here(), connection).exact
        done = linking.link_all(connection, wanted, actor=actor())
    flash(f"{some(len(wanted), 'client', 'clients')} linked.{released(done.released)}", "success")
    return htmx.go(url_for(".clients", tab=ClientTab.LINKED.value))


@blueprint.post("/clients/take-back")
@signed_in(Action.MAP)
def take_back_links() -> ResponseReturnValue:
    """Unlink all that were linked at once, at the moment that the form names."""
    try:
        moment = datetime.fromisoformat(request.form.get("moment", ""))
    except ValueError:
        abort(400)
    with transaction():
        number = linking.take_back(connection_here(), moment, actor=actor())
    flash(f"{some(number, 'link was', 'links were')} taken back.", "success")
    return htmx.go(url_for(".clients"))


def _linked(client_id: int, remote_id: str) -> str:
    chosen = linking.link_client(connection_here(), client_id, remote_id, actor=actor())
    return f"Linked to the customer “{chosen.name}”.{released(chosen.released)}"


def _unlinked(client_id: int) -> str:
    linking.unlink_client(connection_here(), client_id, actor=actor())
    return "The link was taken back. Documents in QuickBooks stay as they are."


def _changed(client_id: int, said: str) -> ResponseReturnValue:
    """To htmx the row with what was done; else on to the list."""
    if htmx.wants_fragment():
        return _row(client_id, said)
    flash(said, "success")
    return htmx.go(url_for(".clients", tab=request.form.get("tab", "")))


def _row(client_id: int, said: str) -> str:
    """The row, with what changed around it."""
    bench = client_bench.bench(entity_here(), connection_here())
    row = {"row": bench.row(client_id), "said": said, "can_map": may_here(Action.MAP)}
    return render_template("quickbooks/_client_row.html", **row, **_around(bench))


def _looked(client_id: int) -> dict[str, Any]:
    """The customers found by the letters typed; while there are none, those that are called alike."""
    client, search = db.session.get_one(Client, client_id), request.args.get("search", "").strip()
    connection = connection_here()
    if search:
        found: Sequence[Record] = linking.search(connection.id, search, _MOST_FOUND)
    else:
        found = open_clients.resembling(connection, client.name, _MOST_FOUND)
    makes = not linking.is_linked(connection.id, client_id)
    return {"client": client, "search": search, "customers": found, "makes": makes}


def _page(bench: ClientBench) -> dict[str, Any]:
    search, wanted = request.args.get("search", "").strip(), request.args.get("tab", "")
    first = next((tab for tab in _ORDER if bench.counts[tab]), ClientTab.UNLINKED)
    tab = ClientTab(wanted) if wanted in set(ClientTab) else first
    return {
        "rows": bench.page(tab, search=search, number=request.args.get("page", 1, type=int)),
        "tab": tab,
        **_around(bench),
        "search": search,
        "total": sum(bench.counts.values()),
        "at_once": linking.last_at_once(bench.connection.id) if tab is ClientTab.LINKED else None,
    }


def _around(bench: ClientBench) -> dict[str, Any]:
    """What changes around a row when it does: how many each tab has, and how many have a customer of their name."""
    by_itself = by_policy.with_clients(bench.connection)
    words = _WORDS | ({ClientTab.UNLINKED: by_itself.tab} if by_itself.tab else {})
    tabs = [(word, tab.value, bench.counts[tab]) for tab, word in words.items()]
    return {"tabs_of": tabs, "exact": len(bench.exact), "by_itself": by_itself}
