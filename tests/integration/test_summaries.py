"""Summaries of cases: written with the values, read with the rows, told by lists and the API."""

from typing import Any

import pytest

from app.db.processes import ProcessInstance
from app.services import titles
from tests.integration.api import Served

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def lines(served: Served, name: str, **query: Any) -> list[dict[str, str]]:
    [item] = served.as_(name).get("/tasks", **query).get_json()["items"]
    found: list[dict[str, str]] = item["summary"]
    return found


def test_rows_carry_the_lines_of_the_process(served: Served) -> None:
    served.school.confirm_budget()
    case = served.filed(payee="云澜市青禾图文印务有限责任公司")
    expected = [
        {"label": "工作室", "value": "周敏名班主任工作室"},
        {"label": "金额", "value": "4,488.00 元"},
        {"label": "收款人", "value": "云澜市青禾图文印务有限责任公司"},
        {"label": "用途", "value": "跨校主题班会观摩活动：研修资料印制"},
    ]
    assert lines(served, "host", process="expense_approval") == expected
    assert lines(served, "host", box="initiated", process="expense_approval") == expected
    assert served.as_("host").task("host_sign")["summary"] == expected
    instance = served.school.session.get_one(ProcessInstance, case["id"])
    assert titles.told(instance.summary)[0] == "工作室：周敏名班主任工作室"


def test_a_change_of_the_values_changes_the_lines_and_long_ones_are_cut(served: Served) -> None:
    served.school.confirm_budget()
    served.filed()
    served.as_("host").complete("host_sign", "return")
    values = served.as_("host").task("revise_draft")["values"] | {"purpose": "观摩活动，\n资料印制" + "很长" * 40}
    assert served.as_("host").complete("revise_draft", "submit", values=values).status_code == 200
    told = lines(served, "host", process="expense_approval")[-1]["value"]
    assert told.startswith("观摩活动， 资料印制很长")
    assert told.endswith("…")
    assert len(told) == titles.LONGEST_VALUE


def test_choices_read_by_their_labels(served: Served) -> None:
    served.school.confirm_budget()
    told = lines(served, "host", box="initiated")
    assert told[0] == {"label": "工作室", "value": "周敏名班主任工作室"}
    assert told[1]["value"].endswith(" 年")
    assert told[2] == {"label": "合计", "value": "60,000.00 元"}
