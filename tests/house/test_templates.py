"""The pages: each belongs to an endpoint, each fragment has one root, and no code hides in markup."""

import ast
import re

import pytest
from flask import Flask

from tests.house.markup import REMARKS, Roots, is_fragment, sources, templates
from tests.house.sources import modules

LINES = 150
# Folders of templates that are no pages of a blueprint: frames, macros, what error handlers and mails show, and what
# Flask-Security asks for by names of its own.
NO_PAGES = {"layouts", "components", "errors", "mail", "security"}
FORBIDDEN = {
    "code inside a page": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "style inside a page": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "a handler inside a page": re.compile(r"\s(hx-)?on[a-z:-]*\s*=\s*[\"']", re.IGNORECASE),
    "markup taken on trust": re.compile(r"\|\s*safe\b|autoescape\s+false"),
    "an apostrophe unlike all others": re.compile("\u2019|&rsquo;"),
    "htmx that needs eval": re.compile(r"hx-trigger=\"[^\"]*\[|[\"']js(avascript)?:", re.IGNORECASE),
    "a decision about rights": re.compile(r"\{[{%][^}]*\b(may\s*\(|has_role)|\{%-?\s*(el)?if\b[^%]*\brole"),
}
TEXTS = sources()


def test_there_are_pages_once_there_are_doors() -> None:
    assert bool(templates()) == any(is_view_file(module.name) for module in modules())


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_no_template_holds(rule: str) -> None:
    assert [name for name, text in TEXTS.items() if FORBIDDEN[rule].search(REMARKS.sub("", text))] == []


def test_no_template_is_long() -> None:
    assert [name for name, text in TEXTS.items() if len(text.splitlines()) > LINES] == []


def test_a_fragment_has_one_root_with_an_id() -> None:
    fragments = {name: Roots(text).found for name, text in templates().items() if is_fragment(name)}
    assert [name for name, roots in fragments.items() if len(roots) != 1 or "id" not in roots[0]] == []


def test_a_page_is_named_as_its_endpoint(app: Flask) -> None:
    pages = {name for name in templates() if not is_fragment(name) and name.split("/")[0] not in NO_PAGES}
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert pages - {f"{endpoint.replace('.', '/')}.html" for endpoint in endpoints} == set()


def test_every_template_that_is_named_exists() -> None:
    known = set(templates())
    assert {name for name in named_in_code() if name.partition("/")[0] in folders()} - known == set()


def test_every_template_is_shown_by_someone() -> None:
    asked_for_by_others = {name for name in templates() if name.startswith("security/")}
    assert set(templates()) - asked_for_by_others - named_in_code() - named_in_templates() == set()


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("code inside a page", "<script>go()</script>"),
        ("style inside a page", '<p style="color: red">'),
        ("a handler inside a page", '<a onclick="go()">'),
        ("a handler inside a page", '<a hx-on:click="go()">'),
        ("markup taken on trust", "{{ name | safe }}"),
        ("htmx that needs eval", '<p hx-trigger="every 2s [visible]">'),
        ("a decision about rights", "{% if may('edit') %}"),
        ("a decision about rights", "{{ 'x' if may('edit') }}"),
        ("a decision about rights", "{% if current_user.role == 'owner' %}"),
    ],
)
def test_what_is_forbidden_is_seen(rule: str, text: str) -> None:
    assert FORBIDDEN[rule].search(text)


@pytest.mark.parametrize("text", ['<p id="a"></p><p></p>', "words <p></p>", '{% if a %}<p id="a"><br></p>{% endif %}x'])
def test_two_roots_are_seen(text: str) -> None:
    assert len(Roots(text).found) == 2


def test_one_root_with_branches_inside_is_one() -> None:
    text = '{% from "a" import b %}<td id="row-{{ id }}">{% if a %}<b>{{ x }}</b>{% else %}<img>{% endif %}</td>'
    assert Roots(text).found == [{"id": "row-x"}]


def is_view_file(name: str) -> bool:
    return name.startswith("app.web.") and name.rsplit(".", maxsplit=1)[-1].startswith("views")


def folders() -> set[str]:
    return {name.partition("/")[0] for name in templates()} - {"security"}


def named_in_code() -> set[str]:
    rooms = [module for module in modules() if module.room in {"web", "factory", "cli"}]
    constants = (node for module in rooms for node in ast.walk(module.tree) if isinstance(node, ast.Constant))
    return {str(node.value) for node in constants if str(node.value).endswith(".html")}


def named_in_templates() -> set[str]:
    return {name for text in templates().values() for name in re.findall(r"[\"']([\w/]+\.html)[\"']", text)}
