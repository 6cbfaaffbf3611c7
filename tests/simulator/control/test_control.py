"""The control API does what its docstring says."""

import pytest

from tests.simulator.client import NORTHGATE, SANDBOX, TRADING, Client, decoded, line


def test_companies_are_listed_with_their_bases(app: Client) -> None:
    found = {one["realm"]: one for one in app.look("companies")["companies"]}
    assert found[NORTHGATE]["api_base"] == "http://localhost/production"
    assert found[SANDBOX]["environment"] == "sandbox"
    assert found[SANDBOX]["connected"] is False


def test_a_company_founded_by_hand_keeps_its_own_books_until_the_reset(app: Client) -> None:
    app.control("companies", {"realm": "77", "name": "Dale Networks Ltd"})
    dale = Client(app.http.application, "77")
    dale.invoice()
    assert dale.look("companies/77/counts")["Invoice"]["live"] == 1
    assert app.look(f"companies/{NORTHGATE}/counts")["Invoice"]["live"] == 0
    app.control("reset")
    assert app.http.get("/_simulator/companies/77/counts").status_code == 404


def test_a_company_founded_by_hand_is_there_again_with_its_snapshot(app: Client) -> None:
    app.control("companies", {"realm": "77"})
    Client(app.http.application, "77").invoice()
    app.control("snapshot", {"name": "dale"})
    app.control("reset")
    app.control("restore", {"name": "dale"})
    assert app.look("companies/77/counts")["Invoice"]["live"] == 1


def test_payments_are_received_in_bulk_and_refused_one_by_one(app: Client) -> None:
    app.invoice()
    good = {"customer": "1", "total": "50.00", "allocations": [{"invoice_id": "1", "amount": "50.00"}]}
    bad = good | {"allocations": [{"invoice_id": "9", "amount": "50.00"}]}
    answer = app.control(f"companies/{NORTHGATE}/payments", [good, bad])
    assert answer["payments"] == ["2", None]
    assert [one["index"] for one in answer["refused"]] == [1]
    assert app.read("invoice/1")["Balance"] == 70


def test_a_payment_by_hand_is_in_its_customers_currency(trading: Client) -> None:
    paid = trading.control(f"companies/{TRADING}/payments", {"customer": "4", "total": "50.00"})
    assert trading.read(f"payment/{paid['payments'][0]}")["CurrencyRef"]["value"] == "EUR"


def test_totals_come_from_the_records(app: Client) -> None:
    app.invoice(DocNumber="A")
    app.invoice(line("50", "10"), DocNumber="B")
    app.pay(30, ("Invoice", "1", 30))
    found = app.look(f"companies/{NORTHGATE}/totals")["Invoice"]
    assert (found["count"], found["total"], found["tax"], found["balance"]) == (2, "170.00", "20.00", "140.00")
    assert (found["partially_paid"], found["paid"], found["duplicates"]) == (1, 0, 0)


def test_a_record_is_edited_voided_and_deleted_by_hand(app: Client) -> None:
    app.invoice()
    address = f"companies/{NORTHGATE}/records/Invoice/1"
    assert app.control(f"{address}/edit", {"PrivateNote": "by hand"})["SyncToken"] == "1"
    assert app.control(f"{address}/void")["TotalAmt"] == 0
    assert app.control(f"{address}/delete")["status"] == "Deleted"


def test_records_are_browsed_page_by_page(app: Client) -> None:
    first = app.look(f"companies/{NORTHGATE}/records/Customer?limit=2")
    assert ([one["Id"] for one in first["records"]], first["next"]) == (["1", "2"], 2)
    assert app.look(f"companies/{NORTHGATE}/records/Customer?limit=2&after=2")["next"] is None


def test_reset_is_the_first_day_again(app: Client) -> None:
    app.invoice()
    app.control("reset")
    assert app.look(f"companies/{NORTHGATE}/counts")["Invoice"] == {"live": 0, "deleted": 0}
    assert app.get("customer/1").status_code == 401


def test_a_snapshot_brings_everything_back(app: Client) -> None:
    app.invoice()
    app.control("snapshot", {"name": "one"})
    app.invoice()
    app.control("restore", {"name": "one"})
    assert app.query("select count(*) from Invoice") == {"totalCount": 1}
    assert app.invoice()["Id"] == "2"


def test_calls_are_counted_and_logged_without_their_token(app: Client) -> None:
    app.invoice()
    app.get("customer/1")
    counted = app.look("stats")["realms"][NORTHGATE]
    assert (counted["requests"], counted["reads"], counted["writes"]) == (2, 1, 1)
    assert counted["max_writes_in_flight"] == 1
    log = app.look("requests")["requests"]
    assert [one["operation"] for one in log] == ["read", "create"]
    assert app.token not in str(log)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("switches", {"tax_rounding": "sideways"}),
        ("switches", {"nothing": 1}),
        ("faults", {"effect": "earthquake"}),
        ("faults", {"effect": "slow", "colour": "red"}),
        ("clock", {"advance_seconds": "soon"}),
        ("webhooks/mode", {"mode": "loud"}),
        ("snapshot", {"name": "../evil"}),
        ("limits", {"on": "perhaps"}),
        ("companies", {"realm": NORTHGATE}),
        ("companies", {"realm": "seventy"}),
        ("companies", {"realm": "77", "environment": "moon"}),
        (f"companies/{NORTHGATE}/authorize", {"client_id": "SIM-SANDBOX-KEY"}),
    ],
)
def test_what_is_not_understood_is_refused(app: Client, path: str, body: object) -> None:
    answer = app.http.post(f"/_simulator/{path}", json=body)
    assert answer.status_code == 400
    assert "error" in decoded(answer)


@pytest.mark.parametrize("path", ["companies/1/counts", "nowhere"])
def test_what_is_not_there_is_404(app: Client, path: str) -> None:
    assert app.http.get(f"/_simulator/{path}").status_code == 404


def test_a_page_of_another_site_cannot_play_the_bookkeeper(app: Client) -> None:
    answer = app.http.post("/_simulator/reset", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
