"""Check small diagrams, one family of rules at a time."""

import json
from collections.abc import Callable, Iterable

from app.engine.checks.facts import Facts, Registry, read_facts
from app.engine.package import ProcessPackage
from app.engine.problems import Problem
from tests.unit.engine.playing import element, package

FIELDS = [
    {"type": "number", "id": "a", "key": "amount", "label": "金额", "properties": {"format": "money"}, "validate": {"required": True}},
    {"type": "number", "id": "b", "key": "people", "label": "人数", "validate": {"min": 1, "max": 20}},
    {"type": "checkbox", "id": "c", "key": "urgent", "label": "急"},
    {"type": "select", "id": "d", "key": "kind", "label": "种类", "validate": {"required": True},
     "values": [{"label": "甲", "value": "a"}, {"label": "乙", "value": "b"}, {"label": "丙", "value": "c"}]},
    {"type": "textfield", "id": "e", "key": "note", "label": "备注"},
]  # fmt: skip
FORM = json.dumps({"schemaVersion": 19, "type": "default", "id": "draft", "components": FIELDS})
BEGIN = element("startEvent", "begin", shenpi_form="draft", shenpi_roles="teacher")


def facts_of(text: str, *callees: ProcessPackage, key: str = "case", has_form: bool = True) -> Facts:
    drawn = package(text, key, **({"forms/draft.json": FORM} if has_form else {}))
    reading = read_facts(drawn, {one.key: one for one in callees}, Registry())
    assert reading.facts is not None, [problem.text for problem in reading.problems]
    return reading.facts


def told_by(check: Callable[[Facts], Iterable[Problem]], facts: Facts) -> list[tuple[str, str]]:
    """Return element and rule of each problem, having looked at the sentences."""
    problems = list(check(facts))
    for problem in problems:
        assert "请" in problem.text
        assert "%(" not in problem.text
        assert problem.text.endswith("。")
    return [(problem.element, problem.rule) for problem in problems]
