"""The part of the routes table that belongs to the settings of QuickBooks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from app.accounts.permissions import Action
from app.billing.kinds import DocumentKind
from app.foundation import clock
from app.foundation.database import db
from app.quickbooks import connect_button
from app.quickbooks.pictures import Picture
from app.sync.importing.runs import DocumentImport
from tests.web import billing_rows as rows
from tests.web.sync_routes import a_connection
from tests.world import World

Line = tuple[Action | None, Callable[[World], Mapping[str, Any]] | None]


def a_mapping(world: World) -> Mapping[str, Any]:
    """A service of Northgate IT on its mapping page."""
    return {"slug": "services", "subject_id": rows.a_service(world)["service_id"]}


def a_number(world: World) -> Mapping[str, Any]:
    """An open invoice of Northgate IT on the page about its number."""
    return {"kind": "invoice", **rows.an_open_one(DocumentKind.INVOICE)(world)}


def an_import(_world: World) -> Mapping[str, Any]:
    """An import of documents that runs."""
    run = DocumentImport(connection_id=a_connection().id, since=date(2026, 1, 1), asked_by="Adam", asked_at=clock.now())
    db.session.add(run)
    db.session.flush()
    return {"run_id": run.id}


def a_button(_world: World) -> Mapping[str, Any]:
    """The artwork that Northgate IT has put on its connect page."""
    connect_button.keep(Picture(b"", 200, 40), None, by="Adam")
    db.session.flush()
    return {"face": "base"}


QUICKBOOKS: dict[str, Line] = {
    "quickbooks.index": (Action.SEE_SYNC, None),
    "quickbooks.connect": (Action.CONNECT, None),
    "quickbooks_door.callback": (Action.CONNECT, None),
    "quickbooks_door.disconnected": (None, None),
    "quickbooks.company": (Action.CONNECT, None),
    "quickbooks.decide": (Action.CONNECT, None),
    "quickbooks.test": (Action.CONNECT, None),
    "quickbooks.read_lists": (Action.CONNECT, None),
    "quickbooks.disconnect": (Action.CONNECT, None),
    "quickbooks.intuit_app": (Action.CONNECT, None),
    "quickbooks.connect_button_picture": (Action.SEE_SYNC, a_button),
    "quickbooks.keep_connect_button": (Action.CONNECT, None),
    "quickbooks.remove_connect_button": (Action.CONNECT, None),
    "quickbooks.mode": (Action.CHANGE_MODE, None),
    "quickbooks.policies": (Action.EDIT_SETTINGS, None),
    "quickbooks.mappings": (Action.SEE_SYNC, None),
    "quickbooks.confirm_exact": (Action.MAP, None),
    "quickbooks.choose": (Action.MAP, a_mapping),
    "quickbooks.options": (Action.MAP, a_mapping),
    "quickbooks.row": (Action.SEE_SYNC, a_mapping),
    "quickbooks.save": (Action.MAP, a_mapping),
    "quickbooks.skip": (Action.MAP, a_mapping),
    "quickbooks.create_item": (Action.MAP, lambda world: {"subject_id": rows.a_service(world)["service_id"]}),
    "quickbooks.same_number": (Action.SEE_SYNC, a_number),
    "quickbooks.decide_number": (Action.RETRY, a_number),
    "quickbooks.old_documents": (Action.SEE_SYNC, None),
    "quickbooks.export_mappings": (Action.SEE_SYNC, None),
    "quickbooks.mapping_file": (Action.MAP, None),
    "quickbooks.plan_mappings": (Action.MAP, None),
    "quickbooks.clients": (Action.SEE_SYNC, None),
    "quickbooks.choose_customer": (Action.MAP, rows.a_client),
    "quickbooks.link_client": (Action.MAP, rows.a_client),
    "quickbooks.customers": (Action.MAP, rows.a_client),
    "quickbooks.client_row": (Action.SEE_SYNC, rows.a_client),
    "quickbooks.skip_client": (Action.MAP, rows.a_client),
    "quickbooks.create_customer": (Action.MAP, rows.a_client),
    "quickbooks.confirm_clients": (Action.MAP, None),
    "quickbooks.take_back_links": (Action.MAP, None),
    "quickbooks.export_clients": (Action.SEE_SYNC, None),
    "quickbooks.client_file": (Action.MAP, None),
    "quickbooks.plan_clients": (Action.MAP, None),
    "quickbooks.history": (Action.SEE_SYNC, None),
    "quickbooks.link_history": (Action.MAP, None),
    "quickbooks.import_lists": (Action.SEE_SYNC, None),
    "quickbooks.take_lists": (Action.EDIT_SETTINGS, None),
    "quickbooks.import_documents": (Action.SEE_SYNC, None),
    "quickbooks.start_import": (Action.EDIT_SETTINGS, None),
    "quickbooks.import_run": (Action.SEE_SYNC, an_import),
    "quickbooks.import_progress": (Action.SEE_SYNC, an_import),
    "quickbooks.stop_import": (Action.EDIT_SETTINGS, an_import),
    "quickbooks.dry_run": (Action.SEE_SYNC, None),
    "quickbooks.tax": (Action.SEE_SYNC, None),
    "quickbooks.long_numbers": (Action.SEE_SYNC, None),
    "quickbooks.shorten": (Action.RETRY, None),
    "quickbooks.answer": (Action.EDIT_SETTINGS, None),
}
"""What one must be allowed to do (None: open to all), and the ids of the address."""
