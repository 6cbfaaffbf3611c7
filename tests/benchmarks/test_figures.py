"""The figures of `make bench`: each is promised by one measure, judged by its bound and shown."""

import json

import pytest

from benchmarks.__main__ import print_all
from benchmarks.figures import FIGURES, Figure, median, percentile, shown, table
from benchmarks.measures import GROUPS, Measure
from tests.house.sources import ROOT

MEASURES = [measure for group in GROUPS.values() for measure in group]
PACE = Figure("pace", "how quick it is", "≤", 2)
ONES = Figure("ones", "how many")


def test_each_figure_is_given_by_exactly_one_measure() -> None:
    promised = [name for measure in MEASURES for name in measure.figures]
    assert sorted(promised) == sorted(figure.name for figure in FIGURES)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.module)
def test_each_measure_is_a_module_that_measures_and_names_its_figures(measure: Measure) -> None:
    text = (ROOT / "benchmarks" / f"{measure.module}.py").read_text()
    assert "def measure(report: Callable[[str], None]" in text
    assert [name for name in measure.figures if f'"{name}"' not in text] == []


@pytest.mark.parametrize(("share", "wanted"), [(0.5, 50), (0.99, 99), (1.0, 100), (0.0, 1)])
def test_a_percentile_is_a_value_that_was_measured(share: float, wanted: float) -> None:
    assert percentile(list(range(100, 0, -1)), share) == wanted


def test_the_median_of_an_even_number_is_the_lower_one() -> None:
    assert median([4, 1, 3, 2]) == 2


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1"), (0.034, "0.034"), (1.0712, "1.07"), (41_250.4, "41,250"), (0, "0")]
)
def test_a_figure_is_shown_in_the_digits_that_anybody_reads(value: float, text: str) -> None:
    assert shown(value) == text


def test_a_bound_that_is_missed_stands_out_and_one_that_is_kept_does_not() -> None:
    missed, kept = (next(table([PACE], {"pace": value})) for value in (2.01, 2))
    assert ("MISSED" in missed, "MISSED" in kept) == (True, False)


def test_a_figure_without_a_bound_is_never_missed() -> None:
    assert "MISSED" not in next(table([ONES], {"ones": 1e9}))


def test_the_last_line_is_one_object_and_null_stands_for_what_failed(capsys: pytest.CaptureFixture[str]) -> None:
    print_all([PACE, ONES], {"pace": 1.5})
    lines = capsys.readouterr().out.splitlines()
    assert json.loads(lines[-1]) == {"pace": 1.5, "ones": None}
    assert "failed" in lines[-2]
