"""Files for spreadsheets."""

from __future__ import annotations

import pytest
from flask import Flask

from app.web.spreadsheet import csv_file

FORMULAS = [("=1+1", "'=1+1"), ("+44 20", "'+44 20"), ("@cmd", "'@cmd"), ("-x", "'-x")]
FORMULAS += [("--5", "'--5"), ("-5.", "'-5."), ("  =1+1", "'  =1+1"), ("\u00a0@cmd", "'\u00a0@cmd"), ("\tx", "'\tx")]
VALUES = [("-7", "-7"), (" plain", " plain"), ("-12.50", "-12.50"), (None, '""'), (7, "7"), ("plain", "plain")]


@pytest.mark.parametrize(("value", "cell"), [*FORMULAS, *VALUES])
def test_no_cell_runs_as_a_formula(app: Flask, value: object, cell: str) -> None:
    with app.test_request_context():
        text = csv_file("x.csv", ["A"], [[value]]).get_data(as_text=True)
    assert text.removeprefix("\ufeff").splitlines()[1] == cell
