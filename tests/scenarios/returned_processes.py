"""Processes that are hard to return, each with scenarios and with what may be returned where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.engine.compiler import CompiledProcess, compile_process
from app.engine.package import ProcessPackage
from app.engine.scenarios.model import Scenario
from app.engine.scenarios.reading import read_scenarios
from tests.integration.called_process import ASK, ASK_FORM, DONE, START, call, flows, package, task

Pairs = frozenset[tuple[str, str]]
PEOPLE = """people:
  周敏: [teacher]
  陈国栋: [principal, leadership_group_member]
  刘芸: [finance_officer, leadership_group_member]
rules: {}
"""


@dataclass(frozen=True)
class Returned:
    """A process with its callees, its stories, and the pairs of task and target: again, back, and barred."""

    name: str
    package: ProcessPackage
    stories: str
    pairs: Mapping[str, Pairs]
    callees: Mapping[str, ProcessPackage] = field(default_factory=dict)

    @cached_property
    def process(self) -> CompiledProcess:
        return compile_process(self.package, self.callees)

    @cached_property
    def scenarios(self) -> tuple[Scenario, ...]:
        return read_scenarios(PEOPLE + self.stories)


def pairs(**targets: str) -> Pairs:
    """Return pairs from names with a double underscore for the slash of a path."""
    return frozenset(
        (origin.replace("__", "/"), target) for origin, targets in targets.items() for target in targets.split()
    )


def timer(name: str, host: str, due: str, *, interrupting: bool = True) -> str:
    cancels = "" if interrupting else ' cancelActivity="false"'
    return (
        f'<bpmn:boundaryEvent id="{name}" name="到期" attachedToRef="{host}"{cancels} shenpi:due="{due}">'
        f'<bpmn:timerEventDefinition id="{name}_t"/></bpmn:boundaryEvent>'
    )


def end(name: str) -> str:
    return f'<bpmn:endEvent id="{name}" name="已结束"/>'


def service(name: str, title: str) -> str:
    return f'<bpmn:serviceTask id="{name}" name="{title}" shenpi:operation="check_expense"/>'


FORK = '<bpmn:parallelGateway id="fork"/><bpmn:parallelGateway id="join"/>'
BRANCHES = Returned(
    "branches",
    package(
        "branches",
        "同时办理",
        ASK
        + task("first", "初审", "principal")
        + timer("late", "first", "P9D")
        + timer("nudge", "first", "P2D", interrupting=False)
        + end("too_late")
        + end("nudged")
        + FORK
        + task("left", "左审", "principal")
        + task("right", "右审", "finance_officer")
        + task("judge", "终审", "principal")
        + DONE
        + flows("ask", "first", "fork", "left", "join", "judge", "done")
        + flows("fork", "right", "join")
        + flows("late", "too_late")
        + flows("nudge", "nudged"),
        forms__ask_json=ASK_FORM,
    ),
    """scenarios:
- name: 都同意
  start: {by: 周敏, values: {topic: 操场}}
  steps:
    - pass: P3D
    - {complete: first, by: 陈国栋, verdict: agree}
    - {complete: left, by: 陈国栋, verdict: agree}
    - {complete: right, by: 刘芸, verdict: agree}
    - {complete: judge, by: 陈国栋, verdict: agree}
  outcome: done
- name: 右边先办
  start: {by: 周敏, values: {topic: 操场}}
  steps:
    - {complete: first, by: 陈国栋, verdict: agree}
    - {complete: right, by: 刘芸, verdict: agree}
