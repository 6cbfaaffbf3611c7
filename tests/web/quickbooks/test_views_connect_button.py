"""The official button: Adam hands its artwork in, and it stands where a company is connected from."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.quickbooks.test_pictures import drawn
from tests.web.quickbooks.desk import Desk
from tests.web.walking import Walker

BASE, HOVER = drawn(), drawn(colour="#108000")
PICTURE = "/connect-button/base.png"


def hand_in(desk: Desk, base: bytes, hover: bytes | None = None) -> TestResponse:
    files = {"base": (BytesIO(base), "button.png")}
    return desk.post("/connect-button", **files, **({"hover": (BytesIO(hover), "hover.png")} if hover else {}))


def test_a_plain_button_stands_there_at_first(desk: Desk) -> None:
    page = desk.get().text
    assert "official" not in page
    assert "Connect to QuickBooks</a>" in page
    assert desk.get(PICTURE).status_code == 404


def test_the_artwork_takes_the_place_of_the_plain_button(desk: Desk) -> None:
    assert hand_in(desk, BASE, HOVER).status_code == 303
    page = desk.get().text
    assert 'class="official" href="/settings/quickbooks/connect"' in page
    assert page.count('width="222" height="40" alt="Connect to QuickBooks"') == 2
    assert "Connect to QuickBooks</a>" not in page


def test_it_is_served_from_our_own_origin_as_a_picture_and_nothing_else(desk: Desk) -> None:
    hand_in(desk, BASE)
    answer = desk.get(PICTURE)
    assert (answer.data, answer.mimetype) == (BASE, "image/png")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert desk.get("/connect-button/hover.png").status_code == 404
    assert desk.get("/connect-button/other.png").status_code == 404


def test_it_is_gone_once_a_company_is_connected(desk: Desk) -> None:
    hand_in(desk, BASE)
    desk.connect()
    assert "official" not in desk.get().text


def test_it_can_be_taken_away_again(desk: Desk) -> None:
    hand_in(desk, BASE, HOVER)
    assert "Remove the artwork" in desk.get("/intuit-app").text
    desk.post("/connect-button/remove")
    assert "official" not in desk.get().text
    assert "Remove the artwork" not in desk.get("/intuit-app").text


@pytest.mark.parametrize(
    ("base", "hover", "field", "told"),
    [
        (b"", None, "base", "Choose a PNG."),
        (b"<svg/>", None, "base", "Choose a PNG."),
        (BASE[:60], None, "base", "Download it once more"),
        (BASE + b"\0" * 200_000, None, "base", "larger than 200 kB"),
        (BASE, b"GIF89a", "hover", "Choose a PNG."),
        (BASE, drawn(100, 20), "hover", "Choose the two of one size."),
    ],
)
def test_what_is_no_button_is_refused_beside_its_field(
    desk: Desk, *, base: bytes, hover: bytes | None, field: str, told: str
) -> None:
    answer = hand_in(desk, base, hover)
    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.text
    assert told in answer.text.partition(f'id="{field}-error"')[2].partition("</p>")[0]
    assert desk.get(PICTURE).status_code == 404


def test_a_form_without_a_file_asks_for_one(desk: Desk) -> None:
    answer = desk.post("/connect-button")
    assert (answer.status_code, "Choose the PNG of the button." in answer.text) == (422, True)


def test_a_refused_picture_leaves_the_keys_on_the_page_as_they_are(desk: Desk) -> None:
    desk.post("/intuit-app", client_id="OWN-KEY", client_secret="own-secret")
    answer = hand_in(desk, b"<svg/>")
    assert 'value="OWN-KEY"' in answer.text
    assert "Enter the client" not in answer.text


def test_what_was_there_stays_where_the_new_one_is_refused(desk: Desk) -> None:
    hand_in(desk, BASE)
    hand_in(desk, BASE, b"GIF89a")
    assert desk.get(PICTURE).data == BASE


def test_another_organisation_sees_its_own_button_alone(desk: Desk, xavier: Walker) -> None:
    hand_in(desk, BASE)
    assert xavier.get("/settings/quickbooks" + PICTURE).status_code == 404


def test_a_visitor_sees_no_picture(desk: Desk, client: FlaskClient) -> None:
    hand_in(desk, BASE)
    assert client.get("/settings/quickbooks" + PICTURE).status_code == 302
