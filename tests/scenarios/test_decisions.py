"""Scenarios make decisions for real, and need no prepared results for them."""

import pytest

from app.engine.package import package_from_files
from app.engine.scenarios import problems_of, run_scenarios
from tests.integration.decided_process import decided_process

SCENARIO = """people: {{李若涵: [teacher]}}
scenarios:
- name: 对应
  start: {{by: 李若涵, values: {{years: 1}}}}
  steps:
  - {{complete: confirm, by: 李若涵, values: {{years: {years}}}{refused}}}
  outcome: {outcome}
"""


def told(years, outcome="ranked", refused=""):
    text = SCENARIO.format(years=years, outcome=outcome, refused=refused)
    return [
        one.text
        for one in problems_of(run_scenarios(package_from_files({**decided_process().files, "scenarios.yaml": text})))
    ]


def test_a_scenario_goes_by_the_tables():
    assert told(2) == []


@pytest.mark.parametrize(("years", "words"), [(9, "没有一条规则对得上"), (3, "规则 1、2 同时对上了")])
def test_a_scenario_shows_what_the_tables_get_wrong(years, words):
    (first, *_rest) = told(years)
    assert words in first
    assert not [one for one in told(years, "null", f", refused: {words}") if "第" in one]
