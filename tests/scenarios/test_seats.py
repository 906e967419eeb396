"""Who does a task in scenarios: nobody holds it, it is the initiator's own, or the same person agreed before."""

from app.engine.scenarios import problems_of, run_scenarios
from tests.integration.called_process import ASK, ASK_FORM, DONE, flows, package, task

PEOPLE = "people: {何静: [teacher], 许文彬: [deputy_principal], 陈国栋: [principal], 韩雪: [process_admin]}\n"
AGREE = "verdict: agree"


def told(attributes: str, *steps: str, people: str = PEOPLE, by: str = "何静", outcome: str = "") -> list[str]:
    """Play a case that the academic office checks and the deputy principal reviews before."""
    body = (
        f"{ASK}{task('review', '审核', 'deputy_principal', '')}"
        f"{task('check', '核对', 'deputy_principal' if 'repeated' in attributes else 'academic_affairs_office', attributes)}"
        f"{DONE}{flows('ask', 'review', 'check', 'done')}"
    )
    lines = ["scenarios:", "- name: 一件事", f"  start: {{by: {by}, values: {{topic: 开会}}}}", "  steps:"]
    lines += [f"  - {{{step}}}" for step in steps] + ([f"  outcome: {outcome}"] if outcome else [])
    made = package("seats", "看由谁办的事", body, forms__ask_json=ASK_FORM)
    files = {**made.files, "scenarios.yaml": people + "\n".join(lines)}
    report = run_scenarios(made.__class__(made.manifest, files))
    return [problem.text for problem in problems_of(report) if problem.rule != "coverage"]


REVIEWED = f"complete: review, by: 许文彬, {AGREE}"


def test_a_step_that_nobody_holds_passes_where_the_diagram_says_so():
    assert told('shenpi:unheld="skip"', REVIEWED, outcome="done") == []


def test_it_goes_to_the_next_position_up_that_somebody_holds():
    assert told(
        'shenpi:unheld="superior"', REVIEWED, "expect: [check]",
        f"complete: check, by: 韩雪, {AGREE}, refused: 不是“核对”的办理人",
        f"complete: check, by: 许文彬, {AGREE}", outcome="done",
    ) == []  # fmt: skip


def test_it_waits_until_an_administrator_names_somebody():
    assert told(
        "", REVIEWED, f"complete: check, by: 何静, {AGREE}, refused: true",
        "assign: check, by: 何静, to: 陈国栋, refused: 不能指定", "assign: check, by: 韩雪, to: 何静",
        f"complete: check, by: 何静, {AGREE}", outcome="done",
    ) == []  # fmt: skip


def test_the_initiator_names_somebody_where_asked():
    assert told(
        'shenpi:unheld="ask"', REVIEWED, "assign: check, by: 何静, to: 陈国栋",
        f"complete: check, by: 陈国栋, {AGREE}", outcome="done",
    ) == []  # fmt: skip


def test_what_somebody_can_do_is_not_named():
    assert told("", "assign: review, by: 韩雪, to: 何静, refused: 不用指定") == []


def test_ones_own_case_goes_to_another_or_further_up():
    both = PEOPLE.replace("何静: [teacher]", "何静: [teacher, academic_affairs_office]")
    own = 'shenpi:initiator="superior"'
    steps = (REVIEWED, f"complete: check, by: 何静, {AGREE}, refused: true", f"complete: check, by: 许文彬, {AGREE}")
    assert told(own, *steps, people=both, outcome="done") == []
    two = both.replace("韩雪: [process_admin]", "韩雪: [academic_affairs_office]")
    others = (REVIEWED, f"complete: check, by: 何静, {AGREE}, refused: true", f"complete: check, by: 韩雪, {AGREE}")
    assert told(own, *others, people=two, outcome="done") == []
    assert (
        told('shenpi:initiator="self"', REVIEWED, f"complete: check, by: 何静, {AGREE}", people=both, outcome="done")
        == []
    )


def test_who_agreed_before_is_not_asked_again():
    assert told('shenpi:repeated="skip"', REVIEWED, outcome="done") == []
    two = PEOPLE.replace("韩雪: [process_admin]", "韩雪: [deputy_principal]")
    assert told('shenpi:repeated="skip"', REVIEWED, "expect: [check]", people=two) == []
