"""One company's ids in the words of another."""

from app.quickbooks import wire
from app.quickbooks.recorder.translating import Dictionary


def test_an_id_counts_with_its_kind() -> None:
    learnt = Dictionary()
    learnt.learn('{"Invoice":{"Id":"7","SyncToken":"0"}}', '{"Invoice":{"Id":"70","SyncToken":"3"}}')
    learnt.learn('{"QueryResponse":{"Item":[{"Id":"7"}]}}', '{"QueryResponse":{"Item":[{"Id":"71"}]}}')
    assert (learnt.path("/invoice/7"), learnt.path("/item/7"), learnt.path("/item/8")) == (
        "/invoice/70",
        "/item/71",
        "/item/8",
    )
    assert learnt.statement("select * from Item where Id = '7'") == "select * from Item where Id = '71'"


def test_references_and_links_are_translated_and_a_stale_token_stays_stale() -> None:
    learnt = Dictionary()
    learnt.learn('{"Invoice":{"Id":"7","SyncToken":"0"}}', '{"Invoice":{"Id":"70","SyncToken":"3"}}')
    learnt.learn('{"Invoice":{"Id":"7","SyncToken":"1"}}', '{"Invoice":{"Id":"70","SyncToken":"4"}}')
    learnt.learn('{"Account":{"Id":"7"}}', '{"Account":{"Id":"72"}}')
    said = '{"Id":"7","SyncToken":"0","IncomeAccountRef":{"value":"7"},"L":[{"TxnId":"7","TxnType":"Invoice"}]}'
    told = wire.decode(learnt.body("/invoice", said))
    assert told == {
        "Id": "70",
        "SyncToken": "3",
        "IncomeAccountRef": {"value": "72"},
        "L": [{"TxnId": "70", "TxnType": "Invoice"}],
    }


def test_a_body_that_is_a_statement_is_translated_too() -> None:
    assert Dictionary().body("/query", "select * from Item") == b"select * from Item"
