import pytest

from app.engine.scenarios import problems_of, run_scenarios
from tests.scenarios.small_process import small_process

START = "start: {by: 周敏, values: {topic: 开会}}"
AGREE = "complete: answer, by: 陈国栋, verdict: agree, values: {opinion: 好}"


def told(*steps: str, start: str = START, outcome: str | None = None) -> list[str]:
    """Return what is wrong with one scenario, coverage aside."""
    lines = ["scenarios:", "- name: 一件事", f"  {start}", "  steps:", *(f"  - {{{step}}}" for step in steps)]
    if not steps:
        lines[-1] = "  steps: []"
    if outcome:
        lines.append(f"  outcome: {outcome}")
    report = run_scenarios(small_process("\n".join(lines)))
    return [problem.text for problem in problems_of(report) if problem.rule != "coverage"]


def test_time_wakes_what_falls_due_in_its_order():
    assert told(
        "expect: [answer]", "pass: PT23H", "expect: [answer]", "pass: 1 working day", "expect: [answer, chase]",
        AGREE, "pass: P6D", "expect: [chase]", "complete: chase, by: 周敏", "pass: P1D", outcome="agreed",
    ) == []  # fmt: skip


def test_an_interrupting_timer_takes_the_task_away():
    assert told("pass: P30D", "expect: [chase]", "complete: chase, by: 周敏") == [
        "第 4 步：应当以“没有结束”结束，实际是“late”。"
    ]
    assert told("wake: give_up", "expect: []", outcome="late") == []


def test_returning_needs_no_form_and_editing_replaces_the_values():
    assert told(
        "complete: answer, by: 陈国栋, verdict: return",
        "complete: again, by: 许文彬, values: {topic: 改期}, refused: 不是“再提”的办理人",
        "complete: again, by: 周敏, values: {topic: 改期}",
        "expect: [answer]",
    ) == []  # fmt: skip


@pytest.mark.parametrize(
    ("step", "refusal"),
    [
        ("complete: answer, by: 周敏, verdict: agree, values: {opinion: 好}", "true"),
        ("complete: answer, by: 陈国栋, verdict: sign, values: {opinion: 好}", "[verdict]"),
        ("complete: answer, by: 陈国栋, values: {opinion: 好}", "答复只能是"),
        ("complete: answer, by: 陈国栋, verdict: agree", "[opinion]"),
        ("complete: answer, by: 陈国栋, verdict: agree, values: {opinion: 好, mood: 1}", "[mood]"),
    ],
)
def test_a_refusal_is_expected_or_a_failure(step, refusal):
    assert told(f"{step}, refused: {refusal}", "expect: [answer]") == []
    assert len(told(step)) == 1


def test_a_refusal_that_does_not_come_is_a_failure():
    assert told(f"{AGREE}, refused: true") == ["第 1 步：应当被拒绝，却办成了。"]


def test_four_eyes():
    start = "start: {by: 许文彬, values: {topic: 开会}}"
    assert told("complete: answer, by: 许文彬, verdict: agree, values: {opinion: 好}, refused: 换人", start=start) == []


def test_a_start_is_refused_by_role_form_and_operation():
    assert told(start="start: {by: 陈国栋, values: {topic: 开会}, refused: 角色}") == []
    assert told(start="start: {by: 周敏, refused: [topic]}") == []
    assert (
        told(start="operations: {check: {refuse: 余额不足}}\n  " + START.replace("}}", "}, refused: 余额不足}")) == []
    )


def test_a_list_answers_call_by_call():
    start = "operations: {check: [{}, {refuse: 第二次不行}, {}]}\n  " + START
    assert told(
        "complete: answer, by: 陈国栋, verdict: return",
        "complete: again, by: 周敏, values: {topic: 改期}, refused: 第二次不行",
        "expect: [again]",
        "complete: again, by: 周敏, values: {topic: 改期}",
        start=start,
    ) == []  # fmt: skip


@pytest.mark.parametrize("step", ["complete: chase, by: 周敏", "wake: rest", "expect: [chase]"])
def test_what_does_not_wait_cannot_be_done(step):
    assert len(told(step)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "", "scenarios: []", "scenarios: 1", "other: 1\nscenarios: [{name: x}]", "people: []", "{", "- 1",
        "scenarios: [{name: x, start: {by: 谁}}]", "scenarios: [{start: {by: 周敏}}]",
        "scenarios: [{name: x, start: {by: 周敏}, steps: [{}]}]",
        "scenarios: [{name: x, start: {by: 周敏}, steps: [{wake: a, pass: P1D}]}]",
        "scenarios: [{name: x, start: {by: 周敏}, steps: [{pass: 三天}]}]",
        "scenarios: [{name: x, start: {by: 周敏, mood: 1}}]",
        "scenarios: [{name: x, start: {by: 周敏, values: 1}}]",
        "scenarios: [{name: x, start: {by: 周敏}, steps: 1}]",
        "scenarios: [1]", "x_a: &a [*a]\nscenarios: []", "x_a: !!binary aGk=\nscenarios: []",
        "\n".join(["x_0: &x0 [1, 1]", *(f"x_{n}: &x{n} [*x{n - 1}, *x{n - 1}]" for n in range(1, 40))]),
    ],
)  # fmt: skip
def test_what_is_no_scenario_is_a_problem(text):
    report = run_scenarios(small_process(text))
    assert report.problems
    assert {problem.rule for problem in report.problems} == {"scenario"}
    assert not report.is_good


def test_what_no_scenario_reaches_is_missing():
    text = f"scenarios: [{{name: 超时, {START}, steps: [{{wake: give_up}}], outcome: late}}]"
    report = run_scenarios(small_process(text))
    assert all(result.is_good for result in report.results)
    assert report.missing == (
        "remind", "chase", "is_agreed", "rest", "again", "agreed", "chased",
        "to_gate", "to_chase", "to_chased", "to_rest", "to_again", "to_agreed", "back",
    )  # fmt: skip


def test_a_package_that_cannot_be_compiled_is_a_report_too():
    package = small_process("scenarios: []")
    files = {**package.files, "small.bpmn": package.diagram.replace('shenpi:operation="check_expense"', "")}
    assert run_scenarios(type(package)(package.manifest, files)).problems
