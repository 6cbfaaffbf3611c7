"""Tax agencies are made by name; codes and rates are only read (§3.7)."""

from tests.simulator.client import Client


def test_an_agency_is_tracked_on_sales_unless_said_otherwise(app: Client) -> None:
    made = app.write("taxagency", {"DisplayName": "Revenue Scotland"})
    assert (made["TaxTrackedOnSales"], made["TaxTrackedOnPurchases"]) == (True, False)


def test_an_agency_is_named_once_6240(app: Client) -> None:
    assert app.refused("taxagency", {"DisplayName": "HM Revenue & Customs (HMRC)"})[0] == "6240"


def test_in_the_united_states_an_agency_can_be_made_too(american: Client) -> None:
    """The documentation speaks of the system's own alone; python-quickbooks' tests make one in a live company."""
    assert american.write("taxagency", {"DisplayName": "Board of Equalization"})["Id"] == "2"


def test_a_zero_rate_says_so(app: Client) -> None:
    (rate,) = app.query("select * from TaxRate where Name = '0% Z'")["TaxRate"]
    assert (rate["SpecialTaxType"], rate["RateValue"]) == ("ZERO_RATE", 0)
