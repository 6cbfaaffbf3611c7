"""More than one currency (§10.3), rates and the list of currencies (§3.17)."""

from decimal import Decimal

import pytest

from tests.simulator.client import Body, Client, decoded, line, payment

GERMAN = {"CustomerRef": {"value": "4"}, "CurrencyRef": {"value": "EUR"}}


def sold(app: Client, **fields: object) -> Body:
    return app.write("invoice", GERMAN | {"Line": [line()], "TxnDate": "2026-10-05"} | fields)


def test_an_invoice_abroad_has_the_rate_of_its_day_and_its_worth_at_home(trading: Client) -> None:
    made = sold(trading)
    assert (made["ExchangeRate"], made["TotalAmt"], made["HomeTotalAmt"]) == (Decimal("0.8731"), 120, Decimal("104.77"))
    assert made["CurrencyRef"] == {"value": "EUR", "name": "Euro"}


def test_a_rate_that_is_sent_counts(trading: Client) -> None:
    assert sold(trading, ExchangeRate="0.9")["HomeBalance"] == 108


def test_the_currency_must_be_named_2020(trading: Client) -> None:
    detail = "Required parameter CurrencyRef is missing in the request"
    assert trading.refused("invoice", {"CustomerRef": {"value": "4"}, "Line": [line()]}) == ("2020", detail)


def test_another_currency_than_the_customers_is_refused_6000(trading: Client) -> None:
    sent = GERMAN | {"Line": [line()], "CurrencyRef": {"value": "USD"}}
    detail = "Business Validation Error: You can only use one foreign currency per transaction."
    assert trading.refused("invoice", sent) == ("6000", detail)


def test_a_payment_lowers_the_worth_at_home_too(trading: Client) -> None:
    made = sold(trading)
    trading.write("payment", payment(60, ("Invoice", made["Id"], 60)) | GERMAN)
    seen = trading.read(f"invoice/{made['Id']}")
    assert (seen["Balance"], seen["HomeBalance"]) == (60, Decimal("52.39"))


def test_a_new_customer_may_bring_a_currency_which_is_listed_then(trading: Client) -> None:
    made = trading.write("customer", {"DisplayName": "Maple", "CurrencyRef": {"value": "CAD"}})
    assert made["CurrencyRef"] == {"value": "CAD", "name": "Canadian Dollar"}
    assert trading.find("CompanyCurrency", "Code = 'CAD'")["maxResults"] == 1


def test_a_currency_never_changes_afterwards(trading: Client) -> None:
    change = {"Id": "4", "SyncToken": "0", "sparse": True, "CurrencyRef": {"value": "USD"}}
    assert trading.write("customer", change)["CurrencyRef"]["value"] == "EUR"


@pytest.mark.parametrize("kind", ["customer", "vendor"])
def test_by_switch_a_new_party_has_the_home_currency_whatever_was_sent(trading: Client, kind: str) -> None:
    trading.control("switches", {"party_currency": "silently_home"})
    assert trading.write(kind, {"DisplayName": "A", "CurrencyRef": {"value": "EUR"}})["CurrencyRef"]["value"] == "GBP"


def test_the_rate_of_a_day_is_told_without_id(trading: Client) -> None:
    answer = trading.get("exchangerate", sourcecurrencycode="USD", asofdate="2026-10-15")
    rate = decoded(answer)["ExchangeRate"]
    assert (rate["Rate"], rate["TargetCurrencyCode"], rate["AsOfDate"]) == (Decimal("0.7438"), "GBP", "2026-10-15")
    assert "Id" not in rate


def test_the_home_currency_has_no_rate_6000(trading: Client) -> None:
    assert decoded(trading.get("exchangerate", sourcecurrencycode="GBP"))["Fault"]["Error"][0]["code"] == "6000"


def test_a_rate_can_be_set_and_asked_for(trading: Client) -> None:
    trading.write("exchangerate", {"SourceCurrencyCode": "EUR", "Rate": "0.91", "AsOfDate": "2026-10-20"})
    found = trading.find("ExchangeRate", "SourceCurrencyCode in ('EUR', 'USD') and AsOfDate = '2026-10-20'")
    assert {one["SourceCurrencyCode"]: one["Rate"] for one in found["ExchangeRate"]} == {
        "EUR": Decimal("0.91"), "USD": Decimal("0.7438"),
    }  # fmt: skip


def test_where_one_currency_is_all_there_is_no_list_of_them(app: Client) -> None:
    assert app.refused("companycurrency", {"Code": "EUR"})[0] == "6000"


def test_a_currency_is_listed_once(trading: Client) -> None:
    assert trading.write("companycurrency", {"Code": "CHF"})["Name"] == "Swiss Franc"
    assert trading.refused("companycurrency", {"Code": "chf"})[0] == "6240"


def test_a_rate_set_again_for_its_day_takes_the_place_of_the_first(trading: Client) -> None:
    for rate in ("0.91", "0.92"):
        trading.write("exchangerate", {"SourceCurrencyCode": "EUR", "Rate": rate, "AsOfDate": "2026-10-20"})
    found = trading.find("ExchangeRate", "SourceCurrencyCode = 'EUR' and AsOfDate = '2026-10-20'")["ExchangeRate"]
    assert [one["Rate"] for one in found] == [Decimal("0.92")]
