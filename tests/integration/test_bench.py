"""Every workload of `make bench` runs, in short: what it measures is judged by the full run alone, what it counts here too."""

import importlib
from types import ModuleType

import pytest

from bench.__main__ import WORKLOADS
from bench.databases import DATABASES
from bench.figures import Figure, Limit
from bench.report import line_of

# Pages are opened in a browser: `make bench` alone does that.
IN_SHORT = sorted(set(WORKLOADS) - {"pages"})
MOST_STATEMENTS, COMMITS = 7.0, 1.0


def workload(name: str) -> ModuleType:
    return importlib.import_module(f"bench.{name}")


@pytest.mark.parametrize("product", DATABASES)
@pytest.mark.parametrize("name", IN_SHORT)
def test_a_workload_runs_and_names_its_yardstick(name: str, product: str) -> None:
    with DATABASES[product]() as database:
        figures = workload(name).run(database, short=True)
    assert figures
    for figure in figures:
        assert figure.cost > 0
        assert figure.yardstick is None or figure.yardstick_name
        assert line_of(figure).count("|") == 9
    assert [figure.name for figure in figures if is_step(figure) and not is_lean(figure)] == []


def is_step(figure: Figure) -> bool:
    return figure.workload == "W1" and "步" in figure.name


def is_lean(figure: Figure) -> bool:
    notes = figure.notes
    return float(notes["每步语句"]) <= MOST_STATEMENTS and float(notes["每步提交"]) == COMMITS


def test_a_promise_that_is_not_kept_is_seen() -> None:
    kept = Figure("W", "快", "SQLite", cost=1, yardstick=2, limit=Limit.AT_LEAST, bound=1.7)
    broken = Figure("W", "慢", "SQLite", cost=6, yardstick=1, limit=Limit.AT_MOST, bound=5)
    assert (kept.is_kept, broken.is_kept) == (True, False)
    assert "没有达到" in line_of(broken)
    assert "没有达到" not in line_of(kept)
