"""Change data capture (§6.2)."""

from tests.simulator.client import Client, decoded


def changed(app: Client, entities: str, since: str = "2026-11-01T00:00:00Z") -> list[dict[str, list[object]]]:
    app.control("clock", {"now": "2026-11-20T12:00:00Z"})
    answer = app.get("cdc", entities=entities, changedSince=since)
    blocks: list[dict[str, list[object]]] = decoded(answer)["CDCResponse"][0]["QueryResponse"]
    return blocks


def test_each_entity_has_a_block_and_nothing_changed_is_empty(app: Client) -> None:
    app.control("clock", {"now": "2026-11-19T12:00:00Z"})
    app.invoice()
    invoices, payments = changed(app, "Invoice,Payment")
    assert len(invoices["Invoice"]) == 1
    assert payments == {}


def test_a_deleted_record_is_told_as_a_sparse_object(app: Client) -> None:
    app.control("clock", {"now": "2026-11-19T12:00:00Z"})
    app.invoice()
    app.write("invoice?operation=delete", {"Id": "1", "SyncToken": "0"})
    gone = changed(app, "Invoice")[0]["Invoice"][0]
    assert isinstance(gone, dict)
    assert (gone["Id"], gone["status"]) == ("1", "Deleted")
    assert "MetaData" in gone


def test_more_than_thirty_days_back_is_refused_or_not(app: Client) -> None:
    app.control("clock", {"now": "2026-11-20T12:00:00Z"})
    assert app.get("cdc", entities="Invoice", changedSince="2026-01-01").status_code == 400
    app.control("switches", {"old_change_data": "accept"})
    assert app.get("cdc", entities="Invoice", changedSince="2026-01-01").status_code == 200


def test_taxes_cannot_be_captured(app: Client) -> None:
    assert app.get("cdc", entities="TaxCode", changedSince="2026-11-20").status_code == 400
