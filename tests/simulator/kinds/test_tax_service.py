"""Tax codes made through the API (§3.7)."""

from tests.simulator.client import Body, Client, decoded, line

SPECIAL: Body = {
    "TaxCode": "VAT Special",
    "TaxRateDetails": [
        {"TaxRateName": "VAT Special S", "RateValue": "12.5", "TaxAgencyId": "1", "TaxApplicableOn": "Sales"}
    ],
}


def test_a_code_is_made_with_its_rates_and_answered_bare(app: Client) -> None:
    answer = decoded(app.post("taxservice/taxcode", SPECIAL))
    assert answer.keys() == {"TaxCode", "TaxCodeId", "TaxRateDetails"}
    assert answer["TaxRateDetails"][0].keys() > {"TaxRateId", "RateValue"}
    assert app.invoice(line("100", answer["TaxCodeId"]))["TxnTaxDetail"]["TotalTax"] == 12.5


def test_a_rate_name_used_twice_is_refused_6240(app: Client) -> None:
    app.post("taxservice/taxcode", SPECIAL)
    detail = "The name supplied already exists. : Another tax rate is already using this \nname"
    assert app.refused("taxservice/taxcode", SPECIAL | {"TaxCode": "Other"}) == ("6240", detail)


def test_a_new_rate_needs_name_value_and_agency_2020(app: Client) -> None:
    assert app.refused("taxservice/taxcode", {"TaxCode": "A", "TaxRateDetails": [{"RateValue": 5}]})[0] == "2020"


def test_in_the_united_states_codes_come_from_the_setup(american: Client) -> None:
    assert american.refused("taxservice/taxcode", SPECIAL)[0] == "6000"
