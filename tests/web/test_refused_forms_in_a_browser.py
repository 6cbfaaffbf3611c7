"""Forms that refuse what was typed, in a real browser: everybody learns what is wrong and where."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Locator

from app.accounts import people
from app.accounts.models import User
from app.accounts.roles import Role
from app.billing import receiving
from app.foundation.database import db, transaction
from app.sync.records.policies import policy_of
from tests.billing.firm import ANN
from tests.sync.books import Books
from tests.sync.first_day.test_linking_history import opened, typed_there
from tests.web.every_page import populate
from tests.web.reader import Reader
from tests.web.refused import REFUSALS, Refusal
from tests.world import World

pytestmark = pytest.mark.browser

SLICE = {"clients.new", "imports.index", "invoices.new"}
LEADS_NOWHERE = """() => [...document.querySelectorAll('#error-summary a')].filter(link => {
  const to = document.getElementById(link.hash.slice(1));
  to?.focus();
  return !to || document.activeElement !== to;
}).map(link => link.outerHTML)"""
UNTIED = """() => {
  const told = field => (field.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean);
  const bad = [...document.querySelectorAll('[aria-invalid=true]')];
  const known = new Set(bad.flatMap(told));
  return [
    ...bad.filter(field => !told(field).length || told(field).some(id => !document.getElementById(id))),
    ...[...document.querySelectorAll('main .field-error')].filter(said => !known.has(said.id)),
  ].map(element => element.outerHTML);
}"""
CUT_SHORT = ("htmx:sendAbort", "htmx:afterRequest")
SECRET = {"password", "file"}


def _field(reader: Reader, name: str) -> Locator:
    """The field of this name, or the first whose name begins so."""
    sort = "^=" if name.endswith("-") else "="
    return reader.page.locator(f'main :is(input, textarea, select)[name{sort}"{name}"]').first


def _type(field: Locator, text: str) -> None:
    if field.get_attribute("type") == "radio":
        field.page.locator(f'main [name="{field.get_attribute("name")}"][value="{text}"]').check()
    elif field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(text)
    else:
        field.fill(text)
        field.blur()


def _send(reader: Reader, refusal: Refusal) -> None:
    """Fill it in, send it, and note the status of the answer."""
    for name, text in refusal.typed.items():
        _type(_field(reader, name), text)
    button = reader.page.locator("main form[method=post]").get_by_role("button", name=refusal.button)
    with reader.page.expect_response(lambda answer: answer.request.is_navigation_request()) as answered:
        button.last.click()
    if answered.value.status != refusal.status:
        reader.complain(f"{refusal.endpoint} answers {answered.value.status}")
    reader.page.wait_for_load_state()
    # What scripts still asked for of the page that is left is cut short by its own sending.
    reader.complaints[:] = [said for said in reader.complaints if not said.partition(": ")[2].startswith(CUT_SHORT)]


def _judge(reader: Reader, refusal: Refusal) -> None:
    """The summary has the focus and leads to each field, each field to its sentence; what was typed still stands."""
    page = reader.page
    reader.look()
    if page.evaluate("() => document.activeElement?.id") != "error-summary":
        reader.complain("the focus is not on what is wrong")
    for what, found in (("leads nowhere", page.evaluate(LEADS_NOWHERE)), ("is untied", page.evaluate(UNTIED))):
        for element in found:
            reader.complain(f"{element} {what}")
    if not page.title().startswith("Error: "):
        reader.complain("its title does not say so")
    if not refusal.whole and not page.locator("[aria-invalid=true]").count():
        reader.complain("no field is marked")
    for name, text in refusal.typed.items():
        _judge_kept(reader, name, text)


def _judge_kept(reader: Reader, name: str, text: str) -> None:
    field = _field(reader, name)
    kind = field.get_attribute("type")
    kept = reader.page.locator(f'[name="{name}"]:checked').input_value() if kind == "radio" else field.input_value()
    if kind not in SECRET and kept != text:
        reader.complain(f"{name} was “{text}” and is “{kept}”")


def _look_at(reader: Reader, refusal: Refusal, path: str) -> None:
    reader.open(refusal.endpoint, path)
    _send(reader, refusal)
    _judge(reader, refusal)


def test_who_is_refused_learns_what_is_wrong_and_where(
    books: Books, reader: Reader, app: Flask, northgate: World
) -> None:
    for refusal in REFUSALS:
        if refusal.endpoint in SLICE:
            _look_at(reader, refusal, refusal.place.address(app, northgate))
    assert "\n".join(reader.complaints) == ""


def _leave_behind(books: Books) -> int:
    """An invoice that is not sent, and one in QuickBooks that may be it; the id of a payment that may settle it."""
    customer = books.customer(books.firm_invoice())
    with transaction():
        policy_of(books.connection_id).automatic_push = False
    typed_there(books, opened(books), customer, DocNumber="1007")
    books.compare()
    with transaction():
        return receiving.record_here(books.firm.facts(5000), actor=ANN).id


def _invitation(world: World) -> str:
    with transaction():
        link = people.invite(db.session.get_one(User, world.olivia.id), "nina@northgate.example", Role.STAFF)
    return "/welcome/" + link.rpartition("/")[2]


@pytest.mark.prove(weight=0)
def test_whoever_is_refused_anywhere_learns_what_is_wrong_and_where(
    books: Books, reader: Reader, app: Flask, northgate: World, *, record_property: Callable[[str, object], None]
) -> None:
    populate(books)
    inside = {"payments.divide": f"/payments/{_leave_behind(books)}/divide"}
    outside = {"security.login": "/sign-in", "welcome.show": _invitation(northgate)}
    for refusal in REFUSALS:
        if refusal.endpoint not in outside:
            path = inside.get(refusal.endpoint) or refusal.place.address(app, northgate)
            _look_at(reader, refusal, path)
    reader.page.context.clear_cookies()
    for refusal in REFUSALS:
        if refusal.endpoint in outside:
            _look_at(reader, refusal, outside[refusal.endpoint])
    record_property("refusals looked at", len(REFUSALS))
    assert "\n".join(reader.complaints) == ""
