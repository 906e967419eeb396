"""The path ahead: gateways decided where they can be, open where not, loops cut; what happens next is always in it."""

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.compiler import compile_process
from app.engine.forecasts import Ahead, forecast, forecast_start
from tests.integration.called_process import ASK, ASK_FORM, DONE, FORM, START, call, flows, package, task
from tests.random_processes import draw_process
from tests.scenarios.test_forecasts import between, named, newly
from tests.unit.engine.test_random_processes import STEPS, WALKS
from tests.unit.engine.walking import Walk

SUM_FORM = FORM.format(type="number", key="amount", label="金额")
START_SUM = '<bpmn:startEvent id="ask" name="提出" shenpi:form="ask" shenpi:roles="teacher"/>'


def choice(name: str, question: str, default: str) -> str:
    return f'<bpmn:exclusiveGateway id="{name}" name="{question}" default="{default}"/>'


def way(name: str, words: str, source: str, target: str, condition: str = "") -> str:
    body = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    return f'<bpmn:sequenceFlow id="{name}" name="{words}" sourceRef="{source}" targetRef="{target}">{body}</bpmn:sequenceFlow>'


BIG = compile_process(
    package(
        "big",
        "大额",
        START_SUM
        + choice("is_big", "金额大吗？", "small")
        + task("head", "校长审批", "principal", "shenpi:due=\"working_days(rules['r'])\"")
        + task("clerk", "财务办理", "finance_officer")
        + choice("is_right", "办好了？", "again")
        + task("revise", "修改", "initiator", 'shenpi:form="ask" shenpi:edits="ask"', "submit")
        + DONE
        + flows("ask", "is_big")
        + way("large", "超过 5000", "is_big", "head", "ask.amount &gt; 5000")
        + way("small", "不超过", "is_big", "clerk")
        + flows("head", "clerk", "is_right")
        + way("good", "同意", "is_right", "done", 'clerk.verdict == "agree"')
        + way("again", "退回", "is_right", "revise")
        + flows("revise", "is_big"),
        forms__ask_json=SUM_FORM,
    )
)
CONTEXT = {"rules": {"r": 3}, "params": {}, "case": {"serial": "A"}}


def told(path: list[Ahead]) -> list[Any]:
    """Return each step; one that is not certain with what it depends on."""
    return [
        one.path if one.is_expected else (one.path, *((b.question, b.answer) for b in one.branches)) for one in path
    ]


def test_a_gateway_is_decided_by_what_is_typed() -> None:
    assert told(forecast_start(BIG, {"ask": {"amount": 6000}}, CONTEXT)) == ["head", "clerk", "done"]
    assert told(forecast_start(BIG, {"ask": {"amount": 5000}}, CONTEXT)) == ["clerk", "done"]


def test_what_is_not_typed_yet_leaves_the_branches_open() -> None:
    path = forecast_start(BIG, {}, CONTEXT)
    assert told(path) == [("head", ("金额大吗？", "超过 5000")), "clerk", "done"]
    assert str(path[0].due) == "WorkingDays(days=3)"


def test_who_may_send_it_back_is_told_beside_the_step() -> None:
    path = forecast(BIG, {"ask": {"amount": 1}}, CONTEXT, ["clerk"])
    assert told(path) == ["clerk", "done"]
    (turn,) = path[0].turns
    assert (turn.branch.question, turn.branch.answer, turn.steps) == ("办好了？", "退回", ("revise",))


def test_what_is_about_to_be_changed_is_not_known() -> None:
    path = forecast(BIG, {"ask": {"amount": 6000}}, CONTEXT, ["revise"])
    assert told(path) == ["revise", ("head", ("金额大吗？", "超过 5000")), "clerk", "done"]


def test_a_called_process_gets_what_is_known() -> None:
    inner = package(
        "check",
        "复核的办法",
        START
        + choice("is_needed", "要复核？", "needless")
        + task("review", "复核", "principal")
        + DONE
        + flows("begin", "is_needed")
        + way("needed", "要", "is_needed", "review", "params.sum &gt; 10")
        + way("needless", "不要", "is_needed", "done")
        + flows("review", "done"),
    )
    outer = compile_process(
        package(
            "whole",
            "整件",
            ASK
            + task("first", "初审", "principal")
            + call("check", "复核", "check", '<shenpi:in name="sum" value="len(ask.topic)"/>')
            + DONE
            + flows("ask", "first", "check", "done"),
            forms__ask_json=ASK_FORM,
        ),
        {"check": inner},
    )
    assert told(forecast_start(outer, {"ask": {"topic": "短"}}, CONTEXT)) == ["first", "done"]
    assert told(forecast_start(outer, {"ask": {"topic": "长" * 11}}, CONTEXT)) == ["first", "check/review", "done"]
    assert told(forecast_start(outer, {}, CONTEXT)) == ["first", ("check/review", ("要复核？", "要")), "done"]


class Foreseen(Walk):
    """A random walk in which each step is compared with the forecast before it."""

    foreseen: set[str] | None = None

    def compare(self) -> None:
        super().compare()
        player = self.player
        came = newly(player.process, player.changes)
        if self.foreseen is not None and self.actions[-1][0] != "jump":
            assert came <= self.foreseen, (came, self.foreseen, self.actions)
        standing = [*player.at, *between(player.process, player.events)]
        path = forecast(player.process, player.values, player.context, dict.fromkeys(standing))
        self.foreseen = named(path)


@settings(max_examples=max(WALKS // 4, 20), deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_what_happens_in_a_random_process_was_foreseen(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a seed must give the same again
    process = draw_process(random, size=random.choice((6, 12, 20))).compiled()
    walk = Foreseen(process, random)
    while not walk.is_ended and len(walk.actions) < STEPS:
        walk.step()
