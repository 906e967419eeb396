"""Tables of conditions: one rule, one condition, three answers."""

from pathlib import Path

import pytest

from app.domain.facts import FACTS
from app.engine.decisions import read_decisions
from app.engine.decisions.conditions import has_conditions, judge_conditions
from app.engine.decisions.model import DecisionTable
from app.services.dossiers.condition_inputs import ROWS
from app.services.dossiers.condition_tables import ELIGIBILITY, FOLDER, TABLES, BadTable, load_tables
from app.services.rulebook.rule_packs import load_packs
from tests.unit.decisions.building import file_of, table

INPUTS = [("years", "number"), ("title", "string"), ("serving", "boolean")]
RULES = [
    ([">= limits.years", "-", "-"], ['"满年限"']),
    (["-", '"senior","full_senior"', "-"], ['"有职称"']),
    (["-", "-", "true"], ['"在岗"']),
]


def written(policy: str = "RULE ORDER", rules: object = RULES) -> str:
    return file_of(table(INPUTS, [("requirement", "string")], rules, policy))  # type: ignore[arg-type]


def test_each_rule_is_met_or_not_or_unknown() -> None:
    file = read_decisions("conditions.dmn", written())
    values = {"years": 5, "title": None, "serving": True, "limits": {"years": 6}}
    found = judge_conditions(file, "judge", values)
    assert [(one.id, one.title, one.truth) for one in found] == [
        ("judge_1", "years", False),
        ("judge_2", "title", None),
        ("judge_3", "serving", True),
    ]
    assert found[0].names == {"years", "limits.years"}
    assert [one.outputs["requirement"] for one in found] == ["满年限", "有职称", "在岗"]


@pytest.mark.parametrize(
    ("policy", "rules"),
    [("COLLECT", RULES), ("RULE ORDER", [*RULES, ([">= 1", "-", "true"], ['"两样"'])])],
)
def test_other_tables_are_no_tables_of_conditions(tmp_path: Path, policy: str, rules: object) -> None:
    text = written(policy, rules)
    assert not has_conditions(read_decisions("x.dmn", text).decisions["judge"])
    (tmp_path / "x.dmn").write_text(text, encoding="utf-8")
    with pytest.raises(BadTable, match="RULE ORDER"):
        load_tables(tmp_path)


@pytest.mark.parametrize(
    "path", [one for one in sorted(FOLDER.glob("*.dmn")) if one.stem != ELIGIBILITY], ids=lambda path: path.stem
)
def test_our_tables_name_facts_and_rules_that_there_are(path: Path) -> None:
    file = load_tables()[path.stem]
    programmes = {asked.programme for asked in TABLES.values() if asked.decision == path.stem}
    known = {key for pack in load_packs().values() if pack.programme in programmes for key in pack.parameters}
    logic = file.decisions[path.stem].logic
    assert isinstance(logic, DecisionTable)
    for name in logic.names:
        root, *rest = name.split(".")
        parameter = ".".join(rest).removesuffix("_order")
        assert root in {*FACTS, *ROWS} or (root == "rules" and parameter in known), name
