"""Tasks that many people are asked, as authors of scenarios play them."""

from typing import Any

from app.engine.scenarios import problems_of, run_scenarios
from tests.panel_process import panel_package

PEOPLE = """people:
  周敏: [teacher]
  陈国栋: [leadership_group_member]
  许文彬: [leadership_group_member, teacher]
  刘芸: [leadership_group_member]
"""
START = "start: {by: 周敏, values: {topic: 推荐}}"


def told(*steps: str, start: str = START, outcome: str | None = None, people: str = PEOPLE, **asked: Any) -> list[str]:
    """Return what is wrong with one scenario, coverage aside."""
    lines = [people + "scenarios:", "- name: 一件事", f"  {start}", "  steps:", *(f"  - {{{step}}}" for step in steps)]
    if not steps:
        lines[-1] = "  steps: []"
    if outcome:
        lines.append(f"  outcome: {outcome}")
    report = run_scenarios(panel_package("\n".join(lines), **asked))
    return [problem.text for problem in problems_of(report) if problem.rule != "coverage"]


def answers(**given: str) -> tuple[str, ...]:
    return tuple(f"respond: judge, by: {person}, verdict: {verdict}" for person, verdict in given.items())


def test_the_last_answer_closes() -> None:
    assert told("expect: [judge]", *answers(陈国栋="agree", 许文彬="disagree"), "expect: [judge]") == []
    assert told(*answers(陈国栋="agree", 许文彬="disagree", 刘芸="agree"), outcome="was_agree") == []


def test_time_brings_the_deadline() -> None:
    one = answers(陈国栋="agree")
    assert told(*one, "pass: P2D", "expect: [judge]", "pass: P1D", outcome="was_incomplete") == []
    quorum = {"closing": "quorum", "quorum": "2/3", "majority": "2/3"}
    assert told(*one, "pass: P3D", outcome="was_no_quorum", **quorum) == []
    two = answers(陈国栋="agree", 刘芸="agree")
    assert told(*two, "pass: P3D", outcome="was_agree", **quorum) == []


def test_nobody_answers_twice_or_from_outside_the_roll() -> None:
    assert told(
        *answers(陈国栋="agree"),
        "respond: judge, by: 陈国栋, verdict: agree, refused: 已经办过",
        "respond: judge, by: 周敏, verdict: agree, refused: 不在名单上",
        "respond: judge, by: 刘芸, verdict: accept, refused: [verdict]",
    ) == []  # fmt: skip
    assert told("complete: judge, by: 刘芸, verdict: agree") == ["第 1 步：“judge”由多人办理，情景里请写 respond。"]
    back = told(
        *answers(陈国栋="return", 许文彬="return", 刘芸="return"), "respond: again, by: 周敏", verdicts="agree return"
    )
    assert back == ["第 4 步：没有办成：这一步由一个人办理，情景里请写 complete。"]


def test_who_is_judged_and_who_steps_aside_are_not_counted() -> None:
    start = "start: {by: 许文彬, values: {topic: 推荐}}"
    assert told(
        "respond: judge, by: 许文彬, verdict: agree, refused: true",
        "recuse: judge, by: 刘芸",
        "recuse: judge, by: 刘芸, refused: true",
        "respond: judge, by: 陈国栋, verdict: disagree",
        start=start, outcome="was_disagree", about="initiator",
    ) == []  # fmt: skip


def test_each_fills_in_the_form() -> None:
    assert told(
        "respond: judge, by: 刘芸, verdict: agree, refused: [opinion]",
        "respond: judge, by: 刘芸, verdict: agree, values: {opinion: 扎实}",
        form="opinion", closing="first", verdicts="agree disagree", outcome="was_agree",
    ) == []  # fmt: skip


def test_a_new_round_has_a_fresh_roll_and_an_empty_one_ends_at_once() -> None:
    again = "complete: again, by: 周敏, values: {topic: 再推荐}"
    rounds = [*answers(陈国栋="return", 许文彬="return", 刘芸="return"), again, *answers(陈国栋="agree")]
    assert told(*rounds, "expect: [judge]", verdicts="agree return") == []
    assert told(outcome="was_no_quorum", people="people: {周敏: [teacher]}\n") == []
