"""Business rule tasks: a decision made with the values of a case."""

from collections.abc import Mapping
from typing import Any

from app.domain.text import N_
from app.engine.changes import Decided
from app.engine.compiler import Part
from app.engine.decisions import DecisionError, DecisionFile, decide
from app.engine.decisions.explanations import for_keeping
from app.engine.decisions.model import root_of
from app.engine.model import DecisionTask
from app.engine.problems import RunError
from app.engine.values import CaseValues, as_json


class DecisionFailed(RunError):
    """A decision had no answer, or several: the diagram's fault, or its tables'."""

    message = N_("“%(name)s”没有得出决定。%(reason)s")

    def __init__(self, task: DecisionTask, path: str, cause: DecisionError) -> None:
        super().__init__(name=task.name or task.id, reason=str(cause))
        self.element = path


def make_decision(part: Part, path: str, task: DecisionTask, values: CaseValues, calls: tuple[str, ...]) -> Decided:
    """Make the decision of a task: its parameters first, then what the tables name themselves. Raises RunError."""
    file = part.decisions[task.decision]
    given = as_json(_given(file, task, {**values.names(calls), **values.evaluated(task.params, calls)}))
    try:
        outcome = decide(file, task.decision, given)
    except DecisionError as error:
        raise DecisionFailed(task, path, error) from error
    return Decided(path, task.decision, given, outcome.outputs, for_keeping(outcome.explanation))


def _given(file: DecisionFile, task: DecisionTask, names: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the decision looks at; whole elements only as far as it names their fields."""
    given: dict[str, Any] = {}
    for name in sorted(file.needs(task.decision)):
        root, *fields = name.split(".")
        value = names.get(root_of(name))
        if root in task.params or not fields or not isinstance(value, Mapping):
            given[root] = value
        else:
            given.setdefault(root, {})[fields[0]] = value.get(fields[0])
    return given
