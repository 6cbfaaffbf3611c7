"""The licence agreement and the privacy policy: open to anybody, in the operator's name, or in the operator's words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

BOTH = ["/legal/terms", "/legal/privacy"]
Configure = Callable[..., None]


@pytest.mark.parametrize("path", BOTH)
def test_a_visitor_reads_it(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", BOTH)
def test_every_page_before_sign_in_leads_to_it(client: FlaskClient, path: str) -> None:
    pages = [client.get(page).text for page in ("/sign-in", "/quickbooks/disconnected", "/nowhere", *BOTH)]
    assert [f'href="{path}"' in page for page in pages] == [True] * 5


@pytest.mark.parametrize("path", BOTH)
def test_it_says_so_as_long_as_nobody_has_put_their_name_there(client: FlaskClient, path: str) -> None:
    assert "This page is not finished" in client.get(path).text


@pytest.mark.parametrize("path", BOTH)
def test_it_names_the_operator(client: FlaskClient, configured: Configure, path: str) -> None:
    configured(operator_name="Northgate <IT> Ltd", operator_email="privacy@northgate.example")
    page = client.get(path).text
    assert "This page is not finished" not in page
    assert "Northgate &lt;IT&gt; Ltd answers for it" in page or "between you and Northgate &lt;IT&gt; Ltd" in page
    assert 'href="mailto:privacy@northgate.example"' in page


@pytest.mark.parametrize(("path", "setting"), [("/legal/terms", "terms_url"), ("/legal/privacy", "privacy_url")])
def test_the_operators_own_text_takes_its_place(
    client: FlaskClient, configured: Configure, *, path: str, setting: str
) -> None:
    configured(**{setting: "https://northgate.example/small-print"})
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (302, "https://northgate.example/small-print")


@pytest.mark.parametrize(("days", "told"), [(400, "400 days"), (0, "as long as the documents themselves")])
def test_it_tells_how_long_records_are_really_kept(
    client: FlaskClient, configured: Configure, *, days: int, told: str
) -> None:
    configured(keep_log_days=days, keep_webhooks_days=days)
    page = client.get("/legal/privacy").text
    assert page.count(told) == 2
