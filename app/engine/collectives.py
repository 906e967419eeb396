"""Collective tasks as the engine knows them: the terms frozen at opening, the summary at closing."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from app.domain.tally import Closing, Count, Rule, Secrecy, share_of, tells_counts
from app.domain.text import N_
from app.engine.compiler import CompiledProcess
from app.engine.expressions import ExpressionError, parse
from app.engine.model import INITIATOR, Collective, UserTask
from app.engine.types import NUMBER, TEXT, Type, row_of
from app.engine.values import CaseValues, Inputs

MOST_DAYS = 60
# Lists of people that only the platform knows: a case's values never tell who is on one.
PEOPLE_LISTS: Mapping[str, str] = MappingProxyType(
    {"objection_deciders": N_("可以对这件异议作出结论的人"), "chosen_hosts": N_("这一批定下的主持人")}
)
# What the task leaves in the case beside its verdict; of few confidential answers not the counts.
SUMMARY_TYPES: Mapping[str, Type] = MappingProxyType(
    {"roll": NUMBER, "answered": NUMBER, "recused": NUMBER, "counts": row_of(), "closed_by": TEXT}
)


@dataclass(frozen=True)
class Terms:
    """The closing rule with its numbers, who may know, who is judged, how many working days before the end to remind."""

    rule: Rule
    secrecy: str = Secrecy.NAMED
    judges_initiator: bool = False
    # People's ids; in a scenario their names.
    about: tuple[Any, ...] = ()
    remind: int | None = None


def terms_of(process: CompiledProcess, path: str, values: Mapping[str, Any], context: Mapping[str, Any]) -> Terms:
    """Evaluate the terms of the collective task at a path as it opens. Raises ExpressionError."""
    task = process.element(path)
    if not isinstance(task, UserTask) or task.collective is None:
        raise KeyError(path)
    names = CaseValues(process, Inputs(values, context)).names(tuple(path.split("/")[:-1]))
    asked = task.collective
    quorum, majority = _share(asked.quorum, names), _share(asked.majority, names)
    if majority is not None and majority > 1:
        raise ExpressionError(N_("赞成的比例“%(text)s”不能大于 1。"), text=asked.majority)
    return Terms(
        rule=Rule(Closing(asked.closing), task.verdicts, quorum, majority),
        secrecy=asked.secrecy,
        judges_initiator=asked.about == INITIATOR,
        about=_about(asked, names),
        remind=_days(asked.remind, names),
    )


def summary(count: Count, closed_by: str, secrecy: str) -> dict[str, Any]:
    """Return what the case keeps of the answers: numbers, never who or what; expressions see what is kept back as null."""
    told = {"counts": dict(count.votes)} if tells_counts(secrecy, count) else {}
    numbers = {"roll": count.roll, "answered": count.answered, "recused": count.recused}
    return {**numbers, **told, "closed_by": closed_by}


def _share(text: str | None, names: Mapping[str, Any]) -> Fraction | None:
    if text is None:
        return None
    found = share_of(parse(text).evaluate(names))
    if found is None:
        raise ExpressionError(N_("“%(text)s”要得出一个比例（如 2/3）或者人数（如 5）。"), text=text)
    return found


def _about(asked: Collective, names: Mapping[str, Any]) -> tuple[Any, ...]:
    if asked.about in {None, INITIATOR}:
        return ()
    found = parse(asked.about or "").evaluate(names)
    people = found if isinstance(found, list) else [found]
    return tuple(one for one in people if one is not None)


def _days(text: str | None, names: Mapping[str, Any]) -> int | None:
    if text is None:
        return None
    found = parse(text).evaluate(names)
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= MOST_DAYS:
        raise ExpressionError(N_("提前提醒“%(text)s”要得出 0 到 60 个工作日。"), text=text)
    return found
