"""Where a case stands beside the main line of its process, and which steps it may still come to."""

from collections.abc import Iterable
from itertools import takewhile

from app.engine.compiler import CompiledProcess
from app.engine.forecasts import forecast
from app.engine.model import UserTask
from app.services.reading.cases import CaseView
from app.services.timing.dues import context_of


def coming_steps(view: CaseView) -> list[str]:
    """Return the steps that the case may still come to as its values are, in their order."""
    standing = waiting_paths(view)
    context = context_of(view.case.rules, view.case.serial)
    ahead = forecast(view.process, view.values, context, standing) if standing else []
    # Where nothing is waited for, as in a case that stands still, everything may come.
    if not standing:
        return list(view.process.model.order)
    return list(dict.fromkeys(main_step(view.process, one.path) for one in ahead))


def coming_beside(view: CaseView, coming: Iterable[str]) -> list[str]:
    """Return the tasks beside the main line that a case comes to until it is back on that line."""
    now, order = steps_beside(view), view.process.model.order
    until_line = takewhile(lambda one: one not in order, coming)
    return [one for one in until_line if one not in now and is_task_beside(view.process, one)]


def waiting_paths(view: CaseView) -> list[str]:
    """Return where the case stands."""
    return [
        *(item.element for item in view.open_items),
        *(standing.task.element for standing in view.asked),
        *(wait.element for wait in view.waits),
    ]


def steps_beside(view: CaseView) -> list[str]:
    """Return the steps beside the main line at which people are asked, other than those that revise a step of it."""
    paths = [*(item.element for item in view.open_items), *(one.task.element for one in view.asked)]
    steps = dict.fromkeys(main_step(view.process, path) for path in paths)
    return [one for one in steps if one not in view.process.model.order and not _is_revision(view.process, one)]


def is_task_beside(process: CompiledProcess, path: str) -> bool:
    """Tell whether a path is a task of the process itself beside its main line, other than one that revises."""
    task = process.model.elements.get(path)
    is_own = isinstance(task, UserTask) and task.parent is None and task.edits is None
    return is_own and path not in process.model.order


def main_step(process: CompiledProcess, path: str) -> str:
    """Return the element of the process's own top level that a path stands in: itself, a call or a group."""
    name = path.split("/", maxsplit=1)[0]
    while (around := process.model.elements[name].parent) is not None:
        name = around
    return name


def _is_revision(process: CompiledProcess, step: str) -> bool:
    task = process.model.elements[step]
    return isinstance(task, UserTask) and task.edits is not None