""",
    {
        "again": pairs(judge="first"),
        "back": pairs(judge="first"),
        "barred": pairs(judge="left right", left="first right", right="first left"),
    },
)
PANEL = (
    '<bpmn:userTask id="judge" name="评议" shenpi:role="leadership_group_member" shenpi:verdicts="agree disagree"'
    ' shenpi:closing="all" shenpi:due="P3D" shenpi:ask="请评议。"><bpmn:multiInstanceLoopCharacteristics/></bpmn:userTask>'
)
SOLE = (
    '<bpmn:exclusiveGateway id="is_agreed" name="同意？" default="again"/>'
    '<bpmn:sequenceFlow id="yes" name="同意" sourceRef="is_agreed" targetRef="decide"><bpmn:conditionExpression>'
    'judge.verdict == "agree"</bpmn:conditionExpression></bpmn:sequenceFlow>'
    '<bpmn:sequenceFlow id="again" name="别的" sourceRef="is_agreed" targetRef="revise"/>'
)
REVISE = 'shenpi:form="ask" shenpi:edits="ask"'
TOGETHER = Returned(
    "together",
    package(
        "together",
        "多人评议",
        ASK
        + task("first", "初审", "finance_officer")
        + PANEL
        + SOLE
        + task("decide", "决定", "principal")
        + task("revise", "修改", "initiator", REVISE, "submit")
        + DONE
        + flows("ask", "first", "judge", "is_agreed")
        + flows("decide", "done")
        + flows("revise", "judge"),
        forms__ask_json=ASK_FORM,
    ),
    """scenarios:
- name: 退一次再同意
  start: {by: 周敏, values: {topic: 操场}}
  steps:
    - {complete: first, by: 刘芸, verdict: agree}
    - {respond: judge, by: 陈国栋, verdict: disagree}
    - {respond: judge, by: 刘芸, verdict: disagree}
    - {complete: revise, by: 周敏, values: {topic: 礼堂}}
    - {respond: judge, by: 陈国栋, verdict: agree}
    - {respond: judge, by: 刘芸, verdict: agree}
    - {complete: decide, by: 陈国栋, verdict: agree}
  outcome: done
""",
    {
        # The revision would pass over the first review, which must be done before.
        "again": pairs(decide="first judge revise", revise="first judge"),
        "back": pairs(decide="first judge revise", revise="first judge"),
        "barred": pairs(first="revise"),
    },
)
GROUP = (
    '<bpmn:subProcess id="group" name="盖章"><bpmn:startEvent id="enter" name="开始"/>'
    + task("prepare", "备件", "finance_officer")
    + task("seal", "盖章", "principal")
    + end("sealed")
    + flows("enter", "prepare", "seal", "sealed")
    + "</bpmn:subProcess>"
)
INNER = package(
    "review",
    "送审的办法",
    START
    + service("count", "计分")
    + task("mark", "打分", "finance_officer")
    + task("confirm", "复核", "principal")
    + DONE
    + flows("begin", "count", "mark", "confirm", "done"),
)
WITHIN = Returned(
    "within",
    package(
        "within",
        "里面的流程",
        ASK
        + task("first", "初审", "principal")
        + call("review", "送审", "review", '<shenpi:out name="verdict" value="confirm.verdict"/>')
        + timer("overdue", "review", "P9D")
        + end("too_late")
        + task("weigh", "权衡", "principal")
        + service("reckon", "核算")
        + GROUP
        + task("last", "归档", "finance_officer")
        + DONE
        + flows("ask", "first", "review", "weigh", "reckon", "group", "last", "done")
        + flows("overdue", "too_late"),
        forms__ask_json=ASK_FORM,
    ),
    """operations:
  check_expense: {points: 3}
scenarios:
- name: 一路同意
  start: {by: 周敏, values: {topic: 操场}}
  steps:
    - {complete: first, by: 陈国栋, verdict: agree}
    - {complete: review/mark, by: 刘芸, verdict: agree}
    - {complete: review/confirm, by: 陈国栋, verdict: agree}
    - {complete: weigh, by: 陈国栋, verdict: agree}
    - {complete: prepare, by: 刘芸, verdict: agree}
    - {complete: seal, by: 陈国栋, verdict: agree}
    - {complete: last, by: 刘芸, verdict: agree}
  outcome: done
""",
    {
        "again": pairs(
            review__mark="first",
            review__confirm="first review/mark",
            weigh="first review/mark review/confirm",
            prepare="first review/mark review/confirm weigh",
            seal="first review/mark review/confirm weigh prepare",
            last="first review/mark review/confirm weigh prepare seal",
        ),
        # Beyond `reckon`, and into `review` where more is to be done in it, the steps must be walked again.
        "back": pairs(
            review__mark="first",
            review__confirm="first review/mark",
            weigh="first review/confirm",
            prepare="weigh",
            seal="weigh prepare",
            last="weigh prepare seal",
        ),
        "barred": frozenset(),
    },
    {"review": INNER},
)
RETURNED = (BRANCHES, TOGETHER, WITHIN)
