"""The line as the room uses it."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from app.foundation.database import db, in_transaction, transaction
from app.quickbooks import errors, line
from app.quickbooks.models import Connection
from app.quickbooks.ports import HttpRequest, NotSentError, UnknownOutcomeError
from tests.quickbooks.intuit import API, Intuit, answer

REQUEST = HttpRequest("GET", API, {"Authorization": "Bearer access-0"}, b"", timeout_seconds=1)


def test_no_transaction_is_open_while_intuit_is_on_the_line(connection_id: int, intuit: Intuit) -> None:
    db.session.get_one(Connection, connection_id)
    intuit.answers = [answer("ok")]
    intuit.on_call = lambda _request: open_on_the_line.append(in_transaction())
    open_on_the_line: list[bool] = []
    line.send(intuit, REQUEST)
    assert open_on_the_line == [False]


def test_a_call_inside_a_write_transaction_is_a_mistake(connection_id: int, intuit: Intuit) -> None:
    with transaction() as session:
        session.get_one(Connection, connection_id)
        with pytest.raises(RuntimeError, match="no transaction"):
            line.send(intuit, REQUEST)


@pytest.mark.parametrize(
    ("broken", "kind"),
    [(NotSentError("no route"), errors.NotSent), (UnknownOutcomeError("reset"), errors.UnknownOutcome)],
)
def test_a_broken_line_is_a_kind_of_ours(
    broken: Exception, kind: type[errors.QuickBooksError], connection_id: int, intuit: Intuit
) -> None:
    intuit.answers = [broken]
    with pytest.raises(kind) as trouble:
        line.send(intuit, REQUEST)
    assert trouble.value.detail == str(broken)


def test_a_request_does_not_show_its_secrets() -> None:
    assert "access-0" not in repr(REQUEST)


def test_headers_are_found_whatever_their_case() -> None:
    assert answer("").header("INTUIT-TID") == answer("").tid
    assert answer("", intuit_tid="").header("nothing") == ""


def test_each_call_leaves_a_line_in_the_log_with_intuit_s_number_of_it(connection_id: int, intuit: Intuit) -> None:
    intuit.answers = [answer("ok"), UnknownOutcomeError("reset")]
    asked = replace(REQUEST, url=f"{API}/query?query=Acme")
    with capture_logs() as lines:
        tid = line.send(intuit, asked).tid
        with pytest.raises(errors.UnknownOutcome):
            line.send(intuit, asked)
    said = [
        (told["method"], told["path"].rpartition("/")[2], told.get("status", told.get("outcome"))) for told in lines
    ]
    assert said == [("GET", "query", 200), ("GET", "query", "unknown")]
    assert lines[0]["intuit_tid"] == tid != ""
    assert "Acme" not in repr(lines)
    assert "access-0" not in repr(lines)
