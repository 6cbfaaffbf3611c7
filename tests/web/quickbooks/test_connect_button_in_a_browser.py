"""The official button in a real browser: handed in, seen at its own size, and another one under a pointer."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, expect

from tests.quickbooks.test_pictures import drawn
from tests.web.quickbooks.desk import HOME, Desk
from tests.web.reader import Reader

pytestmark = pytest.mark.browser


def file(colour: str) -> FilePayload:
    return FilePayload(name="button.png", mimeType="image/png", buffer=drawn(colour=colour))


@pytest.mark.usefixtures("desk")
def test_the_official_button_stands_there_unchanged_and_answers_to_pointer_and_keyboard(reader: Reader) -> None:
    page = reader.page
    reader.open("quickbooks.intuit_app", HOME + "/intuit-app")
    page.locator("#base").set_input_files(file("#2ca01c"))
    page.locator("#hover").set_input_files(file("#108000"))
    page.get_by_role("button", name="Use this artwork").click()
    expect(page.get_by_role("button", name="Remove the artwork")).to_be_visible()
    reader.look()
    reader.open("quickbooks.index", HOME)
    link = page.get_by_role("link", name="Connect to QuickBooks", exact=True)
    base, hover = link.locator(".official-base"), link.locator(".official-hover")
    expect(base).to_be_visible()
    expect(hover).to_be_hidden()
    assert base.evaluate("image => [image.width, image.height, image.naturalWidth]") == [222, 40, 222]
    link.hover()
    expect(hover).to_be_visible()
    expect(base).to_be_hidden()
    page.mouse.move(0, 0)
    expect(base).to_be_visible()
    link.focus()
    expect(hover).to_be_visible()
    assert reader.complaints == []


def test_a_refused_picture_is_told_beside_its_field(desk: Desk, reader: Reader) -> None:
    reader.open("quickbooks.intuit_app", HOME + "/intuit-app")
    reader.page.locator("#base").set_input_files(FilePayload(name="b.png", mimeType="image/png", buffer=b"<svg/>"))
    reader.page.get_by_role("button", name="Use this artwork").click()
    expect(reader.page.locator("#error-summary")).to_be_focused()
    reader.look()
    assert reader.complaints == []
    assert desk.get("/connect-button/base.png").status_code == 404
