"""A small client of the simulator's API, for tests: it speaks JSON and keeps fractions exact."""

import json
from decimal import Decimal
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

NORTHGATE = "9341450000000001"
SANDBOX = "4620816365000000001"
AMERICAN, TRADING = "9341450000000002", "9341450000000003"
Body = dict[str, Any]


def line(amount: object = "100.00", code: str | None = "6", **detail: object) -> Body:
    """A sales line as a client sends it; `code` is a TaxCode id."""
    tax = {"TaxCodeRef": {"value": code}} if code else {}
    shown = {"ItemRef": {"value": "2"}} | tax | detail
    sent = {} if amount is None else {"Amount": amount}
    return {"DetailType": "SalesItemLineDetail", "SalesItemLineDetail": shown} | sent


class Client:
    """An app that holds a token for one company."""

    def __init__(self, application: Flask, realm: str = NORTHGATE, environment: str = "production") -> None:
        self.http = application.test_client()
        self.realm = realm
        self.base = f"/{environment}/v3/company/{realm}"
        self.token = self.control(f"companies/{realm}/token")["access_token"]

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.token}",
            "Accept": "application/json",
            "Content-Type": "application/json",
        }

    def control(self, path: str, body: object = None) -> Body:
        """A POST to the control API that must succeed."""
        answer = self.http.post(f"/_simulator/{path}", data=json.dumps(body or {}))
        assert answer.status_code < 300, answer.text
        return decoded(answer)

    def look(self, path: str) -> Body:
        """A GET of the control API that must succeed."""
        answer = self.http.get(f"/_simulator/{path}")
        assert answer.status_code == 200, answer.text
        return decoded(answer)

    def post(self, path: str, body: object) -> TestResponse:
        raw = body if isinstance(body, bytes) else json.dumps(body, default=str)
        return self.http.post(f"{self.base}/{path}", data=raw, headers=self.headers)

    def get(self, path: str, **arguments: str) -> TestResponse:
        return self.http.get(f"{self.base}/{path}", query_string=arguments, headers=self.headers)

    def write(self, path: str, body: object) -> Body:
        """A write that must succeed: the record."""
        answer = self.post(path, body)
        assert answer.status_code == 200, answer.text
        record: Body = next(value for name, value in decoded(answer).items() if name != "time")
        return record

    def refused(self, path: str, body: object) -> tuple[str, str]:
        """A write that must be refused: code and detail."""
        answer = self.post(path, body)
        assert answer.status_code == 400, answer.text
        error = decoded(answer)["Fault"]["Error"][0]
        return error["code"], error["Detail"]

    def read(self, path: str) -> Body:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        record: Body = next(value for name, value in decoded(answer).items() if name != "time")
        return record

    def query(self, statement: str) -> Body:
        answer = self.get("query", query=statement)
        assert answer.status_code == 200, answer.text
        response: Body = decoded(answer)["QueryResponse"]
        return response

    def find(self, kind: str, condition: str) -> Body:
        """All of a kind that a condition holds for."""
        return self.query(f"select * from {kind} where {condition}")  # noqa: S608 - Intuit's language, not SQL

    def invoice(self, *lines: Body, **fields: object) -> Body:
        """An invoice to Harbour Cafe."""
        return self.write("invoice", {"CustomerRef": {"value": "1"}, "Line": list(lines) or [line()]} | fields)

    def pay(self, total: object, *shares: tuple[str, str, object]) -> Body:
        """A payment from Harbour Cafe; shares are (TxnType, TxnId, amount)."""
        return self.write("payment", payment(total, *shares))


def payment(total: object, *shares: tuple[str, str, object]) -> Body:
    """A payment from Harbour Cafe, to be sent."""
    lines = [{"Amount": amount, "LinkedTxn": [{"TxnType": kind, "TxnId": one}]} for kind, one, amount in shares]
    return {"CustomerRef": {"value": "1"}, "TotalAmt": total, "Line": lines}


def decoded(answer: TestResponse) -> Body:
    value: Body = json.loads(answer.get_data(as_text=True) or "{}", parse_float=Decimal)
    return value
