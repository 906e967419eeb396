"""What decisions need of each other and of their callers: nothing missing, nothing in circles."""

from graphlib import CycleError, TopologicalSorter

from app.domain.text import N_
from app.engine.decisions.model import Decision, DecisionFile, root_of
from app.engine.decisions.sources import NOT_A_NAME, Source, is_name


def check_requirements(found: DecisionFile, source: Source) -> None:
    """Note requirements of decisions that are not there, circles, and lists that nothing can be made of."""
    for decision in found.decisions.values():
        here = source.within(decision.id, N_("决策“%s”") % decision.name)
        for name in decision.requires:
            _check_required(found.decisions.get(name), name, here)
    graph = {decision.id: decision.requires for decision in found.decisions.values()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = " → ".join(reversed(error.args[1]))
        source.add("dmn-requirement", N_("决策互相需要，转成了圈：%(circle)s。请去掉一条连线。"), circle=circle)


def _check_required(decision: Decision | None, name: str, here: Source) -> None:
    if decision is None:
        here.add("dmn-requirement", N_("它需要的决策“%(name)s”不在这个文件里。"), name=name)
    elif decision.is_list:
        message = N_("它需要的决策“%(name)s”得出的是一列结果，请给那张表加上汇总，或者改用别的命中策略。")
        here.add("dmn-requirement", message, name=decision.name)
    elif not is_name(decision.variable):
        here.within(decision.id, "").add("dmn-name", NOT_A_NAME, name=decision.variable)


def check_lines(found: DecisionFile, source: Source) -> None:
    """Note results of other decisions that a decision uses without a line to them."""
    for decision in found.decisions.values():
        known = {decision.variable} | {found.decisions[name].variable for name in decision.requires}
        made = {other.variable for other in found.decisions.values()}
        here = source.within(decision.id, N_("决策“%s”") % decision.name)
        for name in sorted({root_of(one) for one in decision.logic.names} & (made - known)):
            here.add("dmn-requirement", N_("用到了决策“%(name)s”的结果，请画出到它的连线。"), name=name)
