"""The wire laid out for reading."""

from __future__ import annotations

from app.web.wire_texts import laid_out


def test_json_is_laid_out_below_its_first_line() -> None:
    assert laid_out('POST /invoice\n{"a":1}') == 'POST /invoice\n{\n  "a": 1\n}'


def test_json_alone_is_laid_out_too() -> None:
    assert laid_out('{"a":"£"}') == '{\n  "a": "£"\n}'


def test_what_is_no_json_stays_as_it_is() -> None:
    assert laid_out("<html>502</html>") == "<html>502</html>"
    assert laid_out("POST /x\n{cut") == "POST /x\n{cut"
    assert laid_out(None) == ""
