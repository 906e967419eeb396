"""Deadlines in scenarios: reminders, escalation and a verdict of the platform's own come as time passes."""

from app.engine.scenarios import problems_of, run_scenarios
from tests.integration.called_process import ASK, ASK_FORM, DONE, flows, package, task

LATE = (
    'shenpi:due="working_days(3)" shenpi:remind="-1 1" shenpi:escalateTo="principal" shenpi:escalateAfter="2"'
    ' shenpi:overdueVerdict="agree" shenpi:overdueAfter="4"'
)
PEOPLE = "people: {何静: [teacher], 许文彬: [deputy_principal], 陈国栋: [principal]}\n"
ALL = "{remind: check}, {remind: check}, {escalate: check, to: principal}, {verdict: check, is: agree}"


def told(*steps: str, outcome: str = "") -> list[str]:
    body = f"{ASK}{task('check', '核对', 'deputy_principal', LATE)}{DONE}{flows('ask', 'check', 'done')}"
    lines = ["scenarios:", "- name: 一件事", "  start: {by: 何静, values: {topic: 开会}}", "  steps:"]
    lines += [f"  - {{{step}}}" for step in steps] + ([f"  outcome: {outcome}"] if outcome else [])
    made = package("late", "要按时办的事", body, forms__ask_json=ASK_FORM)
    files = {**made.files, "scenarios.yaml": PEOPLE + "\n".join(lines)}
    report = run_scenarios(made.__class__(made.manifest, files))
    return [problem.text for problem in problems_of(report) if problem.rule != "coverage"]


def test_all_of_it_comes_in_its_order_and_the_case_goes_on():
    assert told("pass: 7 working days", f"expect_late: [{ALL}]", outcome="done") == []


def test_each_comes_in_its_time_and_only_once():
    assert told(
        "pass: 2 working days", "expect_late: [{remind: check}]", "pass: P1D", "expect_late: []",
        "pass: 4 working days", "expect_late: [{remind: check}, {escalate: check, to: principal}, {verdict: check, is: agree}]",
        "pass: P30D", "expect_late: []", outcome="done",
    ) == []  # fmt: skip


def test_what_is_done_in_time_is_not_late():
    assert told("complete: check, by: 许文彬, verdict: agree", "pass: P30D", "expect_late: []", outcome="done") == []


def test_the_position_above_may_do_it_only_once_it_is_put_before_it():
    assert told(
        "complete: check, by: 陈国栋, verdict: agree, refused: 不是“核对”的办理人",
        "pass: 5 working days", "complete: check, by: 陈国栋, verdict: agree", outcome="done",
    ) == []  # fmt: skip


def test_what_did_not_happen_is_told():
    assert told("pass: 2 working days", "expect_late: []", "expect: [check]") == [
        "第 2 步：到期前后应当是“没有”，实际是“remind check”。"
    ]
    assert told("expect_late: [check]") == [
        "这里要写成“名称: 值”：check。",
        "expect_late 的每一项写 remind、escalate 或者 verdict 和环节编号。",
    ]
