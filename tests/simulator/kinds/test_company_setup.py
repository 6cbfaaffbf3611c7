"""CompanyInfo and Preferences (§3.1, §3.2)."""

from tests.simulator.client import NORTHGATE, Client


def test_the_company_is_british_and_registered_for_vat(app: Client) -> None:
    assert app.read(f"companyinfo/{NORTHGATE}")["Country"] == "GB"
    preferences = app.read("preferences")
    assert preferences["TaxPrefs"] == {"UsingSalesTax": True}
    assert preferences["CurrencyPrefs"]["HomeCurrency"] == {"value": "GBP"}
    assert "BookCloseDate" not in preferences["AccountingInfoPrefs"]


def test_an_update_of_preferences_is_laid_over_what_is_there(app: Client) -> None:
    sent = {"Id": "1", "SyncToken": "0", "SalesFormsPrefs": {"CustomTxnNumbers": False}}
    changed = app.write("preferences", sent)
    assert changed["SalesFormsPrefs"]["CustomTxnNumbers"] is False
    assert changed["SalesFormsPrefs"]["AllowDiscount"] is True


def test_the_closing_date_cannot_be_set_through_the_api(app: Client) -> None:
    sent = {"Id": "1", "SyncToken": "0", "AccountingInfoPrefs": {"BookCloseDate": "2026-03-31"}}
    assert "BookCloseDate" not in app.write("preferences", sent)["AccountingInfoPrefs"]


def test_the_books_can_be_opened_again(app: Client) -> None:
    for day in ("2026-03-31", None):
        wish = {"AccountingInfoPrefs": {"BookCloseDate": day}}
        closed = app.control(f"companies/{NORTHGATE}/preferences", wish)["AccountingInfoPrefs"]
        assert closed.get("BookCloseDate") == day
    assert app.invoice(TxnDate="2026-03-31")["Id"] == "1"


def test_without_sales_tax_codes_are_ignored(app: Client) -> None:
    app.control(f"companies/{NORTHGATE}/preferences", {"TaxPrefs": {"UsingSalesTax": False}})
    assert app.invoice()["TotalAmt"] == 100


def test_preferences_may_be_echoed_whole(trading: Client) -> None:
    """All that an answer tells is known when it comes back."""
    told = trading.read("preferences")
    again = trading.write("preferences", told)
    assert {name: again[name] for name in again if name.endswith("Prefs")} == {
        name: told[name] for name in told if name.endswith("Prefs")
    }


def test_a_message_mailed_with_estimates_is_changed(app: Client) -> None:
    mailed = {"EstimateMessage": {"Subject": "Our offer", "Message": "Here it is."}}
    sent = {"Id": "1", "SyncToken": "0", "EmailMessagesPrefs": mailed}
    assert app.write("preferences", sent)["EmailMessagesPrefs"]["EstimateMessage"]["Subject"] == "Our offer"


def test_automated_sales_tax_is_not_turned_on_through_the_api(app: Client) -> None:
    sent = {"Id": "1", "SyncToken": "0", "TaxPrefs": {"PartnerTaxEnabled": True}}
    assert "PartnerTaxEnabled" not in app.write("preferences", sent)["TaxPrefs"]


def test_the_company_has_its_keys_in_the_recorded_order(app: Client) -> None:
    told = list(app.read("companyinfo/1"))
    assert told[:2] + told[-7:] == [
        *("CompanyName", "LegalName", "SupportedLanguages", "NameValue"),
        *("domain", "sparse", "Id", "SyncToken", "MetaData"),
    ]


def test_a_full_update_of_the_company_needs_name_and_address_2020(app: Client) -> None:
    same = {"Id": "1", "SyncToken": "0", "LegalName": "Northgate"}
    assert app.refused("companyinfo", same)[0] == "2020"
    assert (
        app.refused("companyinfo", same | {"CompanyName": "N"})[1]
        == "Required parameter CompanyAddr is missing in the request"
    )
    assert app.write("companyinfo", same | {"sparse": True})["CompanyName"] == "Northgate IT Services Ltd"


def test_a_full_update_of_the_company_loses_what_it_leaves_out(app: Client) -> None:
    same = {"Id": "1", "SyncToken": "0", "CompanyName": "N", "CompanyAddr": {"Line1": "4 Mill Lane"}}
    changed = app.write("companyinfo", same)
    assert ("PrimaryPhone" in changed, changed["Country"]) == (False, "GB")
