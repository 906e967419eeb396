"""Called processes are there, call nobody in a circle, and get the parameters that they ask for."""

from collections.abc import Iterator

from app.domain.text import N_
from app.engine.checks.facts import Facts
from app.engine.checks.names import PARAMS
from app.engine.checks.written import written_in
from app.engine.expressions import ExpressionError, parse
from app.engine.model import CallActivity
from app.engine.problems import Problem


def check_callees(facts: Facts) -> Iterator[Problem]:
    """Find calls of nothing, of what is not there, of itself, and parameters under another name than is asked for."""
    for call in facts.model.of_kind(CallActivity):
        called = facts.called.get(call.called)
        if not call.called:
            yield facts.problem(call.id, "callee", N_("请写明调用哪个流程：calledElement。"))
        elif call.called == facts.package.key or (called is not None and _calls(called, facts.package.key)):
            yield facts.problem(call.id, "callee-circle", N_("流程不能直接或者间接调用自己，请改成退回的连线。"))
        elif call.called not in facts.callees:
            yield facts.problem(
                call.id,
                "callee",
                N_("没有可以调用的流程“%(name)s”，请改正名称；还没有发布的，请先发布它。"),
                name=call.called,
            )
        elif called is not None:
            yield from _misnamed(facts, call, called)


def _calls(facts: Facts, key: str) -> bool:
    for call in facts.model.of_kind(CallActivity):
        inner = facts.called.get(call.called)
        if call.called == key or (inner is not None and _calls(inner, key)):
            return True
    return False


def _misnamed(facts: Facts, call: CallActivity, called: Facts) -> Iterator[Problem]:
    """Find what is handed in and not asked for, while something else that is asked for is not handed in."""
    asked = set(_asked(called))
    missing = sorted(asked - call.inputs.keys())
    for name in sorted(call.inputs.keys() - asked) if missing else ():
        message = N_("被调用流程不用参数“%(name)s”，它要的是“%(missing)s”，请改正名称。")
        yield facts.problem(call.id, "callee", message, name=name, missing="、".join(missing))


def _asked(facts: Facts) -> Iterator[str]:
    for one in written_in(facts):
        try:
            names = parse(one.text).names
        except ExpressionError:
            continue
        yield from (name.split(".")[1] for name in names if name.startswith(f"{PARAMS}."))
