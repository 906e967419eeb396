"""Collective tasks at publication: which rules can close one, and what is refused by name."""

from typing import Any

import pytest

from app.domain.tally import Count
from app.engine.checks import check_package
from app.engine.collectives import summary
from app.engine.compiler import compile_process
from app.engine.model import UserTask
from app.engine.package import ProcessPackage, package_from_files
from tests.panel_process import panel_package


def refused(**attributes: Any) -> list[str]:
    return [one.sentence.chinese() for one in check_package(panel_package(**attributes)) if one.rule == "collective"]


def drawn(text: str) -> ProcessPackage:
    return package_from_files({**panel_package().files, "panel.bpmn": text})


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"secrecy": "confidential", "about": "initiator", "remind": "1"},
        {"closing": "first", "verdicts": "agree disagree"},
        {"closing": "ratio", "quorum": "2/3"},
        {"closing": "quorum", "quorum": "2/3", "majority": "2/3", "about": "ask.candidate"},
        {"closing": "quorum", "quorum": "5", "verdicts": "submit"},
        {"majority": "1", "form": "opinion"},
        {"reasons": "disagree abstain"},
    ],
)
def test_rules_that_can_close_are_accepted(attributes: dict[str, Any]) -> None:
    assert refused(**attributes) == []


@pytest.mark.parametrize(
    ("words", "attributes"),
    [
        ("all、first、ratio", {"closing": "some"}),
        ("named、confidential 或者 secret", {"secrecy": "hidden"}),
        ("不能写发起人", {"role": "initiator"}),
        ("评审组怎样表决要保密", {"role": "review_panel_member", "about": "initiator"}),
        ("评审组怎样表决要保密", {"role": "review_panel_member", "secrecy": "confidential"}),
        ("不能要求签字", {"verdicts": "sign disagree", "signature": "我同意", "signs": "ask"}),
        ("不能修改别的环节", {"edits": "ask", "form": "ask"}),
        ("最前面", {"verdicts": "disagree agree"}),
        ("恰好有两种", {"closing": "ratio", "quorum": "2/3", "verdicts": "agree disagree return"}),
        ("恰好有两种", {"majority": "2/3", "verdicts": "submit"}),
        ("不能有弃权", {"closing": "first"}),
        ("要在 shenpi:verdicts 里", {"reasons": "refuse"}),
        ("没有理由", {"reasons": "submit", "verdicts": "submit", "secrecy": "secret"}),
        ("不能保密", {"closing": "first", "verdicts": "agree disagree", "secrecy": "confidential"}),
        ("请写明 shenpi:quorum", {"closing": "ratio"}),
        ("请写明 shenpi:quorum", {"closing": "quorum"}),
        ("才写 shenpi:quorum", {"quorum": "2/3"}),
        ("才写 shenpi:majority", {"closing": "ratio", "quorum": "2/3", "majority": "2/3"}),
        ("要写期限", {"closing": "quorum", "quorum": "2/3", "due": None}),
        ("要写期限", {"due": None}),
        ("要写期限", {"closing": "first", "verdicts": "agree disagree", "due": None}),
        ("要写期限", {"closing": "ratio", "quorum": "2/3", "due": None}),
        ("比例（如 2/3）或者人数", {"closing": "ratio", "quorum": "3/2"}),
        ("不大于 1", {"majority": "5"}),
    ],
)
def test_rules_that_cannot_are_refused(words: str, attributes: dict[str, Any]) -> None:
    assert any(words in said for said in refused(**attributes))


def test_no_other_task_may_lean_on_many_people() -> None:
    package = panel_package()
    text = package.diagram.replace('id="again"', 'id="again" shenpi:distinctFrom="judge"')
    assert [one.element for one in check_package(drawn(text)) if one.rule == "collective"] == ["again"]


def test_a_gateway_must_know_every_outcome() -> None:
    again = 'sourceRef="is_agreed" targetRef="again">'
    condition = '<bpmn:conditionExpression>judge.verdict == "tied"</bpmn:conditionExpression>'
    whole = panel_package().diagram.replace(' default="is_agreed_again"', "").replace(again, again + condition)
    assert "no-match" not in {one.rule for one in check_package(drawn(whole))}
    assert "no-match" in {one.rule for one in check_package(drawn(whole.replace('"tied"', '"agree"')))}


def test_the_engine_sees_one_task_and_the_file_keeps_its_marker() -> None:
    process = compile_process(panel_package(closing="ratio", quorum="2/3"))
    task = process.element("judge")
    assert isinstance(task, UserTask)
    assert task.collective is not None
    assert (task.collective.closing, task.collective.quorum) == ("ratio", "2/3")
    assert task.outcomes == {"agree", "disagree", "no_quorum"}
    assert process.asks_many
    assert "multiInstanceLoopCharacteristics" in process.package.diagram
    assert type(process.spec.task_specs["judge"]).__name__ == "PersonTask"


TIED = '<bpmn:endEvent id="was_tied" name="tied"/>'


def misused(end: str = TIED, manifest: str = "{ask.topic}", notice: str = "", **attributes: Any) -> list[str]:
    """Return the elements and files at which counts are refused."""
    files = dict(panel_package(secrecy="confidential", **attributes).files)
    files["process.toml"] = files["process.toml"].replace("{ask.topic}", manifest)
    if notice:
        files["process.toml"] += '[[notices]]\nat = "again"\ntext = "told"\nto = ["initiator"]\n'
        files["notices/told.txt"] = notice
    files["panel.bpmn"] = files["panel.bpmn"].replace(TIED, end)
    found = check_package(package_from_files(files))
    return [one.element for one in found if one.rule == "collective" and "几人" in one.sentence.chinese()]


END = '<bpmn:endEvent id="was_tied" name="tied"{}</bpmn:endEvent>'
MESSAGE = (
    ' shenpi:message="tell" shenpi:key="case.serial"><bpmn:extensionElements>'
    '<shenpi:param name="c" value="judge.counts.agree"/></bpmn:extensionElements><bpmn:messageEventDefinition/>'
)


def test_counts_of_confidential_answers_are_written_nowhere() -> None:
    assert misused(manifest="赞成 {judge.counts.agree} 人") == ["title_template"]
    assert misused(notice="赞成 {judge.counts.agree} 人") == ["told"]
    assert misused(end=END.format(MESSAGE)) == ["was_tied"]
    assert misused(remind="judge.counts.agree") == ["judge"]
    assert misused(manifest="{judge.answered} 人办理", notice="结果 {judge.verdict}") == []


def test_counts_of_confidential_answers_choose_a_way() -> None:
    diagram = panel_package(secrecy="confidential").diagram
    chosen = diagram.replace('judge.verdict == "tied"', "judge.counts.agree == judge.counts.disagree")
    assert "collective" not in {one.rule for one in check_package(drawn(chosen))}


def test_the_case_keeps_no_counts_of_few_confidential_answers() -> None:
    few, enough = Count(6, 0, {"agree": 4}), Count(6, 0, {"agree": 4, "disagree": 1})
    assert "counts" not in summary(few, "rule", "confidential")
    assert summary(enough, "rule", "confidential")["counts"] == {"agree": 4, "disagree": 1}
    assert summary(few, "rule", "named")["counts"] == {"agree": 4}
