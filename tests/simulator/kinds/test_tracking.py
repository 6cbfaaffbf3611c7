"""Classes and locations on sales forms: taken, checked and given back (§3.9, §3.16, §8.2)."""

import pytest

from tests.simulator.client import Body, Client, line

SUPPORT, PROJECTS = "5000000000000142238", "5000000000000142239"
YORK = "5000000000000142238"
INACTIVE = "Something you're trying to use has been made inactive."


def form(*lines: Body, **fields: object) -> Body:
    return {
        "CustomerRef": {"value": "1"},
        "CurrencyRef": {"value": "GBP"},
        "Line": list(lines) or [line()],
        **fields,
    }


@pytest.mark.parametrize("path", ["invoice", "creditmemo"])
def test_a_form_names_its_location_and_its_class_and_is_answered_with_their_names(trading: Client, path: str) -> None:
    made = trading.write(path, form(DepartmentRef={"value": YORK}, ClassRef={"value": PROJECTS}))
    assert made["DepartmentRef"] == {"value": YORK, "name": "York"}
    assert trading.read(f"{path}/{made['Id']}")["ClassRef"] == {"value": PROJECTS, "name": "Projects"}


def test_each_line_names_a_class_of_its_own(trading: Client) -> None:
    lines = [line(ClassRef={"value": SUPPORT}), line(ClassRef={"value": PROJECTS}), line()]
    made = trading.write("invoice", form(*lines))
    sold = [one["SalesItemLineDetail"] for one in made["Line"] if "SalesItemLineDetail" in one]
    assert [one.get("ClassRef", {}).get("name") for one in sold] == ["Support", "Projects", None]


def test_a_change_that_leaves_them_out_keeps_location_and_class(trading: Client) -> None:
    made = trading.write("invoice", form(DepartmentRef={"value": YORK}, ClassRef={"value": SUPPORT}))
    change = {"Id": made["Id"], "SyncToken": made["SyncToken"], "sparse": True, "DocNumber": "N-1"}
    changed = trading.write("invoice", change)
    assert (changed["DepartmentRef"]["value"], changed["ClassRef"]["value"]) == (YORK, SUPPORT)


@pytest.mark.parametrize(
    ("sent", "detail"),
    [
        (form(DepartmentRef={"value": "7"}), "Depts element id 7 not found"),
        (form(ClassRef={"value": "7"}), "Klasses element id 7 not found"),
        (form(line(ClassRef={"value": "7"})), "Klasses element id 7 not found"),
    ],
)
def test_an_id_that_is_not_there_is_refused_2500(trading: Client, sent: Body, detail: str) -> None:
    assert trading.refused("invoice", sent) == ("2500", f"Invalid Reference Id : {detail}")


@pytest.mark.parametrize("kind", ["class", "department"])
def test_one_that_was_made_inactive_is_refused_2500(trading: Client, kind: str) -> None:
    trading.write(kind, trading.read(f"{kind}/{YORK}") | {"Active": False})
    name = "ClassRef" if kind == "class" else "DepartmentRef"
    code, said = trading.refused("invoice", form(**{name: {"value": YORK}}))
    assert (code, INACTIVE in said) == ("2500", True)


def test_a_company_that_sorts_nothing_has_empty_lists(app: Client) -> None:
    assert app.query("select * from Class") == {}
    assert app.query("select * from Department") == {}
