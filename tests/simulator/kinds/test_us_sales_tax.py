"""Sales tax in the United States (§4.4), and what its companies look like on the wire (§3.7, §3.9)."""

from decimal import Decimal

import pytest

from tests.simulator.client import Body, Client, line


def sold(app: Client, customer: str, *lines: Body, **fields: object) -> Body:
    return app.write("invoice", {"CustomerRef": {"value": customer}, "Line": list(lines)} | fields)


def goods(amount: object = "100.00", code: str | None = "TAX") -> Body:
    return line(amount, code, ItemRef={"value": "4"})


@pytest.mark.parametrize(
    ("customer", "tax", "rates"), [("1", "9.38", 2), ("2", "8.50", 2), ("4", "0", 1), ("5", "0", 0)]
)
def test_tax_follows_the_state_goods_are_sent_to(american: Client, customer: str, tax: str, rates: int) -> None:
    detail = sold(american, customer, goods())["TxnTaxDetail"]
    assert (detail["TotalTax"], len(detail.get("TaxLine", []))) == (Decimal(tax), rates)


def test_the_engines_tax_code_replaces_the_one_sent(american: Client) -> None:
    made = sold(american, "2", goods(), TxnTaxDetail={"TxnTaxCodeRef": {"value": "2"}})
    assert made["TxnTaxDetail"]["TxnTaxCodeRef"] == {"value": "3"}


def test_what_says_non_is_not_taxed(american: Client) -> None:
    assert sold(american, "1", goods(code="NON"), goods())["TotalAmt"] == Decimal("209.38")


@pytest.mark.parametrize(("item", "code"), [("1", "NON"), ("4", "TAX")])
def test_a_line_without_code_goes_by_its_item(american: Client, item: str, code: str) -> None:
    made = sold(american, "1", line("100", None, ItemRef={"value": item}))
    assert made["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] == {"value": code}


def test_by_switch_a_line_without_code_is_taxable(american: Client) -> None:
    american.control("switches", {"us_absent_tax_code": "taxable"})
    assert sold(american, "1", line("100", None, ItemRef={"value": "1"}))["TxnTaxDetail"]["TotalTax"] > 0


def test_global_tax_calculation_is_ignored_or_by_switch_refused(american: Client) -> None:
    assert "GlobalTaxCalculation" not in sold(american, "1", goods(), GlobalTaxCalculation="TaxExcluded")
    american.control("switches", {"us_tax_calculation": "fault"})
    sent = {"CustomerRef": {"value": "1"}, "Line": [goods()], "GlobalTaxCalculation": "TaxExcluded"}
    assert american.refused("invoice", sent)[0] == "6000"


@pytest.mark.parametrize(("after", "tax"), [(False, "9.38"), (True, "8.44")])
def test_a_discount_lowers_the_tax_only_where_it_is_said_to(american: Client, tax: str, *, after: bool) -> None:
    discount = {"PercentBased": True, "DiscountPercent": 10}
    less = {"DetailType": "DiscountLineDetail", "Amount": 10, "DiscountLineDetail": discount}
    made = sold(american, "1", goods(), less, ApplyTaxAfterDiscount=after)
    assert made["TxnTaxDetail"]["TotalTax"] == Decimal(tax)


def test_a_customer_who_is_exempt_pays_no_tax(american: Client) -> None:
    american.write("customer", {"Id": "1", "SyncToken": "0", "sparse": True, "Taxable": False})
    assert sold(american, "1", goods())["TotalAmt"] == 100


def test_the_pseudo_codes_have_no_active_and_are_told_all_the_same(american: Client) -> None:
    codes = american.query("select * from TaxCode")["TaxCode"]
    assert {"TAX", "NON", "CustomSalesTax"} <= {code["Id"] for code in codes}
    assert american.find("TaxCode", "Active = true")["totalCount"] == len(codes) - 3
    assert not {"SyncToken", "domain", "Active"} & next(code for code in codes if code["Id"] == "TAX").keys()


def test_a_new_customer_gets_the_systems_default_tax_code(american: Client) -> None:
    assert american.write("customer", {"DisplayName": "New"})["DefaultTaxCodeRef"] == {"value": "2"}


def test_an_invoice_has_its_keys_in_the_recorded_order(american: Client) -> None:
    """§3.9, as recorded in 2026."""
    recorded = [
        "AllowIPNPayment", "AllowOnlinePayment", "AllowOnlineCreditCardPayment", "AllowOnlineACHPayment", "domain",
        "sparse", "Id", "SyncToken", "MetaData", "CustomField", "TxnDate", "CurrencyRef", "LinkedTxn", "Line",
        "TxnTaxDetail", "CustomerRef", "BillAddr", "ShipAddr", "FreeFormAddress", "ShipFromAddr", "DueDate", "TotalAmt",
        "ApplyTaxAfterDiscount", "PrintStatus", "EmailStatus", "BillEmail", "Balance",
    ]  # fmt: skip
    made = sold(american, "1", goods())
    assert list(made) == recorded
    assert list(made["MetaData"]) == ["CreateTime", "LastModifiedByRef", "LastUpdatedTime"]
    assert list(made["Line"][0]) == ["Id", "LineNum", "Amount", "DetailType", "SalesItemLineDetail", "CustomExtensions"]


def test_a_bundle_becomes_the_lines_it_stands_for(american: Client) -> None:
    detail = {"GroupItemRef": {"value": "5"}, "Quantity": 2}
    made = sold(american, "1", {"DetailType": "GroupLineDetail", "GroupLineDetail": detail})
    inner = made["Line"][0]["GroupLineDetail"]["Line"]
    assert [one["SalesItemLineDetail"]["Qty"] for one in inner] == [4, 2]
    assert made["TotalAmt"] == 560


def test_a_bundle_is_only_read(american: Client) -> None:
    change = {"Id": "5", "SyncToken": "0", "sparse": True, "Name": "Kit"}
    assert american.refused("item", change)[0] == "6000"


def test_shipping_is_a_line_where_the_preference_allows_it(american: Client) -> None:
    shipping = line("12", "NON", ItemRef={"value": "SHIPPING_ITEM_ID"})
    assert american.refused("invoice", {"CustomerRef": {"value": "1"}, "Line": [shipping]})[0] == "6000"
    american.control(f"companies/{american.realm}/preferences", {"SalesFormsPrefs": {"AllowShipping": True}})
    assert sold(american, "1", shipping)["TotalAmt"] == 12
